"""`ronda rounds` and `ronda promises` as commands, beside a service's data file."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ronda.wiring import parts_of
from tests.ronda.running import FIXTURES, Stepped, Zendesk, run, settings_of, values_of

HOUR = 3600.0


@pytest.fixture
def settings(zendesk: Zendesk, tmp_path: Path) -> Iterator[dict[str, Any]]:
    """Those of a service for tickets on hold, on the emulator's clock, which stands still."""
    zendesk.control("POST", "clock", running=False)
    yield values_of(zendesk, tmp_path) | {"pack": str(FIXTURES / "stand_by.yaml"), "clock_url": zendesk.url}
    zendesk.control("POST", "clock", running=True)


@pytest.fixture
def waiting(zendesk: Zendesk, settings: dict[str, Any]) -> list[int]:
    """Two tickets on hold, of Rita and of Paulo, opened an hour apart, long enough ago for a round to find them by what
    they wait for alone; an older one does not wait."""
    zendesk.open(by="carla", set={"group": "Suporte"})
    tickets = []
    for group, assignee in (("Financeiro", "Rita Alves"), ("Suporte", "Paulo Dias")):
        tickets.append(zendesk.open(by="carla", set={"group": group, "assignee": assignee}))
        zendesk.act(tickets[-1], set={"status": "hold"})
        zendesk.control("POST", "clock", advance=HOUR)
    zendesk.control("POST", "clock", advance=120)
    return tickets


def look_at_what_is_due(zendesk: Zendesk, settings: dict[str, Any]) -> None:
    folder = Path(settings["data"]).parent
    with parts_of(settings_of(zendesk, folder, **settings)) as parts:
        stepped = Stepped(zendesk, parts)
        while stepped.parts.workers.run_one():
            pass


def promises(settings: dict[str, Any], *arguments: str) -> dict[str, Any]:
    ended = run("promises", "--json", *arguments, **settings)
    assert ended.returncode == 0, ended.stderr
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def test_rounds_find_what_waits_and_promises_list_it(
    zendesk: Zendesk, settings: dict[str, Any], waiting: list[int]
) -> None:
    ended = run("rounds", **settings)
    assert (ended.returncode, ended.stdout.split(",")[:2]) == (0, ["rounds: 3 unsolved tickets read", " 2 asked"])
    look_at_what_is_due(zendesk, settings)

    assert [due["ticket"] for due in promises(settings, "--within", "3d")["due"]] == waiting
    assert [due["ticket"] for due in promises(settings, "--within", "46h")["due"]] == waiting[:1]
    assert [
        due["ticket"] for due in promises(settings, "--within", "3d", "--assignee", "paulo dias")["due"]
    ] == waiting[1:]
    assert promises(settings)["forecast"]["messages"] == 0
    assert promises(settings, "--within", "3d")["forecast"]["messages"] == 2


def test_what_was_sent_is_listed_with_its_lateness(
    zendesk: Zendesk, settings: dict[str, Any], waiting: list[int]
) -> None:
    run("rounds", **settings)
    look_at_what_is_due(zendesk, settings)
    zendesk.control("POST", "clock", advance=46 * HOUR - 90)
    look_at_what_is_due(zendesk, settings)

    kept = promises(settings)["kept_so_far"]
    assert (kept["messages"], kept["breaches"]) == (1, 0)
    assert 29 < kept["worst"] < 40
    ended = run("promises", **settings)
    assert "2 tickets wait; 1 of their promises are kept within 24h" in ended.stdout
    assert "kept in the last 30d: 1 messages" in ended.stdout


def test_the_forecast_warns_of_the_brake_and_knows_the_rate_limit_from_the_last_round(
    zendesk: Zendesk, settings: dict[str, Any], waiting: list[int]
) -> None:
    run("rounds", **settings)
    look_at_what_is_due(zendesk, settings)

    narrow = settings | {"max_public_messages_per_hour": 0}
    told = run("promises", "--within", "3d", **narrow).stdout
    assert re.search(r"busiest minute .*: 1 messages, which the rate limit lets through in 1 s\n", told)
    assert re.search(r"busiest hour   from .*: [12] messages\n", told)
    assert re.search(r"WARNING: at .* the promises alone are more than 0 messages in an hour", told)
    assert promises(narrow, "--within", "3d")["pauses_at"] == promises(settings, "--within", "3d")["due"][0]["keep"]
    assert promises(settings, "--within", "3d")["pauses_at"] is None
    assert "WARNING" not in run("promises", "--within", "3d", **settings).stdout


@pytest.mark.parametrize("mode", ["audit", "warn"])
def test_below_enforce_no_message_is_forecast_as_one_that_is_sent(
    zendesk: Zendesk, settings: dict[str, Any], waiting: list[int], mode: str
) -> None:
    run("rounds", **settings)
    look_at_what_is_due(zendesk, settings)

    lower = settings | {"mode": mode, "max_public_messages_per_hour": 0}
    told = run("promises", "--within", "3d", **lower).stdout
    assert told.startswith(f"mode {mode}: none of these messages is sent\n2 tickets wait")
    assert "WARNING" not in told
    found = promises(lower, "--within", "3d")
    assert (found["mode"], found["pauses_at"]) == (mode, None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--group", "Financiero"), "of 'Financiero'; did you mean 'Financeiro'?\n"),
        (("--assignee", "Paolo Dias"), "assigned to 'Paolo Dias'; did you mean 'Paulo Dias'?\n"),
    ],
)
def test_a_group_or_assignee_of_no_ticket_that_waits_is_named_with_the_nearest(
    zendesk: Zendesk, settings: dict[str, Any], waiting: list[int], arguments: tuple[str, ...], said: str
) -> None:
    run("rounds", **settings)
    look_at_what_is_due(zendesk, settings)

    ended = run("promises", *arguments, **settings)
    assert (ended.returncode, ended.stderr) == (2, f"{arguments[0]}: no ticket that waits is {said}")


def test_where_nobody_waits_any_group_will_do(zendesk: Zendesk, settings: dict[str, Any]) -> None:
    run("rounds", **settings)
    assert run("promises", "--group", "Suporte", **settings).stdout.startswith("0 tickets wait")


def test_a_length_of_time_that_is_none_is_said(settings: dict[str, Any]) -> None:
    ended = run("promises", "--within", "soon", **settings)
    assert (ended.returncode, ended.stderr) == (2, "'soon' is no length of time; write 90s, 5m, 2h, 47h50m, 3d or 1w\n")


def test_rounds_as_json_say_how_many(zendesk: Zendesk, settings: dict[str, Any], waiting: list[int]) -> None:
    found = json.loads(run("rounds", "--json", **settings).stdout)
    assert (found["kind"], found["read"], found["asked"]) == ("everything", 3, 2)
