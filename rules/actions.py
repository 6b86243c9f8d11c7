"""What can be done about a violation: each action is one change, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias, assert_never

from rules.frozen import empty_mapping
from rules.ticket import Attachment, Person, Value


@dataclass(frozen=True, slots=True)
class SetGroup:
    group: str


@dataclass(frozen=True, slots=True)
class Assign:
    """To a person, or to nobody: then null is sent."""

    person: Person | None


@dataclass(frozen=True, slots=True)
class SetStatus:
    status: str


@dataclass(frozen=True, slots=True)
class SetPriority:
    priority: str


@dataclass(frozen=True, slots=True)
class AddTags:
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class RemoveTags:
    tags: frozenset[str]


@dataclass(frozen=True, slots=True)
class AddFollowers:
    people: frozenset[Person]


@dataclass(frozen=True, slots=True)
class Note:
    """An internal note. ``message`` is a key, ``values`` fill it; mentioned people are written as ``@Name``."""

    message: str
    values: Mapping[str, str] = empty_mapping()
    mentions: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Reply:
    """A public reply to the requester, in the requester's language."""

    message: str
    values: Mapping[str, str] = empty_mapping()


@dataclass(frozen=True, slots=True)
class NewTicket:
    """To open, in ``group``: a ticket holding a comment that came by the wrong way; one for an ``external_id``."""

    requester: Person
    subject: str = field(repr=False)
    text: str = field(repr=False)
    external_id: str
    group: str | None = None
    tags: frozenset[str] = frozenset()
    attachments: tuple[Attachment, ...] = ()


FieldAction: TypeAlias = SetGroup | Assign | SetStatus | SetPriority
Action: TypeAlias = FieldAction | AddTags | RemoveTags | AddFollowers | Note | Reply | NewTicket


def field_of(action: FieldAction) -> tuple[str, Value]:
    """The ticket field an action sets, and the value."""
    match action:
        case SetGroup(group):
            return "group", group
        case Assign(person):
            return "assignee", person
        case SetStatus(status):
            return "status", status
        case SetPriority(priority):
            return "priority", priority
        case _:
            assert_never(action)
