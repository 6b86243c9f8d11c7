"""`ronda check --live`: a pack's names beside those of an account."""

import json
from pathlib import Path

import pytest

from ronda.cli import run_command
from ronda.exits import ACCOUNT, FINE, FOUND
from tests.ronda.running import Zendesk, free_port, values_of

PACK = """pack: strange
groups: [Design / Website, Suporrte]
people:
  Jenyfer Lima: {}
  Nobody Known: {}
fields:
  standby_reason: {title: Stand-by reason}
rules:
  - id: strange.stand-by
    kind: stand_by
    cites: B12
    mode: audit
    statuses: {Waiting for IT: waiting-it}
"""


@pytest.fixture
def pack(zendesk: Zendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    for name, value in values_of(zendesk, tmp_path).items():
        monkeypatch.setenv(f"RONDA_{name.upper()}", str(value))
    path = tmp_path / "strange.yaml"
    path.write_text(PACK, encoding="utf-8")
    return str(path)


def test_strange_names_are_told_with_their_places(pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run_command(["check", pack, "--live"]) == FOUND
    told = capsys.readouterr().out

    for place in (
        "2:28: error: group 'Suporrte': the account has none of this name; did you mean 'Suporte'?",
        "5:3: error: person 'Nobody Known': the account has none of this name",
        "7:3: error: ticket field 'standby_reason': the account has none of this name",
        "13:16: error: custom status 'Waiting for IT': the account has none of this name",
    ):
        assert f"strange.yaml:{place}" in told
    assert "Design / Website" not in told


def test_programs_read_them_too(pack: str, capsys: pytest.CaptureFixture[str]) -> None:
    run_command(["check", pack, "--live", "--json"])
    read = json.loads("{" + capsys.readouterr().out.partition("\n{")[2])

    assert [(each["line"], each["level"]) for each in read["findings"] if "account" in each["message"]] == [
        (2, "error"),
        (5, "error"),
        (7, "error"),
        (13, "error"),
    ]


def test_without_live_no_account_is_asked(
    pack: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RONDA_ZENDESK_URL", "not an address")
    run_command(["check", pack])

    assert "the account" not in capsys.readouterr().out


def test_a_pack_that_speaks_the_accounts_names_is_fine(pack: str, tmp_path: Path) -> None:
    fixture = Path(__file__).parent / "fixtures" / "desk.yaml"
    own = tmp_path / "desk.yaml"
    own.write_text(fixture.read_text(encoding="utf-8").partition("rules:")[0] + "rules: []\n", encoding="utf-8")

    assert run_command(["check", str(own), "--live"]) == FINE


def test_an_account_that_cannot_be_reached_has_an_exit_code(
    pack: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RONDA_ZENDESK_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("RONDA_TIMEOUT", "0.1")

    assert run_command(["check", pack, "--live"]) == ACCOUNT
    assert "try again in" in capsys.readouterr().err
