"""`ronda init`: from nothing to `.env` and a pack that speaks the account's names."""

import os
import pty
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from config.env_file import set_values
from ronda.exits import ACCOUNT, BAD_INPUT, FINE, MACHINE
from ronda.packs import load_pack
from tests.ronda.running import DEADLINE, free_port, wait_until
from tests.ronda.setting_up import SECRET, SECTORS, Terminal


def flags(terminal: Terminal, client: str = "ronda") -> list[str]:
    """All answers of the account, given beforehand."""
    terminal.environment["RONDA_OAUTH_CLIENT_SECRET"] = SECRET
    return ["init", "--account", terminal.zendesk.url, "--client-id", client]


def test_somebody_who_answers_each_question_is_set_up(terminal: Terminal) -> None:
    typed = [terminal.zendesk.url, "ronda", SECRET, "1", "", "", "", ""]
    done = terminal.ronda("init", typed="\n".join(typed) + "\n")

    assert done.code == FINE, done.said
    assert "Admin Center > Apps and integrations > APIs > OAuth clients" in done.said
    assert "Asked for: read tickets:write; granted: read tickets:write." in done.said
    assert SECRET not in done.said
    settings = terminal.settings()
    assert (settings["RONDA_OAUTH_CLIENT_SECRET"], settings["RONDA_PACK"]) == (SECRET, "website.yaml")
    assert settings["RONDA_MODE"] == "audit"
    assert stat.S_IMODE(terminal.env_file.stat().st_mode) == 0o600


def test_the_pack_may_be_chosen_by_its_name(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal), typed="commerc\nOwn\n")

    assert done.code == FINE, done.said
    assert "a number from 1 to 3, or a name, please" in done.said
    assert terminal.settings()["RONDA_PACK"] == "own.yaml"


def test_everything_can_be_tried_without_a_zendesk(terminal: Terminal) -> None:
    port = free_port()
    emulator = subprocess.Popen(  # noqa: S603 # our own command
        [sys.executable, "-m", "ronda", "emulator", "--generate", "20", "--port", str(port), "--ready-file", "ready"],
        cwd=terminal.folder,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: (terminal.folder / "ready").exists(), "the emulator answers")
        terminal.environment["RONDA_OAUTH_CLIENT_SECRET"] = "demo-only"
        given = ["--account", f"http://127.0.0.1:{port}", "--client-id", "ronda", "--pack", "commerce"]
        done = terminal.ronda("init", *given)
        assert done.code == FINE, done.said
        audited = terminal.ronda("audit", "--since", "7d")
        assert audited.code == FINE, audited.said
    finally:
        emulator.terminate()
        emulator.wait(DEADLINE)


def test_the_pack_speaks_the_accounts_names_and_keeps_its_comments(terminal: Terminal) -> None:
    assert terminal.ronda(*flags(terminal), "--pack", "website", "--yes").code == FINE

    desk = load_pack("website.yaml").desk
    assert desk.groups == ("Website & Design",)
    assert desk.teams["website"].members == ("Jenyfer Lima", "Bryan Alves", "Robson Reis", "Erick", "Vitoria Prado")
    text = (terminal.folder / "website.yaml").read_text(encoding="utf-8")
    assert "tag: website # addresses a ticket to the desk" in text
    assert (terminal.folder / "website-handbook.md").is_file()
    assert terminal.ronda("check", "website.yaml").code == FINE


def test_a_name_given_beforehand_is_taken_instead_of_the_suggestion(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal), "--pack", "website", "--yes", "--name", "Bryan=paulo dias")

    assert done.code == FINE, done.said
    assert "Paulo Dias" in load_pack("website.yaml").desk.people


def test_a_second_run_asks_nothing_and_changes_nothing(terminal: Terminal) -> None:
    terminal.ronda(*flags(terminal), "--pack", "website", "--yes")
    terminal.environment.clear()
    before = {path: (path.stat().st_ino, path.read_bytes()) for path in terminal.folder.iterdir()}

    done = terminal.ronda("init")
    assert done.code == FINE, done.said
    assert ".env: is right as it is" in done.said
    assert {path: (path.stat().st_ino, path.read_bytes()) for path in terminal.folder.iterdir()} == before


def test_an_own_pack_begins_empty_and_loads(terminal: Terminal) -> None:
    assert terminal.ronda(*flags(terminal), "--pack", "own").code == FINE
    assert load_pack("own.yaml").rules == ()
    assert terminal.ronda("check", "own.yaml").code == FINE


def test_a_custom_field_that_is_missing_is_left_for_connect_to_make(terminal: Terminal) -> None:
    terminal.account(*SECTORS)
    done = terminal.ronda(*flags(terminal), "--pack", "commerce", "--yes")

    assert done.code == FINE, done.said
    assert "ticket field 'standby_reason': not in the account; `ronda connect` makes it" in done.said


def test_a_custom_field_of_another_title_is_found_by_its_id(terminal: Terminal) -> None:
    terminal.account(
        *SECTORS,
        ticket_fields={"why": {"id": 77, "title": "Reason (stand-by)", "type": "tagger", "options": ["propagation"]}},
    )
    done = terminal.ronda(*flags(terminal), "--pack", "commerce", "--yes")

    assert "ticket field 'standby_reason': is 'Reason (stand-by)' (id 77)" in done.said
    field = load_pack("commerce.yaml").desk.fields["standby_reason"]
    assert field is not None
    assert field.id == 77


# Bad input


def test_what_was_typed_wrong_is_asked_again(terminal: Terminal) -> None:
    typed = [terminal.zendesk.url, "ronda", "wrong", terminal.zendesk.url, "ronda", SECRET, "3"]
    done = terminal.ronda("init", typed="\n".join(typed) + "\n")

    assert done.code == FINE, done.said
    assert "Zendesk says no: no token for the OAuth client ronda: Zendesk answered 401 invalid_client" in done.said


def test_a_wrong_secret_that_was_kept_is_asked_again_at_a_terminal(terminal: Terminal) -> None:
    terminal.ronda(*flags(terminal), "--pack", "own")
    set_values(terminal.env_file, {"RONDA_OAUTH_CLIENT_SECRET": "mistyped"})

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "ronda", "init"],
        cwd=terminal.folder,
        env={"PATH": "/usr/bin:/bin"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        said = ""
        for question, answer in (("Your Zendesk", ""), ("Client identifier", ""), ("Client secret", SECRET)):
            while not re.search(rf"{question}[^\n]*: $", said):
                said += os.read(ours, 1024).decode()
            os.write(ours, f"{answer}\n".encode())
        with suppress(OSError):  # how a terminal ends
            while more := os.read(ours, 1024):
                said += more.decode()
        assert process.wait(DEADLINE) == FINE, said
    os.close(ours)
    assert f"[{terminal.zendesk.url}]: " in said
    assert "Client identifier [ronda]: " in said
    assert SECRET not in said
    assert terminal.settings()["RONDA_OAUTH_CLIENT_SECRET"] == SECRET


def test_a_wrong_secret_that_was_kept_ends_a_script(terminal: Terminal) -> None:
    terminal.ronda(*flags(terminal), "--pack", "own")
    terminal.environment["RONDA_OAUTH_CLIENT_SECRET"] = "mistyped"

    assert terminal.ronda("init").code == ACCOUNT


def test_a_script_that_answers_too_little_is_told_how_to(terminal: Terminal) -> None:
    done = terminal.ronda("init", "--account", terminal.zendesk.url, "--client-id", "ronda")

    assert done.code == BAD_INPUT
    assert "Client secret (not shown): nobody answered; give RONDA_OAUTH_CLIENT_SECRET" in done.said
    assert not terminal.env_file.exists()


def test_a_client_that_may_do_too_little_is_told_which_scope_is_missing(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal, "narrow"), "--pack", "own")

    assert done.code == ACCOUNT
    assert "the token was granted without tickets:write" in done.said
    assert not terminal.env_file.exists()


def test_a_user_that_is_no_admin_is_warned_about(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal, "clerk"), "--pack", "own")

    assert done.code == FINE
    assert "Warning: the user of these credentials (agent) is no unrestricted admin" in done.said


def test_a_token_that_was_deactivated_is_named(terminal: Terminal) -> None:
    terminal.environment["RONDA_API_TOKEN"] = "old"
    done = terminal.ronda("init", "--account", terminal.zendesk.url, "--email", "ronda@acme.example", "--pack", "own")

    assert done.code == ACCOUNT
    assert "as API tokens are after 30 days without use; make an OAuth client instead" in done.said


@contextmanager
def web_site(status: int, location: str) -> Iterator[str]:
    """What answers at a subdomain that is no account of anybody's."""

    class Site(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.send_response(status)
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Site) as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "location"), [(404, ""), (302, "https://www.zendesk.com/app/help-center-closed")])
def test_a_subdomain_without_an_account_is_named(terminal: Terminal, status: int, location: str) -> None:
    arguments = flags(terminal)
    with web_site(status, location) as url:
        done = terminal.ronda(*arguments, "--account", url, "--pack", "own")

    assert done.code == ACCOUNT
    assert "no Zendesk account answers at 127.0.0.1: is the subdomain right?" in done.said


def test_an_address_where_nothing_answers_is_named(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal), "--account", f"http://127.0.0.1:{free_port()}", "--pack", "own")

    assert done.code == ACCOUNT
    assert "127.0.0.1 cannot be reached" in done.said


def test_an_address_without_tls_is_refused(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal), "--account", "http://acme.zendesk.com", "--pack", "own")

    assert done.code == BAD_INPUT
    assert "RONDA_ZENDESK_URL: must begin with https://" in done.said


def test_a_group_that_two_groups_match_is_named_with_both_ids(terminal: Terminal) -> None:
    terminal.account({"name": "Design / Website", "id": 77}, {"name": "Design / Website", "id": 78})
    done = terminal.ronda(*flags(terminal), "--pack", "website", "--yes")

    assert done.code == ACCOUNT
    assert "group 'Design / Website': the account has 2 of this name (ids 77 and 78); rename one of them" in done.said


def test_two_people_of_one_name_are_told_apart_by_id(terminal: Terminal) -> None:
    made = terminal.zendesk.api(
        "POST", "users", {"user": {"name": "Erick", "role": "agent", "email": "e@acme.example"}}
    )
    number = made["user"]["id"]
    done = terminal.ronda(*flags(terminal), "--pack", "website", "--yes", "--name", f"Erick={number}")

    assert done.code == FINE, done.said
    erick = load_pack("website.yaml").desk.people["Erick"]
    assert erick is not None
    assert erick.id == number


def test_a_pack_that_is_not_shipped_is_named_with_the_nearest(terminal: Terminal) -> None:
    done = terminal.ronda(*flags(terminal), "--pack", "webiste")

    assert done.code == BAD_INPUT
    assert "there is no such pack; did you mean 'website'?" in done.said


def test_a_folder_that_cannot_be_written_is_named(terminal: Terminal) -> None:
    (terminal.folder / "file").write_text("")
    done = terminal.ronda(*flags(terminal), "--pack", "own", "--env-file", "file/.env")

    assert done.code == MACHINE
    assert "cannot be written (Not a directory); give this user the right to write" in done.said
