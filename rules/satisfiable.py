"""Whether any ticket at all can meet a ``when``: decided by its logic, without looking at tickets."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Any, get_args

from rules.condition import Condition
from rules.ticket import Role

JUDGED = ("new", "open", "pending", "hold")
MOST = 5_000  # ways to meet one condition that are looked at; no pack written by hand has as many

_SINGLE = ("group", "assignee", "status", "priority", "type", "form", "brand", "organization", "channel")
_LABELS = ("tags", "topic")
_PEOPLE = ("requester", "by")


@dataclass(frozen=True, slots=True)
class Literal:
    """One field is (or is not) among some values."""

    field: str
    values: frozenset[Any]
    holds: bool


Way = tuple[Literal, ...]


def can_hold(condition: Condition) -> bool:
    """Whether some ticket that rules judge meets the condition."""
    ways = list(islice(_ways(condition, holds=True), MOST))
    return len(ways) == MOST or any(_is_possible(way) for way in ways)


def _ways(condition: Condition, *, holds: bool) -> Iterator[Way]:
    """The condition as alternatives, each a list of literals that must all hold."""
    parts = [tuple(_alternatives(part, holds=holds)) for part in _parts(condition)]
    if holds:
        for chosen in product(*parts):
            yield tuple(literal for way in chosen for literal in way)
    else:
        for part in parts:
            yield from part


def _parts(condition: Condition) -> Iterator[Any]:
    for name in (*_SINGLE, *_LABELS, *_PEOPLE):
        values = getattr(condition, name)
        if values is not None:
            yield Literal(name, frozenset(values), holds=True)
    for name, wanted in (condition.fields or {}).items():
        yield Literal(f"fields.{name}", frozenset(wanted or ()), holds=True)
    if condition.any is not None:
        yield "any", condition.any
    if condition.all is not None:
        yield "all", condition.all
    if condition.not_ is not None:
        yield "not", (condition.not_,)


def _alternatives(part: Any, *, holds: bool) -> Iterator[Way]:
    if isinstance(part, Literal):
        yield (Literal(part.field, part.values, holds),)
        return
    word, conditions = part
    if word == "not":
        holds, word = not holds, "all"
    if (word == "any") is holds:
        for condition in conditions:
            yield from _ways(condition, holds=holds)
    else:
        each = [tuple(islice(_ways(condition, holds=holds), MOST)) for condition in conditions]
        for chosen in product(*each):
            yield tuple(literal for way in chosen for literal in way)


def _is_possible(way: Way) -> bool:
    by_field: dict[str, list[Literal]] = defaultdict(list)
    for literal in way:
        by_field[literal.field].append(literal)
    return all(_field_is_possible(field, literals) for field, literals in by_field.items())


def _field_is_possible(field: str, literals: Collection[Literal]) -> bool:
    wanted = [literal.values for literal in literals if literal.holds]
    unwanted = frozenset[Any]().union(*(literal.values for literal in literals if not literal.holds))
    if field in _LABELS:
        return all(any(_can_be(label) for label in labels - unwanted) for labels in wanted)
    if field in _PEOPLE:
        return _some_person(wanted, unwanted)
    if field == "status":
        wanted = [*wanted, frozenset(JUDGED)]
    return not wanted or bool(frozenset.intersection(*wanted) - unwanted)


def _can_be(label: Any) -> bool:
    """A tag can; a topic only if it has something to look for."""
    return isinstance(label, str) or bool(label.words or label.patterns)


def _some_person(wanted: Collection[frozenset[str]], unwanted: frozenset[str]) -> bool:
    """Whether a person with one role and one name is among all that are wanted and not among the unwanted."""
    roles = get_args(Role)
    names = {"somebody else", *(word for words in wanted for word in words if word not in roles)}
    return any(
        all(role in words or name in words for words in wanted)
        for role in roles
        if role not in unwanted
        for name in names - unwanted
    )
