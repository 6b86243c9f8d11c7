"""Workers: what is due is looked at, what fails comes back later and later, and nothing ends a worker but its stop."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from enforcement import worker
from enforcement.agenda import LEASE, SPACING, AgendaError, Claim, Next
from enforcement.clock import SettableClock, SystemClock
from enforcement.embedded import EmbeddedAgenda
from enforcement.store import open_store
from enforcement.worker import LONGEST_PAUSE, Workers, pause_after
from integration.gateway import (
    AccessDenied,
    OutcomeUnknown,
    RateLimited,
    TicketChanged,
    Unreachable,
    UnreadableAnswer,
    WrongAccount,
)
from tests.enforcement.desk import HOUR, NOW, SECOND

DEADLINE = 10.0  # seconds for a thread to do what it is about to do


@pytest.fixture
def agenda(tmp_path: Path) -> Iterator[EmbeddedAgenda]:
    with EmbeddedAgenda.open(tmp_path / "ronda.sqlite") as agenda:
        yield agenda


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(NOW)


class Looks:
    """Does what it is told at each look, and remembers the tickets. A text is the next look's reason."""

    def __init__(self, *outcomes: Next | Exception | None) -> None:
        self.outcomes = list(outcomes)
        self.tickets: list[int] = []

    def __call__(self, claim: Claim) -> Next | None:
        self.tickets.append(claim.ticket_id)
        outcome = self.outcomes.pop(0) if self.outcomes else None
        if isinstance(outcome, Exception):
            raise outcome
        return outcome


def workers_of(agenda: EmbeddedAgenda, look: Callable[[Claim], Next | None], clock: SettableClock) -> Workers:
    return Workers(agenda, look, clock, paused=lambda: None)


# One entry


def test_nothing_due_is_no_work(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW + HOUR, "timer")

    assert not workers_of(agenda, Looks(), clock).run_one()


def test_what_is_due_is_looked_at_once(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    looks = Looks()
    workers = workers_of(agenda, looks, clock)

    assert workers.run_one()
    assert not workers.run_one()
    assert looks.tickets == [7]
    assert agenda.entries() == []


def test_a_look_says_when_the_next_one_is(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    workers_of(agenda, Looks(Next(NOW + HOUR, "timer")), clock).run_one()

    assert [(entry.at, entry.reason) for entry in agenda.entries()] == [(NOW + HOUR, "timer")]


def test_what_is_asked_during_a_look_causes_another(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    tickets: list[int] = []

    def look(claim: Claim) -> None:
        tickets.append(claim.ticket_id)
        if len(tickets) == 1:
            agenda.ask(7, NOW, "event")

    workers = workers_of(agenda, look, clock)
    workers.run_one()
    assert not workers.run_one()
    clock.advance(SPACING)
    workers.run_one()

    assert tickets == [7, 7]


def test_a_look_has_a_lease_that_outlives_it(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    claims: list[Claim] = []
    workers_of(agenda, claims.append, clock).run_one()

    assert claims[0].until == NOW + LEASE


# What fails


def test_a_look_that_fails_comes_back_with_its_reason_and_one_more_attempt(
    agenda: EmbeddedAgenda, clock: SettableClock
) -> None:
    agenda.ask(7, NOW, "ticket.created")
    workers = workers_of(agenda, Looks(Unreachable("no answer", 5.0)), clock)
    workers.run_one()

    (entry,) = agenda.entries()
    assert (entry.at, entry.reason, entry.attempts) == (NOW + 5 * SECOND, "ticket.created", 1)


def test_a_rate_limit_is_waited_for_as_long_as_it_says(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    workers_of(agenda, Looks(RateLimited("limit", 93.0)), clock).run_one()

    assert [entry.at for entry in agenda.entries()] == [NOW + 93 * SECOND]


def test_who_waited_for_the_limit_long_does_not_wait_longer_for_what_fails_then(
    agenda: EmbeddedAgenda, clock: SettableClock
) -> None:
    agenda.ask(7, NOW, "timer")
    workers = workers_of(agenda, Looks(*[RateLimited("limit", 10.0)] * 9, OutcomeUnknown(7, "x")), clock)
    for _ in range(10):
        workers.run_one()
        clock.advance(10 * SECOND)

    (entry,) = agenda.entries()
    assert (entry.at, entry.attempts) == (NOW + 95 * SECOND, 1)


def test_attempts_start_anew_after_a_look_that_worked(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    workers = workers_of(agenda, Looks(RateLimited("limit", 3.0), Next(NOW + HOUR, "timer")), clock)
    workers.run_one()
    clock.advance(3 * SECOND)
    workers.run_one()

    assert [(entry.at, entry.attempts) for entry in agenda.entries()] == [(NOW + HOUR, 0)]


def test_a_defect_of_ours_leaves_the_ticket_on_the_agenda(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    workers_of(agenda, Looks(ZeroDivisionError()), clock).run_one()

    assert [entry.attempts for entry in agenda.entries()] == [1]


def test_a_ticket_that_changed_meanwhile_is_looked_at_as_soon_as_may_be(
    agenda: EmbeddedAgenda, clock: SettableClock
) -> None:
    agenda.ask(7, NOW, "event")
    workers_of(agenda, Looks(TicketChanged(7)), clock).run_one()

    assert [entry.at for entry in agenda.entries()] == [NOW + SPACING]


@pytest.mark.parametrize("error", [AccessDenied("401"), WrongAccount("elsewhere"), UnreadableAnswer("the ticket", "?")])
def test_what_a_person_has_to_mend_is_an_alarm_until_a_look_works(
    agenda: EmbeddedAgenda, clock: SettableClock, error: Exception
) -> None:
    workers = workers_of(agenda, Looks(error, None), clock)
    for ticket in (7, 8):
        agenda.ask(ticket, NOW, "event")

    workers.run_one()
    assert workers.alarm == str(error)
    workers.run_one()
    assert workers.alarm == ""


def test_what_passes_by_itself_is_no_alarm(agenda: EmbeddedAgenda, clock: SettableClock) -> None:
    agenda.ask(7, NOW, "event")
    workers = workers_of(agenda, Looks(Unreachable("no answer", 5.0)), clock)
    workers.run_one()

    assert workers.alarm == ""


@pytest.mark.parametrize(
    ("error", "attempts", "least", "most"),
    [
        (TicketChanged(1), 1, 0, 0),
        (TicketChanged(1), 3, 0, 0),
        (TicketChanged(1), 4, 12, 16),
        (RateLimited("", 93), 1, 93, 93),
        (RateLimited("", 93), 2, 93, 93),
        (RateLimited("", 5), 9, 5, 5),
        (Unreachable("", 5), 1, 5, 5),
        (Unreachable("", 5), 6, 48, 64),
        (OutcomeUnknown(1, ""), 1, 5, 5),
        (AccessDenied(""), 1, 1.5, 2),
        (ValueError(), 3, 6, 8),
        (ValueError(), 1000, 450, LONGEST_PAUSE.total_seconds()),
    ],
)
def test_failures_are_waited_for_longer_and_longer(error: Exception, attempts: int, least: float, most: float) -> None:
    assert timedelta(seconds=least) <= pause_after(error, attempts) <= timedelta(seconds=most)


# Threads


@pytest.fixture
def started() -> Iterator[Callable[[Workers], Workers]]:
    """Start workers; they are stopped when the test ends."""
    with ExitStack() as stack:

        def start(workers: Workers) -> Workers:
            workers.start()
            stack.callback(workers.stop, DEADLINE)
            return workers

        yield start


def running(agenda: EmbeddedAgenda, look: Callable[[Claim], Next | None], **more: object) -> Workers:
    return Workers(agenda, look, SystemClock(), **{"paused": lambda: None, **more})  # type: ignore[arg-type]


def wait_for(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + DEADLINE
    while not done() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert done()


def test_what_is_asked_wakes_a_worker_at_once(agenda: EmbeddedAgenda, started: Callable[[Workers], Workers]) -> None:
    looked = threading.Event()
    started(running(agenda, lambda _: looked.set()))
    asked_at = time.monotonic()
    agenda.ask(7, SystemClock().now(), "event")

    assert looked.wait(DEADLINE)
    assert time.monotonic() - asked_at < 1.0


def test_two_looks_at_one_ticket_never_overlap(agenda: EmbeddedAgenda, started: Callable[[Workers], Workers]) -> None:
    under_way, overlaps, tickets = set[int](), list[int](), list[int]()
    guard = threading.Lock()

    def look(claim: Claim) -> None:
        with guard:
            overlaps.extend(under_way & {claim.ticket_id})
            under_way.add(claim.ticket_id)
        agenda.ask(claim.ticket_id % 5 + 1, SystemClock().now(), "event")
        with guard:
            under_way.discard(claim.ticket_id)
            tickets.append(claim.ticket_id)

    started(running(agenda, look))
    for ticket in (1, 2, 3, 4, 5):
        agenda.ask(ticket, SystemClock().now(), "event")
    wait_for(lambda: len(tickets) >= 10)

    assert overlaps == []


def test_while_it_is_paused_nothing_is_looked_at_and_a_resumption_is_noticed(
    agenda: EmbeddedAgenda, started: Callable[[Workers], Workers]
) -> None:
    reasons: list[str] = ["holiday"]
    checks: list[None] = []
    looks = Looks()

    def paused() -> str | None:
        checks.append(None)
        return reasons[0] if reasons else None

    started(running(agenda, looks, paused=paused))
    agenda.ask(7, SystemClock().now(), "event")
    wait_for(lambda: len(checks) > 8)
    assert looks.tickets == []

    reasons.clear()
    wait_for(lambda: looks.tickets == [7])


@pytest.mark.parametrize("error", [AgendaError("the disk is full"), ZeroDivisionError()])
def test_a_worker_outlives_what_fails_outside_of_a_look(
    agenda: EmbeddedAgenda, started: Callable[[Workers], Workers], error: Exception
) -> None:
    failures = [error] * 2

    def paused() -> None:
        if failures:
            raise failures.pop()

    looks = Looks()
    workers = started(running(agenda, looks, paused=paused, count=1))
    agenda.ask(7, SystemClock().now(), "event")

    wait_for(lambda: looks.tickets == [7])
    assert workers.is_alive()


class Locked(EmbeddedAgenda):
    """Something else keeps the file locked when looks end: ``failures`` times."""

    failures = 1
    tried = 0

    def finish(self, claim: Claim, next_look: Next | None, *, now: datetime) -> None:
        self.tried += 1
        if self.tried <= self.failures:
            raise AgendaError("another process keeps it locked")
        super().finish(claim, next_look, now=now)


def test_a_look_whose_end_cannot_be_written_is_ended_later(
    tmp_path: Path, clock: SettableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "MEND", 0.001)
    with closing(Locked(open_store(tmp_path / "ronda.sqlite"))) as agenda:
        agenda.ask(7, NOW, "event")
        looks = Looks()
        assert workers_of(agenda, looks, clock).run_one()
        clock.advance(SPACING)
        agenda.ask(7, clock.now(), "event")

        assert workers_of(agenda, looks, clock).run_one()
        assert looks.tickets == [7, 7]


def test_a_look_whose_end_cannot_be_written_holds_up_no_stop(tmp_path: Path) -> None:
    with closing(Locked(open_store(tmp_path / "ronda.sqlite"))) as agenda:
        agenda.failures = 1_000_000
        workers = running(agenda, Looks(), count=1)
        workers.start()
        agenda.ask(7, SystemClock().now(), "event")
        wait_for(lambda: agenda.tried > 0)

        assert workers.stop(DEADLINE)
        assert [entry.ticket_id for entry in agenda.entries()] == [7]


def test_stopping_waits_for_the_looks_under_way(agenda: EmbeddedAgenda) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def look(_: Claim) -> None:
        begun.set()
        go_on.wait(DEADLINE)

    workers = running(agenda, look)
    workers.start()
    agenda.ask(7, SystemClock().now(), "event")
    assert begun.wait(DEADLINE)

    assert not workers.stop(0.05)
    go_on.set()
    assert workers.stop(DEADLINE)
    assert not workers.is_alive()
    assert agenda.entries() == []


def test_idle_workers_stop_at_once(agenda: EmbeddedAgenda) -> None:
    workers = running(agenda, Looks())
    workers.start()
    started_at = time.monotonic()

    assert workers.stop(DEADLINE)
    assert time.monotonic() - started_at < 1.0
