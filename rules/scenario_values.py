"""What may stand at the keys of a scenario: moments, custom fields, modes, a number of comments."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import (
    AfterValidator,
    BeforeValidator,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from rules.cast import cast_in
from rules.duration import parse_duration
from rules.mode import Mode
from rules.names import nearest
from rules.rule import ModeWord

EVERY_RULE = "every rule"  # the key under which a single mode for the whole pack is kept

_MOMENT = {"type": "string", "format": "date-time"}
_MODE = {"enum": [mode.word for mode in Mode]}
FieldValue: TypeAlias = str | bool | int | frozenset[str] | None

_HOW = "write 2026-03-10T11:00:00-03:00"


def _moment(given: Any) -> datetime:
    if isinstance(given, str):
        try:
            given = datetime.fromisoformat(given)
        except ValueError:
            raise ValueError(f"{given!r} is no moment; {_HOW}") from None
    if not isinstance(given, date):
        raise ValueError(f"{given!r} is no moment; {_HOW}")  # noqa: TRY004 # pydantic reports value errors only
    if not isinstance(given, datetime) or given.tzinfo is None:
        raise ValueError(f"a moment needs its time and its offset from UTC; {_HOW}")
    if not 1990 <= given.year <= 2200:
        raise ValueError(f"the year {given.year} is out of the question")
    return datetime.fromtimestamp(given.timestamp(), UTC)


def _moment_or_wait(given: Any) -> datetime | timedelta | None:
    if isinstance(given, str) and given.startswith("in "):
        return parse_duration(given.removeprefix("in "))
    try:
        return None if given is None else _moment(given)
    except ValueError as error:
        raise ValueError(f"{error}, or a wait such as: in 47h50m") from None


def _by_rule(given: Any) -> Any:
    return given if given is None or isinstance(given, Mapping) else {EVERY_RULE: given}


def _of_known_rules(modes: dict[str, Mode], info: ValidationInfo) -> dict[str, Mode]:
    rules = cast_in(info).rules
    for rule in modes:
        if rule != EVERY_RULE and rule not in rules:
            raise ValueError(f"no rule of the pack has the id {rule!r}{nearest(rule, rules)}")
    return modes


def _counted(given: Any) -> Any:
    """A number stands for so many comments of which nothing more is asked; one may stand without its list."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= 9:
        return [{}] * given
    if given is None:
        return []
    if isinstance(given, Mapping):
        return [given]
    if not isinstance(given, list | tuple):
        raise ValueError(f"expected how many, or a list such as [{{contains: [..]}}], not {given!r}")  # noqa: TRY004
    return given


def _known_fields(given: dict[str, Any], info: ValidationInfo) -> dict[str, FieldValue]:
    """Tickets have fields that no pack names; one that looks like a pack's misspelt is a mistake, and so is a value."""
    fields = cast_in(info).fields
    for name, value in given.items():
        if name not in fields and (near := nearest(name, fields)):
            raise ValueError(f"the pack has no custom field {name!r}{near}")
        if not isinstance(value, str | int | list | None):
            raise ValueError(f"{name!r} holds no text, whole number, true, false or list of texts")  # noqa: TRY004
        entry = fields.get(name)
        if entry and entry.values and value is not None and value not in entry.values:
            raise ValueError(f"{value!r} is no value of {name!r}{nearest(str(value), entry.values)}")
    return {name: frozenset(map(str, value)) if isinstance(value, list) else value for name, value in given.items()}


Moment: TypeAlias = Annotated[datetime, BeforeValidator(_moment), WithJsonSchema(_MOMENT)]
MomentOrWait: TypeAlias = Annotated[
    datetime | timedelta | None,
    BeforeValidator(_moment_or_wait),
    WithJsonSchema({"anyOf": [_MOMENT, {"type": "string", "pattern": "^in "}, {"type": "null"}]}),
]
Modes: TypeAlias = Annotated[
    dict[str, ModeWord],
    AfterValidator(_of_known_rules),
    BeforeValidator(_by_rule),
    WithJsonSchema({"anyOf": [_MODE, {"type": "object", "additionalProperties": _MODE}]}),
]


class Counted:
    """Annotates a list of comments: a number will do."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(_counted, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        many = handler(schema)
        return {"anyOf": [{"type": "integer", "minimum": 0, "maximum": 9}, many["items"], many, {"type": "null"}]}


FieldValues: TypeAlias = Annotated[dict[str, Any], AfterValidator(_known_fields)]
Status: TypeAlias = Annotated[
    Literal["new", "open", "pending", "hold", "solved", "closed"],
    BeforeValidator(lambda given: "hold" if given == "on-hold" else given),
    WithJsonSchema({"enum": ["new", "open", "pending", "hold", "on-hold", "solved", "closed"]}),
]
Priority: TypeAlias = Literal["low", "normal", "high", "urgent"]
Type: TypeAlias = Literal["problem", "incident", "question", "task"]
Tags: TypeAlias = frozenset[str]
