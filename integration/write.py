"""From an update to what is sent for it: a sparse ticket, safe against other people's changes. Pure.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#update-ticket
"""

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from integration.account import Account
from integration.gateway import UpdateRefused
from integration.history import METADATA
from integration.parse import stamp
from rules.actions import NewTicket
from rules.plan import NewComment, Update
from rules.snapshot import Snapshot
from rules.ticket import Person, Ticket, Value

LONGEST = 64 * 1024 - 1  # bytes of a comment; Zendesk cuts off the rest without a word

_BUILT_IN = frozenset({"group", "assignee", "status", "priority"})
_PLACEHOLDER = re.compile(r"\{(?=[{%])")


def update_values(seen: Snapshot, update: Update, operation: str, account: Account) -> dict[str, Any]:
    """The properties to PUT. Raises UpdateRefused for a group or field that the account has not."""
    ticket = seen.ticket
    values: dict[str, Any] = {
        "safe_update": True,
        "updated_stamp": stamp(ticket.updated_at),
        "metadata": metadata(operation, update),
        **_routing(ticket, update.fields, account),
    }
    if "priority" in update.fields:
        values["priority"] = update.fields["priority"]
    tags = (ticket.tags | update.add_tags) - update.remove_tags
    if tags != ticket.tags:
        values["tags"] = sorted(tags)  # the whole list: an update replaces it
    if update.followers:
        people = sorted(update.followers, key=lambda person: person.id)
        values["followers"] = [{"user_id": str(person.id), "action": "put"} for person in people]
    custom = {name: value for name, value in update.fields.items() if name not in _BUILT_IN}
    if custom:
        values["custom_fields"] = [_custom_field(ticket.id, name, value, account) for name, value in custom.items()]
    if update.comment is not None:
        values["comment"] = comment_values(update.comment)
    return values


def new_ticket_values(ticket: NewTicket, uploads: list[str], account: Account) -> dict[str, Any]:
    """The properties to POST: the requester's own words, as the requester's public comment.

    Raises UpdateRefused for a group that the account has not.
    """
    comment: dict[str, Any] = {
        "html_body": html_of(ticket.text),
        "public": True,
        "author_id": ticket.requester.id,
    }
    if uploads:
        comment["uploads"] = uploads
    group = {} if ticket.group is None else {"group_id": _group_id(0, ticket.group, account)}
    return {
        **group,
        "subject": ticket.subject,
        "requester_id": ticket.requester.id,
        "external_id": ticket.external_id,
        "tags": sorted(ticket.tags),
        "comment": comment,
        "metadata": {METADATA: _compact({"op": ticket.external_id, "told": [], "rules": []})},
    }


def metadata(operation: str, update: Update) -> dict[str, str]:
    """What an audit of ours says of itself: one flat text, because no page promises that Zendesk keeps a deep one."""
    return {METADATA: _compact({"op": operation, "told": sorted(update.told), "rules": list(update.rules)})}


def comment_values(comment: NewComment) -> dict[str, Any]:
    """``public`` is always said: left out, a note on an e-mail ticket would go to the customer."""
    return {"html_body": html_of(comment.text), "public": comment.public}


def html_of(text: str) -> str:
    """Plain text as HTML that shows exactly that text, cut where Zendesk would cut it.

    No markup, no Markdown, and no placeholder: Zendesk would expand ``{{ticket.id}}`` in an agent's comment, so
    an invisible joiner stands between its braces.
    https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
    """
    shown = _marked_up(text)
    while (size := len(shown.encode())) > LONGEST:
        text = text[: max(1, len(text) * LONGEST // size - 16)]
        shown = _marked_up(text + "…")
    return shown


def _marked_up(text: str) -> str:
    harmless = html.escape(_PLACEHOLDER.sub("{\u2060", text), quote=False)
    paragraphs = re.split(r"\n{2,}", harmless.strip("\n"))
    return "".join(f"<p>{paragraph.replace(chr(10), '<br>')}</p>" for paragraph in paragraphs)


def _routing(ticket: Ticket, fields: Mapping[str, Value], account: Account) -> dict[str, Any]:
    """Group, assignee and status: all three once one of the first two is set, else Zendesk fills in what it likes.

    An assignee alone moves the ticket to that agent's default group; a group alone may clear the assignee.
    """
    if "group" not in fields and "assignee" not in fields:
        return {"status": fields["status"]} if "status" in fields else {}
    group = fields.get("group", ticket.group)
    assignee = fields["assignee"] if "assignee" in fields else _kept(ticket.assignee, group, fields, account)
    values: dict[str, Any] = {"assignee_id": assignee.id if isinstance(assignee, Person) else None}
    if group is not None:
        values["group_id"] = _group_id(ticket.id, str(group), account)
    return values | _status(ticket, fields, assignee is not None, account)


def _kept(assignee: Person | None, group: Value, fields: Mapping[str, Value], account: Account) -> Person | None:
    """The assignee the ticket has, unless known not to be in its new group: Zendesk would refuse the update."""
    agent = account.agents.get(assignee.id) if assignee is not None else None
    stays = agent is None or "group" not in fields or group in agent.groups
    return assignee if stays else None


def _status(ticket: Ticket, fields: Mapping[str, Value], assigned: bool, account: Account) -> dict[str, Any]:
    """The status to send beside the other two; a custom status goes by its id, the category alone would reset it."""
    if "status" in fields:
        return {"status": fields["status"]}
    if ticket.status == "new" and assigned:
        return {"status": "open"}
    for number, status in account.statuses.items():
        if (status.category, status.label) == (ticket.status, ticket.custom_status) and not status.default:
            return {"custom_status_id": number}
    return {"status": ticket.status}


def _group_id(ticket_id: int, name: str, account: Account) -> int:
    for number, group in account.groups.items():
        if group == name:
            return number
    raise UpdateRefused(ticket_id, {"group": "the account has no group of this name"})


def _custom_field(ticket_id: int, name: str, value: Value, account: Account) -> dict[str, Any]:
    for number, known in account.fields.items():
        if known == name:
            return {"id": number, "value": sorted(value) if isinstance(value, frozenset) else value}
    raise UpdateRefused(ticket_id, {name: "the account has no ticket field of this name"})


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
