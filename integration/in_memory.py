"""The gateway's twin: a helpdesk in memory that keeps what Zendesk promises, for tests and for trying rules out."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType

from integration.gateway import (
    EventPage,
    OutcomeUnknown,
    Pace,
    TicketChanged,
    TicketNotFound,
    TicketPage,
    Unchanged,
    UpdateRefused,
)
from rules.actions import NewTicket
from rules.apply import applied
from rules.business_hours import Schedule
from rules.plan import Update
from rules.snapshot import Need, Snapshot
from rules.ticket import RONDA, Audit, Comment, Person, Ticket, Via

FIRST_NUMBER = 40_000


@dataclass
class _Record:
    """One ticket: how it stands, all that happened to it, and how often it changed."""

    ticket: Ticket
    history: tuple[Audit, ...]
    version: int = 1


@dataclass(frozen=True, slots=True)
class Stored:
    """One update of ours, as it was stored."""

    ticket_id: int
    operation: str
    update: Update


@dataclass
class InMemoryHelpdesk:
    """Implements ``integration.gateway.Gateway`` without a network. Shared by threads.

    Times have whole seconds, so safe update is as blind within one second as Zendesk's. ``people`` is what
    snapshots show. The hooks happen once, at the next update: ``before_update`` is called between the look's read
    and its update, as somebody who is faster; ``fail_update`` is raised instead of storing it; ``lose_answer`` stores
    it, and neither its answer nor a trace of it is found.
    """

    now: Callable[[], datetime]
    people: Mapping[str, Person] = field(default_factory=lambda: MappingProxyType({}))
    schedule: Schedule | None = None
    workload: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))
    before_update: Callable[[], object] | None = None
    fail_update: Exception | None = None
    lose_answer: bool = False
    page: int = 1000
    stored: list[Stored] = field(default_factory=list)
    fetched: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._records: dict[int, _Record] = {}
        self._gone: set[int] = set()
        self._lock = threading.RLock()

    # --- what people do ---

    def put(self, ticket: Ticket, history: Iterable[Audit] = ()) -> None:
        """A ticket as it stands, with what happened to it; one of the same id is replaced."""
        with self._lock:
            self._records[ticket.id] = _Record(ticket, tuple(history))

    def edit(self, ticket_id: int, by: Person, update: Update) -> None:
        """Somebody changes a ticket in the product. Raises TicketNotFound."""
        with self._lock:
            record = self._record(ticket_id)
            self._change(record, update, by)

    def delete(self, ticket_id: int) -> None:
        with self._lock:
            del self._records[ticket_id]
            self._gone.add(ticket_id)

    def ticket(self, ticket_id: int) -> Ticket:
        """How a ticket stands. Raises TicketNotFound."""
        return self._record(ticket_id).ticket

    # --- the port ---

    def fetch(self, ticket_id: int, needs: frozenset[Need], *, unless: str = "") -> Snapshot | Unchanged:
        with self._lock:
            self.fetched.append(ticket_id)
            record = self._record(ticket_id)
            if unless and unless == str(record.version):
                return Unchanged(ticket_id, record.ticket.updated_at)
            return self._snapshot(record, needs)

    def apply(self, seen: Snapshot, update: Update, operation: str) -> Snapshot:
        hook, self.before_update = self.before_update, None
        if hook is not None:
            hook()
        failure, self.fail_update = self.fail_update, None
        if failure is not None:
            raise failure
        with self._lock:
            record = self._record(seen.ticket.id)
            if record.ticket.updated_at != seen.ticket.updated_at:
                raise TicketChanged(record.ticket.id)
            if record.ticket.status == "closed":
                raise UpdateRefused(record.ticket.id, {"status": "closed prevents ticket update"})
            made = self._change(record, update, RONDA)
            self.stored.append(Stored(record.ticket.id, operation, update))
            lost, self.lose_answer = self.lose_answer, False
            if lost:
                raise OutcomeUnknown(record.ticket.id, operation)
            return replace(
                seen,
                as_of=self.now(),
                ticket=record.ticket,
                history=(*seen.history, *made),
                read_at=self._second(),
                digest=str(record.version),
            )

    def open_ticket(self, ticket: NewTicket) -> int:
        with self._lock:
            for record in self._records.values():
                if record.ticket.external_id == ticket.external_id:
                    return record.ticket.id
            number = max(self._records, default=FIRST_NUMBER) + 1
            self.put(*_opened(number, ticket, self._second()))
            return number

    def unsolved(self) -> Iterator[Ticket]:
        with self._lock:
            tickets = [each.ticket for each in self._records.values()]
        yield from (ticket for ticket in tickets if not ticket.is_untouchable)

    def office_hours(self) -> Schedule | None:
        return self.schedule

    def changed(self, since: datetime, cursor: str = "") -> TicketPage:
        with self._lock:
            changes = sorted((each.ticket.updated_at, each.ticket.id) for each in self._records.values())
            late = [(at, number) for at, number in changes if at >= since and f"{at.isoformat()} {number}" > cursor]
            page = late[: self.page]
            after = f"{page[-1][0].isoformat()} {page[-1][1]}" if page else cursor
            tickets = tuple(self._records[number].ticket for _, number in page)
            gone = frozenset(self._gone)
        return TicketPage(tickets, gone, after, len(page) == len(late), self.now())

    def tickets(self, ids: Sequence[int]) -> Iterator[Ticket]:
        with self._lock:
            yield from [self._records[number].ticket for number in ids if number in self._records]

    def around(self, ticket: Ticket, needs: frozenset[Need], history: tuple[Audit, ...] | None = None) -> Snapshot:
        with self._lock:
            if history is None:
                self.fetched.append(ticket.id)
            seen = self._snapshot(self._record(ticket.id), needs)
        return replace(seen, ticket=ticket, history=seen.history if history is None else history, digest="")

    def events(self, since: datetime) -> EventPage:
        with self._lock:
            all_audits = [(each.ticket.id, audit) for each in self._records.values() for audit in each.history]
        audits = sorted((pair for pair in all_audits if pair[1].at >= since), key=lambda pair: pair[1].at)
        told = tuple((number, _without_text(audit)) for number, audit in audits)
        return EventPage(told, frozenset(), audits[-1][1].at if audits else since, is_last=True)

    def count(self, since: datetime, *, unsolved: bool = False) -> int:
        with self._lock:
            tickets = [each.ticket for each in self._records.values() if each.ticket.updated_at >= since]
        return sum(not (unsolved and ticket.is_untouchable) for ticket in tickets)

    def pace(self) -> Pace:
        return Pace(general=300.0, audits=300.0, exports=7.0, updates=75.0)

    def updated_since(self, moment: datetime) -> Iterator[tuple[int, datetime]]:
        with self._lock:
            changed = [(each.ticket.id, each.ticket.updated_at) for each in self._records.values()]
        yield from (pair for pair in changed if pair[1] >= moment)

    def _record(self, ticket_id: int) -> _Record:
        if ticket_id not in self._records:
            raise TicketNotFound(ticket_id)
        return self._records[ticket_id]

    def _change(self, record: _Record, update: Update, by: Person) -> tuple[Audit, ...]:
        """Store one update; nothing is stored, and no time moves, where it changes nothing."""
        before = Snapshot(as_of=self.now(), ticket=record.ticket, history=record.history)
        after = applied(before, update, self._second(), by)
        made = after.history[len(record.history) :]
        if not any(audit.changes or audit.comment for audit in made):
            return ()
        record.ticket, record.history = after.ticket, after.history
        record.version += 1
        return made

    def _snapshot(self, record: _Record, needs: frozenset[Need]) -> Snapshot:
        ticket = record.ticket
        others = (each.ticket for each in self._records.values() if each is not record)
        theirs = (other for other in others if other.requester == ticket.requester and other.status != "closed")
        return Snapshot(
            as_of=self.now(),
            ticket=ticket,
            history=record.history if Need.HISTORY in needs else (),
            people=self.people,
            requester_tickets=tuple(theirs) if Need.REQUESTER_TICKETS in needs else (),
            workload=self.workload if Need.WORKLOAD in needs else MappingProxyType({}),
            schedule=self.schedule if Need.SCHEDULE in needs else None,
            read_at=self._second(),
            digest=str(record.version),
        )

    def _second(self) -> datetime:
        return self.now().replace(microsecond=0)


def _without_text(audit: Audit) -> Audit:
    comment = None if audit.comment is None else replace(audit.comment, text="", attachments=())
    return replace(audit, comment=comment, transcript=(), told=frozenset())


def _opened(number: int, new: NewTicket, at: datetime) -> tuple[Ticket, tuple[Audit, ...]]:
    """A ticket that was opened for its requester by the API."""
    via = Via("api")
    ticket = Ticket(
        id=number,
        created_at=at,
        updated_at=at,
        requester=new.requester,
        submitter=new.requester,
        via=via,
        subject=new.subject,
        description=new.text,
        group=new.group,
        tags=new.tags,
        external_id=new.external_id,
    )
    comment = Comment(1, at, new.requester, public=True, text=new.text, via=via, attachments=new.attachments)
    return ticket, (Audit(1, at, RONDA, via, comment=comment),)
