"""Public messages, counted before they are written down too, so that several workers keep one cap."""

import threading
from dataclasses import dataclass, field
from datetime import datetime

from enforcement.ledger import Ledger
from rules.snapshot import Sent
from rules.ticket import Ticket


@dataclass
class Sending:
    """Hold ``counting`` from judging by ``sent`` until ``begin``."""

    ledger: Ledger
    counting: threading.RLock = field(default_factory=threading.RLock)
    _under_way: dict[int, int] = field(default_factory=dict)  # ticket -> its requester

    def sent(self, ticket: Ticket, now: datetime) -> Sent:
        """What was sent lately, and what is on its way on other tickets."""
        with self.counting:
            requesters = [requester for number, requester in self._under_way.items() if number != ticket.id]
            stored = self.ledger.sent(ticket.requester.id, now)
        return Sent(
            stored.to_requester + requesters.count(ticket.requester.id),
            stored.to_anybody + len(requesters),
        )

    def begin(self, ticket: Ticket) -> None:
        with self.counting:
            self._under_way[ticket.id] = ticket.requester.id

    def end(self, ticket_id: int) -> None:
        """Nothing is on its way; what was written is in the ledger by now."""
        with self.counting:
            self._under_way.pop(ticket_id, None)
