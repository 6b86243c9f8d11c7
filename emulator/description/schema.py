"""Small words for writing JSON Schema: every key of a record is required, and no other may be there, unless said."""

from collections.abc import Iterable, Mapping
from typing import Any

Schema = dict[str, Any]

ANY: Schema = {}
INTEGER: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
NULL: Schema = {"type": "null"}
OBJECT: Schema = {"type": "object"}


def record(properties: Mapping[str, Schema], optional: Iterable[str] = (), *, more: bool = False) -> Schema:
    """An object; `more` lets keys be there that are not described."""
    described = dict(properties)
    required = [name for name in described if name not in set(optional)]
    schema: Schema = {"type": "object", "properties": described, "additionalProperties": more}
    return schema | {"required": required} if required else schema


def list_of(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def map_of(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


def maybe(schema: Schema) -> Schema:
    """That, or null."""
    if isinstance(schema.get("type"), str) and "enum" not in schema:
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, NULL]}


def word(*words: str) -> Schema:
    return {"type": "string", "enum": list(words)}


def one_of(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def extended(schema: Schema, properties: Mapping[str, Schema], optional: Iterable[str] = ()) -> Schema:
    """A record with further keys."""
    described = dict(schema["properties"]) | dict(properties)
    left_out = set(described) - set(schema.get("required", ())) - set(properties)
    return record(described, left_out | set(optional))
