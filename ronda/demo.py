"""`ronda demo`: an emulated Zendesk and the service as two real processes, tickets being opened, and their cures.

Everything goes the way it goes in an account: the webhook is registered through the API, deliveries are signed, the
service reads and updates over HTTP. Nothing is left behind: processes end, and the data lives in a temporary folder.
"""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from rich.console import Console
from rich.live import Live
from rich.table import Table
from ruamel.yaml import YAML

from config.settings import Settings
from enforcement.clock import SystemClock
from enforcement.ledger import Ledger
from enforcement.ledger_rows import ActionRow, LookRow, VerdictRow, Word
from enforcement.store import open_store
from integration.provision import register_webhook
from integration.zendesk import ZendeskGateway
from ronda.packs import load_pack
from ronda.wiring import gateway_of, wire_of
from rules.judge import judge
from rules.pack import Pack
from rules.snapshot import Snapshot

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
    with tempfile.TemporaryDirectory(prefix="ronda-demo-") as folder, running(Path(folder)) as here:
        say.print(f"Zendesk (emulated) {here.zendesk}   Ronda {here.service}   pack {pack.name}, mode enforce\n")
        ledger = Ledger.open(open_store(here.data))
        try:
            tickets = _play(here, ledger, pack, say)
            rows = _rows(ledger, tickets, pack)
        finally:
            ledger.close()
        left = _left(here, tickets, pack)
        cured = len(rows)
        if keep:
            _keep(here, tickets, say)
        say.print(f"demo: opened {len(tickets)}, violations {cured + left}, cured {cured}, left {left}")
        return 1 if left else 0


def _play(here: Running, ledger: Ledger, pack: Pack, say: Console) -> list[int]:
    stories: list[list[dict[str, Any]]] = YAML(typ="safe").load(DEMO / "stories.yaml")
    tickets: list[int] = []
    with (
        httpx.Client(base_url=here.zendesk, trust_env=False) as zendesk,
        Live(console=say, refresh_per_second=8, vertical_overflow="visible") as live,
    ):
        for story in stories:
            number: int | None = None
            for act in story:
                done = zendesk.post("/emulator/act", json=act if number is None else {**act, "ticket": number})
                if done.status_code != 200:
                    raise DemoFailed(f"the emulator did not take a story: {done.text}")
                number = done.json()["ticket"]["id"]
            assert number is not None  # noqa: S101 # no story is empty
            tickets.append(number)
            time.sleep(BETWEEN_TICKETS)
            live.update(_table(ledger, tickets, pack))
        deadline = time.monotonic() + SETTLE_WITHIN
        while not _all_looked_at(ledger, tickets, zendesk) and time.monotonic() < deadline:
            time.sleep(0.1)
            live.update(_table(ledger, tickets, pack))
        live.update(_table(ledger, tickets, pack))
    return tickets


def _all_looked_at(ledger: Ledger, tickets: list[int], zendesk: httpx.Client) -> bool:
    """Every ticket was judged and nothing of it stands violated, and no delivery is on its way."""
    verdicts = [ledger.verdicts(number) for number in tickets]
    quiet = zendesk.get("/emulator/idle", params={"timeout": 1}).json()["pending"] == 0
    return quiet and all(found and not _violated(found) for found in verdicts)


def _violated(verdicts: list[VerdictRow]) -> bool:
    return any(verdict.word is Word.VIOLATES for verdict in verdicts)


@dataclass(frozen=True)
class Row:
    """One cured violation: a rule on a ticket, the fields it changed, and how long it took."""

    ticket: int
    rule: str
    wrong: str
    cites: str
    change: str
    milliseconds: float


CURED_FIELDS = {"default_group": "group", "default_analyst": "assignee", "stays_open": "status"}


def _rows(ledger: Ledger, tickets: list[int], pack: Pack) -> list[Row]:
    rows = []
    for number in tickets:
        looks = ledger.looks(number)
        for action in reversed(ledger.actions(number)):
            for rule_id in action.rules:
                rule = pack.rule(rule_id)
                if CURED_FIELDS.get(rule.kind) == action.field:
                    title = pack.messages.text(f"title.{rule.kind}", pack.desk.language, {})
                    change = f"{action.field}: {action.before or '–'} → {action.after or '–'}"
                    rows.append(Row(number, rule_id, title, rule.cites, change, _milliseconds(action, looks)))
    return rows


def _milliseconds(action: ActionRow, looks: list[LookRow]) -> float:
    """From the event's commit to the update's answer."""
    look = next(look for look in looks if look.at <= action.at)
    return (action.at - (look.due or look.at)).total_seconds() * 1000


def _table(ledger: Ledger, tickets: list[int], pack: Pack) -> Table:
    table = Table(title="Tickets", title_justify="left")
    for heading in ("ticket", "rule", "what the handbook says", "§", "before → after", "ms"):
        table.add_column(heading, justify="right" if heading in ("ticket", "ms") else "left", overflow="fold")
    rows = _rows(ledger, tickets, pack)
    for number in tickets:
        mine = [row for row in rows if row.ticket == number]
        for row in mine:
            table.add_row(str(number), row.rule, row.wrong, row.cites, row.change, f"{row.milliseconds:.0f}")
        if not mine:
            verdicts = ledger.verdicts(number)
            state = "…" if not verdicts else "violated" if _violated(verdicts) else "[green]complies[/green]"
            table.add_row(str(number), "", state, "", "", "")
    return table


def _left(here: Running, tickets: list[int], pack: Pack) -> int:
    """What is violated now, judged anew from the account: not what the service says of itself."""
    gateway = gateway_of(here.settings, pack, SystemClock())
    try:
        gateway.check()
        return sum(len(judge(pack.rules, _seen(gateway, number, pack)).violations) for number in tickets)
    finally:
        gateway.close()


def _seen(gateway: ZendeskGateway, number: int, pack: Pack) -> Snapshot:
    seen = gateway.fetch(number, pack.needs)
    assert isinstance(seen, Snapshot)  # noqa: S101 # no digest was given
    return seen


def _keep(here: Running, tickets: list[int], say: Console) -> None:
    act = f'{{"by": "paulo", "ticket": {tickets[0]}, "set": {{"group": "Design / Website", "status": "pending"}}}}'
    say.print(f"\nZendesk {here.zendesk}    Ronda {here.service}/readyz\nBreak a ticket by hand:")
    say.print(f"  curl -s {here.zendesk}/emulator/act -d '{act}'", soft_wrap=True, highlight=False)
    say.print("See what became of it:")
    say.print(f"  curl -s -u 'x' {here.zendesk}/emulator/deliveries", soft_wrap=True, highlight=False)
    say.print("Ctrl-C ends both.")
    with contextlib.suppress(KeyboardInterrupt):
        signal.pause()


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
