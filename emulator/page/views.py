"""What the page shows of an account, with names where records have ids."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from emulator.account import Account
from emulator.clock import stamp
from emulator.model import SYSTEM_USER, Audit, CommentEvent, Event, FieldEvent, Json, OtherEvent, Ticket, Via
from emulator.shapes.history import comment_json

MOST_PEOPLE = 300  # that are offered to choose from; any other can be typed
PEOPLE = frozenset({"assignee_id", "requester_id", "submitter_id"})
LABELS = {"assignee_id": "assignee", "group_id": "group", "custom_status_id": "ticket status", "brand_id": "brand",
          "requester_id": "requester", "ticket_form_id": "form", "organization_id": "organization"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A comment."""

    author: str
    public: bool
    text: str
    html: str
    files: tuple[tuple[str, str], ...]  # (name, address)


@dataclass(slots=True)
class Entry:
    """One update of a ticket: who, when, by which channel, and what it did."""

    at: str
    author: str
    role: str
    channel: str
    comments: list[Said] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    transcript: list[tuple[str, str, str]] = field(default_factory=list)  # (time, who, text)


def history(account: Account, ticket: Ticket) -> list[Entry]:
    """The updates of a ticket, oldest first."""
    entries = []
    for audit in account.audits[ticket.id]:
        user = account.users.get(audit.author_id)
        role = "" if user is None else ("light agent" if user.light else user.role)
        entry = Entry(stamp(audit.created_at), person(account, audit.author_id), role, channel(audit.via))
        for event in audit.events:
            _tell(account, entry, audit, event)
        entries.append(entry)
    return entries


def _tell(account: Account, entry: Entry, audit: Audit, event: Event) -> None:
    by = f" (by {channel(event.via)})" if event.via is not None else ""
    match event:
        case CommentEvent():
            files = tuple(
                (kept.file_name, f"/attachments/token/{kept.token}/?name={kept.file_name}")
                for number in event.attachments
                if (kept := account.attachments.get(number)) is not None
            )
            author, html = person(account, event.author_id), comment_json(account, audit, event)["html_body"]
            entry.comments.append(Said(author, event.public, event.body, html, files))
        case FieldEvent():
            name, value = field_name(account, event.name), shown(account, event.name, event.value)
            before = "" if event.created else f"{shown(account, event.name, event.previous)} → "
            entry.changes.append(f"{name}: {before}{value}{by}")
        case OtherEvent(type="ChatStartedEvent"):
            for line in event.content["value"]["history"]:
                text = line.get("message", "joined")
                entry.transcript.append((stamp(line["timestamp"] / 1000), line["actor_name"], text))
        case OtherEvent():
            entry.changes.append(f"{event.type}: {json.dumps(event.content, ensure_ascii=False)}{by}")


def person(account: Account, number: int | None) -> str:
    if number is None or number == SYSTEM_USER:
        return "nobody" if number is None else "Zendesk"
    user = account.users.get(number)
    return str(number) if user is None else user.name


def channel(via: Via) -> str:
    title = via.origin.get("title")
    words = [via.channel, *([f"({via.rel})"] if via.rel else []), *([f"“{title}”"] if title else [])]
    return " ".join(words)


def field_name(account: Account, name: str) -> str:
    if name.isdigit() and int(name) in account.fields:
        return account.fields[int(name)].title
    return LABELS.get(name, name)


def shown(account: Account, name: str, value: Json) -> str:
    """A value of a field, with the names of people, groups and statuses."""
    if value in (None, "", []):
        return "none"
    if name in PEOPLE:
        return person(account, value)
    tables: dict[str, dict[int, Any]] = {
        "group_id": account.groups, "brand_id": account.brands, "ticket_form_id": account.forms,
        "organization_id": account.organizations, "custom_status_id": account.statuses,
    }  # fmt: skip
    row = tables[name].get(value) if name in tables else None
    if row is not None:
        return str(getattr(row, "agent_label", None) or row.name)
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def people(account: Account) -> list[tuple[str, str]]:
    """(what finds them, who they are): the staff, then customers, no more than a list can bear."""
    rows = [*account.staff, *(user for user in account.users.values() if not user.is_staff)]
    return [
        (user.handle or user.email or str(user.id), f"{user.name}, {'light agent' if user.light else user.role}")
        for user in rows[:MOST_PEOPLE]
    ]


def matching(account: Account, words: str, status: str, group: str) -> Iterator[Ticket]:
    """The tickets that are not deleted, filtered; `words` stand in the subject, or are the number."""
    wanted = words.casefold().strip().lstrip("#")
    for ticket in account.tickets.values():
        if ticket.deleted or (status and ticket.status != status) or (group and str(ticket.group_id) != group):
            continue
        if not wanted or wanted == str(ticket.id) or wanted in (ticket.subject or "").casefold():
            yield ticket
