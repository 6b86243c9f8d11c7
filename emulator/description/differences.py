"""Says where a value is not what a schema describes: keys, types and nulls, with the place of each."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from emulator.description.schema import Schema

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "integer": (int,),
    "number": (int, float),
    "boolean": (bool,),
    "null": (type(None),),
}


def differences(document: dict[str, Any], schema: Schema, value: Any, place: str = "body") -> list[str]:
    """Sentences such as `body.ticket.tags: null, described as array`; none if it conforms.

    Of the JSON Schema vocabulary only what the description uses is understood.
    """
    return list(_differ(document, schema, value, place))


def _differ(document: dict[str, Any], schema: Schema, value: Any, place: str) -> Iterator[str]:
    if "$ref" in schema:
        schema = resolve(document, schema["$ref"])
    if "anyOf" in schema:
        yield from _nearest(document, schema["anyOf"], value, place)
    if "not" in schema and not list(_differ(document, schema["not"], value, place)):
        yield f"{place}: {value!r} is described elsewhere"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{place}: {value!r}, described as one of {', '.join(map(repr, schema['enum']))}"
    if "const" in schema and value != schema["const"]:
        yield f"{place}: {value!r}, described as {schema['const']!r}"
    described = schema.get("type")
    if described is not None:
        kinds = [described] if isinstance(described, str) else described
        if not any(_is(value, kind) for kind in kinds):
            yield f"{place}: {kind_of(value)}, described as {' or '.join(kinds)}"
            return
    if schema.get("format") == "date-time" and isinstance(value, str) and not _is_time(value):
        yield f"{place}: {value!r} is no time"
    if isinstance(value, dict) and described is not None:
        yield from _keys(document, schema, value, place)
    elif isinstance(value, list) and "items" in schema:
        for index, item in enumerate(value):
            yield from _differ(document, schema["items"], item, f"{place}[{index}]")


def _keys(document: dict[str, Any], schema: Schema, value: dict[str, Any], place: str) -> Iterator[str]:
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
    for name in schema.get("required", ()):
        if name not in value:
            yield f"{place}.{name}: missing"
    for name, each in value.items():
        if name in properties:
            yield from _differ(document, properties[name], each, f"{place}.{name}")
        elif isinstance(others, dict):
            yield from _differ(document, others, each, f"{place}.{name}")
        elif not others:
            yield f"{place}.{name}: not described"


def _nearest(document: dict[str, Any], choices: list[Schema], value: Any, place: str) -> Iterator[str]:
    """Nothing if one of the choices fits; else what the nearest one misses."""
    found = [list(_differ(document, choice, value, place)) for choice in choices]
    if all(found):
        yield from min(found, key=lambda each: (_wrong_kind(each, place), len(each)))


def _wrong_kind(found: list[str], place: str) -> bool:
    return any(each.startswith(f"{place}: ") for each in found)


def resolve(document: dict[str, Any], reference: str) -> Any:
    """What `#/components/...` names."""
    found: Any = document
    for part in reference.removeprefix("#/").split("/"):
        found = found[part]
    return found


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, TYPES[kind])


def kind_of(value: Any) -> str:
    return next(kind for kind in TYPES if _is(value, kind))


def _is_time(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
