"""Tests of the one file: what is created, what is refused, and what is said when the disk will not have it."""

import resource
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from enforcement.agenda import AgendaError
from enforcement.embedded import EmbeddedAgenda
from enforcement.store import (
    SCHEMA,
    StoreBusy,
    StoreDamaged,
    StoreFull,
    StoreMissing,
    StoreNewer,
    StoreReadOnly,
    explain,
    open_store,
)

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "ronda.sqlite"


@pytest.fixture
def agenda(path: Path) -> Iterator[EmbeddedAgenda]:
    with EmbeddedAgenda.open(path) as agenda:
        yield agenda


def pragma(path: Path, name: str) -> object:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


def test_a_new_file_gets_all_tables_and_says_its_version(path: Path) -> None:
    open_store(path)

    assert pragma(path, "user_version") == len(SCHEMA)
    assert pragma(path, "journal_mode") == "wal"


def test_an_empty_file_becomes_a_store(path: Path) -> None:
    path.touch()

    open_store(path)

    assert pragma(path, "user_version") == len(SCHEMA)


def test_opening_again_changes_nothing(path: Path) -> None:
    with EmbeddedAgenda.open(path) as agenda:
        agenda.ask(7, NOW, "ticket.created")
    schema_version = pragma(path, "schema_version")

    with EmbeddedAgenda.open(path) as agenda:
        assert [entry.ticket_id for entry in agenda.entries()] == [7]
    assert pragma(path, "schema_version") == schema_version


def test_an_ask_is_flushed_to_disk_before_it_is_answered(path: Path) -> None:
    with closing(open_store(path).connect()) as connection:
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL


def test_a_file_of_a_later_version_is_refused(path: Path) -> None:
    open_store(path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {len(SCHEMA) + 1}")

    with pytest.raises(StoreNewer, match=r"ronda\.sqlite: was written by a later Ronda"):
        open_store(path)


def test_another_programs_database_is_refused_and_left_as_it_was(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE bookmarks (url TEXT)")

    with pytest.raises(StoreDamaged, match="another program's database"):
        open_store(path)
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT name FROM sqlite_master").fetchall() == [("bookmarks",)]


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    path.write_text("once upon a time " * 300)

    with pytest.raises(StoreDamaged, match="restore a copy"):
        open_store(path)


def test_a_damaged_database_is_refused(path: Path) -> None:
    with EmbeddedAgenda.open(path) as agenda:
        for future in [agenda.ask_soon(ticket, NOW, "burst") for ticket in range(1, 2000)]:
            future.result()
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)

    with EmbeddedAgenda.open(path) as agenda, pytest.raises(StoreDamaged):
        agenda.entries()


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match=r"the folder .*nowhere is not there; create it"):
        open_store(tmp_path / "nowhere" / "ronda.sqlite")


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreMissing, match="see that it is a file"):
        open_store(tmp_path)


def test_a_full_disk_fails_the_ask_and_later_ones_pass_when_there_is_room(agenda: EmbeddedAgenda) -> None:
    agenda.ask(1, NOW, "ticket.created")
    connection = agenda._asks._connection
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count = {pages}")
    futures = [agenda.ask_soon(ticket, NOW, "burst") for ticket in range(2, 20_000)]

    failures = {type(error) for future in futures if (error := future.exception()) is not None}
    assert failures == {StoreFull}  # a batch of few may still find room in the pages that are there
    connection.execute("PRAGMA max_page_count = 100000")
    assert agenda.ask(2, NOW, "ticket.created")
    stored = {entry.ticket_id for entry in agenda.entries(limit=10**6)}
    answered = {2 + n for n, future in enumerate(futures) if future.exception() is None}
    assert stored == answered | {1, 2}


WRITE_BEYOND_THE_LIMIT = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from enforcement.embedded import EmbeddedAgenda
agenda = EmbeddedAgenda.open(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
ticket = 0
try:
    while True:
        ticket += 1
        agenda.ask(ticket, datetime.now(UTC), "x" * 500)
except Exception as error:
    print(ticket - 1, type(error).__name__, error)
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
agenda.close()
"""


@pytest.mark.process
def test_when_the_file_may_not_grow_everything_answered_is_there(path: Path) -> None:
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[1] == resource.RLIM_INFINITY
    said = subprocess.run(  # noqa: S603 -- our own script
        [sys.executable, "-c", WRITE_BEYOND_THE_LIMIT, str(path)], capture_output=True, text=True, check=True
    ).stdout
    answered, error, text = said.split(maxsplit=2)

    assert (error, "make room and try again" in text) == ("StoreFull", True)
    with EmbeddedAgenda.open(path) as agenda:
        assert {entry.ticket_id for entry in agenda.entries(limit=10**6)} >= set(range(1, int(answered) + 1))


def test_a_file_that_may_only_be_read_says_so(path: Path) -> None:
    open_store(path)
    with (
        closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection,
        pytest.raises(sqlite3.OperationalError) as raised,
    ):
        connection.execute("INSERT INTO deliveries VALUES (1, 'd-1')")

    error = explain(raised.value, path)

    assert isinstance(error, StoreReadOnly)
    assert "give this user the right to write" in str(error)


def test_a_file_that_stays_locked_says_so(path: Path) -> None:
    open_store(path)
    with (
        closing(sqlite3.connect(path, isolation_level=None)) as one,
        closing(sqlite3.connect(path, isolation_level=None, timeout=0)) as other,
    ):
        one.execute("BEGIN IMMEDIATE")
        with pytest.raises(sqlite3.OperationalError) as raised:
            other.execute("BEGIN IMMEDIATE")

    assert isinstance(explain(raised.value, path), StoreBusy)


def test_after_an_error_nothing_of_the_batch_stands(agenda: EmbeddedAgenda) -> None:
    agenda._asks._connection.execute("DROP TABLE entries")

    with pytest.raises(AgendaError, match="no such table"):
        agenda.ask(7, NOW, "ticket.created", delivery="d-1")

    with closing(sqlite3.connect(agenda._store.path)) as connection:
        assert connection.execute("SELECT count(*) FROM deliveries").fetchone()[0] == 0


def test_new_file_is_for_its_user_alone(tmp_path: Path) -> None:
    open_store(tmp_path / "ronda.sqlite")
    assert (tmp_path / "ronda.sqlite").stat().st_mode & 0o777 == 0o600
