"""`ronda doctor`: one line a check, and what is wrong says how to mend it."""

import json
import os
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from enforcement.embedded import EmbeddedAgenda
from enforcement.ledger import Ledger
from enforcement.store import open_store
from ronda.exits import FINE, FOUND
from tests.ronda.running import free_port
from tests.ronda.setting_up import SECTORS, Terminal

pytestmark = pytest.mark.process

NOTIFY = {
    "title": "Notify requester of comment update",
    "all": [{"field": "comment_is_public", "operator": "is", "value": "true"}],
    "actions": [{"field": "notification_user", "value": ["requester_id", "subject", "body"]}],
}


@pytest.fixture
def connected(terminal: Terminal) -> Terminal:
    """The website pack, set up and connected."""
    terminal.environment["RONDA_PORT"] = str(free_port())
    terminal.set_up("website")
    done = terminal.ronda("connect", "--url", f"http://127.0.0.1:{terminal.environment['RONDA_PORT']}", "--yes")
    assert done.code == FINE, done.said
    return terminal


def checks(terminal: Terminal) -> dict[str, dict[str, Any]]:
    """All checks by name; the exit code says whether one is wrong."""
    done = terminal.ronda("doctor", "--json")
    found = {check["name"]: check for check in json.loads(done.said)["checks"]}
    assert done.code == (FOUND if any(check["state"] == "wrong" for check in found.values()) else FINE)
    assert all(check["mend"] for check in found.values() if check["state"] in ("wrong", "warning"))
    return found


def test_a_connected_account_is_fine(connected: Terminal) -> None:
    done = connected.ronda("doctor")
    lines = done.said.splitlines()

    assert done.code == FINE
    assert [line.split()[:2] for line in lines if not line.startswith("ok ")] == [["warning", "service"]]
    assert len(lines) == 20
    assert lines[0] == "ok       settings     .env, mode audit"
    assert "ok       pack         website" in lines[1]
    assert "ok       webhook      01" in done.said


def test_a_service_that_runs_is_told_with_its_brakes(connected: Terminal) -> None:
    quiet = checks(connected)
    assert quiet["service"]["said"] == "none is running on ronda.sqlite"
    assert [quiet[name]["state"] for name in ("service", "paused", "fuses")] == ["warning", "ok", "ok"]

    at = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
    store = open_store(Path("ronda.sqlite"))
    with closing(Ledger.open(store)) as ledger, EmbeddedAgenda(store) as agenda:
        agenda.become_worker()
        ledger.pause("inventory", by="ana", at=at)
        for ticket in range(1, 13):
            ledger.trip_fuse(ticket, "something fights us", at=at)
        found = checks(connected)

    assert found["service"]["state"] == "ok"
    assert found["service"]["said"].startswith(f"running (pid {os.getpid()} on ")
    assert found["paused"]["said"] == "since 2026-11-21 12:00:00Z: inventory (by ana)"
    assert found["paused"]["mend"] == "ronda resume"
    assert found["fuses"]["said"] == "left alone: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 2 more (`ronda status` says why)"
    assert found["fuses"]["mend"] == "ronda resume TICKET"
    assert checks(connected)["service"]["state"] == "warning"


def test_secrets_that_others_can_read_are_told(connected: Terminal) -> None:
    connected.env_file.chmod(0o640)

    found = checks(connected)["settings"]
    assert (found["state"], found["mend"]) == ("warning", "chmod 600 .env")
    assert "mode audit; its secrets are not its owner's alone" in found["said"]


def test_a_misspelt_setting_is_told(connected: Terminal) -> None:
    with connected.env_file.open("a") as file:
        file.write("RONDA_MDOE=enforce\n")

    found = checks(connected)["settings"]
    assert found["said"] == "RONDA_MDOE: no such setting; did you mean RONDA_MODE?"
    assert found["mend"] == "put it right in .env or the environment"


def test_without_settings_there_is_one_thing_to_do(terminal: Terminal) -> None:
    done = terminal.ronda("doctor")

    assert done.code == FOUND
    assert done.said.startswith("wrong    settings     RONDA_ZENDESK_URL: is not set")
    assert done.said.endswith("; to mend: ronda init\n")


def test_credentials_that_are_refused_stop_what_needs_them(connected: Terminal) -> None:
    connected.environment["RONDA_OAUTH_CLIENT_SECRET"] = "wrong"
    found = checks(connected)

    assert found["credentials"]["state"] == "wrong"
    assert "401 invalid_client" in found["credentials"]["said"]
    assert found["webhook"]["state"] == found["scopes"]["state"] == "skipped"


def test_a_scope_that_is_not_granted_is_named(connected: Terminal) -> None:
    connected.account(oauth_clients=[{"id": "ronda", "secret": "invented-secret", "user": "ronda", "scopes": "read"}])
    assert "granted without tickets:write" in checks(connected)["credentials"]["said"]


def test_an_api_token_has_its_last_day_told(terminal: Terminal) -> None:
    terminal.account(api_tokens=["old"])
    terminal.environment["RONDA_API_TOKEN"] = "old"
    given = ["--account", terminal.zendesk.url, "--email", "ronda@acme.example", "--pack", "own"]
    assert terminal.ronda("init", *given).code == FINE

    end = checks(terminal)["token end"]
    assert end["state"] in ("warning", "wrong")
    assert "stops on 30 April 2027" in end["said"]


def test_a_user_that_is_no_admin_is_wrong(connected: Terminal) -> None:
    connected.account(
        oauth_clients=[{"id": "ronda", "secret": "invented-secret", "user": "clerk", "scopes": "read write"}]
    )
    assert checks(connected)["user"]["state"] == "wrong"


def test_a_clock_that_is_off_is_told(connected: Terminal) -> None:
    connected.zendesk.control("POST", "clock", advance=60)

    clock = checks(connected)["clock"]
    assert clock["state"] == "warning"
    assert "s off Zendesk's" in clock["said"]


def test_a_name_that_somebody_changed_is_named_with_the_nearest(connected: Terminal) -> None:
    pack = connected.folder / "website.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("Bryan Alves", "Brian Alves"), encoding="utf-8")

    assert "did you mean 'Bryan Alves'?" in checks(connected)["names"]["said"]


def test_a_webhook_that_someone_deleted_is_wrong(connected: Terminal) -> None:
    [webhook] = connected.zendesk.api("GET", "webhooks")["webhooks"]
    connected.zendesk.api("DELETE", f"webhooks/{webhook['id']}")

    found = checks(connected)
    assert "was deleted in Zendesk: nothing tells Ronda of changes" in found["webhook"]["said"]
    assert found["deliveries"]["state"] == "skipped"


def test_a_webhook_that_is_switched_off_is_wrong(connected: Terminal) -> None:
    [webhook] = connected.zendesk.api("GET", "webhooks")["webhooks"]
    connected.zendesk.api("PATCH", f"webhooks/{webhook['id']}", {"webhook": {"status": "inactive"}})

    assert "is switched off" in checks(connected)["webhook"]["said"]


def test_another_signing_secret_than_zendesks_is_wrong(connected: Terminal) -> None:
    connected.environment["RONDA_WEBHOOK_SECRET"] = "another"

    assert "another signing secret" in checks(connected)["webhook"]["said"]


def test_a_delivery_that_did_not_arrive_is_told(connected: Terminal) -> None:
    connected.zendesk.open()
    connected.zendesk.control("GET", "idle?timeout=5")

    deliveries = checks(connected)["deliveries"]
    assert deliveries["state"] == "wrong"
    assert "did not arrive" in deliveries["said"]


def test_an_open_circuit_is_told(connected: Terminal) -> None:
    connected.zendesk.control("POST", "switches", breaker_floor=1, breaker_pause=600)
    for _ in range(5):
        connected.zendesk.open()
        connected.zendesk.control("GET", "idle?timeout=5")

    assert "circuit breaker holds them back" in checks(connected)["deliveries"]["said"]


def test_followers_that_are_switched_off_are_told(connected: Terminal) -> None:
    connected.account(settings={"tickets": {"follower_and_email_cc_collaborations": False}})

    assert checks(connected)["followers"]["state"] == "warning"


@pytest.mark.parametrize(("triggers", "state"), [([], "warning"), ([NOTIFY], "ok")])
def test_whether_replies_are_mailed_is_told(terminal: Terminal, triggers: list[object], state: str) -> None:
    terminal.account(*SECTORS, triggers=triggers)
    terminal.set_up("commerce")

    assert checks(terminal)["mails"]["state"] == state


def test_a_trigger_that_fights_a_rule_is_named_with_it(connected: Terminal) -> None:
    everything = [{"field": "update_type", "operator": "is", "value": "Change"}]
    park = {"title": "Park", "all": everything, "actions": [{"field": "status", "value": "pending"}]}
    connected.account(triggers=[park])

    triggers = checks(connected)["triggers"]
    assert triggers["state"] == "warning"
    assert "trigger 'Park' (" in triggers["said"]
    assert "sets tickets to pending, against rule website.open" in triggers["said"]
    assert triggers["mend"] == "give it the condition: Group, is not, Website & Design"


def test_a_rate_limit_that_others_use_up_is_told(connected: Terminal) -> None:
    token = connected.zendesk.control("POST", "tokens", user="ronda")["access_token"]
    connected.zendesk.spend(token, 310)

    found = checks(connected)["rate limit"]
    assert found["state"] == "warning", found


@pytest.mark.parametrize(
    ("version", "application", "said"),
    [(99, None, "a later Ronda wrote it (version 99)"), (1, 7, "is another program's file")],
)
def test_a_database_that_is_not_ours_to_use_is_told(
    connected: Terminal, version: int, application: int | None, said: str
) -> None:
    store = open_store(Path("ronda.sqlite"))
    with sqlite3.connect(store.path) as database:
        database.execute(f"PRAGMA user_version = {version}")
        if application is not None:
            database.execute(f"PRAGMA application_id = {application}")
    database.close()

    assert said in checks(connected)["database"]["said"]


def test_a_folder_that_is_not_there_is_told(connected: Terminal) -> None:
    connected.environment["RONDA_DATA"] = "nowhere/ronda.sqlite"

    assert "No such file or directory" in checks(connected)["disk"]["said"]


def test_a_pack_that_does_not_load_is_told_with_its_line(connected: Terminal) -> None:
    pack = connected.folder / "website.yaml"
    pack.write_text(pack.read_text(encoding="utf-8").replace("kind: stays_open", "kind: stay_open"), encoding="utf-8")

    found = checks(connected)["pack"]
    assert "did you mean 'stays_open'?" in found["said"]
    assert found["mend"] == "ronda check website.yaml"
