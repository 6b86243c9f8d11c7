"""Lets anyone on the desk act as they would in the product: open tickets, reply, note, set fields, chat."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from emulator.account import Account, Written
from emulator.behaviours.change import Change, NewComment
from emulator.behaviours.chatting import end_chat, start_chat
from emulator.behaviours.ticket_values import WORDS, field_value, read_tags
from emulator.behaviours.writing import open_ticket, update_ticket
from emulator.clock import parse_time
from emulator.model import Attachment, Ticket, User, Via
from emulator.shapes.tickets import CHAT_CHANNELS


class ActError(Exception):
    """An act that cannot be done; the text says why and what was meant."""


class Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: str | int
    says: str


class Act(BaseModel):
    """What one person does; without `ticket` they open one. People go by id, handle, name or e-mail address."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, populate_by_name=True)

    by: str | int
    ticket: int | None = None
    channel: str | None = None
    """A word of REST. Left out: web for agents; for customers email, or the channel of their ticket."""
    rel: str | None = None
    requester: str | int | None = None
    subject: str | None = None
    description: str | None = None
    reply: str | None = None
    note: str | bool | None = None
    """The text of an internal note; when opening, `true` makes the description one."""
    set: dict[str, Any] = Field(default_factory=dict)
    """status, custom_status, priority, type, subject, group, assignee, requester, tags, add_tags, remove_tags,
    fields (key: value), form, brand, external_id, followers, due_at."""
    attachments: list[str] = []
    transcript: list[Line] | None = None
    """Opens or continues a chat: who says what."""
    end_chat: bool = False
    recipient: str | None = None
    followup_of: int | None = None


def perform(account: Account, act: Act) -> Written | None:
    """Do it; None if nothing changed. Raises ActError for unknown names, Refusal where Zendesk refuses."""
    by = find_user(account, act.by)
    if act.ticket is None:
        return _open(account, act, by)
    ticket = account.tickets.get(act.ticket)
    if ticket is None or ticket.deleted:
        raise ActError(f"there is no ticket {act.ticket}")
    if ticket.status == "closed" and not by.is_staff and act.reply is not None:
        return _follow_up(account, act, by, ticket)
    channel = act.channel or ("web" if by.is_staff else ticket.via.channel)
    if act.transcript is not None or act.end_chat:
        lines = [(find_user(account, line.by), line.says) for line in act.transcript or []]
        written = start_chat(account, ticket, lines) if lines else None
        return end_chat(account, account.tickets[ticket.id]) if act.end_chat else written
    change = Change(by, via_of(account, by, channel, act.rel, ticket), custom=None)
    if act.reply is not None or isinstance(act.note, str):
        text = act.reply if act.reply is not None else str(act.note)
        change.comment = NewComment(text, act.reply is not None, by, attachments=attach(account, act.attachments))
    _said(account, change, act)
    return update_ticket(account, ticket, change)


def _open(account: Account, act: Act, by: User) -> Written | None:
    requester = find_user(account, act.requester) if act.requester is not None else by
    channel = act.channel or ("web" if by.is_staff else "email")
    change = Change(by, via_of(account, by, channel, act.rel, None), followup_of=act.followup_of)
    chat = act.transcript is not None or channel in CHAT_CHANNELS
    text = act.description or ("" if not chat else f"Conversation with {requester.name}")
    if not text.strip():
        raise ActError("a new ticket needs a description")
    public = not chat and act.note is not True
    change.comment = NewComment(text, public, by, attachments=attach(account, act.attachments))
    change.values = {"requester_id": requester.id, "submitter_id": by.id}
    subject = act.subject or (f"Conversation with {requester.name}" if chat else None)
    if subject is not None:
        change.values["subject"] = subject
    _said(account, change, act)
    written = open_ticket(account, change)
    if act.transcript:
        lines = [(find_user(account, line.by), line.says) for line in act.transcript]
        started = start_chat(account, written.ticket, lines)
        return end_chat(account, started.ticket) if act.end_chat else started
    return written


def _follow_up(account: Account, act: Act, by: User, closed: Ticket) -> Written:
    """A customer's reply to a closed ticket makes a new one that names it (VIATYPES, closed_ticket)."""
    via = Via("web", "follow_up", {"ticket_id": closed.id, "subject": closed.subject, "channel": "web"})
    change = Change(by, via, followup_of=closed.id)
    change.comment = NewComment(act.reply or "", True, by, attachments=attach(account, act.attachments))
    change.values = {"requester_id": closed.requester_id, "submitter_id": by.id, "subject": closed.subject}
    return open_ticket(account, change)


def via_of(account: Account, by: User, channel: str, rel: str | None, ticket: Ticket | None) -> Via:
    """The via of what a person does by a channel, with the addresses that an e-mail has."""
    if channel == "email":
        support = {"name": account.subdomain, "address": f"support@{account.subdomain}.example"}
        origin = {"address": by.email, "name": by.name}
        if ticket is None:
            origin["original_recipients"] = [support["address"]]  # type: ignore[assignment]
        return Via("email", rel, origin, support)
    return Via(channel, rel)


def attach(account: Account, names: Iterable[str]) -> tuple[int, ...]:
    """Small invented files under these names."""
    kinds = {
        "png": "image/png",
        "jpg": "image/jpeg",
        "jpeg": "image/jpeg",
        "gif": "image/gif",
        "pdf": "application/pdf",
    }
    numbers = []
    for name in names:
        number = account.ids.next("attachment")
        kind = kinds.get(name.rpartition(".")[2].lower(), "application/octet-stream")
        account.attachments[number] = Attachment(number, name, kind, name.encode(), f"t{number:x}")
        numbers.append(number)
    return tuple(numbers)


def _said(account: Account, change: Change, act: Act) -> None:
    """Read what `set` says into the change. Raises ActError."""
    try:
        _read_set(account, change, act)
    except (TypeError, ValueError, AttributeError) as error:
        raise ActError(f"`set` holds what it cannot: {error}") from error


def _read_set(account: Account, change: Change, act: Act) -> None:
    values = change.values
    for key, value in act.set.items():
        match key:
            case "group":
                values["group_id"] = None if value is None else find_group(account, value)
            case "assignee" | "requester":
                values[f"{key}_id"] = None if value is None else find_user(account, value).id
            case "custom_status":
                values["custom_status_id"] = _find(account, "status", value)
            case "form" | "brand":
                values["ticket_form_id" if key == "form" else "brand_id"] = _find(account, key, value)
            case "tags":
                values["tags"] = read_tags(value)
            case "add_tags":
                change.add_tags = read_tags(value)
            case "remove_tags":
                change.remove_tags = read_tags(value)
            case "followers":
                change.followers = tuple((find_user(account, person).id, "put") for person in value)
            case "fields":
                for name, content in dict(value).items():
                    field = account.fields[_find(account, "field", name)]
                    change.custom_fields[field.id] = field_value(field, content)
            case "due_at":
                values["due_at"] = None if value is None else int(parse_time(str(value)))
            case "status" | "priority" | "type":
                words = WORDS[key]
                if value not in (*words, None) or (key, value) == ("status", None):
                    raise ActError(f"{key} cannot be {value!r}{_nearest(str(value), words)}")
                values[key] = value
            case "problem_id":
                if value is not None and value not in account.tickets:
                    raise ActError(f"there is no ticket {value}")
                values[key] = value
            case "subject" | "external_id" | "recipient":
                values[key] = None if value is None else str(value)
            case _:
                raise ActError(f"unknown key {key!r} in `set`{_nearest(key, _SETTABLE)}")
    if act.recipient is not None:
        values["recipient"] = act.recipient
    if act.ticket is not None and act.subject is not None:
        values["subject"] = act.subject


_SETTABLE = (
    "status", "priority", "type", "subject", "external_id", "problem_id", "recipient", "group", "assignee",
    "requester", "custom_status", "form", "brand", "tags", "add_tags", "remove_tags", "followers", "fields", "due_at",
)  # fmt: skip


def find_user(account: Account, word: str | int) -> User:
    """A person by id, handle, e-mail address or full name. Raises ActError."""
    for user in account.users.values():
        if word in (user.id, user.handle, user.email, user.name):
            return user
    names = [name for user in account.users.values() for name in (user.handle, user.name, user.email) if name]
    raise ActError(f"there is no person {word!r}{_nearest(str(word), names)}")


def find_group(account: Account, word: str | int) -> int:
    for group in account.groups.values():
        if word in (group.id, group.name):
            return group.id
    names = [group.name for group in account.groups.values()]
    raise ActError(f"there is no group {word!r}{_nearest(str(word), names)}")


def _find(account: Account, kind: str, word: str | int) -> int:
    """A custom status, form, brand or field by id or name. Raises ActError."""
    tables: dict[str, dict[int, tuple[str, ...]]] = {
        "status": {status.id: (status.agent_label,) for status in account.statuses.values()},
        "form": {form.id: (form.name,) for form in account.forms.values()},
        "brand": {brand.id: (brand.name,) for brand in account.brands.values()},
        "field": {field.id: (field.key, field.title) for field in account.custom_fields()},
    }
    for number, names in tables[kind].items():
        if word == number or word in names:
            return number
    known = [name for names in tables[kind].values() for name in names]
    raise ActError(f"there is no {kind} {word!r}{_nearest(str(word), known)}")


def _nearest(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
