"""Ticket fields made, changed and deleted by the API (FIELDS)."""

from typing import Any

from emulator.account import Account
from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.model import Json, Option, TicketField
from emulator.refusals import Refusal, problem
from emulator.shapes.configuration import field_json

WITH_OPTIONS = ("tagger", "multiselect")
KINDS = (*WITH_OPTIONS, "text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "partialcreditcard")


def _options(account: Account, said: Json, kind: str) -> tuple[Option, ...]:
    """The options of a drop-down. Raises Refusal (422)."""
    entries = said if isinstance(said, list) else []
    options = tuple(
        Option(account.ids.next("option"), str(entry.get("name") or ""), str(entry.get("value") or ""))
        for entry in entries
        if isinstance(entry, dict)
    )
    values = [option.value for option in options]
    if kind in WITH_OPTIONS and (not all(values) or len(set(values)) != len(values) or not values):
        details = [problem("Custom field options", "need names and values of their own", "InvalidValue")]
        raise Refusal.invalid({"custom_field_options": details})
    return options


def _checked(account: Account, document: dict[str, Json], before: TicketField | None) -> dict[str, Any]:
    """The properties of a whole field. Raises Refusal (422)."""
    title = document.get("title", before.title if before else None)
    kind = document.get("type", before.type if before else None)
    if not isinstance(title, str) or not title.strip():
        raise Refusal.invalid({"title": [problem("Title", "cannot be blank", "BlankValue")]})
    if not isinstance(kind, str) or (kind not in KINDS if before is None else kind != before.type):
        raise Refusal.invalid({"type": [problem("Type", "is invalid", "InvalidValue")]})
    if before is None or "custom_field_options" in document:
        options = _options(account, document.get("custom_field_options"), kind)
    else:
        options = before.options
    active = document.get("active", True if before is None else before.active)
    return {"title": title, "type": kind, "options": options, "active": active is not False}


def _own(call: Call) -> TicketField:
    """The custom field of the path. Raises Refusal (404, 422)."""
    field = call.account.fields.get(call.path("id"))
    if field is None:
        raise Refusal.not_found()
    if not field.custom:
        raise Refusal.invalid({"base": [problem("Field", "is Zendesk's own")]})
    return field


def create(call: Call) -> Answer:
    """A field, which is on the account's default form at once."""
    account = call.account
    said = _checked(account, call.document("ticket_field"), None)
    number = account.ids.next("field", account.fields)
    field = TicketField(number, f"field_{number}", created_at=account.clock.seconds(), **said)
    account.fields[number] = field
    for form in account.forms.values():
        if form.default:
            form.field_ids = (*form.field_ids, number)
    location = f"{account.address}/api/v2/ticket_fields/{number}.json"
    return created({"ticket_field": field_json(account, field)}, location)


def update(call: Call) -> Answer:
    field = _own(call)
    for name, value in _checked(call.account, call.document("ticket_field"), field).items():
        setattr(field, name, value)
    return ok({"ticket_field": field_json(call.account, field)})


def remove(call: Call) -> Answer:
    """Its values on tickets go with it."""
    field = _own(call)
    del call.account.fields[field.id]
    for form in call.account.forms.values():
        form.field_ids = tuple(number for number in form.field_ids if number != field.id)
    for ticket in call.account.tickets.values():
        ticket.custom_fields.pop(field.id, None)
    return no_content()


routes = [
    api("POST", "/api/v2/ticket_fields", create, "write", who="admin"),
    api("PUT", "/api/v2/ticket_fields/{id:int}", update, "write", who="admin"),
    api("DELETE", "/api/v2/ticket_fields/{id:int}", remove, "write", who="admin"),
]
