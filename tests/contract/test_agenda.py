"""What every agenda promises, whatever it is stored in."""

import asyncio
import itertools
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from enforcement.agenda import LEASE, SPACING, Agenda, AgendaError, Entry, Next
from tests.contract import agenda_child
from tests.contract.agendas import OPENERS

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.fixture(params=OPENERS)
def implementation(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def open_agenda(implementation: str, tmp_path: Path) -> Iterator[Callable[[], Agenda]]:
    """Open the agenda of this test, once or more often; all are closed at its end."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(OPENERS[implementation](tmp_path))


@pytest.fixture
def agenda(open_agenda: Callable[[], Agenda]) -> Agenda:
    return open_agenda()


def tickets(agenda: Agenda) -> list[int]:
    return [entry.ticket_id for entry in agenda.entries()]


def look(agenda: Agenda, at: datetime, next_look: Next | None = None) -> list[int]:
    """Claim and finish all that is due; the tickets looked at."""
    claims = agenda.claim(at, limit=100)
    for claim in claims:
        agenda.finish(claim, next_look, now=at)
    return [claim.ticket_id for claim in claims]


# Asking


def test_an_empty_agenda_has_nothing_to_claim(agenda: Agenda) -> None:
    assert agenda.claim(NOW) == []
    assert agenda.next_due() is None
    assert agenda.entries() == []


def test_what_was_asked_is_on_the_agenda(agenda: Agenda) -> None:
    assert agenda.ask(7, NOW, "ticket.created")

    assert agenda.entries() == [Entry(7, NOW, "ticket.created")]
    assert agenda.next_due() == NOW


def test_times_are_kept_to_the_microsecond(agenda: Agenda) -> None:
    at = NOW + timedelta(microseconds=123457)
    agenda.ask(7, at, "timer")

    assert agenda.next_due() == at


@pytest.mark.parametrize(("first", "second"), [(HOUR, 2 * HOUR), (2 * HOUR, HOUR)])
def test_the_earlier_of_old_and_new_stands(agenda: Agenda, first: timedelta, second: timedelta) -> None:
    agenda.ask(7, NOW + first, f"in {first}")
    agenda.ask(7, NOW + second, f"in {second}")

    assert agenda.entries() == [Entry(7, NOW + HOUR, f"in {HOUR}")]


def test_a_delivery_that_was_seen_before_asks_nothing(agenda: Agenda) -> None:
    assert agenda.ask(7, NOW, "ticket.created", delivery="d-1")
    look(agenda, NOW)

    assert not agenda.ask(7, NOW + HOUR, "ticket.created", delivery="d-1")
    assert agenda.ask(7, NOW + HOUR, "ticket.created", delivery="d-2")
    assert tickets(agenda) == [7]


def test_a_delivery_is_still_known_three_days_later(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created", delivery="d-1")

    for day in (1, 2, 3):
        assert agenda.ask(8, NOW + timedelta(days=day), "ticket.created", delivery=f"of day {day}")
        assert not agenda.ask(7, NOW + timedelta(days=day), "ticket.created", delivery="d-1")


def test_of_two_that_bring_one_delivery_at_once_one_asks(agenda: Agenda) -> None:
    futures = [agenda.ask_soon(7, NOW, "ticket.created", delivery="d-1") for _ in range(20)]

    assert Counter(future.result() for future in futures) == {True: 1, False: 19}


def test_many_asks_at_once_all_stand(agenda: Agenda) -> None:
    futures = [agenda.ask_soon(n % 50 + 1, NOW + n * SECOND, "burst") for n in reversed(range(500))]
    for future in futures:
        future.result()

    assert agenda.entries() == [Entry(n + 1, NOW + n * SECOND, "burst") for n in range(50)]


def test_a_coroutine_awaits_the_commit(agenda: Agenda) -> None:
    async def ask_all() -> list[bool]:
        return await asyncio.gather(
            *(agenda.ask_async(n, NOW, "ticket.created", delivery=str(n // 2)) for n in range(2, 42))
        )

    assert asyncio.run(ask_all()) == [True, False] * 20
    assert tickets(agenda) == list(range(2, 42, 2))


def test_a_coroutine_that_is_cancelled_does_not_disturb_the_others(agenda: Agenda) -> None:
    async def ask_three() -> bool:
        first, second, third = (agenda.ask_async(n, NOW, "ticket.created") for n in (1, 2, 3))
        second.cancel()
        return await first and await third

    assert asyncio.run(ask_three())
    assert {1, 3} <= set(tickets(agenda))


@pytest.mark.parametrize("ticket_id", [0, -1, 2**63])
def test_what_can_be_no_ticket_is_refused_and_harms_nobody(agenda: Agenda, ticket_id: int) -> None:
    with pytest.raises(ValueError, match="no ticket id"):
        agenda.ask(ticket_id, NOW, "ticket.created")

    assert agenda.ask(7, NOW, "ticket.created")


def test_a_time_without_zone_is_refused(agenda: Agenda) -> None:
    with pytest.raises(ValueError, match="time zone"):
        agenda.ask(7, NOW.replace(tzinfo=None), "ticket.created")


# Claiming and finishing


def test_only_what_is_due_is_claimed_the_oldest_first(agenda: Agenda) -> None:
    for ticket, seconds in ((1, 3), (2, 1), (3, 2), (4, 60)):
        agenda.ask(ticket, NOW + seconds * SECOND, "timer")

    assert [claim.ticket_id for claim in agenda.claim(NOW + 3 * SECOND, limit=2)] == [2, 3]
    assert [claim.ticket_id for claim in agenda.claim(NOW + 3 * SECOND, limit=9)] == [1]


def test_a_claim_says_what_was_asked(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created", event_at=NOW - SECOND)

    [claim] = agenda.claim(NOW)

    assert claim.entry == Entry(7, NOW, "ticket.created", 0)
    assert claim.until == NOW + LEASE
    assert claim.event_at == NOW - SECOND


@pytest.mark.parametrize("order", list(itertools.permutations((None, 1, 2))))
def test_the_newest_event_is_kept(agenda: Agenda, order: tuple[int | None, ...]) -> None:
    for seconds in order:
        event_at = None if seconds is None else NOW + seconds * SECOND
        agenda.ask(7, NOW, "ticket.updated", event_at=event_at)

    assert agenda.claim(NOW)[0].event_at == NOW + 2 * SECOND


def test_a_claimed_ticket_stays_on_the_agenda_but_cannot_be_claimed(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    agenda.claim(NOW)

    assert agenda.entries() == [Entry(7, NOW, "ticket.created")]
    assert agenda.claim(NOW + LEASE - SECOND) == []
    assert agenda.next_due() is None


def test_a_finished_look_that_wants_no_other_leaves_nothing(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")

    assert look(agenda, NOW) == [7]

    assert agenda.entries() == []
    assert agenda.claim(NOW + timedelta(days=9)) == []


def test_a_finished_look_comes_back_when_it_wants_to(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    look(agenda, NOW, Next(NOW + 48 * HOUR, "promise", attempts=2))

    assert agenda.entries() == [Entry(7, NOW + 48 * HOUR, "promise", 2)]
    assert look(agenda, NOW + 48 * HOUR - SECOND) == []
    assert look(agenda, NOW + 48 * HOUR) == [7]


def test_an_event_between_two_looks_keeps_the_count_of_failures(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    look(agenda, NOW, Next(NOW + HOUR, "retry", attempts=3))
    agenda.ask(7, NOW + 10 * SECOND, "ticket.updated")

    assert agenda.entries() == [Entry(7, NOW + 10 * SECOND, "ticket.updated", 3)]


def test_an_event_during_a_look_causes_another(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    [claim] = agenda.claim(NOW)
    agenda.ask(7, NOW + 5 * SECOND, "ticket.updated", event_at=NOW + 4 * SECOND)
    agenda.finish(claim, None, now=NOW + 6 * SECOND)

    assert agenda.entries() == [Entry(7, NOW + 5 * SECOND, "ticket.updated")]
    assert agenda.claim(NOW + 6 * SECOND)[0].event_at == NOW + 4 * SECOND


@pytest.mark.parametrize(
    ("asked", "wanted", "stands"),
    [
        (10, 20, Entry(7, NOW + 10 * SECOND, "asked")),
        (20, 10, Entry(7, NOW + 10 * SECOND, "wanted")),
    ],
)
def test_of_what_was_asked_and_what_the_look_wants_the_earlier_stands(
    agenda: Agenda, asked: int, wanted: int, stands: Entry
) -> None:
    agenda.ask(7, NOW, "ticket.created")
    [claim] = agenda.claim(NOW)
    agenda.ask(7, NOW + asked * SECOND, "asked")
    agenda.finish(claim, Next(NOW + wanted * SECOND, "wanted"), now=NOW + SECOND)

    assert agenda.entries() == [stands]


# Spacing


def test_the_first_event_looks_at_once(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")

    assert look(agenda, NOW) == [7]


def test_the_next_look_waits_for_the_spacing(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    look(agenda, NOW)
    agenda.ask(7, NOW + SECOND / 2, "ticket.updated")

    assert agenda.next_due() == NOW + SPACING
    assert look(agenda, NOW + SPACING - SECOND / 1000) == []
    assert look(agenda, NOW + SPACING) == [7]


def test_after_the_spacing_an_event_looks_at_once(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    look(agenda, NOW)
    agenda.ask(7, NOW + 3 * SECOND, "ticket.updated")

    assert agenda.next_due() == NOW + 3 * SECOND


def test_a_look_that_wants_another_at_once_waits_for_the_spacing_too(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    look(agenda, NOW, Next(NOW, "changed"))

    assert agenda.next_due() == NOW + SPACING


def test_twenty_events_within_a_second_are_two_looks(agenda: Agenda) -> None:
    looks = []
    for tick in range(60):
        now = NOW + tick * SECOND / 20
        if tick < 20:
            agenda.ask(7, now, "ticket.updated", event_at=now)
        looks += [now for _ in look(agenda, now)]

    assert looks == [NOW, NOW + SPACING]


# Leases


def test_a_lease_that_ends_makes_the_entry_due_again_as_a_failure(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created", event_at=NOW)
    agenda.claim(NOW)

    [again] = agenda.claim(NOW + LEASE)

    assert again.entry == Entry(7, NOW, "ticket.created", attempts=1)
    assert again.event_at == NOW


def test_what_was_asked_before_a_lease_ended_is_covered_by_the_next_look(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    agenda.claim(NOW)
    agenda.ask(7, NOW + 10 * SECOND, "ticket.updated")

    assert look(agenda, NOW + LEASE) == [7]
    assert agenda.entries() == []


def test_a_lost_lease_changes_nothing(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    [lost] = agenda.claim(NOW)
    [held] = agenda.claim(NOW + LEASE)
    agenda.finish(lost, Next(NOW + 48 * HOUR, "promise"), now=NOW + LEASE)

    assert agenda.entries() == [held.entry]
    agenda.finish(held, None, now=NOW + LEASE)
    assert agenda.entries() == []


def test_finishing_twice_is_finishing_once(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    [claim] = agenda.claim(NOW)
    agenda.finish(claim, None, now=NOW)
    agenda.ask(7, NOW + HOUR, "ticket.updated")
    agenda.finish(claim, None, now=NOW + HOUR)

    assert tickets(agenda) == [7]


# Forgetting


def test_a_forgotten_ticket_has_no_entry(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    agenda.ask(8, NOW, "ticket.created")
    agenda.forget(7)

    assert tickets(agenda) == [8]


def test_a_look_under_way_does_not_bring_a_forgotten_ticket_back(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    [claim] = agenda.claim(NOW)
    agenda.forget(7)
    agenda.finish(claim, Next(NOW + HOUR, "promise"), now=NOW)

    assert agenda.entries() == []


def test_a_ticket_that_was_forgotten_and_asked_for_again_is_not_looked_at_twice_at_once(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    [claim] = agenda.claim(NOW)
    agenda.forget(7)
    agenda.ask(7, NOW + 10 * SECOND, "ticket.restored")

    assert agenda.entries() == [Entry(7, NOW + 10 * SECOND, "ticket.restored")]
    assert agenda.claim(NOW + 20 * SECOND) == []
    agenda.finish(claim, None, now=NOW + 20 * SECOND)
    assert agenda.entries() == [Entry(7, NOW + 10 * SECOND, "ticket.restored")]


def test_a_forgotten_ticket_whose_lease_ends_does_not_come_back(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    agenda.claim(NOW)
    agenda.forget(7)

    assert agenda.claim(NOW + LEASE) == []
    assert agenda.entries() == []


# Waiting


def seconds_waited(agenda: Agenda, timeout: float) -> float:
    start = time.monotonic()
    agenda.wait_for_work(timeout)
    return time.monotonic() - start


def test_who_waits_is_woken_by_an_ask(agenda: Agenda) -> None:
    agenda.claim(NOW)
    waiting = threading.Event()
    woken: list[float] = []

    def wait() -> None:
        agenda.claim(NOW)
        waiting.set()
        woken.append(seconds_waited(agenda, 30.0))

    thread = threading.Thread(target=wait)
    thread.start()
    waiting.wait()
    agenda.ask(7, NOW, "ticket.created")
    thread.join()

    assert woken[0] < 0.9  # without being woken it would be a second


def test_what_was_asked_between_claim_and_wait_is_not_slept_over(agenda: Agenda) -> None:
    agenda.claim(NOW)
    agenda.ask(7, NOW, "ticket.created")

    assert seconds_waited(agenda, 30.0) < 0.5


def test_a_wait_ends_with_its_timeout(agenda: Agenda) -> None:
    agenda.claim(NOW)

    assert 0.04 < seconds_waited(agenda, 0.05) < 0.9


def test_news_wakes_who_does_not_claim_only_once(agenda: Agenda) -> None:
    agenda.ask(7, NOW, "ticket.created")
    agenda.wait_for_work(0.0)

    assert seconds_waited(agenda, 0.05) > 0.04


def test_what_another_process_asks_is_noticed_within_about_a_second(open_agenda: Callable[[], Agenda]) -> None:
    ours, another = open_agenda(), open_agenda()
    ours.claim(NOW)
    another.ask(7, NOW, "by hand")

    assert seconds_waited(ours, 30.0) < 2.0
    assert [claim.ticket_id for claim in ours.claim(NOW)] == [7]


# Many at once


def test_threads_never_hold_the_same_ticket_at_once(open_agenda: Callable[[], Agenda]) -> None:
    agendas = [open_agenda(), open_agenda()]
    for ticket in range(1, 41):
        agendas[0].ask(ticket, NOW, "ticket.created")
    held: Counter[int] = Counter()
    most_held: Counter[int] = Counter()
    looks: Counter[int] = Counter()
    lock = threading.Lock()

    def work(number: int) -> None:
        agenda = agendas[number % 2]
        for turn in range(60):
            now = NOW + turn * SPACING
            for claim in agenda.claim(now, limit=2, lease=HOUR):
                ticket = claim.ticket_id
                with lock:
                    held[ticket] += 1
                    looks[ticket] += 1
                    most_held[ticket] = max(most_held[ticket], held[ticket])
                if looks[ticket] < 3:
                    agenda.ask(ticket, now, "ticket.updated")
                with lock:
                    held[ticket] -= 1
                agenda.finish(claim, None, now=now)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(8)))

    assert set(most_held.values()) == {1}
    assert set(looks) == set(range(1, 41))


def test_a_closed_agenda_refuses_asks(implementation: str, tmp_path: Path) -> None:
    with OPENERS[implementation](tmp_path) as agenda:
        pass

    with pytest.raises(AgendaError, match="closed"):
        agenda.ask(7, NOW, "ticket.created")


def test_closing_commits_what_is_waiting(implementation: str, tmp_path: Path) -> None:
    with OPENERS[implementation](tmp_path) as agenda:
        futures = [agenda.ask_soon(ticket, NOW, "burst") for ticket in range(1, 301)]

    assert all(future.result(timeout=0) for future in futures)
    with OPENERS[implementation](tmp_path) as agenda:
        assert len(agenda.entries()) == 300


# Processes that end badly


def start(implementation: str, place: Path, work: str) -> "subprocess.Popen[str]":
    command = [sys.executable, "-m", agenda_child.__name__, implementation, str(place), work]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 -- our own module


def lines_of(child: "subprocess.Popen[str]") -> Iterator[str]:
    assert child.stdout is not None
    for line in child.stdout:
        if not line.endswith("\n"):
            return  # killed within a word
        yield line.strip()


@pytest.mark.process
@pytest.mark.parametrize("seed", range(4))
def test_what_was_acknowledged_is_there_after_kill_9(implementation: str, tmp_path: Path, seed: int) -> None:
    with start(implementation, tmp_path, "ask") as child:
        acknowledged = [int(next(lines_of(child)))]
        threading.Timer(Random(seed).uniform(0.0, 0.3), child.send_signal, [signal.SIGKILL]).start()
        acknowledged += [int(line) for line in lines_of(child)]

    assert child.returncode == -signal.SIGKILL
    with OPENERS[implementation](tmp_path) as agenda:
        entries = {entry.ticket_id: entry for entry in agenda.entries(limit=10**9)}
        assert set(acknowledged) <= set(entries)
        assert all(entries[n] == Entry(n, NOW + n * SECOND, "child") for n in acknowledged)
        assert not agenda.ask(1, NOW, "replay", delivery=f"delivery-{acknowledged[-1]}")


@pytest.mark.process
def test_what_a_killed_process_had_claimed_is_due_when_the_lease_ends(implementation: str, tmp_path: Path) -> None:
    with OPENERS[implementation](tmp_path) as agenda:
        for ticket in (1, 2, 3):
            agenda.ask(ticket, NOW, "ticket.created")
    with start(implementation, tmp_path, "claim") as child:
        assert next(lines_of(child)) == "1 2 3"
        child.kill()

    with OPENERS[implementation](tmp_path) as agenda:
        assert agenda.claim(NOW + LEASE - SECOND) == []
        assert look(agenda, NOW + LEASE) == [1, 2, 3]


@pytest.mark.process
def test_two_processes_never_look_at_the_same_ticket(implementation: str, tmp_path: Path) -> None:
    with OPENERS[implementation](tmp_path) as agenda:
        for future in [agenda.ask_soon(ticket, NOW, "burst") for ticket in range(1, 201)]:
            future.result()
    with start(implementation, tmp_path, "look") as one, start(implementation, tmp_path, "look") as other:
        said = [*lines_of(one), *lines_of(other)]

    assert (one.returncode, other.returncode) == (0, 0)
    assert Counter(said) == Counter(f"{word} {ticket}" for word in ("start", "end") for ticket in range(1, 201))
    with OPENERS[implementation](tmp_path) as agenda:
        assert agenda.entries() == []


def test_a_thousand_timers_of_one_moment_hold_up_no_event(agenda: Agenda) -> None:
    for ticket in range(1, 1001):
        agenda.ask_soon(ticket, NOW, "timer")
    agenda.ask(5000, NOW + SECOND, "ticket.updated")

    claimed = [agenda.claim(NOW + 2 * SECOND)[0].ticket_id for _ in range(2)]

    assert 5000 in claimed


def test_a_thousand_events_hold_up_no_timer(agenda: Agenda) -> None:
    for ticket in range(1, 1001):
        agenda.ask_soon(ticket, NOW, "ticket.updated")
    agenda.ask(5000, NOW + SECOND, "timer")
    agenda.ask(5001, NOW + 2 * SECOND, "timer")

    claimed = [claim.ticket_id for claim in agenda.claim(NOW + 3 * SECOND, limit=4)]

    assert {5000, 5001} < set(claimed)


def test_a_thousand_tickets_of_a_round_hold_up_neither_events_nor_timers(agenda: Agenda) -> None:
    for ticket in range(1, 1001):
        agenda.ask_soon(ticket, NOW, "round")
    agenda.ask(5000, NOW + SECOND, "timer")
    agenda.ask(5001, NOW + SECOND, "ticket.updated")

    claimed = [agenda.claim(NOW + 2 * SECOND)[0].ticket_id for _ in range(3)]

    assert {5000, 5001} == set(claimed[:2])
    assert claimed[2] == 1


@pytest.mark.parametrize("others", [("timer",), ("ticket.updated",), ("timer", "ticket.updated")])
@pytest.mark.parametrize("limit", [1, 20])
def test_what_a_round_asked_is_looked_at_in_the_end_however_much_is_due(
    agenda: Agenda, others: tuple[str, ...], limit: int
) -> None:
    for ticket in range(1, 101):
        agenda.ask_soon(ticket, NOW, others[ticket % len(others)])
    agenda.ask(5000, NOW, "round")

    claimed = [claim.ticket_id for _ in range(20 // limit) for claim in agenda.claim(NOW + SECOND, limit=limit)]

    assert len(claimed) == 20
    assert 5000 in claimed


def test_a_round_that_brings_forward_what_somebody_did_takes_it_no_turn(agenda: Agenda) -> None:
    agenda.ask(7, NOW + 9 * SECOND, "ticket.updated")
    agenda.ask(8, NOW + 9 * SECOND, "timer")
    for ticket in (7, 8):
        agenda.ask(ticket, NOW, "round")

    assert agenda.entries() == [Entry(7, NOW, "ticket.updated"), Entry(8, NOW, "round")]


def test_timers_that_are_late_are_claimed_the_oldest_first(agenda: Agenda) -> None:
    for ticket in (3, 1, 2):
        agenda.ask(ticket, NOW + ticket * SECOND, "timer")

    assert [claim.ticket_id for claim in agenda.claim(NOW + 9 * SECOND, limit=3)] == [1, 2, 3]
