"""A gateway that cannot write: what asks only *what would happen* gets this one."""

from collections.abc import Iterable
from datetime import datetime

from integration.gateway import Gateway, Unchanged
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket


class ReadOnlyGateway:
    """The reading half of ``integration.gateway.Gateway``: there is no ``apply`` and no ``open_ticket`` to call."""

    def __init__(self, gateway: Gateway) -> None:
        self._fetch = gateway.fetch
        self._changed = gateway.changed
        self._unsolved = gateway.unsolved

    def fetch(self, ticket_id: int, needs: frozenset[Need]) -> Snapshot:
        """As the port's, always in full. Raises TicketNotFound, TryLater, AccessDenied."""
        seen = self._fetch(ticket_id, needs)
        if isinstance(seen, Unchanged):  # it is the answer to a digest only
            raise TypeError("a read without a digest was answered by 'unchanged'")
        return seen

    def changed_since(self, moment: datetime) -> dict[int, bool]:
        """The tickets that changed since a moment and are still there, in the order of their changes, and whether
        each is solved or closed. Raises TryLater, AccessDenied."""
        found: dict[int, bool] = {}
        cursor, is_last = "", False
        while not is_last:
            page = self._changed(moment, cursor)
            for ticket in page.tickets:
                found.pop(ticket.id, None)  # a ticket may come again: its latest change counts
                found[ticket.id] = ticket.is_untouchable
            for number in page.gone:
                found.pop(number, None)
            cursor, is_last = page.cursor, page.is_last
        return found

    def unsolved(self) -> Iterable[Ticket]:
        """As the port's. Raises TryLater, AccessDenied."""
        return self._unsolved()
