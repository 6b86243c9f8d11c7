"""From verdicts to a short plan: what to write to the ticket, once, and in which order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rules.actions import NewTicket
from rules.frozen import empty_mapping
from rules.ticket import Person, Value


@dataclass(frozen=True, slots=True)
class NewComment:
    """A comment to write. ``public`` is always explicit; mentions stand in the text as ``@Name``."""

    public: bool
    text: str = field(repr=False)
    language: str
    mentions: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Update:
    """One write to one ticket.

    ``fields`` maps group (a name), assignee (a person or None), status, priority or a custom field to its new value.
    ``told`` are the ``rule:cause`` that this update's comment tells about; they go into its metadata.
    """

    fields: Mapping[str, Value] = empty_mapping()
    add_tags: frozenset[str] = frozenset()
    remove_tags: frozenset[str] = frozenset()
    followers: frozenset[Person] = frozenset()
    comment: NewComment | None = None
    told: frozenset[str] = frozenset()
    rules: tuple[str, ...] = ()  # the ids of the rules it serves

    @property
    def is_empty(self) -> bool:
        return not (self.fields or self.add_tags or self.remove_tags or self.followers or self.comment)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two rules that want different values of one field; neither is written."""

    field: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """At most one update with fields and one comment, at most one more with the other kind, then new tickets."""

    updates: tuple[Update, ...] = ()
    tickets: tuple[NewTicket, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.updates or self.tickets)

    @property
    def writes(self) -> int:
        return len(self.updates) + len(self.tickets)

    @property
    def public(self) -> int:
        """How many public comments it has."""
        return sum(update.comment is not None and update.comment.public for update in self.updates)
