"""
A note that asks the team about a ticket it does not hold always mentions the two analysts who answer for it.

Such a ticket is in none of the team's views, so a note that mentions nobody, or only one who is away, is not read.
The cure mentions whoever is missing and makes them followers. On the team's own tickets notes are free, and a note
that chases belongs to the rule of chases.
"""

from typing import ClassVar

from rules.notes import NoteRule


class QuestionNotes(NoteRule):
    of_chases: ClassVar[bool] = False
    message: ClassVar[str] = "question-notes"
