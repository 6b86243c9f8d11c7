"""Tests of the ledger on a real file: what was recorded is what is read, and the brakes count what they should."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, event, update
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from enforcement.agenda import AgendaError
from enforcement.embedded import EmbeddedAgenda
from enforcement.ledger import (
    ActionRow,
    Fuse,
    Known,
    Ledger,
    LookRow,
    Outcome,
    Pause,
    VerdictRow,
    Word,
)
from enforcement.ledger_tables import VERSIONS, LedgerNewer, metadata
from enforcement.store import StoreFull, open_store
from rules.mode import Mode

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
LOOK = LookRow(7, NOW, "ticket.created", "pack-1", digest="digest-1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ronda.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with closing(Ledger.open(open_store(path))) as ledger:
        yield ledger


def verdict(rule: str, word: Word = Word.COMPLIES, key: str = "", ticket_id: int = 7) -> VerdictRow:
    return VerdictRow(ticket_id, rule, word, key, {"group": "Suporte"}, "H-1", "enforce", NOW + MINUTE)


def action(operation: str, at: datetime = NOW, ticket_id: int = 7, outcome: Outcome = Outcome.APPLIED) -> ActionRow:
    return ActionRow(ticket_id, ("A1", "A2"), operation, "group", None, "Suporte", at, outcome)


# Looks and verdicts


def test_an_empty_ledger_knows_nothing(ledger: Ledger) -> None:
    assert ledger.known(7, "pack-1") is None
    assert (ledger.verdicts(7), ledger.looks(7), ledger.actions(7), ledger.recent_actions()) == ([], [], [], [])
    assert (ledger.counts_by_rule(), ledger.fuses(), ledger.paused()) == ({}, [], None)


def test_a_look_is_read_as_it_was_recorded(ledger: Ledger) -> None:
    look = LookRow(
        ticket_id=7,
        at=NOW,
        reason="timer",
        pack="pack-1",
        outcome="cured",
        ended_at=NOW + timedelta(milliseconds=120),
        due=NOW - SECOND,
        attempts=2,
        digest="digest-1",
        look_again_at=NOW + 48 * 60 * MINUTE,
    )
    ledger.record(look)
    ledger.record(replace(look, at=NOW + MINUTE))
    ledger.record(replace(look, ticket_id=8))

    assert ledger.looks(7) == [replace(look, at=NOW + MINUTE), look]
    assert ledger.looks(7, limit=1) == [replace(look, at=NOW + MINUTE)]


def test_verdicts_are_read_as_they_were_recorded(ledger: Ledger) -> None:
    verdicts = [verdict(f"A{n}", word, f"key-{n}") for n, word in enumerate(Word)]
    ledger.record(LOOK, verdicts)

    assert ledger.verdicts(7) == [replace(each, since=NOW, pack="pack-1") for each in verdicts]


def test_a_verdict_that_stays_the_same_keeps_its_since(ledger: Ledger) -> None:
    ledger.record(LOOK, [verdict("A1", Word.VIOLATES, "group.missing")])
    later = replace(LOOK, at=NOW + MINUTE, pack="pack-2")
    ledger.record(later, [replace(verdict("A1", Word.VIOLATES, "group.missing"), found={"group": "Vendas"})])

    [stands] = ledger.verdicts(7)
    assert (stands.since, stands.pack, dict(stands.found)) == (NOW, "pack-2", {"group": "Vendas"})


@pytest.mark.parametrize("after", [verdict("A1", Word.COMPLIES), verdict("A1", Word.VIOLATES, "group.wrong")])
def test_another_verdict_stands_since_its_look(ledger: Ledger, after: VerdictRow) -> None:
    ledger.record(LOOK, [verdict("A1", Word.VIOLATES, "group.missing")])
    ledger.record(replace(LOOK, at=NOW + MINUTE), [after])

    assert ledger.verdicts(7) == [replace(after, since=NOW + MINUTE, pack="pack-1")]


def test_a_rule_that_said_nothing_this_time_has_no_verdict(ledger: Ledger) -> None:
    ledger.record(LOOK, [verdict("A1"), verdict("A2")])
    ledger.record(replace(LOOK, at=NOW + MINUTE), [verdict("A2")])

    assert [stands.rule for stands in ledger.verdicts(7)] == ["A2"]


def test_a_look_that_judged_nothing_leaves_what_stands(ledger: Ledger) -> None:
    ledger.record(LOOK, [verdict("A1")])
    ledger.record(replace(LOOK, at=NOW + MINUTE, outcome="unchanged", digest=""))

    assert [stands.rule for stands in ledger.verdicts(7)] == ["A1"]
    assert ledger.known(7, "pack-1") == Known("digest-1", NOW, None)


def test_what_is_known_belongs_to_one_version_of_the_pack(ledger: Ledger) -> None:
    ledger.record(replace(LOOK, look_again_at=NOW + MINUTE), [verdict("A1")])

    assert ledger.known(7, "pack-1") == Known("digest-1", NOW, NOW + MINUTE)
    assert ledger.known(7, "pack-2") is None
    assert ledger.known(8, "pack-1") is None


def test_what_is_known_can_be_doubted_until_the_next_judgement(ledger: Ledger) -> None:
    ledger.record(LOOK, [verdict("A1")])
    ledger.doubt(7, at=NOW + SECOND)

    assert ledger.known(7, "pack-1") == Known("", NOW, None)
    assert [stands.rule for stands in ledger.verdicts(7)] == ["A1"]


def test_a_look_under_way_cannot_undo_a_doubt(ledger: Ledger) -> None:
    ledger.doubt(7, at=NOW + SECOND)
    ledger.record(LOOK, [verdict("A1")])
    assert ledger.known(7, "pack-1") == Known("", NOW, None)

    ledger.record(replace(LOOK, at=NOW + MINUTE, digest="digest-2"), [verdict("A1")])
    assert ledger.known(7, "pack-1") == Known("digest-2", NOW + MINUTE, None)


def test_the_last_judgement_is_what_is_known(ledger: Ledger) -> None:
    ledger.record(LOOK, [verdict("A1")])
    ledger.record(replace(LOOK, at=NOW + MINUTE, digest="digest-2"), [verdict("A1")])

    assert ledger.known(7, "pack-1") == Known("digest-2", NOW + MINUTE, None)


def test_tickets_are_counted_by_rule_and_word(ledger: Ledger) -> None:
    for ticket in (7, 8, 9):
        word = Word.VIOLATES if ticket == 9 else Word.COMPLIES
        ledger.record(
            replace(LOOK, ticket_id=ticket), [verdict("A1", word, ticket_id=ticket), verdict("A2", ticket_id=ticket)]
        )

    assert ledger.counts_by_rule() == {"A1": {Word.COMPLIES: 2, Word.VIOLATES: 1}, "A2": {Word.COMPLIES: 3}}


def test_a_look_writes_all_or_nothing(ledger: Ledger) -> None:
    ledger.record(LOOK, [verdict("A1")])
    broken = replace(verdict("A1", Word.VIOLATES), cites=None)  # type: ignore[arg-type]

    with pytest.raises(Exception, match="NOT NULL"):
        ledger.record(replace(LOOK, at=NOW + MINUTE), [broken], [action("op-1")])

    assert ledger.looks(7) == [LOOK]
    assert ledger.actions(7) == []
    assert [row.word for row in ledger.verdicts(7)] == [Word.COMPLIES]


def test_a_look_that_finds_nothing_new_writes_no_verdict(ledger: Ledger) -> None:
    statements: list[str] = []
    ledger.record(LOOK, [verdict(f"A{n}") for n in range(30)])
    event.listen(ledger._engine, "before_cursor_execute", lambda *about: statements.append(about[2].split("(")[0]))

    ledger.record(replace(LOOK, at=NOW + MINUTE), [verdict(f"A{n}") for n in range(30)])

    assert not any("verdicts" in said for said in statements if not said.startswith("SELECT"))
    assert any("looks" in said for said in statements)


def test_old_looks_can_be_forgotten(ledger: Ledger) -> None:
    for minute in range(3):
        ledger.record(replace(LOOK, at=NOW + minute * MINUTE), [verdict("A1")], [action(f"op-{minute}")])

    assert ledger.prune_looks(NOW + 2 * MINUTE) == 2
    assert [look.at for look in ledger.looks(7)] == [NOW + 2 * MINUTE]
    assert len(ledger.actions(7)) == 3
    assert ledger.known(7, "pack-1") is not None


# Actions


def test_actions_are_read_as_they_were_recorded_latest_first(ledger: Ledger) -> None:
    first = ActionRow(7, ("A1", "A2"), "op-1", "group", None, "Suporte", NOW, Outcome.APPLIED)
    second = ActionRow(
        7, ("A3",), "op-1", "comment", None, "promise", NOW, Outcome.REFUSED, public=True, detail="comment"
    )
    elsewhere = replace(first, ticket_id=8, at=NOW + MINUTE, before="Vendas", after=None, outcome=Outcome.RECORDED)
    ledger.record(LOOK, [], [first, second])
    ledger.record(replace(LOOK, ticket_id=8), [], [elsewhere])

    assert ledger.actions(7) == [second, first]
    assert ledger.recent_actions() == [elsewhere, second, first]
    assert ledger.recent_actions(limit=1) == [elsewhere]
    assert ledger.recent_actions(since=NOW + SECOND) == [elsewhere]


# First enforced


def test_a_rule_is_enforced_from_the_first_time_on(ledger: Ledger) -> None:
    ledger.begin_to_enforce({"A1": Mode.ENFORCE, "A2": Mode.WARN}, NOW)
    ledger.begin_to_enforce({"A1": Mode.ENFORCE, "A2": Mode.ENFORCE}, NOW + MINUTE)
    ledger.begin_to_enforce({"A2": Mode.WARN}, NOW + 2 * MINUTE)

    assert ledger.enforced_since() == {
        ("A1", Mode.ENFORCE): NOW,
        ("A2", Mode.WARN): NOW,
        ("A2", Mode.ENFORCE): NOW + MINUTE,
    }


def test_two_services_that_start_at_once_agree_since_when(path: Path) -> None:
    with (
        closing(Ledger.open(open_store(path))) as one,
        closing(Ledger.open(open_store(path))) as other,
        ThreadPoolExecutor(8) as pool,
    ):
        services = [one, other] * 8
        wanted = {"A1": Mode.ENFORCE, "A2": Mode.ENFORCE}
        list(pool.map(lambda n: services[n].begin_to_enforce(wanted, NOW + n * SECOND), range(len(services))))
        answers = [service.enforced_since() for service in (one, other)]

    assert answers[0] == answers[1]
    assert set(answers[0]) == {("A1", Mode.ENFORCE), ("A2", Mode.ENFORCE)}


# Brakes


def test_updates_are_counted_not_their_fields(ledger: Ledger) -> None:
    ledger.record(LOOK, [], [action("op-1"), action("op-1"), action("op-2")])

    pressure = ledger.pressure(7, NOW + SECOND)
    assert (pressure.updates, pressure.on_ticket, pressure.public) == (2, 2, 0)


@pytest.mark.parametrize(
    ("outcome", "counted"),
    [(Outcome.APPLIED, 1), (Outcome.UNKNOWN, 1), (Outcome.REFUSED, 0), (Outcome.RECORDED, 0)],
)
def test_what_surely_was_not_written_does_not_count(ledger: Ledger, outcome: Outcome, counted: int) -> None:
    ledger.record(LOOK, [], [replace(action("op-1", outcome=outcome), public=True)])

    pressure = ledger.pressure(7, NOW)
    assert (pressure.updates, pressure.public, pressure.on_ticket) == (counted, counted, counted)


def test_updates_count_for_an_hour_and_on_their_ticket_for_ten_minutes(ledger: Ledger) -> None:
    ages = (0, 9, 11, 59, 61)
    ledger.record(LOOK, [], [action(f"op-{age}", NOW - age * MINUTE) for age in ages])
    ledger.record(LOOK, [], [action(f"op-{age} of 8", NOW - age * MINUTE, ticket_id=8) for age in ages])

    pressure = ledger.pressure(7, NOW)
    assert (pressure.updates, pressure.on_ticket) == (8, 2)


def test_a_message_that_customers_read_is_counted_once_an_update(ledger: Ledger) -> None:
    ledger.record(LOOK, [], [action("op-1"), replace(action("op-1"), field="comment", public=True), action("op-2")])

    assert ledger.pressure(7, NOW).public == 1


def test_a_pause_stands_until_it_is_ended(ledger: Ledger) -> None:
    ledger.pause("200 updates in an hour", by="brake", at=NOW)
    ledger.pause("again", by="brake", at=NOW + MINUTE)

    assert ledger.paused() == ledger.pressure(7, NOW).paused == Pause("200 updates in an hour", "brake", NOW)
    ledger.resume(by="ana", at=NOW + MINUTE)
    assert ledger.paused() is None
    ledger.pause("holiday", by="ana", at=NOW)
    assert ledger.paused() == Pause("holiday", "ana", NOW)


def test_what_was_done_before_a_resumption_no_longer_counts_for_the_hour(ledger: Ledger) -> None:
    ledger.record(LOOK, actions=[replace(action("op-1"), public=True)])
    ledger.pause("1 update in an hour", by="brake", at=NOW)
    ledger.resume(by="ana", at=NOW + SECOND)
    ledger.record(LOOK, actions=[action("op-2", at=NOW + MINUTE)])

    pressure = ledger.pressure(7, NOW + MINUTE)
    assert (pressure.updates, pressure.public, pressure.on_ticket) == (1, 0, 2)


def test_the_latest_looks_at_all_tickets_come_first(ledger: Ledger) -> None:
    for ticket in (7, 8, 9):
        ledger.record(replace(LOOK, ticket_id=ticket, at=NOW + ticket * SECOND))

    assert [look.ticket_id for look in ledger.recent_looks(limit=2)] == [9, 8]


def test_a_pause_is_seen_by_other_processes(path: Path, ledger: Ledger) -> None:
    with closing(Ledger.open(open_store(path))) as command_line:
        command_line.pause("by hand", by="ana", at=NOW)

    assert ledger.paused() == Pause("by hand", "ana", NOW)


def test_a_fuse_is_of_one_ticket(ledger: Ledger) -> None:
    ledger.trip_fuse(7, "6 updates in 10 minutes", at=NOW)

    assert ledger.fuses() == [Fuse(7, NOW, "6 updates in 10 minutes")]
    assert ledger.pressure(7, NOW).fuse == Fuse(7, NOW, "6 updates in 10 minutes")
    assert ledger.pressure(8, NOW).fuse is None


def test_after_a_reset_earlier_updates_no_longer_count_on_the_ticket(ledger: Ledger) -> None:
    ledger.record(LOOK, [], [action(f"op-{n}", NOW + n * SECOND) for n in range(6)])
    ledger.trip_fuse(7, "6 updates in 10 minutes", at=NOW + 6 * SECOND)
    ledger.reset_fuse(7, by="ana", at=NOW + 7 * SECOND)
    ledger.record(LOOK, [], [action("op-7", NOW + 8 * SECOND)])

    pressure = ledger.pressure(7, NOW + 9 * SECOND)
    assert (pressure.fuse, pressure.on_ticket, pressure.updates) == (None, 1, 7)
    assert ledger.fuses() == []


def test_a_fuse_can_trip_again(ledger: Ledger) -> None:
    ledger.trip_fuse(7, "first", at=NOW)
    ledger.reset_fuse(7, by="ana", at=NOW + SECOND)
    ledger.trip_fuse(7, "second", at=NOW + MINUTE)

    assert ledger.fuses() == [Fuse(7, NOW + MINUTE, "second")]


# The database


def test_the_ledger_is_there_after_reopening(path: Path) -> None:
    with closing(Ledger.open(open_store(path))) as ledger:
        ledger.record(LOOK, [verdict("A1")])
    with closing(Ledger.open(open_store(path))) as ledger:
        assert ledger.looks(7) == [LOOK]


def test_a_ledger_of_a_later_version_is_refused(path: Path, ledger: Ledger) -> None:
    with ledger._engine.begin() as connection:
        connection.execute(update(VERSIONS).values(version=99))

    with pytest.raises(LedgerNewer, match="version 99"):
        Ledger.open(open_store(path))


def test_many_threads_record_beside_an_agenda_that_is_asked(path: Path) -> None:
    store = open_store(path)
    with EmbeddedAgenda(store) as agenda, closing(Ledger.open(store)) as ledger:

        def work(ticket: int) -> None:
            asked = agenda.ask_soon(ticket, NOW, "ticket.created")
            ledger.record(replace(LOOK, ticket_id=ticket), [verdict("A1", ticket_id=ticket)])
            asked.result()

        with ThreadPoolExecutor(8) as pool:
            list(pool.map(work, range(1, 201)))

        assert ledger.counts_by_rule() == {"A1": {Word.COMPLIES: 200}}
        assert len(agenda.entries()) == 200


def test_a_full_disk_is_said_in_the_agendas_words(ledger: Ledger) -> None:
    event.listen(ledger._engine, "begin", lambda connection: connection.exec_driver_sql("PRAGMA max_page_count = 1"))
    many = [verdict(f"A{n}") for n in range(5000)]

    with pytest.raises(StoreFull, match="make room"):
        ledger.record(LOOK, many)


def test_a_database_that_is_gone_is_an_agenda_error(tmp_path: Path) -> None:
    ledger = Ledger(create_engine(f"sqlite:///{tmp_path / 'nowhere' / 'ronda.sqlite'}"))

    with pytest.raises(AgendaError, match="cannot be opened"):
        ledger.create()


def test_the_tables_are_postgresqls_too() -> None:
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    said = [str(CreateTable(table).compile(dialect=dialect)) for table in metadata.sorted_tables]

    assert any("id BIGSERIAL NOT NULL" in each for each in said)
    assert not any("AUTOINCREMENT" in each for each in said)
