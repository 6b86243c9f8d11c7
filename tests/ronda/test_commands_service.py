"""The commands beside a running service, on its data file: pause, resume, look, status."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from enforcement.embedded import EmbeddedAgenda
from enforcement.ledger import Ledger
from enforcement.ledger_rows import LookRow, VerdictRow, Word
from enforcement.store import open_store
from ronda.cli import run_command
from ronda.exits import FINE, MACHINE

NOW = datetime.now(UTC)


class Kept:
    """A service's data file, open in this process as it is in the service's."""

    def __init__(self, path: Path, ending: ExitStack) -> None:
        store = open_store(path)
        self.ledger = ending.enter_context(closing(Ledger.open(store)))
        self.agenda = ending.enter_context(EmbeddedAgenda(store))
        self.agenda.become_worker()


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kept]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RONDA_DATA", str(tmp_path / "kept.sqlite"))
    with ExitStack() as ending:
        yield Kept(tmp_path / "kept.sqlite", ending)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> "Said":
    return Said(capsys)


class Said:
    """Run a command that must end well; what it says."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def by(self, *arguments: str) -> str:
        assert run_command(list(arguments)) == FINE
        return self._capsys.readouterr().out


def test_pause_stops_the_service_and_says_how_to_go_on(kept: Kept, said: Said) -> None:
    assert said.by("pause", "inventory") == "paused: inventory. `ronda resume` goes on.\n"
    assert str(kept.ledger.paused()) == "inventory (by ronda pause)"


def test_a_second_pause_keeps_the_first_reason_and_shows_it(kept: Kept, said: Said) -> None:
    said.by("pause", "inventory")

    assert said.by("pause").startswith("already paused since 20")
    assert str(kept.ledger.paused()) == "inventory (by ronda pause)"


def test_resume_goes_on_and_says_what_it_ended(kept: Kept, said: Said) -> None:
    kept.ledger.pause("more than 500 updates in an hour", by="the brakes", at=NOW)

    assert "more than 500 updates in an hour (by the brakes)" in said.by("resume")
    assert kept.ledger.paused() is None
    assert said.by("resume") == "nothing is paused\n"


def test_resume_of_a_ticket_resets_its_fuse_and_has_it_looked_at(kept: Kept, said: Said) -> None:
    kept.ledger.trip_fuse(7, "something fights us", at=NOW)

    assert said.by("resume", "7") == "ticket 7: its fuse is reset; it is due now\n"
    assert kept.ledger.fuses() == []
    assert [entry.ticket_id for entry in kept.agenda.entries()] == [7]


def test_resume_of_a_ticket_leaves_a_pause_alone(kept: Kept, said: Said) -> None:
    kept.ledger.pause("inventory", by="ana", at=NOW)

    assert said.by("resume", "7") == "ticket 7: no fuse was tripped; it is due now\n"
    assert kept.ledger.paused() is not None


def test_look_has_tickets_judged_anew_now(kept: Kept, said: Said) -> None:
    kept.ledger.record(LookRow(7, NOW, "event", "pack-1", digest="d"), [VerdictRow(7, "desk.group", Word.COMPLIES)])
    kept.agenda.ask(8, NOW + timedelta(hours=1), "timer")

    assert said.by("look", "7", "8") == "ticket 7: it is due now\nticket 8: it is due now\n"
    assert [claim.ticket_id for claim in kept.agenda.claim(datetime.now(UTC), limit=9)] == [7, 8]
    known = kept.ledger.known(7, "pack-1")
    assert known is not None
    assert known.digest == ""


def test_status_of_a_service_without_worries_is_short(kept: Kept, said: Said) -> None:
    assert said.by("status") == "service   running\nwriting   goes on\nagenda    0 waiting\n"


def test_status_tells_that_no_service_runs(said: Said, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RONDA_DATA", str(tmp_path / "kept.sqlite"))
    with ExitStack() as ending:
        Kept(tmp_path / "kept.sqlite", ending)

    assert said.by("status").startswith("service   not running\nwriting   goes on\n")
    assert json.loads(said.by("status", "--json"))["running"] is False


@pytest.fixture
def worried(kept: Kept) -> Kept:
    at = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
    kept.ledger.record(
        LookRow(7, at, "ticket.created", "pack-1"), [VerdictRow(7, "desk.analyst", Word.COULD_NOT_TELL, "nobody")]
    )
    kept.ledger.trip_fuse(8, "5 updates of ours in ten minutes, and still not right", at=at)
    kept.ledger.pause("inventory", by="ana", at=at)
    kept.agenda.ask(9, at, "timer")
    return kept


def test_status_tells_what_is_paused_left_alone_unclear_and_next(worried: Kept, said: Said) -> None:
    assert said.by("status").splitlines() == [
        "service   running",
        "writing   paused since 2026-11-21 12:00:00Z: inventory (by ana)",
        "agenda    1 waiting, the next due 2026-11-21 12:00:00Z",
        "fuse      ticket 8 since 2026-11-21 12:00:00Z: 5 updates of ours in ten minutes, and still not right",
        "unclear   desk.analyst could not tell on 1 ticket",
        "look      ticket 7 at 2026-11-21 12:00:00Z for ticket.created: judged",
    ]


def test_status_can_be_read_by_programs(worried: Kept, said: Said) -> None:
    status = json.loads(said.by("status", "--json"))

    at = "2026-11-21T12:00:00+00:00"
    assert (status["waiting"], status["next_due"]) == (1, at)
    assert status["paused"] == {"reason": "inventory", "by": "ana", "at": at}
    assert [(fuse["ticket_id"], fuse["tripped_at"]) for fuse in status["fuses"]] == [(8, at)]
    assert status["could_not_tell"] == {"desk.analyst": 1}
    assert [(look["ticket_id"], look["outcome"]) for look in status["last_looks"]] == [(7, "judged")]


@pytest.mark.parametrize("command", [["pause"], ["resume"], ["resume", "7"], ["look", "7"], ["status"]])
def test_where_no_service_keeps_data_no_file_is_made(
    command: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RONDA_DATA", "none.sqlite")

    assert run_command(command) == MACHINE
    assert capsys.readouterr().err == "none.sqlite: no service keeps its data here; RONDA_DATA names the file\n"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_is_no_database_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data").write_text("not a database, but some text that is long enough to be read as one")
    monkeypatch.setenv("RONDA_DATA", str(tmp_path / "data"))

    assert run_command(["status"]) == MACHINE
    assert "is damaged or no SQLite database" in capsys.readouterr().err


def test_the_file_may_be_named_in_an_env_file(kept: Kept, said: Said, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RONDA_DATA")
    Path("here.env").write_text("RONDA_DATA=kept.sqlite\n")

    assert said.by("status", "--env-file", "here.env").startswith("service   running")
