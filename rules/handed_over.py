"""What the two rules about handed-over conversations share: which they judge, and what they do about one."""

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from rules.actions import Action, Note
from rules.conversation import is_known, lines_of
from rules.frozen import empty_mapping
from rules.handoff import Handoff, handoff_of
from rules.names import TeamRef
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.ticket import Line, Ticket
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Verdict, Violates

LOOK_AGAIN, AT_MOST = timedelta(minutes=15), timedelta(days=1)  # while a running chat shows no transcript


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation that was handed over, and what was said in it, oldest first."""

    ticket: Ticket
    handoff: Handoff
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a hand-off, as values for the messages, and what is done beside telling the sender."""

    found: Mapping[str, str] = empty_mapping()
    cures: tuple[Action, ...] = ()


class HandedOverRule(Rule):
    """Judges a conversation that somebody outside the team handed to it; its cure is a note to the sender."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})
    message: ClassVar[str]

    team: TeamRef

    @abstractmethod
    def fault(self, chat: Chat) -> Fault | None:
        """What is wrong with the hand-off; None if nothing is."""

    def check(self, seen: Snapshot) -> Verdict:
        handoff = handoff_of(seen, self.team)
        if handoff is None:
            return DoesNotApply("chat hand-off")
        lines = lines_of(seen)
        if not is_known(seen, lines, handoff):
            again = seen.as_of + LOOK_AGAIN
            in_time = again <= handoff.audit.at + AT_MOST
            return CouldNotTell("the conversation has no transcript yet", again if in_time else None)
        fault = self.fault(Chat(seen.ticket, handoff, lines))
        if fault is None:
            return Complies()
        cause = Cause(handoff.key, handoff.audit.at)
        found = {"by": handoff.by.name, **fault.found}
        note = Note(f"note.{self.message}", found, mentions=(handoff.by,))
        cures = (note, *fault.cures) if self.untold(seen, [cause]) else ()
        return Violates(f"violation.{self.message}", found, cures, (cause,))
