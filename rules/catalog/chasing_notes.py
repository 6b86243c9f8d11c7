"""
A note that chases the progress of a ticket the team does not hold mentions the same two analysts as a question.

A chase is told from a question by the sense of its phrases, which the pack lists as a topic; others may be mentioned
too. One note is never judged as both.
"""

from typing import ClassVar

from rules.notes import NoteRule


class ChasingNotes(NoteRule):
    of_chases: ClassVar[bool] = True
    message: ClassVar[str] = "chasing-notes"
