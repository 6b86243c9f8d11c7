"""The one vocabulary of `when`: any, all, not, over what a ticket is. Data from the pack, judged before the rule."""

from collections.abc import Iterator
from typing import Annotated, TypeAlias

from pydantic import BaseModel, ConfigDict, Field

from rules.lists import OneOrMany
from rules.names import FieldName, GroupName, PersonName, TopicRef
from rules.snapshot import Snapshot
from rules.ticket import Person

# Optional, because a word may be left out; a null that is written down arrives as a list that holds it.
Words: TypeAlias = Annotated[tuple[str, ...] | None, OneOrMany()]
WordsOrNone: TypeAlias = Annotated[tuple[str | None, ...] | None, OneOrMany()]
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
    status: Words = None
    priority: WordsOrNone = None
    type: WordsOrNone = None
    channel: Words = None
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
        return next((name for name, holds in self._parts(seen) if not holds), None)

    def _parts(self, seen: Snapshot) -> Iterator[tuple[str, bool]]:
        ticket = seen.ticket
        if self.group is not None:
            yield "group", ticket.group in self.group
        if self.assignee is not None:
            yield "assignee", (ticket.assignee.name if ticket.assignee else None) in self.assignee
        for name in ("status", "priority", "type", "form", "brand", "organization"):
            wanted = getattr(self, name)
            if wanted is not None:
                yield name, getattr(ticket, name) in wanted
        if self.channel is not None:
            yield "channel", ticket.via.channel in self.channel
        if self.tags is not None:
            yield "tags", not ticket.tags.isdisjoint(self.tags)
        if self.fields is not None:
            for key, values in self.fields.items():
                yield f"fields.{key}", ticket.fields.get(key) in (values or ())
        if self.requester is not None:
            yield "requester", _is_one_of(ticket.requester, self.requester)
        if self.by is not None:
            yield "by", _is_one_of(ticket.submitter, self.by)
        if self.topic is not None:
            yield "topic", any(topic.is_in(text) for topic in self.topic for text in (ticket.subject, seen.opening))
        if self.any is not None:
            yield "any", any(part.failing(seen) is None for part in self.any)
        if self.all is not None:
            yield "all", all(part.failing(seen) is None for part in self.all)
        if self.not_ is not None:
            yield "not", self.not_.failing(seen) is not None


def _is_one_of(person: Person, wanted: tuple[str, ...]) -> bool:
    return person.role in wanted or person.name in wanted
