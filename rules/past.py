"""A ticket as it was at an earlier moment, rebuilt from its history."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from rules.snapshot import Snapshot
from rules.ticket import Change, Person, Ticket, Value

_BUILT_IN = frozenset(Ticket.__dataclass_fields__)


def as_it_was(seen: Snapshot, moment: datetime) -> Snapshot:
    """The snapshot that a look at ``moment`` would have given, as far as the ticket and its history say.

    People, other tickets, workload and schedules are today's. Raises ValueError for a moment before the opening.
    """
    if moment < seen.ticket.created_at:
        raise ValueError(f"ticket {seen.ticket.id} was opened only at {seen.ticket.created_at.isoformat()}")
    return after_updates(seen, sum(audit.at <= moment for audit in seen.history), moment)


def after_updates(seen: Snapshot, kept: int, moment: datetime) -> Snapshot:
    """The snapshot that a look at ``moment`` would have given when only the first ``kept`` updates had happened."""
    history = seen.history[:kept]
    updated_at = history[-1].at if history else seen.ticket.created_at
    ticket = replace(_rewound(seen, kept), updated_at=updated_at)
    return replace(seen, as_of=moment, ticket=ticket, history=history, digest="")


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
    followers, fields = seen.ticket.followers, dict(seen.ticket.fields)
    for audit in reversed(seen.history[kept:]):
        for change in reversed(audit.changes):
            if change.field == "followers":
                followers = (followers - _people(change.after)) | _people(change.before)
            elif change.field in _BUILT_IN:
                values[change.field] = change.before
            else:
                fields[change.field] = _unset(change)
    return replace(seen.ticket, **values, followers=followers, fields=fields)


def _people(value: Value) -> frozenset[Person]:
    """Some of the followers: an update does not tell of those who have left the account."""
    return (
        frozenset(each for each in value if isinstance(each, Person)) if isinstance(value, frozenset) else frozenset()
    )


def _unset(change: Change) -> Value:
    """What a custom field held before; a checkbox that nobody had ticked is no nothing."""
    return False if change.before is None and isinstance(change.after, bool) else change.before
