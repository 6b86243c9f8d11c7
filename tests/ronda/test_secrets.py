"""Secrets: kept in `.env` alone, and while one is rotated the old one is accepted too."""

import base64
import hashlib
import hmac
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import psutil
import pytest

from ronda.exits import FINE, MACHINE
from tests.ronda.running import Service, environment_of, free_port, wait_until
from tests.ronda.setting_up import SECRET, Terminal

pytestmark = pytest.mark.process


@pytest.fixture
def connected(terminal: Terminal) -> Terminal:
    terminal.environment["RONDA_PORT"] = str(free_port())
    terminal.set_up("website")
    terminal.environment.pop("RONDA_OAUTH_CLIENT_SECRET")
    done = terminal.ronda("connect", "--url", f"http://127.0.0.1:{terminal.environment['RONDA_PORT']}", "--yes")
    assert done.code == FINE, done.said
    return terminal


@pytest.fixture
def service(connected: Terminal) -> Iterator[Service]:
    """A service that finds everything in `.env`, and logs all it can."""
    settings: dict[str, object] = {"port": connected.environment["RONDA_PORT"], "log_level": "debug"}
    service = Service(connected.folder, {**environment_of(settings), "RONDA_DATA": "ronda.sqlite"})
    yield service
    service.stop()


def deliver(service: Service, secret: str, number: int) -> int:
    """Send a delivery signed with this secret; the answer's status."""
    body = b'{"ticket_id": "%d"}' % number
    stamp = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hmac.digest(secret.encode(), stamp.encode() + body, hashlib.sha256)
    headers = {
        "X-Zendesk-Webhook-Signature": base64.b64encode(digest).decode(),
        "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        "X-Zendesk-Webhook-Invocation-Id": f"by-hand-{secret[:4]}-{number}",
    }
    return httpx.post(f"{service.url}/webhooks/zendesk", content=body, headers=headers, trust_env=False).status_code


def test_no_secret_leaves_the_settings(connected: Terminal, service: Service) -> None:
    url = f"http://127.0.0.1:{connected.environment['RONDA_PORT']}"
    said = connected.ronda("connect", "--url", url, "--yes", "--rotate-secret", "--json").said
    service.start()
    [process] = [each for each in psutil.process_iter() if each.pid == service.pid]
    command_line = " ".join(process.cmdline())
    number = connected.zendesk.open(set={"group": "Suporte", "tags": ["website"]})
    wait_until(lambda: service.looks(number), "the ticket is looked at")
    assert deliver(service, "forged", number) == 401
    said += connected.ronda("doctor").said + connected.ronda("status").said
    assert service.stop() == FINE

    settings = connected.settings()
    secrets = {SECRET, settings["RONDA_WEBHOOK_SECRET"], settings["RONDA_WEBHOOK_SECRET_OLD"]}
    assert len(secrets) == 3
    kept = {path.name: path.read_bytes() for path in connected.folder.iterdir() if path.name != ".env"}
    assert {"service.log", "ronda.sqlite", "ronda.sqlite.connection"} <= kept.keys()
    for secret in secrets:
        assert secret
        assert secret not in said
        assert secret not in command_line
        assert [name for name, content in kept.items() if secret.encode() in content] == []


def test_a_wrong_secret_is_not_repeated_by_what_fails(connected: Terminal) -> None:
    connected.environment["RONDA_OAUTH_CLIENT_SECRET"] = "mistyped-secret"
    for command in (["doctor"], ["connect", "--url", "http://127.0.0.1:9", "--yes"], ["disconnect", "--yes"]):
        done = connected.ronda(*command)
        assert done.code != FINE
        assert "mistyped-secret" not in done.said


def test_while_a_secret_is_rotated_both_are_accepted(connected: Terminal, service: Service) -> None:
    old = connected.settings()["RONDA_WEBHOOK_SECRET"]
    url = f"http://127.0.0.1:{connected.environment['RONDA_PORT']}"
    assert connected.ronda("connect", "--url", url, "--yes", "--rotate-secret").code == FINE
    new = connected.settings()["RONDA_WEBHOOK_SECRET"]
    service.start()

    assert old
    assert new
    assert new != old
    assert [deliver(service, secret, 7) for secret in (new, old, "another")] == [200, 200, 401]


def test_a_service_that_still_knows_the_old_secret_alone_is_told_to_restart(
    connected: Terminal, service: Service
) -> None:
    service.start()
    url = f"http://127.0.0.1:{connected.environment['RONDA_PORT']}"
    done = connected.ronda("connect", "--url", url, "--yes", "--rotate-secret")

    assert "the service that runs here knows another signing secret: restart it" in done.said
    service.stop()
    service.start()
    assert "ok: Zendesk's test delivery arrived" in connected.ronda("connect", "--url", url, "--yes").said


def can_mount() -> bool:
    """Whether this machine lets a process have a file system of its own."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return False
    return subprocess.run([unshare, "-rm", "true"], check=False, capture_output=True).returncode == 0  # noqa: S603


@pytest.mark.skipif(not can_mount(), reason="no file system of its own for a process here")
@pytest.mark.parametrize("command", ["init --account {url} --client-id ronda --pack own", "serve"])
def test_a_read_only_disk_is_named_with_what_to_do(terminal: Terminal, tmp_path: Path, command: str) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    settings = {
        "zendesk_url": terminal.zendesk.url,
        "oauth_client_id": "ronda",
        "oauth_client_secret": SECRET,
        "webhook_secret": "an invented one",
        "pack": str(Path(__file__).parents[2] / "config" / "templates" / "own.yaml"),
    }
    if command.startswith("init"):
        del settings["pack"]
    arguments = command.format(url=terminal.zendesk.url)
    script = f'mount -t tmpfs -o ro tmpfs "{disk}" && cd "{disk}" && exec "{sys.executable}" -m ronda {arguments}'
    done = subprocess.run(  # noqa: S603 # our own command
        [str(shutil.which("unshare")), "-rm", "sh", "-c", script],
        env=environment_of(dict(settings)),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert done.returncode == MACHINE, done.stderr
    assert "Traceback" not in done.stderr
    assert str(disk) in done.stderr or "own-handbook.md" in done.stderr
    assert "right" in done.stderr or "disk" in done.stderr
