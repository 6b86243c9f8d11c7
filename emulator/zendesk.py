"""A running Zendesk: one account with its clock, limits, faults, deliveries and a count of what was called."""

import time
from collections import Counter, deque
from dataclasses import asdict, dataclass
from typing import Any

from emulator.account import Written
from emulator.behaviours.acting import Act, perform
from emulator.behaviours.delivery import Deliveries
from emulator.behaviours.faults import Faults
from emulator.behaviours.limits import Limits
from emulator.clock import Clock
from emulator.desk import Desk
from emulator.opening import open_account


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

    def __init__(self, desk: Desk, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.desk = desk
        self.address = "http://127.0.0.1"
        self.latency = 0.0  # seconds before each answer of the API
        self.traffic = Traffic()
        self.faults = Faults(self.clock)
        self._open(desk)

    def _open(self, desk: Desk) -> None:
        self.desk = desk
        self.account = open_account(desk, self.clock)
        self.account.address = self.address
        self.limits = Limits(self.account, enabled=desk.rate_limits)
        self.deliveries = Deliveries(self.account, self.faults)
        for document in desk.tickets:
            self.act(Act.model_validate(document))

    def set_address(self, address: str) -> None:
        self.address = self.account.address = address

    def start(self) -> None:
        """Begin to deliver webhooks; call it in the server's loop."""
        self.deliveries.start()

    async def stop(self) -> None:
        await self.deliveries.stop()

    async def reset(self, desk: Desk) -> None:
        """Begin anew with this desk: no tickets but its own, no webhooks, faults, counts or latency; real time."""
        await self.deliveries.stop()
        self.clock.start()
        self.clock.set(time.time())
        self.latency = 0.0
        self.traffic.reset()
        self.faults.clear()
        self._open(desk)
        self.deliveries.start()

    def act(self, act: Act) -> Written | None:
        return perform(self.account, act)
