"""Rounds over a helpdesk in memory: what they read, what they leave, and how they go on."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from enforcement.audit import EVER, Scope
from enforcement.audit_book import AuditBook, AuditRow
from enforcement.audit_brakes import AuditLimits, passed_limits
from enforcement.audit_run import AuditRun, AuditStopped, Progress
from enforcement.ledger_rows import Word
from enforcement.store import open_store
from integration.gateway import RateLimited, TicketPage, Unreachable
from rules.catalog.first_in_first_out import FirstInFirstOut
from rules.mode import Mode
from rules.plan import Update
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Ticket
from tests.enforcement.desk import GROUP, NOW, TELLS, Desk, Waits, desk_of, right, wrong
from tests.rules.tools import JENYFER, PAULO, TEAM

HOUR = timedelta(hours=1)
QUEUES = FirstInFirstOut(id="desk.queue", mode=Mode.AUDIT, sectors=(TEAM.group,))


class Rounds:
    """A desk whose tickets are put in order, and audits of it."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        self.desk = desk
        self.folder = folder
        store = open_store(folder / "ronda.sqlite")
        self.book = AuditBook(store.engine(), store.writing)
        self.book.create()
        self.told: list[Progress] = []

    def close(self) -> None:
        self.book.close()

    def prepared(self, scope: Scope | None = None, **more: Any) -> AuditRun:
        histories = self.folder / "histories"
        return AuditRun(self.desk.watch, self.book, scope or Scope(), histories, self.told.append, **more)

    def make(self, scope: Scope | None = None, *, by_events: bool = False) -> AuditRow:
        self.desk.clock.advance(HOUR)
        run = self.prepared(scope)
        return run.run(replace(run.plan(), by_events=by_events))

    def words(self, number: int) -> dict[str, Word]:
        return {row.rule: row.word for row in self.book.verdicts(number)}


@pytest.fixture
def rounds_of(tmp_path: Path) -> Iterator[Callable[..., Rounds]]:
    opened: list[Any] = []

    def make(*rules: Any, **more: Any) -> Rounds:
        opened.append(desk_of(tmp_path / "ronda.sqlite", *rules, **more))
        rounds = Rounds(opened[-1].__enter__(), tmp_path)
        opened.append(closing(rounds))
        opened[-1].__enter__()
        return rounds

    yield make
    for each in reversed(opened):
        each.__exit__(None, None, None)


@pytest.fixture
def rounds(rounds_of: Callable[..., Rounds]) -> Rounds:
    """Ticket 1 is wrong, ticket 2 is right, ticket 3 is solved."""
    rounds = rounds_of(GROUP)
    for number, story in enumerate((wrong(), right(), wrong(status="solved")), 1):
        rounds.desk.put(story, number)
    return rounds


def test_every_ticket_is_judged_and_nothing_is_written_to_the_helpdesk(rounds: Rounds) -> None:
    row = rounds.make()

    assert rounds.words(1) == {"desk.group": Word.VIOLATES}
    assert rounds.words(2) == {"desk.group": Word.COMPLIES}
    assert (row.seen, row.judged, row.compliant) == (3, 2, 1)
    assert rounds.desk.helpdesk.stored == []


def test_nothing_is_kept_of_a_solved_ticket_that_nobody_judged_and_no_history_is_read(rounds: Rounds) -> None:
    rounds.make()

    assert rounds.words(3) == {}
    assert sorted(rounds.desk.helpdesk.fetched) == [1, 2]


def test_a_ticket_that_was_solved_since_no_longer_violates(rounds: Rounds) -> None:
    rounds.make()
    rounds.desk.helpdesk.edit(1, JENYFER, Update(fields={"status": "solved"}))

    row = rounds.make()

    assert rounds.words(1) == {"desk.group": Word.DOES_NOT_APPLY}
    assert (row.judged, row.compliant) == (1, 1)


def test_an_audit_hides_no_change_that_no_look_has_seen(rounds: Rounds) -> None:
    """Its event may be lost: what a look left no longer holds, so that rounds ask for another."""
    rounds.desk.look(2)
    rounds.make()
    before = rounds.book.known(2, "pack-1")
    rounds.desk.helpdesk.edit(2, PAULO, Update(fields={"priority": "high"}))

    rounds.make()

    after = rounds.book.known(2, "pack-1")
    assert before is not None
    assert after is not None
    assert (before.digest != "", after.digest) == (True, "")


def test_the_next_round_reads_what_changed_and_nothing_else(rounds: Rounds) -> None:
    rounds.make()
    rounds.desk.helpdesk.fetched.clear()
    rounds.desk.helpdesk.edit(2, PAULO, Update(fields={"group": "Suporte", "priority": "high"}))

    row = rounds.make()

    assert rounds.desk.helpdesk.fetched == [2]
    assert row.seen == 1


def test_a_round_of_everything_reads_all_again(rounds: Rounds) -> None:
    rounds.make()
    rounds.desk.helpdesk.fetched.clear()

    assert rounds.make(Scope(EVER)).seen == 3
    assert sorted(rounds.desk.helpdesk.fetched) == [1, 2]


def test_a_round_of_one_group_judges_that_group_and_does_not_move_the_cursor(rounds: Rounds) -> None:
    rounds.make(Scope(groups=frozenset({"Suporte"})))

    assert rounds.words(2) == {}
    assert rounds.make().seen == 3


def test_a_ticket_whose_time_has_come_is_judged_though_nothing_happened_to_it(
    rounds_of: Callable[..., Rounds],
) -> None:
    until = NOW + 2 * HOUR
    rounds = rounds_of(Waits(id="desk.waits", mode=Mode.AUDIT, until=until))
    rounds.desk.put(right())
    rounds.make()
    assert rounds.book.verdicts(1)[0].look_again_at == until

    rounds.desk.clock.advance(3 * HOUR)
    rounds.make()

    assert rounds.book.verdicts(1)[0].look_again_at is None


def test_a_deleted_ticket_is_forgotten(rounds: Rounds) -> None:
    rounds.make()
    rounds.desk.helpdesk.delete(1)

    rounds.make()

    assert rounds.words(1) == {}


def test_a_look_that_judged_later_knows_better(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    helpdesk = rounds.desk.helpdesk
    old = helpdesk.changed(EVER)

    def slow(*_: Any) -> TicketPage:
        rounds.desk.look(1)
        return old

    monkeypatch.setattr(helpdesk, "changed", slow)
    run = rounds.prepared()
    run.run(run.plan())

    assert rounds.words(1) == {"desk.group": Word.COMPLIES}


def test_a_stopped_round_goes_on_at_the_page_where_it_was(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    helpdesk, stop = rounds.desk.helpdesk, threading.Event()
    helpdesk.page = 1
    real, pages = helpdesk.changed, []

    def counted(since: Any, cursor: str = "") -> TicketPage:
        pages.append(cursor)
        if len(pages) == 2:
            stop.set()
        return real(since, cursor)

    monkeypatch.setattr(helpdesk, "changed", counted)
    run = rounds.prepared(stop=stop)
    with pytest.raises(AuditStopped):
        run.run(run.plan())
    assert rounds.prepared().unfinished() is not None
    stopped_at = rounds.prepared().unfinished()
    stop.clear()

    again = rounds.prepared()
    row = again.run(again.plan())

    assert stopped_at is not None
    assert row.id == stopped_at.id
    assert rounds.words(1) == {"desk.group": Word.VIOLATES}
    assert row.seen == 3
    assert rounds.prepared().unfinished() is None


def test_limits_and_outages_are_waited_for(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    helpdesk = rounds.desk.helpdesk
    real, errors = helpdesk.changed, [RateLimited("limit", 30), Unreachable("away", 5)]

    def failing(since: Any, cursor: str = "") -> TicketPage:
        if errors:
            raise errors.pop()
        return real(since, cursor)

    monkeypatch.setattr(helpdesk, "changed", failing)

    assert rounds.make().seen == 3


def test_histories_in_bulk_and_one_by_one_leave_the_same_facts(rounds_of: Callable[..., Rounds]) -> None:
    rounds = rounds_of(GROUP, QUEUES)
    told = []
    for number in range(1, 6):
        story = right().then(JENYFER, reply="Pronto.", after=number * HOUR, status="solved")
        rounds.desk.put(story, number)
    for by_events in (False, True):
        rounds.desk.helpdesk.fetched.clear()
        rounds.make(Scope(EVER), by_events=by_events)
        told.append(sorted(rounds.book.facts(QUEUES.id, EVER), key=lambda facts: facts["id"]))
        read_singly = [5] if by_events else [1, 2, 3, 4, 5]  # the export may not tell all of its last second
        assert rounds.desk.helpdesk.fetched == read_singly

    assert told[0] == told[1]
    assert len(told[0]) == 5
    assert list(rounds.folder.glob("histories*")) == []


def test_what_would_be_cured_is_kept_and_held_against_the_limits(rounds_of: Callable[..., Rounds]) -> None:
    rounds = rounds_of(GROUP, TELLS)
    for number in (1, 2):
        rounds.desk.put(wrong(), number)
    row = rounds.make()
    cures = rounds.book.cures(row.id)

    assert [(cure.ticket_id, cure.public) for cure in cures] == [(1, 0), (2, 0)]
    assert all("desk.group" in cure.rules for cure in cures)
    assert list(passed_limits(cures, row.judged, AuditLimits(), lambda _: 0)) == []
    assert len(list(passed_limits(cures, row.judged, AuditLimits(tickets=1), lambda _: 0))) == 1


def test_the_trend_is_how_each_round_ended(rounds: Rounds) -> None:
    rounds.make()
    rounds.desk.look(1)
    rounds.make()

    assert [(past.audit.compliant, len(past.counts)) for past in rounds.book.past()] == [(1, 1), (2, 0)]
    assert rounds.book.past()[0].counts[0].group == "Suporte"


def test_where_the_export_waits_for_its_limit_histories_are_read_ahead_and_once(
    rounds_of: Callable[..., Rounds], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = rounds_of(GROUP)
    helpdesk = rounds.desk.helpdesk
    for number in range(1, 5):
        rounds.desk.put(wrong() if number < 4 else wrong(status="solved"), number)
    real = helpdesk.changed

    def slow(since: Any, cursor: str = "") -> TicketPage:
        deadline = time.monotonic() + 5
        while len(helpdesk.fetched) < 3 and time.monotonic() < deadline:
            time.sleep(0.001)
        assert sorted(helpdesk.fetched) == [1, 2, 3]
        helpdesk.edit(2, PAULO, Update(fields={"group": TEAM.group}))
        return real(since, cursor)

    monkeypatch.setattr(helpdesk, "changed", slow)
    rounds.desk.clock.advance(HOUR)
    run = rounds.prepared()
    run.run(replace(run.plan(), exports=8))

    assert [rounds.words(number)["desk.group"] for number in (1, 2, 3)] == [
        Word.VIOLATES,
        Word.COMPLIES,
        Word.VIOLATES,
    ]
    assert sorted(helpdesk.fetched) == [1, 2, 2, 3]


def test_what_cannot_be_read_ahead_is_read_in_its_turn(rounds: Rounds, monkeypatch: pytest.MonkeyPatch) -> None:
    helpdesk = rounds.desk.helpdesk
    errors = [RateLimited("limit", 30)]
    real = helpdesk.unsolved

    def failing() -> Iterator[Ticket]:
        yield from real()
        if errors:
            raise errors.pop()

    monkeypatch.setattr(helpdesk, "unsolved", failing)
    run = rounds.prepared()
    row = run.run(replace(run.plan(), exports=8))

    assert (errors, row.judged) == ([], 2)
    assert sorted(helpdesk.fetched) == [1, 2]


def test_of_a_solved_ticket_nothing_but_its_history_is_asked_for(
    rounds_of: Callable[..., Rounds], monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds = rounds_of(GROUP, QUEUES)
    helpdesk = rounds.desk.helpdesk
    for number in range(1, 4):
        story = right().then(JENYFER, reply="Pronto.", after=number * HOUR, status="solved")
        rounds.desk.put(story, number)
    asked: set[frozenset[Need]] = set()
    real = helpdesk.around

    def noted(ticket: Ticket, needs: frozenset[Need], history: tuple[Audit, ...] | None = None) -> Snapshot:
        asked.add(needs)
        return real(ticket, needs, history)

    monkeypatch.setattr(helpdesk, "around", noted)
    rounds.make(Scope(EVER), by_events=True)

    assert asked <= {frozenset(), frozenset({Need.HISTORY})}
