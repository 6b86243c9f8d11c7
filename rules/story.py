"""From a story to what a look would see: the ticket as it stands and its history, with what Zendesk does by itself.

A group that is set leaves the assignee as it is: a story says what people did, and who let an assignee stay.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from rules.apply import differences, status_by_itself
from rules.scenario import Opened, Then
from rules.ticket import Attachment, Audit, Change, Comment, Line, Person, Ticket, Value, Via

CLOSED_PARENT = 99  # what a follow-up continues; closed tickets are out of sight

_TYPES = {
    "bmp": "image/bmp",
    "csv": "text/csv",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "gif": "image/gif",
    "heic": "image/heic",
    "jpeg": "image/jpeg",
    "jpg": "image/jpeg",
    "mp4": "video/mp4",
    "pdf": "application/pdf",
    "png": "image/png",
    "txt": "text/plain",
    "webp": "image/webp",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


@dataclass(frozen=True, slots=True)
class Life:
    """A ticket and all that happened to it until ``at``."""

    ticket: Ticket
    history: tuple[Audit, ...]
    at: datetime


def lived(opened: Opened, then: Sequence[Then], number: int) -> Life:
    """Tell a story from its beginning. ``number`` becomes the ticket's id and the root of all other ids."""
    life = _begun(opened, number)
    for line in then:
        life = _continued(life, line)
    return life


def _begun(opened: Opened, number: int) -> Life:
    requester = opened.requester or opened.by
    via = Via(opened.channel or ("email" if opened.by.is_customer else "web"), opened.rel)
    status = opened.status or "new"
    ticket = Ticket(
        id=number,
        created_at=opened.at,
        updated_at=opened.at,
        requester=requester,
        submitter=opened.by,
        via=via,
        subject=opened.subject,
        description=opened.description or _customer_first(opened, requester),
        status="open" if status == "new" and opened.assignee else status,
        priority=opened.priority,
        type=opened.type,
        group=opened.group,
        assignee=opened.assignee,
        tags=opened.tags,
        fields=opened.fields,
        form=opened.form,
        brand=opened.brand,
        organization=requester.organization,
        followup_of=CLOSED_PARENT if via.rel == "follow_up" else None,
    )
    text = opened.description if opened.description is not None or via.is_live else ""
    audit = Audit(
        id=number * 1000,
        at=opened.at,
        author=opened.by,
        via=via,
        changes=tuple(_set_at_opening(ticket)),
        comment=_comment(number * 1000, opened.at, opened.by, text, not opened.note, via, opened.attachments),
        transcript=tuple(Line(opened.at, said.by, said.says) for said in opened.transcript),
        transcript_ended=bool(opened.transcript),
    )
    return Life(ticket, (audit,), opened.at)


def _continued(life: Life, line: Then) -> Life:
    before, at = life.ticket, life.at + line.after
    public = line.reply is not None
    changes = line.setting.plain if line.setting else {}
    status = status_by_itself(before, changes, customer_writes=public and line.by.is_customer)
    if status is not None:
        changes = {**changes, "status": status}
    after = replace(before, updated_at=at, **changes)
    if line.setting:
        tags = (after.tags | line.setting.add_tags) - line.setting.remove_tags
        after = replace(after, tags=tags, fields={**after.fields, **line.setting.fields})
    via, number = _via_of(line, before), life.history[-1].id + 1
    audit = Audit(
        id=number,
        at=at,
        author=line.by,
        via=via,
        changes=tuple(differences(before, after)),
        comment=_comment(number, at, line.by, line.reply if public else line.note, public, via, line.attachments),
    )
    return Life(after, (*life.history, audit), at)


def _set_at_opening(ticket: Ticket) -> list[Change]:
    """An opening counts as one change of every field that it set."""
    named = ("requester", "subject", "status", "priority", "type", "group", "assignee", "tags", "form", "brand")
    values: Mapping[str, Any] = {**{name: getattr(ticket, name) for name in named}, **ticket.fields}
    return [
        Change(name, _nothing(value), value) for name, value in values.items() if value not in (None, "", frozenset())
    ]


def _nothing(value: Value) -> Value:
    return frozenset() if isinstance(value, frozenset) else None


def _customer_first(opened: Opened, requester: Person) -> str:
    """The customer's opening lines, until somebody answers."""
    lines = []
    for said in opened.transcript:
        if said.by == requester:
            lines.append(said.says)
        elif lines:
            break
    return "\n".join(lines)


def _via_of(line: Then, ticket: Ticket) -> Via:
    """A comment comes by the ticket's channel where its requester writes, by the API where Ronda does."""
    if line.channel is not None or line.rel is not None:
        return Via(line.channel or ticket.via.channel, line.rel)
    if line.by == ticket.requester:
        return ticket.via
    if line.by.is_ronda:
        return Via("api")
    return Via("email" if line.by.is_customer else "web")


def _comment(
    audit: int, at: datetime, by: Person, text: str | None, public: bool, via: Via, names: Sequence[str]
) -> Comment | None:
    if text is None and not names:
        return None
    attachments = tuple(Attachment(name, _content_type(name)) for name in names)
    return Comment(audit * 10, at, by, public, text or "", via, attachments)


def _content_type(name: str) -> str:
    return _TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")
