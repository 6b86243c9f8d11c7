"""The 48-hour promise: how late on an idle service, a thousand due in one minute, and what 100,000 timers cost.

The emulator's clock is set to shortly before the promises fall due. For lateness it then runs as the wall's does. For
the thousand it stands still, and only waiting for the rate limit moves it: what is told is its time, not ours.
"""

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

import emulator
from benchmarks.figures import Aim, Figure, percentile
from benchmarks.places import ROOT, working_folder
from config.settings import Settings
from enforcement.clock import SystemClock
from enforcement.embedded import EmbeddedAgenda
from enforcement.promises import KeptSoFar, due_of, forecast, kept_so_far
from ronda.emulated_clock import EmulatedClock
from ronda.wiring import Parts, parts_of

DESK = (ROOT / "config" / "demo" / "desk.yaml").read_text(encoding="utf-8")
PACK = ROOT / "benchmarks" / "packs" / "stand-by.yaml"
BEGIN = datetime(2027, 3, 1, 12, tzinfo=UTC)
PERIOD = timedelta(hours=48)
UPDATES_A_MINUTE = 300 * 0.75  # the desk's plan with high volume, less the people's share
WITHIN = 300.0  # real seconds for what is due to be sent
MOVED = 200  # timers that are added, moved and cancelled one by one


def measure(*, idle: int = 40, at_once: int = 1000, timers: int = 100_000) -> Iterator[Figure]:
    """``idle`` promises that fall due one a second, ``at_once`` in one minute, ``timers`` on an agenda."""
    yield from _lateness(idle)
    yield from _one_minute(at_once)
    yield from _timers(timers)


@dataclass(frozen=True)
class Waiting:
    """A desk whose tickets wait, and a service that has seen them all."""

    parts: Parts
    zendesk: httpx.Client

    def set_clock(self, at: datetime, *, running: bool) -> None:
        self.zendesk.post("/emulator/clock", json={"at": at.isoformat(), "running": running}).raise_for_status()

    def kept(self) -> KeptSoFar:
        return kept_so_far(self.parts.ledger.promise_messages(BEGIN))

    def keep_all(self, count: int) -> KeptSoFar:
        """Let the workers go until so many messages are sent. Raises TimeoutError."""
        if isinstance(self.parts.clock, EmulatedClock):
            self.parts.clock.follow([self.parts.agenda.wake])
        self.parts.workers.start()
        deadline, before = time.monotonic() + WITHIN, None
        while self.kept().messages < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{self.kept().messages} of {count} messages after {WITHIN:g} s")
            due = self.parts.agenda.next_due()
            if due is not None and due == before and due > self.parts.clock.now():
                self.wait_for(due)
            before = due
            time.sleep(0.1)
        return self.kept()

    def wait_for(self, moment: datetime) -> None:
        """Nobody sleeps, and what is next is due later: a clock that stands still is moved there."""
        if not self.zendesk.get("/emulator/clock").json()["running"]:
            self.zendesk.post("/emulator/clock", json={"until": moment.isoformat()}).raise_for_status()


@contextmanager
def _waiting(tickets: int, apart: float) -> Iterator[Waiting]:
    """``apart``: seconds between two tickets' waits."""
    with (
        working_folder() as folder,
        emulator.serve(DESK) as served,
        httpx.Client(base_url=served.url, trust_env=False) as zendesk,
    ):
        zendesk.post("/emulator/clock", json={"at": BEGIN.isoformat(), "running": False}).raise_for_status()
        for _ in range(tickets):
            what = {"by": "carla", "subject": "Espera", "description": "Aguardo.", "set": _on_hold()}
            zendesk.post("/emulator/act", json=what).raise_for_status()
            zendesk.post("/emulator/clock", json={"advance": apart}).raise_for_status()
        zendesk.post("/emulator/clock", json={"advance": 180}).raise_for_status()
        with parts_of(_settings(served.url, folder)) as parts:
            desk = Waiting(parts, zendesk)
            parts.rounds.everything()
            while len(list(parts.ledger.promises())) < tickets:  # the rate limit makes some wait
                if not parts.workers.run_one() and (due := parts.agenda.next_due()) is not None:
                    desk.wait_for(due)
            try:
                yield desk
            finally:
                parts.workers.stop(10.0)


def _on_hold() -> dict[str, str]:
    return {"group": "Suporte", "assignee": "Paulo Dias", "status": "hold"}


def _settings(url: str, folder: Path) -> Settings:
    return Settings.model_validate(
        {
            "zendesk_url": url,
            "oauth_client_id": "ronda",
            "oauth_client_secret": "demo-only",
            "pack": str(PACK),
            "mode": "enforce",
            "data": folder / "ronda.sqlite",
            "clock_url": url,
            "max_updates_per_hour": 1_000_000,
            "max_public_messages_per_hour": 1_000_000,
        }
    )


def _lateness(count: int) -> Iterator[Figure]:
    """Promise against message, on the emulator's clock while it runs."""
    with _waiting(count, apart=1.0) as desk:
        desk.set_clock(BEGIN + PERIOD - timedelta(seconds=3), running=True)
        kept = desk.keep_all(count)
    note = f"{count} promises, one a second; {kept.breaches} broken"
    yield Figure("promise to message, idle service: p50", kept.p50, "s")
    yield Figure("promise to message, idle service: p99", kept.p99, "s", Aim(2), note=note)


def _one_minute(count: int) -> Iterator[Figure]:
    """As fast as the rate limit allows, and as the forecast said."""
    with _waiting(count, apart=50 / count) as desk:
        dues = [due_of(row) for row in desk.parts.ledger.promises()]
        said = forecast(dues, desk.parts.clock.now(), PERIOD, UPDATES_A_MINUTE)
        first = min(due.due for due in dues)
        desk.set_clock(first + timedelta(minutes=1), running=False)
        kept = desk.keep_all(count)
    late = kept.worst - 60
    foretold = said.seconds or 0.0
    note = f"forecast {foretold:.0f} s; {said.in_busiest_minute} in the busiest minute"
    yield Figure(f"{count:,} promises of one minute: the last is sent after", late, "s", Aim(foretold), note=note)


def _timers(count: int) -> Iterator[Figure]:
    """Single operations beside so many timers, and a restart among them."""
    clock = SystemClock()
    with working_folder() as folder:
        path = folder / "ronda.sqlite"
        with EmbeddedAgenda.open(path) as agenda:
            now = clock.now()
            asks = [
                agenda.ask_soon(number, now + timedelta(hours=1, seconds=number), "timer") for number in range(1, count)
            ]
            for answer in asks:
                answer.result()
            numbers = random.Random(7).sample(range(1, count), min(MOVED, count - 1))
            operations: dict[str, Callable[[int], object]] = {
                "added": lambda number: agenda.ask(count + number, now + PERIOD, "timer"),
                "moved": lambda number: agenda.ask(number, now + timedelta(minutes=number % 50 + 1), "timer"),
                "cancelled": agenda.forget,
            }
            for name, operation in operations.items():
                took = [_milliseconds(operation, number) for number in numbers]
                p50 = f"p50 {percentile(took, 0.5):.2f}"
                yield Figure(f"one timer {name} among {count:,}: p99", percentile(took, 0.99), "ms", Aim(10), note=p50)
        began = time.perf_counter()
        with EmbeddedAgenda.open(path) as agenda:
            agenda.become_worker()
            agenda.next_due()
            agenda.claim(clock.now())
            yield Figure(f"restart with {count:,} timers", time.perf_counter() - began, "s", Aim(5))


def _milliseconds(operation: Callable[[int], object], number: int) -> float:
    began = time.perf_counter()
    operation(number)
    return (time.perf_counter() - began) * 1000
