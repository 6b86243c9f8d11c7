"""Histories of unsolved tickets, read while the export still tells of older changes.

The export tells the oldest change first, and what changed last is what is not solved: nearly all histories that a round
needs would be asked for at its end, after hours in which their limit was not used.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from itertools import islice
from typing import TypeAlias

from rules.snapshot import Snapshot
from rules.ticket import Audit, Ticket

AHEAD = 10_000  # tickets: what is read before its turn is kept in memory
SETTLED = timedelta(minutes=1)  # longer than a call takes: in the second of a change more may follow it

Ahead: TypeAlias = dict[int, Future[Snapshot]]


def read_ahead(tickets: Iterable[Ticket], read: Callable[[Ticket], Snapshot], readers: ThreadPoolExecutor) -> Ahead:
    """Begin to read the histories of these tickets, or of so many of them, in the order in which the export tells them.

    Raises what going through them raises.
    """
    first = sorted(islice(tickets, AHEAD), key=lambda ticket: ticket.updated_at)
    return {ticket.id: readers.submit(read, ticket) for ticket in first}


def history_of(ticket: Ticket, ahead: Ahead) -> tuple[Audit, ...] | None:
    """Its history as it was read ahead, if nothing has happened to the ticket since; it is given once.

    None also where it was not begun yet, or could not be read: whoever reads it in its turn will hear why.
    """
    reading = ahead.pop(ticket.id, None)
    if reading is None or reading.cancel() or reading.exception() is not None:
        return None
    seen = reading.result()
    is_as_it_was = seen.ticket.updated_at == ticket.updated_at and seen.as_of >= ticket.updated_at + SETTLED
    return seen.history if is_as_it_was else None
