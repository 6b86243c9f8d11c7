"""From a ticket's audits to its history: who did what, when, by which channel. Pure.

https://developer.zendesk.com/documentation/ticketing/reference-guides/ticket-audit-events-reference
Events of unknown types are passed over: Zendesk adds new ones.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from integration.account import Known
from integration.parse import Json, moment_from, plain, reading, role_of, value_from, via_from
from rules.ticket import NOBODY, Attachment, Audit, Change, Comment, Line, Person, Value

METADATA = "ronda"  # the key of our own updates' metadata: a JSON text with ``op``, ``told`` and ``rules``

_PEOPLE = {"assignee_id": "assignee", "requester_id": "requester", "submitter_id": "submitter"}
_COMMENTS = ("Comment", "VoiceComment")
_ROUTING = frozenset({"omnichannel"})


@dataclass(frozen=True, slots=True)
class _Undone:
    """What later audits took back: comments made private, attachments redacted."""

    private: frozenset[int]
    attachments: frozenset[int]


def history_from(audits: Sequence[Json], known: Known) -> tuple[Audit, ...]:
    """Audits as answered, oldest first, as values. Comments are as they stand after the last of them."""
    with reading("the audits"):
        undone = _undone(audits)
    return tuple(_audit(audit, known, undone) for audit in audits)


def people_in(audits: Sequence[Json]) -> set[int]:
    """The ids of everyone whom the audits mention."""
    with reading("the audits"):
        return {number for audit in audits for number in _mentioned(audit) if number > 0}


def operation_of(audit: Json) -> str | None:
    """The operation id, if the audit is an update of ours."""
    return _own(audit).get("op")


def comments_of(audit: Json) -> int:
    """How many comments an audit added."""
    with reading("an audit"):
        return sum(event["type"] in _COMMENTS for event in audit["events"])


def _audit(audit: Json, known: Known, undone: _Undone) -> Audit:
    with reading(f"audit {audit.get('id')}"):
        at = moment_from(audit["created_at"])
        author = known.person(audit["author_id"])
        via = via_from(audit.get("via") or {})
        events: list[Json] = audit["events"]
        comments = [_comment(event, audit, at, known, undone) for event in events if event["type"] in _COMMENTS]
        told = () if author.is_customer else _own(audit).get("told")
        return Audit(
            id=int(audit["id"]),
            at=at,
            author=author,
            via=via,
            changes=tuple(_changes(events, known, by_rule=via.channel == "rule")),
            comment=comments[0] if comments else None,
            transcript=tuple(line for event in events for line in _transcript(event, known)),
            transcript_ended=any(event["type"] == "ChatEndedEvent" for event in events),
            told=frozenset(str(each) for each in told) if isinstance(told, list) else frozenset(),
            routed=via.channel in _ROUTING or (author == NOBODY and via.channel != "rule"),
        )


def _changes(events: Sequence[Json], known: Known, *, by_rule: bool) -> Iterator[Change]:
    named = {event.get("field_name") for event in events}
    for event in events:
        if event["type"] == "FollowerChange":
            followed = _agents(event.get("previous_followers"), known)
            yield Change("followers", followed, _agents(event.get("current_followers"), known), by_rule=by_rule)
        if event["type"] not in ("Create", "Change"):
            continue
        rule = by_rule or (event.get("via") or {}).get("channel") in ("rule", 8)
        field, before, after = event["field_name"], event.get("previous_value"), event.get("value")
        name, old, new = _field(field, before, after, known)
        yield Change(name, old, new, by_rule=rule)
        if field == "custom_status_id" and "status" not in named:
            yield from _category_change(before, after, known, rule)


def _field(field: str, before: Any, after: Any, known: Known) -> tuple[str, Value, Value]:
    """Our name for a field, and both values as the rules know them."""
    if field in _PEOPLE:
        return _PEOPLE[field], _person(before, known), _person(after, known)
    if field == "group_id":
        return "group", known.group(_id(before)), known.group(_id(after))
    if field == "tags":
        return "tags", _tags(before), _tags(after)
    if field == "custom_status_id":
        return "custom_status", _label(before, known), _label(after, known)
    if field == "organization_id":
        return "organization", known.organization(_id(before)), known.organization(_id(after))
    if field == "brand_id":
        return "brand", known.brand(_id(before)), known.brand(_id(after))
    if field == "ticket_form_id":
        return "form", known.form(_id(before)), known.form(_id(after))
    if field in ("status", "priority", "type"):
        return field, _lower(before), _lower(after)
    name = known.field(int(field)) if field.isdigit() else None
    return name or field, value_from(before), value_from(after)


def _category_change(before: Any, after: Any, known: Known, rule: bool) -> Iterator[Change]:
    """A change of the custom status is one of the status where it crosses into another category."""
    old, new = known.status(_id(before)), known.status(_id(after))
    if new is not None and (old is None or old.category != new.category):
        yield Change("status", old.category if old else None, new.category, by_rule=rule)


def _comment(event: Json, audit: Json, at: datetime, known: Known, undone: _Undone) -> Comment:
    number = int(event["id"])
    author = event.get("author_id")
    flags = (audit.get("metadata") or {}).get("flags") or ()
    return Comment(
        id=number,
        at=at,
        author=known.person(audit["author_id"] if author is None else author),
        public=bool(event["public"]) and number not in undone.private,
        text=plain(event.get("plain_body") or event.get("body")),
        via=via_from(event.get("via") or audit.get("via") or {}),
        attachments=tuple(
            Attachment(str(each.get("file_name")), each.get("content_type") or "", each.get("content_url") or "")
            for each in event.get("attachments") or ()
            if each.get("id") not in undone.attachments
        ),
        flags=frozenset(int(flag) for flag in flags),
    )


def _transcript(event: Json, known: Known) -> Iterator[Line]:
    """A chat's messages; their times are in milliseconds."""
    if event["type"] not in ("ChatStartedEvent", "ChatEndedEvent"):
        return
    for item in (event.get("value") or {}).get("history") or ():
        if item.get("type") == "ChatMessage" and item.get("message"):
            at = datetime.fromtimestamp(item["timestamp"] / 1000, UTC)
            yield Line(at=at, author=_speaker(item, known), text=plain(item["message"]))


def _speaker(item: Json, known: Known) -> Person:
    number = _id(item.get("actor_id"))
    if item.get("actor_type") == "system" or number is None:
        return NOBODY
    if known.knows(number):
        return known.person(number)
    return Person(id=number, name=str(item.get("actor_name") or f"#{number}"), role=role_of(item.get("actor_type")))


def _undone(audits: Sequence[Json]) -> _Undone:
    events = [event for audit in audits for event in audit["events"]]
    private = (event for event in events if event["type"] == "CommentPrivacyChange" and not event.get("public"))
    redacted = (event for event in events if event["type"] == "AttachmentRedactionEvent")
    return _Undone(
        frozenset(int(event["comment_id"]) for event in private),
        frozenset(int(event["attachment_id"]) for event in redacted),
    )


def _mentioned(audit: Json) -> Iterator[int]:
    yield int(audit["author_id"])
    for event in audit["events"]:
        if event["type"] in _COMMENTS and event.get("author_id") is not None:
            yield int(event["author_id"])
        elif event.get("field_name") in _PEOPLE:
            yield from (int(event[key]) for key in ("value", "previous_value") if event.get(key))


def _own(audit: Json) -> Json:
    """What an update of ours says of itself, or nothing: metadata can be written by other programs too."""
    try:
        said = json.loads(audit["metadata"]["custom"][METADATA])
    except (KeyError, TypeError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _person(value: Any, known: Known) -> Person | None:
    number = _id(value)
    return None if number is None else known.person(number)


def _agents(addresses: Any, known: Known) -> frozenset[Person]:
    """Those whom the account still has."""
    found = (known.agent_at(str(address)) for address in addresses or ())
    return frozenset(agent for agent in found if agent is not None)


def _label(value: Any, known: Known) -> str | None:
    status = known.status(_id(value))
    return status.label if status else None


def _tags(value: Any) -> frozenset[str]:
    return frozenset(value.split() if isinstance(value, str) else value or ())


def _lower(value: Any) -> str | None:
    return str(value).lower() if value else None


def _id(value: Any) -> int | None:
    """Ids in events are texts or numbers; none is null or empty."""
    return None if value in (None, "") else int(value)
