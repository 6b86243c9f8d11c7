"""Rounds bring back what was lost: timers, events, and timers that a new holiday moves."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest

from enforcement.agenda import SPACING
from enforcement.ledger_rows import LookRow, Round, TicketRow
from enforcement.rounds import LOOKS_KEPT, Rounds, check_office_hours
from integration.gateway import Unreachable, UnusableSchedule
from integration.in_memory import InMemoryHelpdesk
from rules.business_hours import Schedule
from rules.mode import Mode
from rules.plan import Update
from tests.enforcement.desk import MINUTE, SECOND, Desk, desk_of
from tests.enforcement.test_promise import DUE, ENTERED, PERIOD, RULE, look_at_what_is_due, messages, pass_time, waiting
from tests.rules.tools import CARLA, DAY, HOUR, PAULO, Story

OpenDesk = Callable[..., Desk]

OFFICE = Schedule("America/Sao_Paulo", {day: ((time(9), time(18)),) for day in range(5)})
BUSINESS = RULE.model_copy(update={"clock": "business", "every": 16 * HOUR})
DUE_AT_WORK = ENTERED + 2 * DAY - 2 * HOUR  # 11:05 on Tuesday and 16 hours of work: 09:05 on Thursday


def rounds_of(desk: Desk) -> Rounds:
    return Rounds(desk.helpdesk, desk.watch.pack.rules, desk.watch.version, desk.ledger, desk.agenda, desk.clock)


def asked(desk: Desk) -> dict[int, str]:
    """The tickets to look at as soon as the spacing lets, and why."""
    soon = desk.clock.now() + SPACING
    return {entry.ticket_id: entry.reason for entry in desk.agenda.entries() if entry.at <= soon}


def throw_the_agenda_away(desk: Desk) -> None:
    for entry in desk.agenda.entries():
        desk.agenda.forget(entry.ticket_id)
    assert desk.agenda.next_due() is None


@pytest.fixture
def desk(open_desk: OpenDesk) -> Desk:
    """Tickets 1 and 2 wait, 3 does not; all were looked at, a minute after they last changed."""
    desk = open_desk(RULE)
    desk.put(waiting(), 1)
    desk.put(waiting(), 2)
    desk.put(Story(by=CARLA, assignee=PAULO), 3)
    desk.clock.set(ENTERED + MINUTE)
    for number in (1, 2, 3):
        look_at_what_is_due(desk, ask=number)
    return desk


def test_every_timer_is_back_after_the_agenda_was_thrown_away(desk: Desk) -> None:
    throw_the_agenda_away(desk)

    ended = rounds_of(desk).everything()

    assert (ended.read, ended.asked) == (3, 0)
    assert [(entry.ticket_id, entry.at, entry.reason) for entry in desk.agenda.entries()] == [
        (1, DUE, "timer"),
        (2, DUE, "timer"),
    ]
    pass_time(desk, DUE + PERIOD)
    assert messages(desk, 1) == messages(desk, 2) == [DUE, DUE + PERIOD]


def test_every_timer_is_back_after_the_data_file_was_thrown_away(desk: Desk, tmp_path: Path) -> None:
    pass_time(desk, DUE)
    with desk_of(tmp_path / "new.sqlite", RULE) as new:
        new.helpdesk, new.clock = desk.helpdesk, desk.clock
        new.watch = replace(new.watch, gateway=desk.helpdesk, clock=desk.clock)
        assert new.agenda.entries() == []

        ended = rounds_of(new).everything()

        assert (ended.read, ended.asked) == (3, 2)
        pass_time(new, DUE + PERIOD)
        assert messages(new, 1) == messages(new, 2) == [DUE, DUE + PERIOD]


def test_a_promise_that_is_due_in_a_minute_does_not_wait_for_a_round_of_all_others(desk: Desk) -> None:
    """Nothing holds that was judged before an upgrade; and of most tickets nothing is known."""
    for number in range(11, 31):
        desk.put(waiting(), number)
    throw_the_agenda_away(desk)
    desk.clock.set(DUE - MINUTE)
    desk.watch = replace(desk.watch, version="pack-2")

    rounds_of(desk).everything()

    claims = desk.agenda.claim(desk.clock.now(), limit=3)
    assert [(claim.ticket_id, claim.entry.reason) for claim in claims] == [(1, "timer"), (2, "timer"), (11, "round")]


class TestWhatWaitsAlready:
    """A round asks for a watched ticket only where the ledger knows too little of it."""

    def test_it_is_left_in_peace(self, desk: Desk) -> None:
        rounds_of(desk).everything()

        assert asked(desk) == {}

    def test_what_another_pack_judged_is_judged_again(self, desk: Desk) -> None:
        desk.clock.advance(HOUR)
        desk.watch = replace(desk.watch, version="pack-2")

        rounds_of(desk).everything()

        assert asked(desk) == {1: "round", 2: "round"}

    def test_what_changed_is_judged_again(self, desk: Desk) -> None:
        """Though the change is older than what rounds of changes read."""
        rounds_of(desk).everything()
        desk.clock.advance(HOUR)
        desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "high"}))
        desk.clock.advance(HOUR)
        desk.ledger.record_round(Round(desk.clock.now(), desk.clock.now(), "changes", 0, 0))
        desk.clock.advance(HOUR)

        rounds_of(desk).everything()

        assert asked(desk) == {1: "round"}

    def test_what_is_doubted_is_judged_again(self, desk: Desk) -> None:
        desk.ledger.doubt(2, at=desk.clock.now())

        rounds_of(desk).everything()

        assert asked(desk) == {2: "round"}

    def test_a_timer_that_was_lost_with_its_note_is_back(self, desk: Desk) -> None:
        """The ledger says that all is well with ticket 1, and nothing more: its timer is worked out anew."""
        throw_the_agenda_away(desk)
        known = desk.ledger.known(1, "pack-1")
        assert known is not None
        look = LookRow(1, known.judged_at, "event", "pack-1", digest=known.digest)
        desk.ledger.record(look, [], ticket=TicketRow(updated_at=known.updated_at))

        ended = rounds_of(desk).everything()

        assert (ended.asked, asked(desk)) == (1, {1: "round"})
        pass_time(desk, DUE)
        assert messages(desk) == [DUE]


def test_rounds_beside_running_timers_send_nothing_twice(desk: Desk) -> None:
    desk.clock.set(DUE)
    rounds_of(desk).everything()
    look_at_what_is_due(desk)
    rounds_of(desk).everything()
    pass_time(desk, DUE + HOUR)

    assert messages(desk) == [DUE]


def test_progress_is_told_ticket_by_ticket(desk: Desk) -> None:
    desk.clock.advance(HOUR)
    desk.ledger.doubt(2, at=desk.clock.now())
    told: list[tuple[int, int]] = []
    rounds_of(desk).everything(lambda read, asked: told.append((read, asked)))

    assert told == [(1, 0), (2, 1), (3, 1)]


def test_a_change_whose_event_was_lost_is_looked_at(desk: Desk) -> None:
    desk.clock.advance(HOUR)
    rounds_of(desk).changes()
    look_at_what_is_due(desk)
    desk.clock.advance(HOUR)
    desk.helpdesk.edit(3, PAULO, waiting_update())

    ended = rounds_of(desk).changes()

    assert (ended.kind, ended.asked) == ("changes", 1)
    entered = desk.clock.now()
    pass_time(desk, entered + PERIOD)
    assert messages(desk, 3) == [entered + PERIOD]


@pytest.mark.parametrize("change", [{"priority": "high"}, {"status": "solved"}])
def test_what_changed_while_the_service_was_away_is_looked_at_at_its_start(desk: Desk, change: dict[str, str]) -> None:
    """No rule waits for ticket 3, and solved tickets are not among the unsolved ones: only its change brings it back."""
    rounds_of(desk).everything()
    look_at_what_is_due(desk)
    desk.clock.advance(HOUR)
    desk.helpdesk.edit(3, PAULO, Update(fields=dict(change)))
    desk.clock.advance(2 * DAY)

    rounds_of(desk).everything()

    assert (3, "round") in [(entry.ticket_id, entry.reason) for entry in desk.agenda.entries()]


def test_what_was_judged_after_its_change_is_not_looked_at_again(desk: Desk) -> None:
    desk.clock.advance(5 * MINUTE)

    assert rounds_of(desk).changes().asked == 0


def test_a_change_within_the_second_of_the_last_look_is_looked_at(desk: Desk) -> None:
    desk.clock.advance(HOUR)
    desk.helpdesk.edit(3, PAULO, Update(fields={"priority": "high"}))
    look_at_what_is_due(desk, ask=3)
    desk.helpdesk.edit(3, PAULO, waiting_update())  # Zendesk's times have whole seconds; and its event is lost
    entered = desk.clock.now()
    desk.clock.advance(MINUTE)

    rounds_of(desk).changes()

    assert asked(desk) == {3: "round"}
    pass_time(desk, entered + PERIOD)
    assert messages(desk, 3) == [entered + PERIOD]


def test_a_ticket_found_unchanged_after_its_second_is_not_asked_for_again(desk: Desk) -> None:
    desk.clock.advance(HOUR)
    desk.helpdesk.edit(3, PAULO, Update(fields={"priority": "high"}))
    look_at_what_is_due(desk, ask=3)
    desk.clock.advance(3 * SECOND)
    look_at_what_is_due(desk, ask=3)
    assert desk.ledger.looks(3)[0].outcome == "unchanged"

    assert rounds_of(desk).changes().asked == 0


def test_rounds_forget_looks_of_long_ago_and_keep_what_stands(desk: Desk) -> None:
    desk.clock.set(ENTERED + LOOKS_KEPT + HOUR)

    rounds_of(desk).changes()

    assert desk.ledger.looks(1) == []
    assert desk.ledger.verdicts(1)


def test_each_round_is_written_down(desk: Desk) -> None:
    assert desk.ledger.last_round() is None
    ended = rounds_of(desk).everything()

    assert desk.ledger.last_round() == ended == Round(ended.at, ended.ended_at, "everything", 3, 0, 75)


class TestWorkingTime:
    @pytest.fixture
    def desk(self, open_desk: OpenDesk) -> Desk:
        desk = open_desk(BUSINESS)
        desk.helpdesk.schedule = OFFICE
        desk.put(waiting())
        desk.clock.set(ENTERED + MINUTE)
        rounds_of(desk).everything()
        look_at_what_is_due(desk)
        assert desk.agenda.next_due() == DUE_AT_WORK
        return desk

    def test_a_holiday_that_is_added_moves_the_timer_back(self, desk: Desk) -> None:
        desk.helpdesk.schedule = Schedule(OFFICE.zone, OFFICE.hours, frozenset({date(2026, 3, 11)}))
        desk.clock.advance(HOUR)
        rounds_of(desk).changes()

        pass_time(desk, DUE_AT_WORK + DAY)
        assert messages(desk) == [DUE_AT_WORK + DAY]

    def test_a_holiday_that_is_removed_moves_it_forward(self, desk: Desk) -> None:
        desk.helpdesk.schedule = Schedule(OFFICE.zone, OFFICE.hours, frozenset({date(2026, 3, 11)}))
        desk.clock.advance(HOUR)
        rounds_of(desk).changes()
        look_at_what_is_due(desk)
        desk.helpdesk.schedule = OFFICE
        desk.clock.advance(HOUR)
        rounds_of(desk).changes()

        pass_time(desk, DUE_AT_WORK)
        assert messages(desk) == [DUE_AT_WORK]

    def test_a_round_that_fails_later_asks_for_them_once(self, desk: Desk) -> None:
        desk.helpdesk.schedule = Schedule(OFFICE.zone, OFFICE.hours, frozenset({date(2026, 3, 11)}))
        desk.clock.advance(HOUR)
        rounds = replace(rounds_of(desk), gateway=ReadsNoChanges(desk.helpdesk))
        with pytest.raises(Unreachable):
            rounds.changes()
        assert asked(desk) == {1: "round"}
        look_at_what_is_due(desk)
        desk.clock.advance(MINUTE)

        with pytest.raises(Unreachable):
            rounds.changes()

        assert asked(desk) == {}

    def test_the_same_schedule_asks_nothing(self, desk: Desk) -> None:
        rounds_of(desk).changes()
        look_at_what_is_due(desk)
        before = len(desk.helpdesk.fetched)
        desk.clock.advance(HOUR)
        rounds_of(desk).changes()
        look_at_what_is_due(desk)

        assert len(desk.helpdesk.fetched) == before

    @pytest.mark.parametrize("schedule", [None, Schedule("America/Sao_Paulo", {}), Schedule("UTC", {0: ()})])
    def test_an_account_without_working_time_is_refused(self, desk: Desk, schedule: Schedule | None) -> None:
        desk.helpdesk.schedule = schedule
        with pytest.raises(UnusableSchedule, match=r"desk\.stand-by: counts working time"):
            check_office_hours(desk.helpdesk, desk.watch.pack.rules)
        desk.helpdesk.schedule = OFFICE
        check_office_hours(desk.helpdesk, desk.watch.pack.rules)
        off = BUSINESS.model_copy(update={"mode": Mode.OFF})
        desk.helpdesk.schedule = None
        check_office_hours(desk.helpdesk, (off,))


class ReadsNoChanges:
    """The desk's helpdesk, whose export cannot be reached."""

    def __init__(self, helpdesk: InMemoryHelpdesk) -> None:
        self.helpdesk = helpdesk

    def __getattr__(self, name: str) -> Any:
        return getattr(self.helpdesk, name)

    def updated_since(self, moment: datetime) -> Iterator[tuple[int, datetime]]:
        raise Unreachable(f"nothing since {moment} can be read", 5.0)


def waiting_update() -> Update:
    return Update(fields={"standby_reason": "waiting-it"})
