"""An emulated Zendesk and Ronda on it: as real processes over HTTP, or in this process, look by look."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx

import emulator
from config.settings import Settings
from enforcement.clock import SystemClock
from enforcement.ledger import Ledger
from enforcement.ledger_rows import LookRow
from enforcement.store import open_store
from integration.provision import register_webhook
from ronda.wiring import Parts, wire_of

FIXTURES = Path(__file__).parent / "fixtures"
DESK = (Path(__file__).parents[2] / "config" / "demo" / "desk.yaml").read_text(encoding="utf-8")
WEBSITE = "Design / Website"
DEADLINE = 30.0  # seconds for a process to do what it is about to do


def wait_until(holds: Callable[[], object], what: str, deadline: float = DEADLINE) -> None:
    """Poll until it holds; fail after ``deadline`` seconds."""
    until = time.monotonic() + deadline
    while not holds():
        assert time.monotonic() < until, f"waited {deadline:g} s in vain: {what}"
        time.sleep(0.02)


class Zendesk:
    """The emulator as the people of the desk and the test see it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._http = httpx.Client(base_url=url, timeout=10, trust_env=False)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self._http.close()

    def control(self, method: str, path: str, /, **document: Any) -> Any:
        answer = self._http.request(method, f"/emulator/{path}", json=document or None)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def api(self, method: str, path: str, document: object = None) -> Any:
        """A call to the API by the desk's admin."""
        if "ronda" not in self._tokens:
            self._tokens["ronda"] = self.control("POST", "tokens", user="ronda")["access_token"]
        headers = {"Authorization": f"Bearer {self._tokens['ronda']}"}
        answer = self._http.request(method, f"/api/v2/{path}", json=document, headers=headers)
        assert answer.is_success, answer.text
        return answer.json() if answer.content else None

    def begin_anew(self, desk: dict[str, Any]) -> None:
        """With another desk than before."""
        self.control("POST", "reset", **desk)
        self._tokens.clear()

    def reset(self) -> None:
        self.control("POST", "reset")
        self.control("DELETE", "faults")
        self._tokens.clear()

    def act(self, ticket: int, by: str = "paulo", **what: Any) -> None:
        self.control("POST", "act", by=by, ticket=ticket, **what)

    def open(self, by: str = "paulo", **what: Any) -> int:
        """Open a ticket for Carla; what is said last counts."""
        said = {"requester": "carla", "subject": "Banner", "description": "O banner não aparece."} | what
        return int(self.control("POST", "act", by=by, **said)["ticket"]["id"])

    def open_right(self, **what: Any) -> int:
        return self.open(set={"group": WEBSITE, "assignee": "Jenyfer Lima"} | what)

    def open_wrong(self, *tags: str) -> int:
        return self.open(set={"group": "Suporte", "tags": ["website", *tags]})

    def ticket(self, number: int) -> dict[str, Any]:
        """The ticket, with its group and assignee by name."""
        found = self.api("GET", f"tickets/{number}?include=users,groups")
        names = {each["id"]: each["name"] for each in [*found["users"], *found["groups"]]}
        ticket: dict[str, Any] = found["ticket"]
        return ticket | {"group": names.get(ticket["group_id"]), "assignee": names.get(ticket["assignee_id"])}

    def is_right(self, number: int) -> bool:
        ticket = self.ticket(number)
        return bool(ticket["group"] == WEBSITE and ticket["assignee"])

    def updates(self, number: int) -> list[dict[str, Any]]:
        """The audits that Ronda made on a ticket."""
        audits = self.api("GET", f"tickets/{number}/audits")["audits"]
        return [audit for audit in audits if "ronda" in audit["metadata"]["custom"]]

    def notes(self, number: int) -> list[dict[str, Any]]:
        """Ronda's comments on a ticket."""
        events = (event for audit in self.updates(number) for event in audit["events"])
        return [event for event in events if event["type"] == "Comment"]

    def spend(self, token: str, calls: int) -> None:
        """Use up so much of the account's limit."""
        for _ in range(calls):
            self._http.get("/api/v2/groups", headers={"Authorization": f"Bearer {token}"})

    def fault(self, **fault: Any) -> None:
        self.control("POST", "faults", **fault)

    def calls(self, number: int) -> list[str]:
        """What Ronda asked about a ticket since the traffic was reset, such as ``GET tickets/7/audits``."""
        recent = self.control("GET", "requests")["recent"]
        paths = ((call["method"], call["path"].removeprefix("/api/v2/").removesuffix(".json")) for call in recent)
        mine = (f"tickets/{number}", f"tickets/{number}/audits")
        return [f"{method} {path}" for method, path in paths if path in mine]

    def undo_by_trigger(self, tag: str) -> None:
        """A trigger that moves each ticket with this tag back to the general support."""
        groups = {group["name"]: group["id"] for group in self.api("GET", "groups")["groups"]}
        conditions = [
            {"field": "current_tags", "operator": "includes", "value": tag},
            {"field": "group_id", "operator": "is", "value": str(groups[WEBSITE])},
        ]
        trigger = {
            "title": "undo",
            "conditions": {"all": conditions, "any": []},
            "actions": [{"field": "group_id", "value": str(groups["Suporte"])}],
        }
        self.api("POST", "triggers", {"trigger": trigger})


@contextmanager
def emulated(desk: str = DESK) -> Iterator[Zendesk]:
    """An emulated Zendesk, with the demo's desk if no other is given, in a thread of this process."""
    with emulator.serve(desk) as served, closing(Zendesk(served.url)) as zendesk:
        yield zendesk


def values_of(zendesk: Zendesk, folder: Path) -> dict[str, Any]:
    """Settings of a Ronda that enforces the small desk's rules on this Zendesk."""
    return {
        "zendesk_url": zendesk.url,
        "oauth_client_id": "ronda",
        "oauth_client_secret": "demo-only",
        "webhook_secret": "an invented secret",
        "pack": str(FIXTURES / "desk.yaml"),
        "mode": "enforce",
        "data": folder / "ronda.sqlite",
    }


def settings_of(zendesk: Zendesk, folder: Path, **more: Any) -> Settings:
    return Settings(_env_file=None, **{**values_of(zendesk, folder), **more})


class Stepped:
    """A Ronda in this process, on the emulator's clock, which stands still: each look is a step of the test."""

    def __init__(self, zendesk: Zendesk, parts: Parts) -> None:
        self.zendesk = zendesk
        self.parts = parts

    def look(self, ticket: int) -> None:
        """Three seconds pass, an event comes, and all that is due is looked at."""
        self.pass_time(3)
        self.parts.agenda.ask(ticket, self.parts.clock.now(), "event")
        while self.parts.workers.run_one():
            pass

    def pass_time(self, seconds: float) -> None:
        self.zendesk.control("POST", "clock", advance=seconds)


class Service:
    """`ronda serve` as a process; it may be stopped, killed and started again on the same data."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.folder = folder
        self.environment = environment
        self.url = f"http://127.0.0.1:{environment['RONDA_PORT']}"
        self.log = folder / "service.log"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> "Service":
        with self.log.open("ab") as log:
            begin = log.tell()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "ronda", "serve"],
                stdout=log,
                stderr=subprocess.STDOUT,
                cwd=self.folder,
                env=self.environment,
            )
        process = self._process
        wait_until(lambda: self._has_said(begin, "ronda: ") or process.poll() is not None, "the service starts")
        assert process.poll() is None, self.log.read_text()
        return self

    def _has_said(self, begin: int, text: str) -> bool:
        return any(line.startswith(text) for line in self.log.read_bytes()[begin:].decode().splitlines())

    def stop(self, how: signal.Signals = signal.SIGTERM) -> int:
        """Send the signal and wait for the end; the exit code. Harmless where nothing runs."""
        if self._process is None:
            return 0
        self._process.send_signal(how)
        try:
            return self._process.wait(DEADLINE)
        finally:
            self._process.kill()
            self._process.wait()
            self._process = None

    def looks(self, ticket: int) -> list[LookRow]:
        """What the ledger tells of a ticket, latest first."""
        with closing(Ledger.open(open_store(Path(self.environment["RONDA_DATA"])))) as ledger:
            return ledger.looks(ticket)

    def get(self, path: str) -> httpx.Response:
        return httpx.get(self.url + path, trust_env=False)


def environment_of(settings: dict[str, object]) -> dict[str, str]:
    """A clean environment with these settings. Warnings are errors, in the service too."""
    inherited = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    values = {f"RONDA_{name.upper()}": str(value) for name, value in settings.items()}
    return {**inherited, "PYTHONWARNINGS": "error", **values}


@contextmanager
def service_on(zendesk: Zendesk, folder: Path, **more: object) -> Iterator[Service]:
    """A running service with its webhook registered through the API."""
    port = free_port()
    setup = settings_of(zendesk, folder, oauth_scope="read webhooks:write")
    with wire_of(setup, SystemClock()) as wire:
        secret = register_webhook(wire, "Ronda", f"http://127.0.0.1:{port}/webhooks/zendesk").secret
    settings = values_of(zendesk, folder) | {"webhook_secret": secret, "port": port} | more
    service = Service(folder, environment_of(settings))
    try:
        yield service.start()
    finally:
        service.stop()


def run(*arguments: str, **settings: object) -> subprocess.CompletedProcess[str]:
    """Run a command of Ronda's to its end."""
    return subprocess.run(  # noqa: S603 # our own command
        [sys.executable, "-m", "ronda", *arguments],
        capture_output=True,
        text=True,
        timeout=DEADLINE * 2,
        check=False,
        env=environment_of(settings),
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
