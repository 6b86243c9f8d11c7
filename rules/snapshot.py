"""All that a verdict may depend on: the ticket, what the rules asked to know, and the moment."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cached_property, wraps
from typing import Any, TypeVar

from rules.absence import Days
from rules.business_hours import Schedule
from rules.frozen import empty_mapping
from rules.ticket import Audit, Change, Comment, Person, Ticket

T = TypeVar("T")


class Need(StrEnum):
    """What a rule states it needs to know beyond the ticket itself. The gateway fetches the union, no more."""

    HISTORY = "history"  # the ticket's audits, oldest first
    REQUESTER_TICKETS = "requester_tickets"  # the requester's other tickets that are not closed
    WORKLOAD = "workload"  # open tickets per member of the groups in question
    QUEUE = "queue"  # many tickets at once: audits only
    SCHEDULE = "schedule"  # business hours and holidays
    SENT = "sent"  # how many public messages of ours there were lately


@dataclass(frozen=True, slots=True)
class Sent:
    """Public messages of ours: to this requester in the last day, whatever the ticket, and to anybody in the last
    hour."""

    to_requester: int = 0
    to_anybody: int = 0


@dataclass(frozen=True)
class Snapshot:
    """One look at one ticket.

    ``people`` holds everyone the pack names, by that name, and every other agent of one of the pack's groups or with
    the first name of somebody the pack names; whom the pack names and who is missing has left. ``read_at`` is the
    server's time of the read: what has the same second as the ticket's ``updated_at`` may still change unseen.
    """

    as_of: datetime
    ticket: Ticket
    history: tuple[Audit, ...] = ()
    people: Mapping[str, Person] = empty_mapping()
    requester_tickets: tuple[Ticket, ...] = ()
    workload: Mapping[str, int] = empty_mapping()
    absent: frozenset[str] = frozenset()
    absences: Mapping[str, tuple[Days, ...]] = empty_mapping()  # by name, past ones too, as the pack lists them
    schedule: Schedule | None = None
    sent: Sent = Sent()
    read_at: datetime | None = None
    digest: str = field(default="", compare=False)  # equal digests: nothing changed between two reads

    @cached_property
    def comments(self) -> tuple[Comment, ...]:
        """All comments, oldest first, Ronda's too."""
        return tuple(audit.comment for audit in self.history if audit.comment is not None)

    @cached_property
    def opening(self) -> str:
        """The first message: its author's own text, or the opening lines of a conversation."""
        return self.ticket.description

    @cached_property
    def told(self) -> frozenset[str]:
        """Every ``rule:cause`` that an update of ours has told about."""
        told = [audit.told for audit in self.history if audit.told]
        return frozenset[str]().union(*told) if told else frozenset()

    def changes(self, name: str) -> Sequence[tuple[Audit, Change]]:
        """Every change of a field, oldest first; the opening counts as one where it set the field."""
        return self._changes.get(name, ())

    def last_change(self, name: str) -> tuple[Audit, Change] | None:
        changes = self.changes(name)
        return changes[-1] if changes else None

    @cached_property
    def _changes(self) -> Mapping[str, Sequence[tuple[Audit, Change]]]:
        found: dict[str, list[tuple[Audit, Change]]] = defaultdict(list)
        for audit in self.history:
            for change in audit.changes:
                found[change.field].append((audit, change))
        return found

    @cached_property
    def worked_out(self) -> dict[Any, Any]:
        """What functions that are ``once_a_snapshot`` worked out."""
        return {}

    def members(self, group: str) -> tuple[Person, ...]:
        """The agents of a group, by name."""
        return tuple(sorted((p for p in self.people.values() if group in p.groups), key=lambda person: person.name))


def once_a_snapshot(work_out: Callable[[Snapshot], T]) -> Callable[[Snapshot], T]:
    """A function of a snapshot that several rules ask: each snapshot remembers what it came to."""

    @wraps(work_out)
    def remembered(seen: Snapshot) -> T:
        known = seen.worked_out
        if work_out not in known:
            known[work_out] = work_out(seen)
        found: T = known[work_out]
        return found

    return remembered
