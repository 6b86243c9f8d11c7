"""From a ticket's JSON to the rules' values. Pure; an answer that is not as documented raises UnreadableAnswer.

https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal, TypeAlias

from integration.account import Known
from integration.channels import rest_word
from integration.gateway import UnreadableAnswer
from rules.ticket import Person, Ticket, Value, Via

Json: TypeAlias = dict[str, Any]

_SPACES = re.compile("&nbsp;|[\u00a0\u2007\u202f]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_LINE_ENDS = re.compile(r"[ \t]*\r?\n")
_STAMP = "%Y-%m-%dT%H:%M:%SZ"

# All that a rule may read of a ticket. ``generated_timestamp`` is not among it: it moves when nothing has changed.
_MATTERS = (
    "assignee_id",
    "brand_id",
    "custom_status_id",
    "description",
    "external_id",
    "group_id",
    "is_public",
    "organization_id",
    "priority",
    "recipient",
    "requester_id",
    "status",
    "subject",
    "submitter_id",
    "ticket_form_id",
    "type",
    "updated_at",
)
_LISTS = ("collaborator_ids", "email_cc_ids", "follower_ids", "tags")


@contextmanager
def reading(where: str) -> Iterator[None]:
    """Turn what goes wrong inside into one UnreadableAnswer that names the place and holds no content."""
    try:
        yield
    except KeyError as error:
        raise UnreadableAnswer(where, f"{error.args[0]!r} is missing") from error
    except (TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        raise UnreadableAnswer(where, f"unexpected {type(error).__name__}") from error


def ticket_from(answer: Json, known: Known) -> Ticket:
    """The ticket. Names come from ``known``; people and groups nobody knows go by ``#id``."""
    with reading("the ticket"):
        via = answer.get("via") or {}
        rel = (via.get("source") or {}).get("rel")
        origin = (via.get("source") or {}).get("from") or {}
        custom = known.status(answer.get("custom_status_id"))
        assignee = answer.get("assignee_id")
        return Ticket(
            id=int(answer["id"]),
            created_at=moment_from(answer["created_at"]),
            updated_at=moment_from(answer["updated_at"]),
            requester=known.person(answer["requester_id"]),
            submitter=known.person(answer.get("submitter_id", answer["requester_id"])),
            via=via_from(via, answer.get("recipient")),
            subject=plain(answer.get("subject")),
            description=plain(answer.get("description")),
            status=str(answer["status"]).lower(),
            custom_status=custom.label if custom else None,
            priority=_word(answer.get("priority")),
            type=_word(answer.get("type")),
            group=known.group(answer.get("group_id")),
            assignee=None if assignee is None else known.person(assignee),
            tags=frozenset(answer.get("tags") or ()),
            fields=fields_from(answer.get("custom_fields") or (), known),
            form=known.form(answer.get("ticket_form_id")),
            brand=known.brand(answer.get("brand_id")),
            organization=known.organization(answer.get("organization_id")),
            external_id=answer.get("external_id"),
            followers=frozenset(known.person(number) for number in answer.get("follower_ids") or ()),
            followup_of=_number(origin.get("ticket_id")) if rel == "follow_up" else None,
        )


def person_from(user: Json, known: Known) -> Person:
    """A user of an answer. https://developer.zendesk.com/api-reference/ticketing/users/users/"""
    with reading("a user"):
        number = int(user["id"])
        return Person(
            id=number,
            name=str(user.get("name") or f"#{number}"),
            role=role_of(user.get("role")),
            locale=str(user.get("locale") or ""),
            verified=bool(user.get("verified")),
            organization=known.organization(user.get("organization_id")),
            external_id=user.get("external_id"),
            tags=frozenset(user.get("tags") or ()),
            available=bool(user.get("active", True)) and not user.get("suspended"),
            is_ronda=number == known.account.me,
        )


def role_of(word: str | None) -> Literal["end-user", "agent", "admin"]:
    """An unknown role is nobody's of the staff."""
    return "admin" if word == "admin" else "agent" if word == "agent" else "end-user"


def via_from(via: Json, recipient: str | None = None) -> Via:
    source = via.get("source") or {}
    to = (source.get("to") or {}).get("address")
    return Via(channel=rest_word(via.get("channel")), rel=source.get("rel"), recipient=recipient or to)


def fields_from(custom_fields: Any, known: Known) -> Mapping[str, Value]:
    """The custom fields that the pack names, those without a value too."""
    named = ((known.field(each["id"]), each.get("value")) for each in custom_fields)
    return {name: value_from(value) for name, value in named if name is not None}


def value_from(value: Any) -> Value:
    """A field's value: lists are sets here, decimals are text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, list):
        return frozenset(str(each) for each in value)
    return str(value)


def people_of(ticket: Json) -> set[int]:
    """The ids of everyone the ticket itself mentions."""
    with reading("the ticket"):
        named = (ticket.get(name) for name in ("requester_id", "submitter_id", "assignee_id"))
        return {int(number) for number in (*named, *(ticket.get("follower_ids") or ())) if number is not None}


def digest_of(ticket: Json, comments: int) -> str:
    """Equal for two readings of a ticket exactly when nothing that a rule may read of it has changed.

    The answer to an update and the next GET give the same digest, though only a GET can be asked for the comment
    count: whoever holds a digest can tell the count (``comments_in``). People's own properties are not in it.
    """
    with reading("the ticket"):
        matters = {name: ticket.get(name) for name in _MATTERS}
        matters |= {name: sorted(ticket.get(name) or ()) for name in _LISTS}
        filled = ((each["id"], each["value"]) for each in ticket.get("custom_fields") or ())
        matters["custom_fields"] = sorted((number, value) for number, value in filled if value not in (None, "", []))
        text = json.dumps([matters, int(comments)], sort_keys=True, separators=(",", ":"))
    return f"{hashlib.sha256(text.encode()).hexdigest()}:{comments}"


def comments_in(digest: str) -> int:
    """The comment count that a digest was made with."""
    return int(digest.rpartition(":")[2] or 0)


def plain(text: str | None) -> str:
    """Text as people see it: one kind of space and line end, nothing invisible."""
    if not text:
        return ""
    return _LINE_ENDS.sub("\n", _INVISIBLE.sub("", _SPACES.sub(" ", text))).strip()


def moment_from(text: str) -> datetime:
    """``2026-11-21T12:00:00Z``: aware, UTC."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError("a time without a zone")
    return found


def stamp(at: datetime) -> str:
    """A time as Zendesk writes it; both are UTC."""
    return at.strftime(_STAMP)


def _word(text: str | None) -> str | None:
    return text.lower() if text else None


def _number(text: Any) -> int | None:
    return None if text in (None, "") else int(text)
