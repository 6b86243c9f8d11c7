"""The service as a process: how it starts, why it does not, how it ends, and that nothing is lost when it is killed."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import uvicorn

from ronda import cli
from ronda.exits import ACCOUNT, BAD_INPUT, FINE, MACHINE
from tests.ronda.running import FIXTURES, Service, Zendesk, free_port, run, service_on, values_of, wait_until
from webhooks.signature import PUBLIC_TEST_SECRET

pytestmark = pytest.mark.process

Start = Callable[..., Service]


@pytest.fixture
def start(zendesk: Zendesk, tmp_path: Path) -> Iterator[Start]:
    """Start a service in this test's folder; it is stopped when the test ends."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(service_on(zendesk, tmp_path, **more))


def is_delivered(zendesk: Zendesk) -> bool:
    """Every delivery was answered with 200."""
    deliveries = zendesk.control("GET", "deliveries")
    statuses = [attempt["status"] for each in deliveries["deliveries"] for attempt in each["attempts"]]
    return bool(statuses) and not deliveries["pending"]


# Killed, stopped, started again


def test_a_service_that_is_killed_before_the_cure_cures_once_when_it_is_back(zendesk: Zendesk, start: Start) -> None:
    service = start()
    zendesk.fault(does="time-out-before", method="GET", path="/api/v2/tickets/*", seconds=60)
    number = zendesk.open_wrong()
    wait_until(lambda: is_delivered(zendesk), "the event is stored")
    service.stop(signal.SIGKILL)
    zendesk.control("DELETE", "faults")
    assert not zendesk.is_right(number)

    service.start()
    wait_until(lambda: zendesk.is_right(number), "the ticket is cured")
    assert len(zendesk.updates(number)) == 1


def test_a_service_that_is_killed_before_it_hears_of_its_note_writes_no_second_one(
    zendesk: Zendesk, start: Start
) -> None:
    service = start()
    zendesk.fault(does="time-out-after", method="PUT", seconds=60)
    number = zendesk.open_right(status="pending")
    wait_until(lambda: zendesk.notes(number), "the note is stored")
    service.stop(signal.SIGKILL)
    zendesk.control("DELETE", "faults")

    service.start()
    wait_until(lambda: service.looks(number), "the ticket is looked at again")
    assert len(zendesk.notes(number)) == 1


def test_a_service_that_is_told_to_stop_ends_its_looks(zendesk: Zendesk, start: Start) -> None:
    service = start()
    zendesk.fault(does="slow", method="GET", path="/api/v2/tickets/*", seconds=0.7)
    number = zendesk.open_wrong()
    wait_until(lambda: is_delivered(zendesk), "the event is stored")

    assert service.stop(signal.SIGTERM) == FINE
    assert zendesk.is_right(number)


def test_a_service_with_a_look_that_hangs_stops_within_ten_seconds_and_loses_nothing(
    zendesk: Zendesk, start: Start
) -> None:
    service = start()
    zendesk.fault(does="time-out-before", method="GET", path="/api/v2/tickets/*", seconds=60)
    number = zendesk.open_wrong()
    wait_until(lambda: is_delivered(zendesk), "the event is stored")
    told_at = time.monotonic()

    assert service.stop(signal.SIGTERM) == FINE
    assert time.monotonic() - told_at < 10
    zendesk.control("DELETE", "faults")
    service.start()
    wait_until(lambda: zendesk.is_right(number), "the ticket is cured")


def test_the_first_start_writes_nothing(zendesk: Zendesk, tmp_path: Path, start: Start) -> None:
    service = start(mode="")
    number = zendesk.open_wrong()
    wait_until(lambda: service.looks(number), "the ticket is looked at")

    assert " mode audit" in service.log.read_text()
    assert zendesk.updates(number) == []
    assert not zendesk.is_right(number)


# What /readyz tells


def test_readyz_tells_why_no_work_should_come(zendesk: Zendesk, start: Start) -> None:
    service = start()
    assert (service.get("/readyz").status_code, service.get("/healthz").status_code) == (200, 200)

    assert run("pause", "inventário", data=service.environment["RONDA_DATA"]).returncode == FINE
    paused = service.get("/readyz")
    assert (paused.status_code, paused.json()["reasons"]) == (503, ["paused: inventário (by ronda pause)"])
    zendesk.fault(does="answer", method="GET", path="/api/v2/tickets/*", status=403, times=1)
    number = zendesk.open_wrong()
    wait_until(lambda: is_delivered(zendesk), "what comes meanwhile is stored")
    assert service.looks(number) == []

    assert run("resume", data=service.environment["RONDA_DATA"]).returncode == FINE
    wait_until(lambda: "alarm" in service.get("/readyz").text, "the first look is denied")
    alarm = service.get("/readyz")
    assert (alarm.status_code, "forbidden (403)" in alarm.json()["reasons"][0]) == (503, True)

    wait_until(lambda: zendesk.is_right(number), "the next look works")
    wait_until(lambda: service.get("/readyz").status_code == 200, "the alarm is over")


# Why it does not start


@pytest.fixture
def refused(
    zendesk: Zendesk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str]]:
    """`ronda serve` with something wrong in its settings: the exit code and what it said. It must not start."""

    def serve(**wrong: object) -> tuple[int, str]:
        for name, value in {**values_of(zendesk, tmp_path), "port": 0, **wrong}.items():
            monkeypatch.setenv(f"RONDA_{name.upper()}", str(value))
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(cli, "configure_logging", lambda *_: None)
        monkeypatch.setattr(uvicorn.Server, "run", lambda *_: pytest.fail("it started"))
        code = cli.run_command(["serve"])
        said = capsys.readouterr()
        assert "ronda: " not in said.out
        return code, said.err

    return serve


Refused = Callable[..., tuple[int, str]]


def test_wrong_credentials_are_the_accounts_matter(refused: Refused) -> None:
    code, said = refused(oauth_client_secret="wrong")

    assert code == ACCOUNT
    assert said.startswith("no token for the OAuth client ronda")
    assert "wrong" not in said


def test_names_that_the_account_has_not_are_listed_with_the_nearest_right_ones(
    refused: Refused, tmp_path: Path
) -> None:
    pack = tmp_path / "pack.yaml"
    text = (FIXTURES / "desk.yaml").read_text(encoding="utf-8")
    pack.write_text(text.replace("Jenyfer Lima", "Jennifer Lima").replace("Vitória", "Fulana"), encoding="utf-8")
    code, said = refused(pack=pack)

    assert code == ACCOUNT
    assert "person 'Jennifer Lima': the account has none of this name; did you mean 'Jenyfer Lima'?" in said
    assert "person 'Fulana'" in said


def test_an_account_that_cannot_be_reached_is_named(refused: Refused) -> None:
    code, said = refused(zendesk_url=f"http://127.0.0.1:{free_port()}")

    assert code == ACCOUNT
    assert "127.0.0.1 cannot be reached" in said


def test_a_port_that_is_taken_is_named(refused: Refused) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = refused(port=port)

    assert code == MACHINE
    assert said == f"cannot listen on 127.0.0.1:{port}: Address already in use; set RONDA_PORT\n"


@pytest.mark.parametrize("secret", ["", PUBLIC_TEST_SECRET])
def test_a_signing_secret_that_is_missing_or_known_to_all_is_bad_input(refused: Refused, secret: str) -> None:
    code, said = refused(webhook_secret=secret)

    assert code == BAD_INPUT
    assert said.startswith("RONDA_WEBHOOK_SECRET: ")


def test_a_pack_with_a_mistake_is_bad_input(refused: Refused, tmp_path: Path) -> None:
    pack = tmp_path / "pack.yaml"
    text = (FIXTURES / "desk.yaml").read_text(encoding="utf-8")
    pack.write_text(text.replace("kind: stays_open", "kind: stay_open"), encoding="utf-8")
    code, said = refused(pack=pack)

    assert code == BAD_INPUT
    assert said.startswith(f"{pack}:15:")
    assert "stays_open" in said


def test_a_second_service_on_the_same_data_does_not_start(zendesk: Zendesk, tmp_path: Path, start: Start) -> None:
    service = start()
    done = run("serve", **values_of(zendesk, tmp_path), port=0)

    assert (done.returncode, done.stdout) == (MACHINE, "")
    assert "another service works on this file" in done.stderr
    assert f"pid {service.pid}" in done.stderr
    assert "Traceback" not in done.stderr
