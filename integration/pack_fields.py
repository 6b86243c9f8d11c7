"""The custom ticket fields that a pack names: made where the account has none, given the options they lack.

https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_fields/
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from zenpy import Zenpy
from zenpy.lib.api_objects import TicketField

from integration.connection import Change, Made
from integration.names import key_of
from integration.parse import Json, reading
from integration.wire import Wire, json_of


@dataclass(frozen=True, slots=True)
class WantedField:
    """A drop-down with these values; a text field where the pack lists none. ``id``: which one is meant."""

    title: str
    values: tuple[str, ...] = ()
    id: int | None = None


def planned_fields(wire: Wire, wanted: Iterable[WantedField]) -> list[Change]:
    """What has to be done so that the account has these fields. Raises GatewayError."""
    existing = _fields(wire)
    return [change for each in wanted for change in _field(each, existing)]


def planned_field_removal(wire: Wire, made: Made) -> list[Change]:
    """Take away the fields that were made and are still there."""
    existing = {each["id"]: each for each in _fields(wire)} if made.fields else {}
    return [_without_field(existing[number]) for number in made.fields if number in existing]


def _fields(wire: Wire) -> list[Json]:
    answer = json_of(wire.read("/api/v2/ticket_fields"))
    with reading("the ticket fields"):
        return [each for each in answer["ticket_fields"] if each.get("removable") is not False]


def _field(wanted: WantedField, existing: Sequence[Json]) -> Iterator[Change]:
    found = [each for each in existing if _is(each, wanted)]
    if not found:
        kind = f"a drop-down of {', '.join(wanted.values)}" if wanted.values else "a line of text"
        yield Change("+", f"ticket field {wanted.title!r}", (kind,), lambda zenpy, made: _create(zenpy, made, wanted))
        return
    number = int(found[0]["id"])
    what = f"ticket field {found[0]['title']!r} ({number})"
    options = found[0].get("custom_field_options") or []
    lacking = [value for value in wanted.values if value not in {option["value"] for option in options}]
    if not lacking or found[0].get("type") not in ("tagger", "multiselect"):
        yield Change("=", what)
        return

    def extend(zenpy: Zenpy, made: Made) -> Made:
        changed = TicketField(id=number)
        kept = [{"id": each["id"], "name": each["name"], "value": each["value"]} for each in options]
        changed.custom_field_options = [*kept, *_options(lacking)]
        zenpy.ticket_fields.update(changed)
        return made

    yield Change("~", what, (f"options added, and left there: {', '.join(lacking)}",), extend)


def _is(found: Json, wanted: WantedField) -> bool:
    if wanted.id is not None:
        return bool(found["id"] == wanted.id)
    return key_of(wanted.title) in {key_of(str(found.get(name) or "")) for name in ("title", "key")}


def _create(zenpy: Zenpy, made: Made, wanted: WantedField) -> Made:
    field = TicketField(type="tagger" if wanted.values else "text", title=wanted.title)
    if wanted.values:
        field.custom_field_options = _options(wanted.values)
    number = int(zenpy.ticket_fields.create(field).id)
    return replace(made, fields={**made.fields, number: wanted.title})


def _options(values: Iterable[str]) -> list[Mapping[str, str]]:
    return [{"name": value, "value": value} for value in values]


def _without_field(found: Json) -> Change:
    number = int(found["id"])

    def delete(zenpy: Zenpy, made: Made) -> Made:
        zenpy.ticket_fields.delete(TicketField(id=number))
        return replace(made, fields={key: title for key, title in made.fields.items() if key != number})

    return Change("-", f"ticket field {found['title']!r} ({number})", ("its values on tickets go with it",), delete)
