"""What a delivery says happened: bytes in; a ticket to look at, nothing to look at, or an exception out.

Two kinds of body come: Zendesk's own event (``zen:event-type:...``), and the body a trigger or automation was given
by whoever made it, of which we ask one key, ``ticket_id``; ``updated_at`` and ``event`` are welcome:

    {"ticket_id": "{{ticket.id}}", "event": "updated", "updated_at": "{{ticket.updated_at_with_timestamp}}"}

Only the ticket's id counts. The rest are hints: a hint that cannot be read is None and no error, and no address and no
text of a person is taken over.
https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events
https://developer.zendesk.com/api-reference/webhooks/event-types/messaging-events
"""

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from webhooks.errors import UnreadableBody

_ZENDESK_TYPE = "zen:event-type:"
_ABOUT_TICKETS = ("ticket.", "messaging_ticket.")
_TICKET_SUBJECT = "zen:ticket:"

_LARGEST_ID = 2**63 - 1
_ID = re.compile(r"[1-9][0-9]{0,18}")
_KIND = re.compile(r"[a-z0-9_]{1,64}(?:\.[a-z0-9_]{1,64})?")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_PLACEHOLDER = re.compile(r"\s*\{\{[^{}]*\}\}\s*")


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """Something happened to this ticket. All but ``ticket_id`` are hints.

    ``kind`` is Zendesk's event type without its prefix (``ticket.status_changed``), or for a trigger's body ``trigger``
    or ``trigger.`` and its ``event``. ``updated_at`` (UTC) is the ticket's, as old as the event.
    """

    ticket_id: int
    kind: str
    updated_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class NothingToLookAt:
    """A body in a known form that names no ticket: a user's event, a type from next year, a test with placeholders."""

    kind: str


Event = TicketEvent | NothingToLookAt


def parse(body: bytes) -> Event:
    """Read a delivery's body. Trusts nothing in it but that it ends. Raises UnreadableBody."""
    said = _json_object(body)
    zendesk_type = said.get("type")
    if isinstance(zendesk_type, str) and zendesk_type.startswith(_ZENDESK_TYPE):
        return _zendesk_event(said, zendesk_type.removeprefix(_ZENDESK_TYPE))
    if "ticket_id" in said:
        return _trigger_body(said)
    raise UnreadableBody('neither a Zendesk event nor a trigger\'s body: give it "ticket_id": "{{ticket.id}}"')


def _zendesk_event(said: dict[str, Any], kind: str) -> Event:
    if not kind.startswith(_ABOUT_TICKETS):
        return NothingToLookAt(_kind(kind))
    detail = _object(said.get("detail"))
    subject = said.get("subject")
    named = subject.removeprefix(_TICKET_SUBJECT) if isinstance(subject, str) else None
    ticket_id = _id(named) or _id(detail.get("id"))
    if ticket_id is None:
        raise UnreadableBody("an event about a ticket, without the ticket's id in subject or detail.id")
    if _id(detail.get("id")) not in (None, ticket_id):
        raise UnreadableBody("subject and detail.id name two different tickets")
    return TicketEvent(ticket_id, _kind(kind), updated_at=_time(detail.get("updated_at")))


def _trigger_body(said: dict[str, Any]) -> Event:
    kind = "trigger"
    if isinstance(event := said.get("event"), str) and _KIND.fullmatch(event):
        kind = f"trigger.{event}"
    named = said["ticket_id"]
    if isinstance(named, str) and _PLACEHOLDER.fullmatch(named):  # "Test webhook" renders no placeholders
        return NothingToLookAt(kind)
    ticket_id = _id(named)
    if ticket_id is None:
        raise UnreadableBody('"ticket_id" is not the id of a ticket: give it as "{{ticket.id}}"')
    return TicketEvent(ticket_id, kind, updated_at=_time(said.get("updated_at")))


def _json_object(body: bytes) -> dict[str, Any]:
    try:
        said = _DECODER.decode(body.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise UnreadableBody(f"not UTF-8 at byte {error.start}") from None
    except json.JSONDecodeError as error:
        raise UnreadableBody(
            f"not JSON at line {error.lineno}, column {error.colno}: quotes and line breaks of a placeholder break"
            " a trigger's body, so send ids only"
        ) from None
    except (ValueError, RecursionError):  # an integer of 5,000 digits; 100,000 brackets
        raise UnreadableBody("JSON with a number or a depth that nobody needs") from None
    if not isinstance(said, dict):
        raise UnreadableBody("JSON, but not an object")
    return said


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A key that comes twice: a customer's text in a trigger's body may have added it, to name another ticket."""
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise UnreadableBody("JSON in which one object has a key twice")
    return fields


def _no_constant(_name: str) -> NoReturn:
    raise UnreadableBody("NaN and Infinity are not JSON")


_DECODER = json.JSONDecoder(object_pairs_hook=_without_repetition, parse_constant=_no_constant)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _id(value: object) -> int | None:
    """Ids are strings in events and numbers elsewhere; "0" and "-1" stand for nobody."""
    if isinstance(value, str) and _ID.fullmatch(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LARGEST_ID:
        return value
    return None


def _kind(name: str) -> str:
    return name if _KIND.fullmatch(name) else "unreadable"


def _time(value: object) -> datetime | None:
    if not (isinstance(value, str) and _TIME.fullmatch(value)):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):  # the 31st of February; the last hour of the year 9999, west of here
        return None
