"""`ronda connect` and `disconnect`: what is made, repaired, tried and taken away, in an account in its strictest settings."""

import json

import pytest

from ronda.exits import ACCOUNT, BAD_INPUT, FINE, FOUND
from tests.ronda.running import free_port
from tests.ronda.setting_up import SECRET, SECTORS, Terminal

pytestmark = pytest.mark.process


@pytest.fixture
def url(terminal: Terminal) -> str:
    """Ronda is set up with an empty pack; where Zendesk would reach it."""
    port = free_port()
    terminal.environment["RONDA_PORT"] = str(port)
    terminal.set_up("own")
    return f"http://127.0.0.1:{port}"


def connected(terminal: Terminal, url: str, *more: str) -> str:
    """Connect; all that it says."""
    done = terminal.ronda("connect", "--url", url, "--yes", *more)
    assert done.code == FINE, done.said
    return done.said


def webhooks(terminal: Terminal) -> list[dict[str, object]]:
    return list(terminal.zendesk.api("GET", "webhooks")["webhooks"])


def triggers(terminal: Terminal) -> list[dict[str, object]]:
    return list(terminal.zendesk.api("GET", "triggers")["triggers"])


def writes(terminal: Terminal) -> list[str]:
    recent = terminal.zendesk.control("GET", "requests")["recent"]
    return [call["path"] for call in recent if call["method"] != "GET" and "oauth" not in call["path"]]


def test_the_plan_is_shown_first_and_nothing_is_done_without_consent(terminal: Terminal, url: str) -> None:
    done = terminal.ronda("connect", "--url", url, typed="n\n")

    assert done.code == FOUND
    assert (
        f"+ webhook 'Ronda'\n    endpoint: {url}/webhooks/zendesk\n    told by: 16 kinds of ticket events" in done.said
    )
    assert done.said.endswith("nothing was changed\n")
    assert webhooks(terminal) == []


def test_a_webhook_is_made_its_secret_kept_and_a_signed_delivery_seen(terminal: Terminal, url: str) -> None:
    said = connected(terminal, url)

    [webhook] = webhooks(terminal)
    assert webhook["endpoint"] == f"{url}/webhooks/zendesk"
    secret = terminal.zendesk.api("GET", f"webhooks/{webhook['id']}/signing_secret")["signing_secret"]["secret"]
    assert terminal.settings()["RONDA_WEBHOOK_SECRET"] == secret
    assert secret not in said
    assert "ok: Zendesk's test delivery arrived, signed with the webhook's secret" in said
    assert triggers(terminal) == []


def test_connecting_again_changes_nothing(terminal: Terminal, url: str) -> None:
    connected(terminal, url, "--kind", "trigger")
    before = (webhooks(terminal), triggers(terminal), terminal.env_file.stat().st_ino)
    terminal.zendesk.control("DELETE", "requests")

    assert "= webhook 'Ronda'" in connected(terminal, url, "--kind", "trigger")
    assert writes(terminal) == ["/api/v2/webhooks/test"]
    assert (webhooks(terminal), triggers(terminal), terminal.env_file.stat().st_ino) == before


def test_what_somebody_changed_is_put_right(terminal: Terminal, url: str) -> None:
    connected(terminal, url, "--kind", "trigger")
    [webhook], [trigger] = webhooks(terminal), triggers(terminal)
    terminal.zendesk.api("PATCH", f"webhooks/{webhook['id']}", {"webhook": {"status": "inactive"}})
    without_guard = {"all": [], "any": [{"field": "update_type", "operator": "is", "value": "Change"}]}
    terminal.zendesk.api("PUT", f"triggers/{trigger['id']}", {"trigger": {"conditions": without_guard}})

    said = connected(terminal, url, "--kind", "trigger")
    assert "    status: inactive -> active" in said
    assert "    conditions: put right" in said
    assert [each["status"] for each in webhooks(terminal)] == ["active"]
    assert triggers(terminal)[0]["conditions"] == trigger["conditions"]


def test_a_webhook_that_someone_deleted_is_made_anew(terminal: Terminal, url: str) -> None:
    connected(terminal, url)
    terminal.zendesk.api("DELETE", f"webhooks/{webhooks(terminal)[0]['id']}")

    assert "the one made before was deleted in Zendesk" in connected(terminal, url)
    assert len(webhooks(terminal)) == 1


def test_a_trigger_tells_of_people_and_not_of_ronda_itself(terminal: Terminal, url: str) -> None:
    connected(terminal, url, "--kind", "trigger")
    terminal.zendesk.control("POST", "switches", breaker_enabled=False, retry_delay=0)
    before = len(terminal.zendesk.control("GET", "deliveries")["deliveries"])
    number = terminal.zendesk.open(set={"group": "Suporte"})
    terminal.zendesk.api("PUT", f"tickets/{number}", {"ticket": {"priority": "high"}})

    after = terminal.zendesk.control("GET", "deliveries")["deliveries"]
    assert len(after) == before + 1


def test_another_kind_takes_the_place_of_the_webhook(terminal: Terminal, url: str) -> None:
    connected(terminal, url, "--kind", "trigger")
    said = connected(terminal, url, "--kind", "event")

    assert "its kind cannot be changed; a new one takes its place" in said
    assert triggers(terminal) == []
    assert len(webhooks(terminal)) == 1


def test_the_packs_fields_are_made_with_their_options(terminal: Terminal, url: str) -> None:
    terminal.account(*SECTORS)
    terminal.set_up("commerce")
    said = connected(terminal, url)

    assert "+ ticket field 'Stand-by reason'\n    a drop-down of applying-fix, waiting-merchant" in said
    fields = {each["title"]: each for each in terminal.zendesk.api("GET", "ticket_fields")["ticket_fields"]}
    values = [option["value"] for option in fields["Stand-by reason"]["custom_field_options"]]
    assert values[:2] == ["applying-fix", "waiting-merchant"]
    assert fields["Phone reason"]["type"] == "text"


def test_options_that_a_field_lacks_are_added_to_its_own(terminal: Terminal, url: str) -> None:
    standby = {"title": "Stand-by reason", "type": "tagger", "options": ["holiday", "propagation"]}
    terminal.account(*SECTORS, ticket_fields={"standby": standby})
    terminal.set_up("commerce")
    connected(terminal, url)

    fields = {each["title"]: each for each in terminal.zendesk.api("GET", "ticket_fields")["ticket_fields"]}
    values = [option["value"] for option in fields["Stand-by reason"]["custom_field_options"]]
    assert values[:3] == ["holiday", "propagation", "applying-fix"]
    assert len(values) == 7


def test_disconnect_takes_away_exactly_what_was_made(terminal: Terminal, url: str) -> None:
    terminal.account(*SECTORS)
    terminal.set_up("commerce")
    foreign = {"name": "theirs", "endpoint": "https://x.example", "http_method": "POST", "request_format": "json"}
    terminal.zendesk.api("POST", "webhooks", {"webhook": {**foreign, "status": "active"}})
    before = terminal.zendesk.api("GET", "ticket_fields")["ticket_fields"]
    connected(terminal, url, "--kind", "trigger")

    done = terminal.ronda("disconnect", "--yes")
    assert done.code == FINE, done.said
    assert [each["name"] for each in webhooks(terminal)] == ["theirs"]
    assert triggers(terminal) == []
    assert terminal.zendesk.api("GET", "ticket_fields")["ticket_fields"] == before
    assert not terminal.settings()["RONDA_WEBHOOK_SECRET"]
    assert list(terminal.folder.glob("*.connection")) == []


def test_what_was_made_is_found_again_when_nobody_remembers_it(terminal: Terminal, url: str) -> None:
    connected(terminal, url, "--kind", "trigger")
    for path in terminal.folder.glob("*.connection"):
        path.unlink()
    connected(terminal, url, "--kind", "trigger")

    assert terminal.ronda("disconnect", "--yes").code == FINE
    assert (webhooks(terminal), triggers(terminal)) == ([], [])


def test_disconnect_without_a_record_asks_nobody_and_touches_nothing(terminal: Terminal, url: str) -> None:
    connected(terminal, url)
    [record] = terminal.folder.glob("*.connection")
    record.unlink()
    before = terminal.settings()

    done = terminal.ronda("disconnect", "--yes")
    told = "no record of a connection in this folder (ronda.sqlite.connection); the account was not asked\n"
    assert (done.code, done.said) == (FOUND, f"{told}nothing was changed\n")
    assert (len(webhooks(terminal)), terminal.settings()) == (1, before)


def test_disconnect_with_the_record_of_another_account_says_so(terminal: Terminal, url: str) -> None:
    connected(terminal, url)
    terminal.environment["RONDA_ZENDESK_URL"] = "https://other.zendesk.com"

    done = terminal.ronda("disconnect", "--yes")
    assert done.code == FOUND
    assert "ronda.sqlite.connection: is no record of a connection with other.zendesk.com" in done.said


def test_disconnect_after_somebody_deleted_all_of_it_forgets_it(terminal: Terminal, url: str) -> None:
    connected(terminal, url)
    terminal.zendesk.api("DELETE", f"webhooks/{webhooks(terminal)[0]['id']}")

    done = terminal.ronda("disconnect", "--yes")
    assert (done.code, done.said) == (FINE, "nothing that `ronda connect` made is in the account\n")
    assert list(terminal.folder.glob("*.connection")) == []


def test_a_rotated_secret_is_kept_beside_the_old_one(terminal: Terminal, url: str) -> None:
    connected(terminal, url)
    old = terminal.settings()["RONDA_WEBHOOK_SECRET"]
    said = connected(terminal, url, "--rotate-secret")

    settings = terminal.settings()
    assert settings["RONDA_WEBHOOK_SECRET_OLD"] == old
    assert settings["RONDA_WEBHOOK_SECRET"] not in (old, None)
    assert "ok: Zendesk's test delivery arrived" in said


def test_plan_and_outcome_are_told_as_json(terminal: Terminal, url: str) -> None:
    done = terminal.ronda("connect", "--url", url, "--yes", "--json")
    told = json.loads(done.said[done.said.index("{\n") :])

    assert [change["sign"] for change in told["changes"]] == ["+"]
    assert (told["agreed"], told["trial"]["arrived"]) == (True, True)


# Bad input


def test_an_address_that_does_not_answer_is_named_with_what_to_do(terminal: Terminal, url: str) -> None:
    elsewhere = f"http://127.0.0.1:{free_port()}"
    done = terminal.ronda("connect", "--url", elsewhere, "--yes")

    assert done.code == FOUND
    assert f"WRONG: nothing answered Zendesk at {elsewhere}/webhooks/zendesk" in done.said
    assert "your proxy must pass POST /webhooks/zendesk on to http://127.0.0.1:" in done.said


@pytest.mark.parametrize("wrong", ["ronda.acme.example", "http://ronda.acme.example", "https://ronda.acme.example/x"])
def test_an_address_that_cannot_be_one_is_refused(terminal: Terminal, url: str, wrong: str) -> None:
    done = terminal.ronda("connect", "--url", wrong, "--yes")

    assert done.code == BAD_INPUT
    assert done.said.startswith(f"--url {wrong}: ")


def test_a_client_that_may_make_no_webhook_is_told_which_scope_is_missing(terminal: Terminal, url: str) -> None:
    terminal.account(oauth_clients=[{"id": "ronda", "secret": SECRET, "user": "ronda", "scopes": "read tickets:write"}])
    done = terminal.ronda("connect", "--url", url, "--yes")

    assert done.code == ACCOUNT
    assert "the token was granted without webhooks:write" in done.said
    assert webhooks(terminal) == []


def test_a_script_that_does_not_agree_is_told_how_to(terminal: Terminal, url: str) -> None:
    done = terminal.ronda("connect", "--url", url)

    assert done.code == BAD_INPUT
    assert "Do this in the account?: nobody answered; give --yes" in done.said
