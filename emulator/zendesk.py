"""A running Zendesk: one account with its clock, limits, faults, deliveries and a count of what was called."""

import asyncio
import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

import httpx
from pydantic import ValidationError

from emulator.account import Written
from emulator.behaviours.acting import Act, ActError, perform
from emulator.behaviours.automations import HOUR, run_hour
from emulator.behaviours.delivery import Deliveries, new_client
from emulator.behaviours.faults import Faults
from emulator.behaviours.limits import Limits
from emulator.clock import Clock
from emulator.desk import Desk
from emulator.desk_file import DeskError
from emulator.keeping import Keeper
from emulator.opening import open_account
from emulator.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Call:
    """One request that came in; `route` is the template of its path."""

    at: float
    method: str
    route: str
    path: str
    status: int
    milliseconds: float


class Traffic:
    """Counts requests to the API by method and path template, and keeps the last thousand."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.recent: deque[Call] = deque(maxlen=1000)

    def note(self, call: Call) -> None:
        self.recent.append(call)

    def begin(self, method: str, route: str) -> None:
        self.counts[f"{method} {route}"] += 1

    def reset(self) -> None:
        self.counts.clear()
        self.recent.clear()

    def shown(self) -> dict[str, Any]:
        return {
            "total": self.counts.total(),
            "by_route": dict(sorted(self.counts.items())),
            "recent": [asdict(call) for call in self.recent],
        }


class Zendesk:
    """Everything that runs behind one address."""

    def __init__(self, desk: Desk, keeper: Keeper | None = None) -> None:
        self.clock = Clock()
        self.keeper = keeper
        self.desk = desk
        self.address = "http://127.0.0.1"
        self.latency = 0.0  # seconds before each answer of the API
        self.traffic = Traffic()
        self.faults = Faults(self.clock)
        self._client: httpx.AsyncClient | None = None
        self._hours: asyncio.Task[None] | None = None
        self._open(desk)

    def _open(self, desk: Desk) -> None:
        self.desk = desk
        self.account = open_account(desk, self.clock)
        self.account.address = self.address
        self._next_hour = (self.clock.seconds() // HOUR + 1) * HOUR
        self.limits = Limits(self.account, enabled=desk.rate_limits)
        self.deliveries = Deliveries(self.account, self.faults)
        if self.keeper is not None and not self.keeper.is_empty:
            self.keeper.load(self.account)
            return
        for number, document in enumerate(desk.tickets, start=1):
            try:
                self.act(Act.model_validate(document))
            except (ActError, Refusal, ValidationError) as error:
                raise DeskError([f"entry {number} of tickets: {error}"]) from error

    def save(self) -> None:
        """Write what changed to the data file, if there is one."""
        if self.keeper is not None:
            self.keeper.save(self.account)

    def set_address(self, address: str) -> None:
        self.address = self.account.address = address

    def start(self) -> None:
        """Begin to deliver webhooks and to run automations; call it in the server's loop."""
        self._client = new_client()
        self.deliveries.start(self._client)
        self._hours = asyncio.get_running_loop().create_task(self._run_hours())

    async def stop(self) -> None:
        if self._hours is not None:
            self._hours.cancel()
        await self._stop_background()
        if self._client is not None:
            await self._client.aclose()
        self.save()

    async def _stop_background(self) -> None:
        for job in list(self.account.running_jobs):
            job.cancel()
        await self.deliveries.stop()

    async def _run_hours(self) -> None:
        while True:
            await self.clock.sleep_until(self._next_hour)
            self.catch_up(self.clock.now())

    def catch_up(self, until: float) -> None:
        """Run what was due at each full hour up to `until`, at that hour's time."""
        if not self.account.automations:  # what only closes old tickets need not be done hour by hour
            self._next_hour = max(self._next_hour, int(until) // HOUR * HOUR)
        while self._next_hour <= until:
            if self._next_hour > self.clock.now():
                self.clock.set(self._next_hour)
            self._next_hour += HOUR
            run_hour(self.account)

    def set_time(self, at: float) -> None:
        """Set the clock; on the way forward every hour's automations run at their time."""
        if at < self.clock.now():
            self._next_hour = (int(at) // HOUR + 1) * HOUR
        self.catch_up(at)
        self.clock.set(at)

    async def reset(self, desk: Desk) -> None:
        """Begin anew with this desk: no tickets but its own, no webhooks, faults, counts or latency; real time."""
        if self.keeper is not None:
            self.keeper.clear()
        await self._stop_background()
        self.clock.start()
        self.clock.set(time.time())
        self.latency = 0.0
        self.traffic.reset()
        self.faults.clear()
        self._open(desk)
        if self._client is not None:
            self.deliveries.start(self._client)

    def act(self, act: Act) -> Written | None:
        return perform(self.account, act)
