"""Since when a ticket waits, and what its requester has heard meanwhile, by its history."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime

from rules.exemption import TAG_LASTS, exempting_tags
from rules.said import MACHINE_MADE, is_machine_made
from rules.snapshot import Snapshot
from rules.ticket import UNTOUCHABLE, Audit, Comment, Person

_STATUS = ("status", "custom_status")


def waiting_since(seen: Snapshot, rule_id: str, waits: Callable[[dict[str, object]], bool]) -> datetime:
    """When the wait began that lasts still; the opening, where the history does not show it.

    ``waits`` judges a ticket's fields by their names. Whoever solves or exempts a ticket ends its wait, so that it
    begins anew after; an exemption ends with its tag, or 30 days after it was set.
    """
    since: datetime | None = None
    tagged: datetime | None = None
    for audit, now, _ in _course(seen):
        tagged = (tagged or audit.at) if _is_tagged(now, rule_id) else None
        if now.get("status") in UNTOUCHABLE or not waits(now):
            since = None
        elif tagged is not None and audit.at < tagged + TAG_LASTS:
            since = tagged + TAG_LASTS
        elif since is None or since > audit.at:
            since = audit.at
    return since or seen.ticket.created_at


def kept_by_machines(seen: Snapshot) -> Mapping[str, object]:
    """The status that a ticket would have, had no automatic answer reopened it; empty where none did.

    Zendesk reopens a ticket on hold at any comment of its requester, but nobody has come back to it by such a one.
    """
    kept: Mapping[str, object] = {}
    if seen.ticket.status != "open":
        return kept
    for _, now, undone in _course(seen):
        kept = {name: now.get(name) for name in undone}
    return kept


def _course(seen: Snapshot) -> Iterator[tuple[Audit, dict[str, object], dict[str, object]]]:
    """The fields after each update, automatic answers apart; and what those have changed that stands still."""
    now: dict[str, object] = {}
    undone: dict[str, object] = {}
    for audit in seen.history:
        changes: dict[str, object] = {change.field: change.after for change in audit.changes}
        if audit.comment is not None and audit.comment.author.is_customer:
            if is_machine_made(audit.comment):
                undone |= {name: changes.pop(name) for name in _STATUS if name in changes}
            else:
                now |= undone
                undone = {}
        elif "status" in changes:
            undone = {}
        now |= changes
        yield audit, now, undone


def heard(seen: Snapshot) -> Iterator[Comment]:
    """What the requester has heard: public comments by the desk's people, automatic answers apart, and by us.

    Whoever once had the ticket counts as the desk's, though the account may have lost them since.
    """
    once_assigned = {change.after.id for _, change in seen.changes("assignee") if isinstance(change.after, Person)}
    for comment in seen.comments:
        author = comment.author
        if not comment.public or author.id == seen.ticket.requester.id:
            continue
        may_be_automatic = comment.via.channel == "email" or MACHINE_MADE in comment.flags  # else written by hand
        is_by_hand = not (may_be_automatic and is_machine_made(comment))
        if author.is_ronda or ((author.is_agent or author.id in once_assigned) and is_by_hand):
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
