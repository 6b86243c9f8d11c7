"""What is on its way, counted before it is written down too, so that several workers keep one cap and one limit."""

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime

from enforcement.ledger import Ledger
from enforcement.ledger_rows import Pressure
from rules.plan import Plan
from rules.snapshot import Sent
from rules.ticket import Ticket


@dataclass(frozen=True, slots=True)
class _Way:
    """The plan of one ticket that is being carried out: how much it writes, and how much of that is public."""

    requester_id: int
    writes: int
    public: int


@dataclass
class Sending:
    """Hold ``counting`` from judging by ``sent``, or from asking for ``with_others``, until ``begin``."""

    ledger: Ledger
    counting: threading.RLock = field(default_factory=threading.RLock)
    _under_way: dict[int, _Way] = field(default_factory=dict)  # by ticket

    def sent(self, ticket: Ticket, now: datetime) -> Sent:
        """What was sent lately, and what is on its way on other tickets."""
        with self.counting:
            others = list(self._others(ticket))
            stored = self.ledger.sent(ticket.requester.id, now)
        return Sent(
            stored.to_requester + sum(way.public for way in others if way.requester_id == ticket.requester.id),
            stored.to_anybody + sum(way.public for way in others),
        )

    def with_others(self, pressure: Pressure, ticket: Ticket) -> Pressure:
        """The pressure there will be once what is on its way on other tickets is written down."""
        with self.counting:
            others = list(self._others(ticket))
        updates = pressure.updates + sum(way.writes for way in others)
        return replace(pressure, updates=updates, public=pressure.public + sum(way.public for way in others))

    def _others(self, ticket: Ticket) -> Iterable[_Way]:
        return (way for number, way in self._under_way.items() if number != ticket.id)

    def begin(self, ticket: Ticket, plan: Plan) -> None:
        with self.counting:
            self._under_way[ticket.id] = _Way(ticket.requester.id, plan.writes, plan.public)

    def end(self, ticket_id: int) -> None:
        """Nothing is on its way; what was written is in the ledger by now."""
        with self.counting:
            self._under_way.pop(ticket_id, None)
