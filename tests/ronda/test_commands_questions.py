"""The commands that answer questions, on an emulated Zendesk: what they say, and that they write nothing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from ronda.cli import run_command
from ronda.exits import ACCOUNT, BAD_INPUT, FINE
from tests.ronda.running import WEBSITE, Stepped, Zendesk, values_of


class Asking:
    """Run a command of Ronda's; what it says."""

    def __init__(self, zendesk: Zendesk, capsys: pytest.CaptureFixture[str]) -> None:
        self.zendesk = zendesk
        self._capsys = capsys

    def __call__(self, *arguments: str, code: int = FINE) -> str:
        self._capsys.readouterr()
        assert run_command(list(arguments)) == code
        said = self._capsys.readouterr()
        return said.out + said.err if code else said.out

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))


@pytest.fixture
def ask(
    zendesk: Zendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Asking]:
    """Nothing that is asked writes to the account."""
    monkeypatch.chdir(tmp_path)
    for name, value in values_of(zendesk, tmp_path).items():
        monkeypatch.setenv(f"RONDA_{name.upper()}", str(value))
    with capture_logs():  # `ronda` itself logs to standard error, and warnings only
        yield Asking(zendesk, capsys)


def writes(zendesk: Zendesk) -> list[str]:
    """The calls of the API that were no reads."""
    routes = zendesk.control("GET", "requests")["by_route"]
    return [route for route in routes if route.startswith(("PUT /api", "POST /api", "DELETE /api"))]


# --- explain ---------------------------------------------------------------------------------------------------


def test_a_ticket_is_explained_in_the_readers_language(ask: Asking) -> None:
    number = ask.zendesk.open_wrong()

    assert "desk.group (enforce)" in ask("explain", str(number))
    assert "menor mudança que resolve" in ask("explain", str(number))
    assert "smallest change" in ask("explain", str(number), "--language", "en")
    assert writes(ask.zendesk) == []


def test_one_rule_is_explained_for_programs(ask: Asking) -> None:
    number = ask.zendesk.open_wrong()
    (rule,) = ask.json("explain", str(number), "--rule", "desk.group")["rules"]

    assert (rule["verdict"], rule["change"]) == ("violates", [{"group": WEBSITE}])


def test_what_the_service_did_is_told(ask: Asking, ronda: Stepped) -> None:
    number = ask.zendesk.open_wrong()
    ronda.look(number)
    group = ask.json("explain", str(number), "--rule", "desk.group")["rules"][0]

    assert ("group", WEBSITE) in [(action["field"], action["after"]) for action in group["actions"]]


def test_a_ticket_is_explained_as_it_was(ask: Asking, ronda: Stepped) -> None:
    number = ask.zendesk.open_wrong()
    opened = ask.zendesk.ticket(number)["created_at"]
    ronda.look(number)
    then = ask.json("explain", str(number), "--rule", "desk.group", "--at", opened)["rules"][0]
    now = ask.json("explain", str(number), "--rule", "desk.group")["rules"][0]

    assert (then["verdict"], now["verdict"]) == ("violates", "complies")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--rule", "desk.grup"), "did you mean 'desk.group'?"),
        (("--at", "yesterday"), "'yesterday' is no moment"),
        (("--at", "2001-01-01"), "was opened only at"),
        (("--pack", "webste"), "did you mean 'website'?"),
    ],
)
def test_a_question_that_cannot_be_answered_says_why(ask: Asking, arguments: tuple[str, str], told: str) -> None:
    assert told in ask("explain", str(ask.zendesk.open_wrong()), *arguments, code=BAD_INPUT)


def test_a_ticket_that_is_not_there_is_the_accounts_answer(ask: Asking) -> None:
    assert "ticket 987654 is not there" in ask("explain", "987654", code=ACCOUNT)
