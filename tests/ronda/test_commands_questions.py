"""The commands that answer questions, on an emulated Zendesk: what they say, and that they write nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from ronda.cli import run_command
from ronda.commands_questions import end_of
from ronda.exits import ACCOUNT, BAD_INPUT, FINE, INTERRUPTED
from tests.ronda.running import DEADLINE, WEBSITE, Stepped, Zendesk, environment_of, values_of, wait_until


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


# --- preview ---------------------------------------------------------------------------------------------------

NEW_PACK = """
pack: anew
groups: [Design / Website, Suporte]
people: {Jenyfer Lima: {}}
teams:
  website: {group: Design / Website, members: [Jenyfer Lima], tag: website}
rules:
  - {id: desk.group, kind: default_group, cites: A1, mode: enforce, team: website}
  - id: desk.channel
    kind: official_channel
    cites: B1
    mode: enforce
    official: [email]
    reply: true
"""


@pytest.fixture
def new_pack(ask: Asking, tmp_path: Path) -> str:
    path = tmp_path / "new.yaml"
    path.write_text(NEW_PACK, encoding="utf-8")
    return str(path)


def settle(zendesk: Zendesk) -> None:
    """Let the export tell what happened: it holds the last minute back."""
    zendesk.control("POST", "clock", advance=120)


def test_a_new_pack_is_tried_on_tickets_as_they_are_and_nothing_is_written(ask: Asking, new_pack: str) -> None:
    ask.zendesk.open_wrong()
    ask.zendesk.open_right()
    settle(ask.zendesk)
    ask.zendesk.control("DELETE", "requests")
    told = ask("preview", "--pack", new_pack)

    assert "2 tickets looked at, 0 no longer there" in told
    assert "desk.group  group: Suporte → Design / Website  1 ticket" in told
    assert "no longer violated: 1 ticket\n  desk.analyst" in told
    assert ask.zendesk.control("GET", "requests")["by_route"].keys() >= {"GET /api/v2/tickets/{ticket_id}"}
    assert writes(ask.zendesk) == []


def test_messages_to_customers_are_shown_before_they_are_sent(ask: Asking, new_pack: str) -> None:
    number = ask.zendesk.open(by="carla", channel="web_widget")
    found = ask.json("preview", "--pack", new_pack, "--tickets", str(number))

    (message,) = (each for each in found["tickets"][0]["messages"] if each["public"])
    assert message["text"].startswith("Olá!")
    assert ask.zendesk.notes(number) == []


def test_tickets_can_be_named_in_a_file(ask: Asking, new_pack: str, tmp_path: Path) -> None:
    numbers = tmp_path / "tickets.txt"
    numbers.write_text(f"{ask.zendesk.open_wrong()}\n{ask.zendesk.open_right()}\n987654\n", encoding="utf-8")
    found = ask.json("preview", "--pack", new_pack, "--tickets", str(numbers))

    assert (found["looked_at"], found["gone"]) == (2, 1)


def test_a_lower_mode_writes_less(ask: Asking, new_pack: str) -> None:
    ask.zendesk.open_wrong()
    settle(ask.zendesk)

    assert ask.json("preview", "--pack", new_pack, "--mode", "audit")["calls"] == {"present": 0, "new": 0}


def test_a_preview_opens_in_a_spreadsheet(ask: Asking, new_pack: str) -> None:
    ask.zendesk.open_wrong()
    settle(ask.zendesk)
    first, *rows = ask("preview", "--pack", new_pack, "--csv").splitlines()

    assert first == "\ufeffticket;what;rules;field;before;after;text"
    assert any(";field;desk.group;group;Suporte;Design / Website;" in row for row in rows)


def test_solved_tickets_are_not_read(ask: Asking, new_pack: str) -> None:
    number = ask.zendesk.open_right()
    ask.zendesk.act(number, by="jenyfer", set={"status": "solved"})
    settle(ask.zendesk)

    assert ask.json("preview", "--pack", new_pack)["looked_at"] == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("--since", "soon"), "'soon' is no length of time"), (("--tickets", "7,x"), "'x' is neither a ticket's number")],
)
def test_a_preview_that_cannot_be_made_says_why(
    ask: Asking, new_pack: str, arguments: tuple[str, str], told: str
) -> None:
    assert told in ask("preview", "--pack", new_pack, *arguments, code=BAD_INPUT)


@pytest.mark.process
def test_ctrl_c_gives_what_was_found_until_then(ask: Asking, new_pack: str, tmp_path: Path) -> None:
    numbers = [ask.zendesk.open_wrong() for _ in range(30)]
    settle(ask.zendesk)
    ask.zendesk.control("POST", "latency", milliseconds=150)
    ask.zendesk.control("DELETE", "requests")
    command = [sys.executable, "-m", "ronda", "preview", "--pack", new_pack, "--json"]
    environment = environment_of(values_of(ask.zendesk, tmp_path))
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, **pipes, text=True, env=environment) as asked:  # type: ignore[call-overload] # noqa: S603 # our own command
        wait_until(lambda: ask.zendesk.calls(numbers[1]) or asked.poll() is not None, "two tickets are read")
        asked.send_signal(signal.SIGINT)
        told, said = asked.communicate(timeout=DEADLINE)
    ask.zendesk.control("POST", "latency", milliseconds=0)

    assert (asked.returncode, said) == (INTERRUPTED, "stopped; this is what was found until then\n")
    assert 0 < json.loads(told)["looked_at"] < 30


# --- backtest --------------------------------------------------------------------------------------------------


def day(zendesk: Zendesk) -> str:
    return datetime.fromtimestamp(zendesk.control("GET", "clock")["seconds"], UTC).isoformat()


def test_a_pack_is_tried_on_the_past_and_nothing_is_written(ask: Asking, new_pack: str) -> None:
    begin = day(ask.zendesk)
    number = ask.zendesk.open_wrong()
    settle(ask.zendesk)
    ask.zendesk.act(number, set={"group": WEBSITE, "assignee": "Jenyfer Lima"})
    settle(ask.zendesk)
    ask.zendesk.control("DELETE", "requests")
    told = ask("backtest", "--pack", new_pack, "--from", begin, "--to", day(ask.zendesk))

    assert f"ticket {number}  cured  desk.group  group: Suporte → Design / Website" in told
    assert writes(ask.zendesk) == []


def test_what_the_service_wrote_down_is_rebuilt(ask: Asking, new_pack: str, ronda: Stepped) -> None:
    begin = day(ask.zendesk)
    ronda.look(ask.zendesk.open_wrong())
    ronda.look(ask.zendesk.open_right())
    settle(ask.zendesk)
    found = ask.json("backtest", "--pack", new_pack, "--from", begin, "--to", day(ask.zendesk))

    assert (found["replayed"], found["agreed"], found["disagreements"]) == (2, 6, [])


@pytest.mark.parametrize("times", [("soon", "2026-10-31"), ("2026-10-01", "2026-13-01")])
def test_a_time_that_is_none_is_told(ask: Asking, new_pack: str, times: tuple[str, str]) -> None:
    begin, end = times

    assert "is no moment" in ask("backtest", "--pack", new_pack, "--from", begin, "--to", end, code=BAD_INPUT)


@pytest.mark.parametrize(
    ("begin", "end", "said"),
    [
        ("2026-10-31", "2026-10-01", "--from 2026-10-31T00:00:00-03:00 is not before --to 2026-10-01T23:59:59-03:00"),
        ("2126-10-01", "2126-10-31", "--from 2126-10-01T00:00:00-03:00 has not come yet"),
    ],
)
def test_a_past_in_which_nothing_can_have_happened_is_refused(
    ask: Asking, new_pack: str, begin: str, end: str, said: str
) -> None:
    assert said in ask("backtest", "--pack", new_pack, "--from", begin, "--to", end, code=BAD_INPUT)


def test_a_day_counts_to_its_end() -> None:
    assert end_of("2026-10-31", "UTC") == datetime(2026, 10, 31, 23, 59, 59, tzinfo=UTC)
    assert end_of("2026-10-31T12:00:00Z", "UTC") == datetime(2026, 10, 31, 12, tzinfo=UTC)
