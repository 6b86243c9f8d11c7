"""A ticket as it was at an earlier moment, rebuilt from its history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from rules.snapshot import Snapshot
from rules.ticket import Ticket

_BUILT_IN = frozenset(Ticket.__dataclass_fields__)


def as_it_was(seen: Snapshot, moment: datetime) -> Snapshot:
    """The snapshot that a look at ``moment`` would have given, as far as the ticket and its history say.

    People, other tickets, workload and schedules are today's. Raises ValueError for a moment before the opening.
    """
    if moment < seen.ticket.created_at:
        raise ValueError(f"ticket {seen.ticket.id} was opened only at {seen.ticket.created_at.isoformat()}")
    history = tuple(audit for audit in seen.history if audit.at <= moment)
    ticket = _rewound(seen, len(history))
    updated_at = history[-1].at if history else seen.ticket.created_at
    return replace(seen, as_of=moment, ticket=replace(ticket, updated_at=updated_at), history=history, digest="")


def moments_of(seen: Snapshot, since: datetime, until: datetime) -> Iterator[datetime]:
    """When something happened to the ticket, oldest first, both ends included; each moment once."""
    last: datetime | None = None
    for audit in seen.history:
        if since <= audit.at <= until and audit.at != last:
            last = audit.at
            yield audit.at


def _rewound(seen: Snapshot, kept: int) -> Ticket:
    """Every change after the first ``kept`` updates undone, the latest first."""
    values: dict[str, Any] = {}
    fields = dict(seen.ticket.fields)
    for audit in reversed(seen.history[kept:]):
        for change in reversed(audit.changes):
            if change.field in _BUILT_IN:
                values[change.field] = change.before
            else:
                fields[change.field] = change.before
    return replace(seen.ticket, **values, fields=fields)
