"""Judges the conditions of triggers and automations, in a documented subset (TRIG, AUTO)."""

import re
from collections.abc import Callable

from emulator.behaviours.channels import via_id
from emulator.behaviours.edit import Edit
from emulator.model import PRIORITIES, STATUSES, CommentEvent, Json, Ticket

Condition = dict[str, Json]

TICKET_FIELDS = frozenset(
    {"status", "priority", "type", "group_id", "assignee_id", "requester_id", "organization_id", "ticket_form_id",
     "brand_id", "custom_status_id"}
)  # fmt: skip
HOURS_SINCE = {
    "NEW": "new", "OPEN": "open", "PENDING": "pending", "HOLD": "hold", "SOLVED": "solved", "CLOSED": "closed"
}  # fmt: skip
ORDERED = {"status": STATUSES, "priority": PRIORITIES}


def holds(edit: Edit, conditions: dict[str, list[Condition]]) -> bool:
    """All of `all`, and one of `any` if there are any. A condition that is not emulated never holds."""
    every, some = conditions.get("all") or [], conditions.get("any") or []
    return all(_one(edit, each) for each in every) and (not some or any(_one(edit, each) for each in some))


def known(field: str) -> bool:
    return (
        field in TICKET_FIELDS
        or field in HOURS_SINCE
        or field in _SPECIAL
        or bool(re.fullmatch(r"custom_fields_\d+", field))
    )


def _one(edit: Edit, condition: Condition) -> bool:
    field, operator, value = condition.get("field"), condition.get("operator"), condition.get("value")
    if field in _SPECIAL:
        return _SPECIAL[field](edit, operator, value)
    if field in HOURS_SINCE:
        return _hours_since(edit, HOURS_SINCE[field], operator, value)
    if isinstance(field, str) and known(field):
        now, before = _read(edit.ticket, field), None if edit.before is None else _read(edit.before, field)
        return _compare(field, str(operator), _expected(edit, field, value), now, before)
    return False


def _read(ticket: Ticket, field: str) -> Json:
    if field.startswith("custom_fields_"):
        return ticket.custom_fields.get(int(field.removeprefix("custom_fields_")))
    return getattr(ticket, field)


def _expected(edit: Edit, field: str, value: Json) -> Json:
    if value == "current_user":
        return None if edit.by is None else edit.by.id
    if field == "assignee_id" and value == "requester_id":
        return edit.ticket.requester_id
    return value


def _same(one: Json, other: Json) -> bool:
    if isinstance(one, list) and other is not None:
        return str(other) in map(str, one)
    return str(one if one is not None else "") == str(other if other is not None else "")


def _compare(field: str, operator: str, value: Json, now: Json, before: Json) -> bool:
    match operator:
        case "is" | "includes":
            return _same(now, value)
        case "is_not" | "not_includes":
            return not _same(now, value)
        case "present":
            return now is not None
        case "not_present":
            return now is None
        case "changed":
            return not _same(now, before)
        case "not_changed":
            return _same(now, before)
        case "value":
            return _same(now, value) and not _same(before, value)
        case "value_previous":
            return _same(before, value) and not _same(now, value)
        case "not_value":
            return not (_same(now, value) and not _same(before, value))
        case "not_value_previous":
            return not (_same(before, value) and not _same(now, value))
        case "less_than" | "greater_than":
            order = ORDERED.get(field, ())
            if now not in order or value not in order:
                return False
            difference = order.index(now) - order.index(value)
            return difference < 0 if operator == "less_than" else difference > 0
    return False


def _hours_since(edit: Edit, status: str, operator: Json, value: Json) -> bool:
    """Hours since the ticket entered a status, as automations count them."""
    if edit.ticket.status != status:
        return False
    account = edit.account
    since = edit.ticket.created_at
    for audit in account.audits.get(edit.ticket.id, []):
        if any(
            getattr(event, "name", None) == "status" and getattr(event, "value", None) == status
            for event in audit.events
        ):
            since = audit.created_at
    hours = (account.clock.seconds() - since) // 3600
    wanted = int(value) if str(value).isdecimal() else -1
    match operator:
        case "is" | "is_business_hours":
            return hours == wanted
        case "greater_than" | "greater_than_business_hours":
            return hours > wanted
        case "less_than" | "less_than_business_hours":
            return hours < wanted
    return False


def _update_type(edit: Edit, operator: Json, value: Json) -> bool:
    """`update_type is Create`, also written with the value as the operator's only word."""
    matches = (str(value) == "Create") == edit.is_new
    return matches if operator != "is_not" else not matches


def _tags(edit: Edit, operator: Json, value: Json) -> bool:
    wanted = set(str(value).split())
    includes = bool(wanted & set(edit.ticket.tags))
    return includes if operator == "includes" else not includes


def _role(edit: Edit, operator: Json, value: Json) -> bool:
    """The condition "current user": agent, end_user, or an id."""
    user = edit.by
    if user is None:
        matches = False
    elif value in ("agent", "end_user"):
        matches = (value == "agent") == user.is_staff
    else:
        matches = _same(user.id, edit.ticket.requester_id if value == "requester_id" else value)
    return matches if operator == "is" else not matches


def _comment_is_public(edit: Edit, operator: Json, value: Json) -> bool:
    comment = _comment(edit)
    if value == "not_relevant":
        return comment is not None
    if comment is None:
        return False
    matches = comment.public == (str(value).lower() in ("true", "requester_can_see_comment"))
    return matches if operator != "is_not" else not matches


def _comment(edit: Edit) -> CommentEvent | None:
    return next((event for event in edit.events if isinstance(event, CommentEvent)), None)


def _words(text: str, operator: Json, value: Json) -> bool:
    folded, wanted = text.casefold(), str(value).casefold()
    words = wanted.split()
    found = {
        "includes": any(word in folded for word in words),
        "not_includes": not any(word in folded for word in words),
        "is": wanted in folded,
        "is_not": wanted not in folded,
    }
    return found.get(str(operator), False)


def _comment_words(edit: Edit, operator: Json, value: Json) -> bool:
    comment = _comment(edit)
    return comment is not None and _words(comment.body, operator, value)


def _via(edit: Edit, operator: Json, value: Json) -> bool:
    return _same(via_id(edit.ticket.via.channel), value) is (operator == "is")


def _current_via(edit: Edit, operator: Json, value: Json) -> bool:
    return _same(via_id(edit.via.channel), value) is (operator == "is")


_SPECIAL: dict[str, Callable[[Edit, Json, Json], bool]] = {
    "update_type": _update_type,
    "current_tags": _tags,
    "role": _role,
    "comment_is_public": _comment_is_public,
    "comment_includes_word": _comment_words,
    "subject_includes_word": lambda edit, operator, value: _words(edit.ticket.subject or "", operator, value),
    "via_id": _via,
    "current_via_id": _current_via,
}
