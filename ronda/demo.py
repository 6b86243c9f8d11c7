"""`ronda demo`: an emulated Zendesk and the service as two real processes, tickets being opened, and their cures.

Everything goes the way it goes in an account: the webhook is registered through the API, deliveries are signed, the
service reads and updates over HTTP. Nothing is left behind: processes end, and the data lives in a temporary folder.
"""

import contextlib
import os
import shlex
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from ruamel.yaml import YAML

from config.settings import Settings
from enforcement.clock import SystemClock
from enforcement.ledger import Ledger
from enforcement.store import open_store
from integration.provision import register_webhook
from ronda.demo_table import Tickets, headings, print_rows
from ronda.exits import FINE, FOUND
from ronda.packs import load_pack
from ronda.wiring import gateway_of, wire_of

DEMO = Path(__file__).parent.parent / "config" / "demo"
START_WITHIN = 20.0  # seconds for a process to answer
SETTLE_WITHIN = 20.0  # seconds for the last cure
BETWEEN_TICKETS = 0.15


class DemoFailed(Exception):
    """One of the processes did not do what it should; the text says which, and what it said."""


@dataclass(frozen=True)
class Running:
    """The two processes' addresses, and where the service writes down what it does."""

    zendesk: str
    service: str
    data: Path
    settings: Settings


@contextlib.contextmanager
def running(folder: Path) -> Iterator[Running]:
    """Start the emulator and the service on free loopback ports; end both, whatever happens."""
    with contextlib.ExitStack() as ending:
        emulator = ending.enter_context(
            _process("emulator", folder, ["emulator", "--desk", str(DEMO / "desk.yaml"), "--port", "0"], {})
        )
        zendesk = emulator.line_after("emulator: ")
        port = _free_port()
        service_url = f"http://127.0.0.1:{port}"
        settings = _settings(zendesk, folder / "ronda.sqlite")
        secret = _registered(settings, f"{service_url}/webhooks/zendesk")
        environment = {
            "RONDA_ZENDESK_URL": zendesk,
            "RONDA_OAUTH_CLIENT_ID": "ronda",
            "RONDA_OAUTH_CLIENT_SECRET": "demo-only",
            "RONDA_WEBHOOK_SECRET": secret,
            "RONDA_MODE": "enforce",
            "RONDA_PORT": str(port),
            "RONDA_DATA": str(folder / "ronda.sqlite"),
            "RONDA_LOG_LEVEL": "warning",
        }
        service = ending.enter_context(_process("service", folder, ["serve"], environment))
        service.line_after("ronda: ")
        yield Running(zendesk, service_url, folder / "ronda.sqlite", settings)


def run_demo(*, keep: bool, say: Console) -> int:
    """Open the tickets, show what becomes of them, count. 0 if everything violated was cured, else 1.

    Raises DemoFailed.
    """
    pack = load_pack("website")
    with (
        tempfile.TemporaryDirectory(prefix="ronda-demo-") as folder,
        running(Path(folder)) as here,
        closing(gateway_of(here.settings, pack, SystemClock())) as gateway,
        closing(Ledger.open(open_store(here.data))) as ledger,
    ):
        say.print(
            f"Zendesk, emulated  {here.zendesk}\nRonda              {here.service}, pack {pack.name}, enforcing\n"
        )
        tickets = Tickets(gateway, ledger, pack)
        say.print(headings())
        opened, cured, left = _play(here, tickets, say)
        say.print(f"\ndemo: opened {opened}, violations {cured + left}, cured {cured}, left {left}", highlight=False)
        if keep:
            _keep(here, tickets, say)
        return FOUND if left else FINE


def _play(here: Running, tickets: Tickets, say: Console) -> tuple[int, int, int]:
    """Tell the stories, one ticket each, and show each ticket once it is settled; how many were opened, violations
    cured, and left when time was up."""
    stories: list[list[dict[str, Any]]] = YAML(typ="safe").load(DEMO / "stories.yaml")
    waiting: list[int] = []
    cured = 0

    def show_settled() -> int:
        rows = []
        for number in [number for number in waiting if tickets.is_settled(number)]:
            waiting.remove(number)
            rows += (mine := tickets.cured(number))
            print_rows(say, number, mine)
        return len(rows)

    with httpx.Client(base_url=here.zendesk, trust_env=False) as zendesk:
        for story in stories:
            waiting.append(_tell(zendesk, story))
            time.sleep(BETWEEN_TICKETS)
            cured += show_settled()
        deadline = time.monotonic() + SETTLE_WITHIN
        while waiting and time.monotonic() < deadline:
            time.sleep(0.1)
            cured += show_settled()
    left = {number: tickets.left(number) for number in waiting}
    for number, rows in left.items():
        print_rows(say, number, rows)
    return len(stories), cured, sum(map(len, left.values()))


def _tell(zendesk: httpx.Client, story: list[dict[str, Any]]) -> int:
    """One ticket's life; its number."""
    ticket: dict[str, Any] = {}
    for act in story:
        done = zendesk.post("/emulator/act", json={**act, **ticket})
        if done.status_code != httpx.codes.OK:
            raise DemoFailed(f"the emulator did not take a story: {done.text}")
        ticket = {"ticket": done.json()["ticket"]["id"]}
    return int(ticket["ticket"])


def _keep(here: Running, tickets: Tickets, say: Console) -> None:
    """Show what else is cured, until Ctrl-C."""
    act = '{"by": "paulo", "ticket": 1, "set": {"status": "pending"}}'
    for line in (
        "\nBoth go on. Break a ticket in another terminal, and see here how it is put right:\n",
        f"  curl -s -o /dev/null -d '{act}' \\",
        f"    {here.zendesk}/emulator/act\n",
        f"Is it well?  curl {here.service}/readyz",
        f"How is it?   RONDA_DATA={here.data} {_ronda()} status",
        "Ctrl-C ends both.\n",
    ):
        say.print(line, soft_wrap=True, highlight=False, markup=False)
    since = SystemClock().now()
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(0.1)
            recent = {action.ticket_id for action in tickets.ledger.recent_actions(since=since)}
            for number in sorted(recent):
                if tickets.is_settled(number) and (rows := tickets.cured(number)):
                    print_rows(say, number, rows)


def _ronda() -> str:
    """The command as a shell finds it, wherever it is called from."""
    return shlex.quote(str(Path(sys.executable).with_name("ronda")))


def _settings(zendesk: str, data: Path) -> Settings:
    return Settings(
        zendesk_url=zendesk,
        oauth_client_id="ronda",
        oauth_client_secret="demo-only",  # noqa: S106 # the demo desk's own, in the clear
        data=data,
    )


def _registered(settings: Settings, endpoint: str) -> str:
    """Register the webhook through the API; its signing secret."""
    setup = settings.model_copy(update={"oauth_scope": "read webhooks:write"})  # more than the service itself needs
    with wire_of(setup, SystemClock()) as wire:
        return register_webhook(wire, "Ronda", endpoint).secret


class _Process:
    def __init__(self, name: str, process: subprocess.Popen[str], log: Path) -> None:
        self._name = name
        self._process = process
        self._log = log

    def line_after(self, start: str) -> str:
        """The first word after ``start`` on the line that says the process answers."""
        deadline = time.monotonic() + START_WITHIN
        while time.monotonic() < deadline:
            for line in self._log.read_text(encoding="utf-8").splitlines():
                if line.startswith(start):
                    return line.removeprefix(start).split()[0]
            if self._process.poll() is not None:
                break
            time.sleep(0.02)
        raise DemoFailed(f"the {self._name} did not start:\n{self._log.read_text(encoding='utf-8')}")


@contextlib.contextmanager
def _process(name: str, folder: Path, arguments: list[str], environment: dict[str, str]) -> Iterator[_Process]:
    log = folder / f"{name}.log"
    with log.open("w", encoding="utf-8") as output:
        process = subprocess.Popen(  # noqa: S603 # our own command, with arguments from here
            [sys.executable, "-m", "ronda", *arguments],
            stdout=output,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
            start_new_session=True,  # Ctrl-C is for the demo, which ends its processes in order
            env={**{key: value for key, value in os.environ.items() if not key.startswith("RONDA_")}, **environment},
        )
    try:
        yield _Process(name, process, log)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
