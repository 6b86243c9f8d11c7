"""Tests of what is the file's own: it stays fast when it is full, and does not keep what nobody needs."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enforcement import embedded
from enforcement.agenda import SPACING
from enforcement.embedded import EmbeddedAgenda
from enforcement.group_commit import DELIVERIES_KEPT
from enforcement.store import open_store

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ronda.sqlite"


@pytest.fixture
def agenda(path: Path) -> Iterator[EmbeddedAgenda]:
    with EmbeddedAgenda.open(path) as agenda:
        yield agenda


def rows(agenda: EmbeddedAgenda, table: str) -> int:
    with closing(agenda._store.connect()) as connection:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 -- a test's own name


@pytest.mark.parametrize(
    "statement",
    ["_SOMETHING_TO_CLAIM", "_END_LEASES", "_DUE", "_CLAIM", "_UNDER_WAY", "_FINISH", "_DROP_DONE", "_NEXT_DUE"],
)
def test_nothing_that_happens_for_every_look_reads_the_whole_agenda(path: Path, statement: str) -> None:
    sql = getattr(embedded, statement)
    names = {"now", "due", "reason", "attempts", "ticket_id"}
    values = {name: 1 for name in names if f":{name}" in sql} or [1] * sql.count("?")
    with closing(open_store(path).connect()) as connection:
        plan = [str(row[3]) for row in connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]

    assert any("entries" in step for step in plan)
    assert not [step for step in plan if step.startswith("SCAN entries")]


def test_tickets_that_are_done_with_leave_no_row_once_the_spacing_is_over(agenda: EmbeddedAgenda) -> None:
    for ticket in range(1, 101):
        agenda.ask(ticket, NOW, "ticket.created")
    for claim in agenda.claim(NOW, limit=99):
        agenda.finish(claim, None, now=NOW)
    assert rows(agenda, "entries") == 100

    [last] = agenda.claim(NOW + SPACING)
    agenda.finish(last, None, now=NOW + SPACING)

    assert rows(agenda, "entries") == 1


def test_old_deliveries_are_forgotten_little_by_little(agenda: EmbeddedAgenda) -> None:
    for future in [agenda.ask_soon(7, NOW, "ticket.updated", delivery=f"d-{n}") for n in range(1200)]:
        future.result()
    assert rows(agenda, "deliveries") == 1200

    later = NOW + 2 * DELIVERIES_KEPT + timedelta(seconds=1)
    left = []
    for n in range(4):
        agenda.ask(7, later, "ticket.updated", delivery=f"later-{n}")
        left.append(rows(agenda, "deliveries"))

    assert left == [701, 202, 3, 4]
