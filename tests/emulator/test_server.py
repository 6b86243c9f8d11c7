"""The emulator as a process: starting, stopping, keeping what it holds."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

import emulator
from emulator.__main__ import main
from tests.emulator.conftest import DESK

pytestmark = pytest.mark.process
AUTH = ("ana@loja.example/token", "old-token")


@contextmanager
def running(tmp_path: Path, *arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    desk = tmp_path / "desk.yaml"
    desk.write_text(DESK, encoding="utf-8")
    command = [sys.executable, "-m", "emulator", "--desk", str(desk), *arguments]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    process = subprocess.Popen(  # noqa: S603  (our own module)
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    )
    assert process.stdout is not None
    assert process.stderr is not None
    try:
        line = process.stdout.readline()
        assert line.startswith("emulator: http://127.0.0.1:"), process.stderr.read()
        yield line.removeprefix("emulator: ").strip(), process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()
        process.stderr.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_its_address_and_leaves_cleanly_on_a_signal(tmp_path: Path, number: signal.Signals) -> None:
    with running(tmp_path, "--ready-file", str(tmp_path / "ready")) as (url, process):
        assert (tmp_path / "ready").read_text() == f"{url}\n"
        assert httpx.get(f"{url}/api/v2/tickets", auth=AUTH).status_code == 200
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert process.stderr is not None
        assert process.stderr.read() == ""


def test_what_it_holds_is_still_there_after_it_was_killed(tmp_path: Path) -> None:
    data = str(tmp_path / "kept.sqlite")
    webhook = {"name": "w", "endpoint": "http://127.0.0.1:9/x", "http_method": "POST", "request_format": "json"}
    with running(tmp_path, "--data", data) as (url, process):
        with httpx.Client(base_url=url, auth=AUTH) as client:
            opened = {"by": "carla", "subject": "Oi", "description": "Olá", "set": {"fields": {"order": "7"}}}
            client.post("/emulator/act", json=opened).raise_for_status()
            client.post("/emulator/act", json={"by": "paulo", "ticket": 1, "note": "n", "attachments": ["a.png"]})
            client.post("/emulator/clock", json={"advance": 86_400})
            client.post("/emulator/switches", json={"search_lag": 3})
            client.post("/api/v2/webhooks", json={"webhook": webhook | {"status": "active"}}).raise_for_status()
            before = shown(client)
        process.send_signal(signal.SIGKILL)
        process.wait(timeout=10)

    with running(tmp_path, "--data", data) as (url, _), httpx.Client(base_url=url, auth=AUTH) as client:
        assert shown(client) == before
        assert client.get("/emulator/switches").json()["switches"]["search_lag"] == 3
        opened = client.post("/emulator/act", json={"by": "carla", "description": "Mais um"}).json()["ticket"]
        assert opened["id"] == 2
        assert opened["created_at"] > before["tickets"][0]["created_at"][:11]


def shown(client: httpx.Client) -> dict[str, Any]:
    """What can be seen of an account, without the addresses of this run."""
    paths = ("tickets", "tickets/1/audits", "tickets/1/comments", "users", "groups", "webhooks", "ticket_fields")
    answers = [client.get(f"/api/v2/{path}").json() for path in paths]
    text = json.dumps(dict(zip(paths, answers, strict=True))).replace(str(client.base_url).rstrip("/"), "")
    seen: dict[str, Any] = json.loads(text)
    return {"tickets": seen.pop("tickets")["tickets"]} | seen


def test_a_data_file_that_is_none_is_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "data.sqlite"
    data.write_bytes(b"not a database, but long enough to be looked at" * 50)

    assert main(["--data", str(data)]) == 2
    assert "not a database" in capsys.readouterr().err


def test_another_programs_database_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = tmp_path / "other.sqlite"
    with closing(sqlite3.connect(data)) as other:
        other.execute("CREATE TABLE mine (x)")
    before = data.read_bytes()

    assert main(["--data", str(data)]) == 2
    assert "no emulator's data file" in capsys.readouterr().err
    assert data.read_bytes() == before


def test_a_wrong_desk_is_exit_2_and_says_where(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = tmp_path / "desk.yaml"
    desk.write_text("groups: [A]\npeople:\n  x: {name: X, role: agnt}\n", encoding="utf-8")

    assert main(["--desk", str(desk)]) == 2
    assert f"{desk}:3:16: people.x.role" in capsys.readouterr().err


def test_a_taken_port_is_exit_2(capsys: pytest.CaptureFixture[str]) -> None:
    with emulator.serve() as served:
        assert main(["--port", served.url.rpartition(":")[2]]) == 2
    assert "cannot listen on 127.0.0.1" in capsys.readouterr().err
