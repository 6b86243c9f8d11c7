"""Since when a ticket waits, and what its requester has heard meanwhile, by its history."""

from collections.abc import Callable, Iterator
from datetime import datetime

from rules.exemption import TAG_LASTS, exempting_tags
from rules.said import is_machine_made
from rules.snapshot import Snapshot
from rules.ticket import UNTOUCHABLE, Audit, Comment


def waiting_since(seen: Snapshot, rule_id: str, waits: Callable[[dict[str, object]], bool]) -> datetime:
    """When the wait began that lasts still; the opening, where the history does not show it.

    ``waits`` judges a ticket's fields by their names. Whoever solves or exempts a ticket ends its wait, so that it
    begins anew after; an exemption ends with its tag, or 30 days after it was set.
    """
    now: dict[str, object] = {}
    since: datetime | None = None
    tagged: datetime | None = None
    for audit in seen.history:
        now |= {change.field: change.after for change in audit.changes}
        tagged = (tagged or audit.at) if _is_tagged(now, rule_id) else None
        if now.get("status") in UNTOUCHABLE or not waits(now):
            since = None
        elif tagged is not None and audit.at < tagged + TAG_LASTS:
            since = tagged + TAG_LASTS
        elif since is None or since > audit.at:
            since = audit.at
    return since or seen.ticket.created_at


def heard(seen: Snapshot) -> Iterator[Comment]:
    """What the requester has heard: public comments by agents and by us, automatic answers apart."""
    for comment in seen.comments:
        by_the_desk = comment.author.is_agent or comment.author.is_ronda
        if comment.public and by_the_desk and not is_machine_made(comment):
            yield comment


def ours_in_a_row(seen: Snapshot, since: datetime) -> tuple[Audit, ...]:
    """Our public messages in this wait since a person last wrote to the requester."""
    ours: list[Audit] = []
    for audit in seen.history:
        if audit.comment is None or not audit.comment.public or audit.at < since:
            continue
        if audit.author.is_ronda:
            ours.append(audit)
        elif audit.comment.author.is_agent:
            ours.clear()
    return tuple(ours)


def _is_tagged(fields: dict[str, object], rule_id: str) -> bool:
    tags = fields.get("tags")
    return isinstance(tags, frozenset) and not tags.isdisjoint(exempting_tags(rule_id))
