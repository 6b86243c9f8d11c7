"""A list that may be written as its only item."""

from typing import Annotated

import pytest
from pydantic import TypeAdapter, ValidationError

from rules.lists import NoneIsEmpty, NoneIsEmptyMap, OneOrMany

ONE_OR_MANY = TypeAdapter[tuple[str, ...]](Annotated[tuple[str, ...], OneOrMany()])
EMPTY_TOO = TypeAdapter[frozenset[str]](Annotated[frozenset[str], NoneIsEmpty()])


def test_one_stands_for_a_list_of_one() -> None:
    assert ONE_OR_MANY.validate_python("open") == ("open",)
    assert ONE_OR_MANY.validate_python(["open", "new"]) == ("open", "new")
    assert EMPTY_TOO.validate_python("x") == {"x"}
    assert EMPTY_TOO.validate_python({"x", "y"}) == {"x", "y"}


def test_nothing_is_an_empty_list_only_where_that_is_said() -> None:
    assert EMPTY_TOO.validate_python(None) == frozenset()
    with pytest.raises(ValidationError):
        ONE_OR_MANY.validate_python(None)


def test_schemas_allow_both() -> None:
    kinds = [choice["type"] for choice in ONE_OR_MANY.json_schema()["anyOf"]]
    assert kinds == ["string", "array"]
    optional = TypeAdapter[tuple[str, ...] | None](Annotated[tuple[str, ...] | None, OneOrMany()])
    assert [choice["type"] for choice in optional.json_schema()["anyOf"]] == ["string", "array"]
    assert [choice["type"] for choice in EMPTY_TOO.json_schema()["anyOf"]] == ["string", "array", "null"]


def test_key_without_a_value_is_an_empty_map_where_that_is_said() -> None:
    field = TypeAdapter[dict[str, int]](Annotated[dict[str, int], NoneIsEmptyMap()])
    assert field.validate_python(None) == {}
    assert field.validate_python({"a": 1}) == {"a": 1}
    assert [choice["type"] for choice in field.json_schema()["anyOf"]] == ["object", "null"]
