"""What a ticket is after an update: applied to values, with what Zendesk does by itself."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from rules.plan import Update
from rules.snapshot import Snapshot
from rules.ticket import RONDA, Audit, Change, Comment, Person, Ticket, Value, Via

_RECORDED = (
    "requester",
    "subject",
    "group",
    "assignee",
    "status",
    "priority",
    "type",
    "form",
    "brand",
    "tags",
    "followers",
)


def applied(seen: Snapshot, update: Update, at: datetime, by: Person = RONDA) -> Snapshot:
    """The snapshot after ``by`` made this update at ``at``.

    A new ticket that gets an assignee becomes open; an assignee who is not in the ticket's new group loses it.
    https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
    """
    ticket = seen.ticket
    after = _with(
        ticket,
        dict(update.fields) | dict(_by_itself(ticket, update)),
        tags=(ticket.tags | update.add_tags) - update.remove_tags,
        followers=ticket.followers | update.followers,
        updated_at=at,
    )
    number = max((audit.id for audit in seen.history), default=0) + 1
    audit = Audit(
        id=number,
        at=at,
        author=by,
        via=Via("api"),
        changes=tuple(differences(ticket, after)),
        comment=_comment(update, number, at, by),
        told=update.told,
    )
    return replace(seen, as_of=at, ticket=after, history=(*seen.history, audit), digest="")


def status_by_itself(ticket: Ticket, fields: Mapping[str, Value], *, customer_writes: bool = False) -> str | None:
    """The status that Zendesk sets in an update that names none: open, for a new ticket that gets an assignee and for
    a waiting or solved one on which a customer comments.

    https://support.zendesk.com/hc/en-us/articles/4408894213018
    """
    if "status" in fields:
        return None
    gets_assignee = ticket.status == "new" and fields.get("assignee") is not None
    is_answered = customer_writes and ticket.status in ("pending", "hold", "solved")
    return "open" if gets_assignee or is_answered else None


def differences(before: Ticket, after: Ticket) -> Iterator[Change]:
    """One change for every field, tag list and custom field that is not what it was."""
    for name in _RECORDED:
        old, new = getattr(before, name), getattr(after, name)
        if old != new:
            yield Change(name, old, new)
    for name, value in after.fields.items():
        if before.fields.get(name) != value:
            yield Change(name, before.fields.get(name), value)


def _by_itself(ticket: Ticket, update: Update) -> Iterator[tuple[str, Value]]:
    group = update.fields.get("group", ticket.group)
    is_outsider = ticket.assignee is not None and group not in ticket.assignee.groups
    if "group" in update.fields and "assignee" not in update.fields and is_outsider:
        yield "assignee", None
    status = status_by_itself(ticket, update.fields)
    if status is not None:
        yield "status", status


def _with(ticket: Ticket, fields: dict[str, Value], **others: Any) -> Ticket:
    built_in: dict[str, Any] = {name: value for name, value in fields.items() if name in Ticket.__dataclass_fields__}
    custom = {name: value for name, value in fields.items() if name not in Ticket.__dataclass_fields__}
    return replace(ticket, **{**others, **built_in}, fields={**ticket.fields, **custom})


def _comment(update: Update, number: int, at: datetime, by: Person) -> Comment | None:
    if update.comment is None:
        return None
    return Comment(id=number, at=at, author=by, public=update.comment.public, text=update.comment.text, via=Via("api"))
