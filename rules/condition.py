"""The one vocabulary of `when`: any, all, not, over what a ticket is. Data from the pack, judged before the rule."""

from collections.abc import Callable, Collection, Iterator
from functools import cached_property
from operator import attrgetter
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from rules.channels import Channel
from rules.lists import OneOrMany
from rules.names import FieldName, GroupName, PersonName, TopicRef, nearest
from rules.snapshot import Snapshot
from rules.ticket import Person, Ticket, Value
from rules.topic import Topic

Test: TypeAlias = Callable[[Snapshot], bool]

# https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#json-format
STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("problem", "incident", "question", "task")


def _one_of(kind: str, words: Collection[str]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in words:
            hint = nearest(word, words) or f"; one of {', '.join(words)}"
            raise ValueError(f"no {kind} is called {word!r}{hint}")
        return word

    return AfterValidator(check)


Status: TypeAlias = Annotated[str, _one_of("status", STATUSES), WithJsonSchema({"enum": list(STATUSES)})]
Priority: TypeAlias = Annotated[str, _one_of("priority", PRIORITIES), WithJsonSchema({"enum": list(PRIORITIES)})]
Type: TypeAlias = Annotated[str, _one_of("type", TYPES), WithJsonSchema({"enum": list(TYPES)})]

# Optional, because a word may be left out; a null that is written down arrives as a list that holds it.
Words: TypeAlias = Annotated[tuple[str, ...] | None, OneOrMany()]
WordsOrNone: TypeAlias = Annotated[tuple[str | None, ...] | None, OneOrMany()]
Statuses: TypeAlias = Annotated[tuple[Status, ...] | None, OneOrMany()]
Priorities: TypeAlias = Annotated[tuple[Priority | None, ...] | None, OneOrMany()]
Types: TypeAlias = Annotated[tuple[Type | None, ...] | None, OneOrMany()]
ChannelWords: TypeAlias = Annotated[tuple[Channel, ...] | None, OneOrMany()]
Groups: TypeAlias = Annotated[tuple[GroupName | None, ...] | None, OneOrMany()]
People: TypeAlias = Annotated[tuple[PersonName | None, ...] | None, OneOrMany()]
Topics: TypeAlias = Annotated[tuple[TopicRef, ...] | None, OneOrMany()]


class Condition(BaseModel):
    """Everything said must hold; a list means any of its values; null means none is set.

    ``any``, ``all`` and ``not`` nest. ``topic`` looks at the subject and the first message; ``requester`` and
    ``by`` (who opened it) at a role or a name.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    any: tuple["Condition", ...] | None = None
    all: tuple["Condition", ...] | None = None
    not_: "Condition | None" = Field(default=None, alias="not")
    group: Groups = None
    assignee: People = None
    status: Statuses = None
    priority: Priorities = None
    type: Types = None
    channel: ChannelWords = None
    tags: Words = None
    form: WordsOrNone = None
    brand: WordsOrNone = None
    fields: dict[FieldName, WordsOrNone] | None = None
    topic: Topics = None
    requester: Words = None
    organization: WordsOrNone = None
    by: Words = None

    def failing(self, seen: Snapshot) -> str | None:
        """The name of the first condition that does not hold, such as ``group`` or ``any``; None if all hold."""
        for name, holds in self._tests:
            if not holds(seen):
                return name
        return None

    @cached_property
    def _tests(self) -> tuple[tuple[str, Test], ...]:
        """What is said here and nothing else, so that a look asks no more than that."""
        return tuple(self._said())

    def _said(self) -> Iterator[tuple[str, Test]]:
        if (groups := self.group) is not None:
            yield "group", lambda seen: seen.ticket.group in groups
        if (people := self.assignee) is not None:
            yield "assignee", lambda seen: (seen.ticket.assignee.name if seen.ticket.assignee else None) in people
        for name in ("status", "priority", "type", "form", "brand", "organization"):
            if (wanted := getattr(self, name)) is not None:
                yield name, _is_in(wanted, attrgetter(name))
        if (channels := self.channel) is not None:
            yield "channel", lambda seen: seen.ticket.via.channel in channels
        if (tags := self.tags) is not None:
            yield "tags", lambda seen: not seen.ticket.tags.isdisjoint(tags)
        for key, values in (self.fields or {}).items():
            yield f"fields.{key}", _is_in(values or (), _field(key))
        if (requesters := self.requester) is not None:
            yield "requester", lambda seen: _is_one_of(seen.ticket.requester, requesters)
        if (openers := self.by) is not None:
            yield "by", lambda seen: _is_one_of(seen.ticket.submitter, openers)
        if (topics := self.topic) is not None:
            yield "topic", lambda seen: _is_about(seen, topics)
        if (either := self.any) is not None:
            yield "any", lambda seen: any(part.failing(seen) is None for part in either)
        if (each := self.all) is not None:
            yield "all", lambda seen: all(part.failing(seen) is None for part in each)
        if (excluded := self.not_) is not None:
            yield "not", lambda seen: excluded.failing(seen) is not None


def _is_in(wanted: Collection[Value], value_of: Callable[[Ticket], Value]) -> Test:
    return lambda seen: value_of(seen.ticket) in wanted


def _field(key: str) -> Callable[[Ticket], Value]:
    return lambda ticket: ticket.fields.get(key)


def _is_one_of(person: Person, wanted: tuple[str, ...]) -> bool:
    return person.role in wanted or person.name in wanted


def _is_about(seen: Snapshot, topics: tuple[Topic, ...]) -> bool:
    return any(topic.is_in(text) for topic in topics for text in (seen.ticket.subject, seen.opening))
