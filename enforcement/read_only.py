"""A gateway that cannot write: what asks only *what would happen* gets this one."""

from collections.abc import Iterable
from datetime import datetime

from integration.gateway import Gateway, Unchanged
from rules.business_hours import Schedule
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket


class ReadOnlyGateway:
    """The reading half of ``integration.gateway.Gateway``: there is no ``apply`` and no ``open_ticket`` to call."""

    def __init__(self, gateway: Gateway) -> None:
        self._fetch = gateway.fetch
        self._unsolved = gateway.unsolved
        self._office_hours = gateway.office_hours
        self._updated_since = gateway.updated_since

    def fetch(self, ticket_id: int, needs: frozenset[Need]) -> Snapshot:
        """As the port's, always in full. Raises TicketNotFound, TryLater, AccessDenied."""
        seen = self._fetch(ticket_id, needs)
        if isinstance(seen, Unchanged):  # it is the answer to a digest only
            raise TypeError("a read without a digest was answered by 'unchanged'")
        return seen

    def unsolved(self) -> Iterable[Ticket]:
        return self._unsolved()

    def office_hours(self) -> Schedule | None:
        return self._office_hours()

    def updated_since(self, moment: datetime) -> Iterable[tuple[int, datetime]]:
        return self._updated_since(moment)
