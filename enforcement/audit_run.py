"""Making the rounds: read what changed, judge it, write down what was found, a page of tickets at a time.

A round changes nothing in the helpdesk. It may be stopped at any moment, and goes on at the page where it was.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import structlog

from enforcement.audit import EVER, AuditPlan, Counted, Scope, counted_by, needs_history, plan_audit
from enforcement.audit_book import AuditBook, AuditRow, Batch, CureRow, Entry, FactsRow
from enforcement.kept_histories import KeptHistories
from enforcement.look import Watch
from enforcement.read_ahead import Ahead, history_of, read_ahead
from enforcement.record import ticket_row, verdict_rows
from integration.gateway import RateLimited, TicketNotFound, TicketPage, TryLater
from rules.informed import informed
from rules.judge import judge
from rules.plan import Plan
from rules.planner import plan
from rules.queue import QueueRule
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Ticket

T = TypeVar("T")

READERS = 6  # histories read at a time
ATTEMPTS = 10  # of a call that fails for a reason that passes; waiting for the rate limit is no failure
DUE_AT_ONCE = 100

log = structlog.get_logger(__name__)


class AuditStopped(Exception):
    """Somebody stopped the round; what it has done is kept."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a round is. ``phase``: histories, tickets, or those whose time has come."""

    phase: str
    done: int
    of: int


@dataclass
class AuditRun:
    """One round by what looks are made with (``watch``). ``histories``: the file for histories read in bulk.

    ``tell`` hears how far it is. ``stop`` may be set by another thread or a signal.
    """

    watch: Watch
    book: AuditBook
    scope: Scope
    histories: Path
    tell: Callable[[Progress], object] = lambda _: None
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.rules = self.watch.pack.rules
        self.started = self.watch.clock.now()
        self._ahead: Ahead = {}

    # Before anything is read

    def unfinished(self) -> AuditRow | None:
        """The stopped round that this one would go on with."""
        return self.book.unfinished(self.scope, self.watch.version)

    def plan(self) -> AuditPlan:
        """Which calls it takes, and how long. Costs three calls. Raises TryLater, AccessDenied."""
        gateway, since = self.watch.gateway, self._since()
        counted = self._patiently(
            lambda: Counted(
                tickets=gateway.count(since),
                unsolved=gateway.count(since, unsolved=True),
                due=len(self.book.due(self.started, self.started)) if self._begins_at_cursor() else 0,
                everything=gateway.count(EVER),
            )
        )
        return plan_audit(counted, self.rules, gateway.pace())

    def _since(self) -> datetime:
        """Since when changes count: about, for the plan; the export itself goes by the cursor."""
        if self.scope.since is not None:
            return self.scope.since
        past = self.book.past(limit=1)
        return past[-1].audit.started_at if self._begins_at_cursor() and past else EVER

    def _begins_at_cursor(self) -> bool:
        return self.scope.since is None and bool(self.book.last_cursor(self.watch.version))

    # The round itself

    def run(self, planned: AuditPlan) -> AuditRow:
        """Make the round, or what is left of one that was stopped. Raises AuditStopped, GatewayError, AgendaError."""
        row = self.unfinished()
        if row is None:
            cursor = self.book.last_cursor(self.watch.version) if self.scope.since is None else ""
            row = self.book.begin(self.scope, self.watch.version, cursor, planned.tickets, self.started)
        self.started = row.started_at
        kept = KeptHistories(self.histories) if planned.by_events or self.histories.exists() else None
        with (
            ThreadPoolExecutor(READERS + 1, thread_name_prefix="round") as readers,
            ThreadPoolExecutor(READERS, thread_name_prefix="round-ahead") as early,
        ):
            try:
                self._ahead = self._begin_ahead(planned, early)
                if kept is not None and planned.by_events:
                    self._read_events(kept, planned)
                self._read_tickets(row, kept, planned, readers)
                self._read_due(row, readers)
            except BaseException:
                readers.shutdown(wait=False, cancel_futures=True)
                if kept is not None:
                    kept.close()
                raise
            finally:
                early.shutdown(wait=False, cancel_futures=True)
        self.book.end(row.id, self.watch.clock.now())
        if kept is not None:
            kept.delete()
        return self.book.audit(row.id)

    def _read_events(self, kept: KeptHistories, planned: AuditPlan) -> None:
        pages = 0
        while not kept.is_complete:
            since = kept.until or EVER
            kept.add(self._patiently(lambda since=since: self.watch.gateway.events(since)))  # type: ignore[misc] # mypy knows no default of a lambda
            pages += 1
            self.tell(Progress("histories", pages, max(pages, planned.exports)))

    def _begin_ahead(self, planned: AuditPlan, readers: ThreadPoolExecutor) -> Ahead:
        """Where the export is going to wait for its limit, read histories meanwhile."""
        gateway, since, now = self.watch.gateway, self._since(), self.watch.clock.now()
        if planned.exports <= gateway.pace().exports:
            return {}
        wanted = (
            ticket
            for ticket in gateway.unsolved()
            if ticket.updated_at >= since
            and self.scope.has(ticket)
            and (needs_history(self.rules, ticket, now) or counted_by(self.rules, ticket, now))
        )
        try:
            return read_ahead(wanted, self._history, readers)
        except TryLater as error:
            log.info("audit.reads_nothing_ahead", why=type(error).__name__)
            return {}

    def _history(self, ticket: Ticket) -> Snapshot:
        return self._patiently(lambda: self.watch.gateway.around(ticket, frozenset({Need.HISTORY})))

    def _read_tickets(
        self, row: AuditRow, kept: KeptHistories | None, planned: AuditPlan, readers: ThreadPoolExecutor
    ) -> None:
        """Page by page; the next one is on its way while one is judged."""
        if row.is_exported:
            return
        seen = row.seen
        following: Future[TicketPage] | None = readers.submit(self._page, row.cursor)
        while following is not None:
            page = following.result()
            following = None if page.is_last else readers.submit(self._page, page.cursor)
            mine = [ticket for ticket in page.tickets if self.scope.has(ticket)]
            entries = self._judged(mine, kept, readers)
            self.book.record_batch(
                row.id,
                Batch(entries, page.read_at, page.gone, page.cursor, page.is_last, len(page.tickets) - len(mine)),
            )
            seen += len(page.tickets)
            self.tell(Progress("tickets", seen, max(planned.tickets, seen)))

    def _page(self, cursor: str) -> TicketPage:
        since = self.scope.since or EVER
        return self._patiently(lambda: self.watch.gateway.changed(since, cursor))

    def _read_due(self, row: AuditRow, readers: ThreadPoolExecutor) -> None:
        """The tickets on which nothing happened but time."""
        due = self.book.due(self.started, self.started) if self.scope.since is None else []
        for start in range(0, len(due), DUE_AT_ONCE):
            ids = due[start : start + DUE_AT_ONCE]
            read_at = self.watch.clock.now()
            tickets = self._patiently(lambda ids=ids: list(self.watch.gateway.tickets(ids)))  # type: ignore[misc] # as above
            mine = [ticket for ticket in tickets if self.scope.has(ticket)]
            gone = set(ids) - {ticket.id for ticket in tickets}
            self.book.record_batch(row.id, Batch(self._judged(mine, None, readers), read_at, gone))
            self.tell(Progress("due", start + len(ids), len(due)))

    # One page

    def _judged(
        self, tickets: Sequence[Ticket], kept: KeptHistories | None, readers: ThreadPoolExecutor
    ) -> list[Entry]:
        now = self.watch.clock.now()
        latest = {ticket.id: ticket for ticket in tickets}  # a page may tell of a ticket twice, the last time as it is
        counting = {ticket.id: counted_by(self.rules, ticket, now) for ticket in latest.values()}
        solved = [n for n, ticket in latest.items() if ticket.is_untouchable and counting[n]]
        histories = self._kept_of(kept, [latest[number] for number in solved])
        wanted = [
            ticket
            for number, ticket in latest.items()
            if number not in histories and (counting[number] or needs_history(self.rules, ticket, now))
        ]
        read = dict(zip((t.id for t in wanted), self._side_by_side(wanted, readers), strict=True))
        return [
            entry
            for number, ticket in latest.items()
            if (entry := self._entry(ticket, read.get(number), histories.get(number), counting[number])) is not None
        ]

    def _kept_of(self, kept: KeptHistories | None, tickets: Iterable[Ticket]) -> dict[int, tuple[Audit, ...]]:
        """Histories that were read in bulk, of tickets to which nothing has happened since."""
        until = kept.until if kept is not None else None
        if kept is None or until is None:
            return {}
        return kept.of(ticket.id for ticket in tickets if ticket.updated_at < until)  # that second may not be whole

    def _side_by_side(self, tickets: Sequence[Ticket], readers: ThreadPoolExecutor) -> Iterator[Snapshot | None]:
        """Snapshots with their histories, in this order; None: the ticket is gone."""
        return readers.map(self._around, tickets)

    def _around(self, ticket: Ticket) -> Snapshot | None:
        needs = frozenset({Need.HISTORY}) if ticket.is_untouchable else self.watch.pack.needs | {Need.HISTORY}
        history = history_of(ticket, self._ahead)
        try:
            return self._patiently(lambda: self.watch.gateway.around(ticket, needs, history))
        except TicketNotFound:
            return None

    def _entry(
        self,
        ticket: Ticket,
        read: Snapshot | None,
        history: tuple[Audit, ...] | None,
        counting: Sequence[QueueRule],
    ) -> Entry | None:
        """What a ticket came to; None where it went while we looked."""
        if read is None and history is None and counting:
            return None
        gateway, pack = self.watch.gateway, self.watch.pack
        seen = read or gateway.around(ticket, frozenset(), history or ())
        sent = self.book.sent(ticket.requester.id, self.watch.clock.now()) if Need.SENT in pack.needs else None
        seen = informed(seen, pack.desk, sent)
        facts = tuple(self._facts(seen, counting))
        if ticket.is_untouchable:
            return Entry(ticket.id, ticket_row(seen), None, facts)
        judgement = judge(self.rules, seen, pack.desk.exemptions)
        planned = plan(judgement, pack.messages, pack.desk.language, self.watch.ceiling)
        rows = tuple(replace(row, pack=self.watch.version) for row in verdict_rows(judgement))
        return Entry(ticket.id, ticket_row(seen), rows, facts, _cure(seen, planned))

    def _facts(self, seen: Snapshot, counting: Sequence[QueueRule]) -> Iterator[FactsRow]:
        for rule in counting:
            if rule.takes(seen, self.watch.pack.desk.exemptions) and (facts := rule.facts(seen)) is not None:
                yield FactsRow(seen.ticket.id, rule.id, seen.ticket.group, seen.ticket.created_at, facts)

    # Patience

    def _patiently(self, call: Callable[[], T]) -> T:
        """A call, made again while the rate limit asks to wait or a failure may pass. Raises AuditStopped."""
        failures = 0
        while True:
            if self.stop.is_set():
                raise AuditStopped
            try:
                return call()
            except TryLater as error:
                failures += not isinstance(error, RateLimited)
                if failures > ATTEMPTS:
                    raise
                log.info("audit.waits", seconds=round(error.retry_after, 1), why=type(error).__name__)
                self._wait(error.retry_after)

    def _wait(self, seconds: float) -> None:
        """On the clock the round goes by, a second at a time, so that it can be stopped."""
        left = seconds
        while left > 0 and not self.stop.is_set():
            self.watch.clock.sleep(min(left, 1.0))
            left -= 1.0


def _cure(seen: Snapshot, planned: Plan) -> CureRow | None:
    if planned.is_empty:
        return None
    rules = {rule for update in planned.updates for rule in update.rules}
    return CureRow(seen.ticket.id, seen.ticket.requester.id, tuple(sorted(rules)), planned.public)
