"""A condition taken apart: what it wants, what the ticket has, and whether that holds, part by part."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from rules.condition import Condition
from rules.snapshot import Snapshot
from rules.text import prose
from rules.ticket import Person
from rules.topic import Topic

NONE = "–"

_NESTED = ("any", "all")
_NAMES = sorted(Condition.model_fields, key=lambda name: name in (*_NESTED, "not_"))  # what is nested comes last


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a condition. ``parts`` are those of ``any``, ``all`` and ``not``, each list a condition of its own;
    such a part wants and finds nothing itself."""

    name: str
    holds: bool
    wanted: tuple[str, ...] = ()
    found: str = field(default="", repr=False)
    parts: tuple[tuple["Part", ...], ...] = ()


def parts_of(condition: Condition, seen: Snapshot) -> tuple[Part, ...]:
    """Every part, whether or not another one decides already. The condition holds where all of them do."""
    return tuple(_parts(condition, seen))


def _parts(condition: Condition, seen: Snapshot) -> Iterator[Part]:
    for name in _NAMES:
        value = getattr(condition, name)
        if value is None:
            continue
        if name == "fields":
            for key, wanted in value.items():
                holds = _holds(seen, fields={key: wanted})
                yield Part(f"fields.{key}", holds, _texts(wanted or ()), text_of(seen.ticket.fields.get(key)))
        elif name in _NESTED or name == "not_":
            inner = value if name in _NESTED else (value,)
            nested = tuple(parts_of(each, seen) for each in inner)
            yield Part(name.rstrip("_"), _holds(seen, **{name: value}), parts=nested)
        else:
            yield Part(name, _holds(seen, **{name: value}), _wanted(name, value), _found(name, value, seen))


def _holds(seen: Snapshot, **said: Any) -> bool:
    """Whether this part alone holds: by the same code that judges."""
    return Condition.model_construct(**said).failing(seen) is None


def _wanted(name: str, value: Sequence[Any]) -> tuple[str, ...]:
    if name == "topic":
        return tuple(word for topic in value for word in (*topic.words, *topic.patterns))
    return _texts(value)


def _texts(values: Sequence[Any]) -> tuple[str, ...]:
    return tuple(text_of(value) for value in values)


def _found(name: str, value: Any, seen: Snapshot) -> str:
    ticket = seen.ticket
    match name:
        case "channel":
            return ticket.via.channel
        case "requester":
            return _person(ticket.requester)
        case "by":
            return _person(ticket.submitter)
        case "topic":
            return text_of(frozenset(_words_found(value, seen)))
        case _:
            return text_of(getattr(ticket, name))


def _words_found(topics: Sequence[Topic], seen: Snapshot) -> Iterator[str]:
    for text in (prose(seen.ticket.subject), prose(seen.opening)):
        for topic in topics:
            yield from (word.strip() for word in topic.found_in_folded(text))


def _person(person: Person) -> str:
    return f"{person.name} ({person.role})"


def text_of(value: object) -> str:
    """A value as people read it: names, sorted where there are several, and a dash for nothing."""
    match value:
        case None:
            return NONE
        case Person(name=name):
            return name
        case frozenset():
            return ", ".join(sorted(text_of(each) for each in value)) or NONE
        case bool():
            return str(value).lower()
        case _:
            return str(value)
