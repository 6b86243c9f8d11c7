"""The port to the helpdesk: what the rest of Ronda may ask of it, and how it may fail.

GatewayError
+-- TicketNotFound          never: it is deleted, or was never there
+-- TicketChanged           at once: somebody was faster than our update; look again
+-- TryLater                later: ``retry_after`` seconds
|   +-- RateLimited
|   +-- Unreachable
+-- OutcomeUnknown          later: the write may have been stored; the next look reads it back
+-- UpdateRefused           call a person: Zendesk refuses the update; ``fields`` says where
+-- AccessDenied            call a person: credentials or scopes
+-- WrongAccount            call a person: what answers at the address is no Zendesk account of ours
+-- UnreadableAnswer        call a person: an answer is not what Zendesk's pages describe
+-- UnknownNames            call a person: the pack names groups, people or fields that the account has not
+-- UnusableSchedule        call a person: a rule counts working time, and the account has none
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from rules.actions import NewTicket
from rules.business_hours import Schedule
from rules.frozen import empty_mapping
from rules.plan import Update
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Ticket


class GatewayError(Exception):
    """Something between us and the helpdesk."""


class TicketNotFound(GatewayError):
    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"ticket {ticket_id} is not there: deleted, or never was")
        self.ticket_id = ticket_id


class TicketChanged(GatewayError):
    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"ticket {ticket_id} changed between our read and our update")
        self.ticket_id = ticket_id


class TryLater(GatewayError):
    def __init__(self, why: str, retry_after: float) -> None:
        super().__init__(f"{why}; try again in {retry_after:g} s")
        self.retry_after = retry_after


class RateLimited(TryLater):
    """An account or endpoint limit is used up."""


class Unreachable(TryLater):
    """No connection, no answer, or 5xx: of a read, or of a write that was never sent. Or a write was turned away for a
    reason that says nothing of the write."""


class OutcomeUnknown(GatewayError):
    def __init__(self, ticket_id: int, operation: str) -> None:
        super().__init__(f"the update {operation} of ticket {ticket_id} may or may not have been stored")
        self.ticket_id = ticket_id
        self.operation = operation


class UpdateRefused(GatewayError):
    """``fields``: each field by the rules' name for it (``base`` where none is named) to Zendesk's complaint.

    A complaint may quote what was sent: it is for the ledger's readers, not for logs.
    """

    def __init__(self, ticket_id: int, fields: dict[str, str]) -> None:
        super().__init__(f"ticket {ticket_id}: update refused at {', '.join(sorted(fields)) or 'an unknown field'}")
        self.ticket_id = ticket_id
        self.fields = fields


class AccessDenied(GatewayError):
    """401 after a fresh token, or 403."""


class WrongAccount(GatewayError):
    """The subdomain is wrong: the host redirects elsewhere, or an answer sends us to another host."""


class UnreadableAnswer(GatewayError):
    """``where`` names the place in the answer; its content is never in it."""

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"cannot read Zendesk's answer: {where}: {why}")
        self.where = where


class UnknownNames(GatewayError):
    """``problems``: one sentence for each name, with the nearest right one."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


class UnusableSchedule(GatewayError):
    """``rules``: those that count working time."""

    def __init__(self, rules: Iterable[str]) -> None:
        self.rules = tuple(rules)
        super().__init__(
            f"{', '.join(self.rules)}: counts working time, but the account's first schedule has no hours; give it some"
            " (Admin Center > Objects and rules > Schedules), or write 'clock: calendar' in the pack"
        )


@dataclass(frozen=True, slots=True)
class PackNames:
    """The names in a pack that stand for ids of an account: groups, people (agents), custom ticket fields.

    ``person_ids`` and ``field_ids`` say which is meant where a name alone does not; ``field_titles`` what the account
    calls a field, where that is not the pack's name for it.
    """

    groups: frozenset[str] = frozenset()
    people: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    person_ids: Mapping[str, int] = empty_mapping()
    field_ids: Mapping[str, int] = empty_mapping()
    field_titles: Mapping[str, str] = empty_mapping()


@dataclass(frozen=True, slots=True)
class Unchanged:
    """The ticket is as it was when it had this digest; nothing else was fetched."""

    ticket_id: int
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class TicketPage:
    """A page of the ticket export: changed tickets as they are, the oldest change first; a ticket may come again.

    ``gone`` are deleted ones. ``cursor`` leads to what comes after; it stays good. ``read_at`` is our time.
    """

    tickets: tuple[Ticket, ...]
    gone: frozenset[int]
    cursor: str
    is_last: bool
    read_at: datetime


@dataclass(frozen=True, slots=True)
class EventPage:
    """A page of the event export: updates of tickets without texts, oldest first; some may come again.

    Of an ``unclear`` ticket it does not tell everything that matters. ``until`` is where the next page begins.
    """

    audits: tuple[tuple[int, Audit], ...]
    unclear: frozenset[int]
    until: datetime
    is_last: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """How many calls a minute are ours, as far as Zendesk's answers told: all, those for audits, those for exports,
    those that update a ticket."""

    general: float
    audits: float
    exports: float
    updates: float


class Gateway(Protocol):
    """What Ronda needs from a helpdesk. Implementations may be shared by threads."""

    def fetch(self, ticket_id: int, needs: frozenset[Need], *, unless: str = "") -> Snapshot | Unchanged:
        """Read the ticket fresh, and what ``needs`` names. With ``unless``, stop after one call if the ticket still
        has that digest.

        Raises TicketNotFound, TryLater, AccessDenied.
        """
        ...

    def apply(self, seen: Snapshot, update: Update, operation: str) -> Snapshot:
        """Write one update if the ticket still has ``seen.ticket.updated_at``; give the ticket after all triggers.

        The operation id and the told causes go into the update's metadata. ``seen`` must hold the history where the
        answer is to be judged: the answer's audit is appended to it. A write whose answer was lost, or is of no use,
        is read back (by its operation id) before anything else: stored is success. TryLater is never raised of a
        write that may be stored.

        Raises TicketChanged, TicketNotFound, UpdateRefused, OutcomeUnknown, TryLater, AccessDenied.
        """
        ...

    def open_ticket(self, ticket: NewTicket) -> int:
        """Open a ticket once: an ``external_id`` that exists is found, not repeated. Gives its id. Raises as apply."""
        ...

    def unsolved(self) -> Iterable[Ticket]:
        """Every ticket that is not solved, once: as search knows it, and as it is where it changed in the last quarter
        of an hour, which search may not know yet. What changed in the last minute may be missing. People other than
        agents go by ``#id``. Raises TryLater, AccessDenied.
        """
        ...

    def office_hours(self) -> Schedule | None:
        """The account's working hours as they are now; None where there are none that we can read. Raises TryLater."""
        ...

    def changed(self, since: datetime, cursor: str = "") -> TicketPage:
        """The tickets that changed since a moment, or since a page's cursor; a minute late. Raises TryLater,
        AccessDenied."""
        ...

    def tickets(self, ids: Sequence[int]) -> Iterable[Ticket]:
        """These tickets as they are, those that are there. Raises TryLater, AccessDenied."""
        ...

    def around(self, ticket: Ticket, needs: frozenset[Need], history: tuple[Audit, ...] | None = None) -> Snapshot:
        """A snapshot of a ticket that was read already, with what ``needs`` names; the history is read unless it is
        given. It has no digest. Raises TicketNotFound, TryLater, AccessDenied."""
        ...

    def events(self, since: datetime) -> EventPage:
        """What happened to all tickets since a moment. Raises TryLater, AccessDenied."""
        ...

    def count(self, since: datetime, *, unsolved: bool = False) -> int:
        """About how many tickets changed since a moment, or how many of them are not solved. Raises TryLater,
        AccessDenied."""
        ...

    def pace(self) -> Pace:
        """How fast we may read, as far as is known by now."""
        ...

    def updated_since(self, moment: datetime) -> Iterable[tuple[int, datetime]]:
        """Tickets that changed at or after a moment, with the time of the change. Raises TryLater, AccessDenied."""
        ...
