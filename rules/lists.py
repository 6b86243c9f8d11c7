"""Lists in a file that may be written as their only item, and keys that may stay without a value."""

from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


class OneOrMany:
    """Annotates a tuple or set: ``open`` is read as ``[open]``, and editors are told that both will do."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        given = handler(schema)
        many = given.get("anyOf", [given])[0]  # one that may be left out is "a list or null"
        return {"anyOf": [many["items"], many]}


class NoneIsEmpty(OneOrMany):
    """The same, and a key without a value is an empty list."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_list_or_none, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(schema)
        return {"anyOf": [many["items"], many, {"type": "null"}]}


class NoneIsEmptyMap:
    """Annotates a mapping or model: a key without a value is an empty one."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_as_map, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [handler(schema), {"type": "null"}]}


def _as_list(given: Any) -> Any:
    return given if isinstance(given, list | tuple | set | frozenset) else [given]


def _as_list_or_none(given: Any) -> Any:
    return [] if given is None else _as_list(given)


def _as_map(given: Any) -> Any:
    return {} if given is None else given
