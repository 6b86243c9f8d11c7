"""Two packs on one ticket as it is: what would newly be violated, be changed, be written, and what no longer."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rules.actions import Action, AddFollowers, AddTags, FieldAction, RemoveTags, field_of
from rules.judge import Judgement, judge
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import Plan, Update
from rules.planner import plan
from rules.snapshot import Snapshot
from rules.verdict import Complies, CouldNotTell, Verdict, Violates


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that would be set, and by which rules. Tags and followers are told as sets, with what they would be."""

    rules: tuple[str, ...]
    field: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Message:
    """A comment that would be written: the whole text, and the rules that speak in it."""

    rules: tuple[str, ...]
    public: bool
    language: str
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Doing:
    """What one pack would do to a ticket now. ``calls``: the writes it takes, one an update and one a new ticket."""

    violated: frozenset[str]
    unclear: frozenset[str]  # rules that could not tell
    changes: tuple[FieldChange, ...]
    messages: tuple[Message, ...]
    opened: tuple[str, ...]  # external ids of new tickets
    calls: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One ticket by the present pack and by the new one. Rules are told apart by their ids."""

    ticket_id: int
    present: Doing
    new: Doing

    @property
    def newly_violated(self) -> frozenset[str]:
        return self.new.violated - self.present.violated

    @property
    def no_longer_violated(self) -> frozenset[str]:
        return self.present.violated - self.new.violated

    @property
    def is_any(self) -> bool:
        """Whether the new pack judges or does anything otherwise."""
        return self.present != self.new


def doing_of(seen: Snapshot, pack: Pack, ceiling: Mode) -> Doing:
    """Judge and plan, and tell what would be written."""
    judgement = judge(pack.rules, seen, pack.desk.exemptions)
    planned = plan(judgement, pack.messages, pack.desk.language, ceiling)
    return Doing(
        violated=frozenset(rule.id for rule, _ in judgement.violations),
        unclear=frozenset(each.rule.id for each in judgement.all if isinstance(each.verdict, CouldNotTell)),
        changes=tuple(field_changes(planned, judgement)),
        messages=tuple(_messages(planned)),
        opened=tuple(ticket.external_id for ticket in planned.tickets),
        calls=len(planned.updates) + len(planned.tickets),
    )


def field_changes(planned: Plan, judgement: Judgement) -> Iterator[FieldChange]:
    """What a plan would set, by field."""
    ticket = judgement.seen.ticket
    for update in planned.updates:
        for name, value in update.fields.items():
            before = getattr(ticket, name) if hasattr(ticket, name) else ticket.fields.get(name)
            yield FieldChange(_rules_with(judgement, update, FieldAction, name), name, before, value)
        tags = (ticket.tags | update.add_tags) - update.remove_tags
        if tags != ticket.tags:
            yield FieldChange(_rules_with(judgement, update, AddTags | RemoveTags), "tags", ticket.tags, tags)
        if update.followers:
            after = ticket.followers | update.followers
            yield FieldChange(_rules_with(judgement, update, AddFollowers), "followers", ticket.followers, after)


def _rules_with(judgement: Judgement, update: Update, kind: Any, name: str = "") -> tuple[str, ...]:
    """Those of the update's rules that want an action of a kind, of one field if it is named."""
    return tuple(
        each.rule.id
        for each in judgement.all
        if each.rule.id in update.rules
        and any(isinstance(action, kind) and name in ("", _field(action)) for action in _actions(each.verdict))
    )


def _actions(verdict: Verdict) -> tuple[Action, ...]:
    if isinstance(verdict, Violates):
        return verdict.cures
    return verdict.asides if isinstance(verdict, Complies) else ()


def _field(action: Action) -> str:
    return field_of(action)[0] if isinstance(action, FieldAction) else ""


def _messages(planned: Plan) -> Iterator[Message]:
    for update in planned.updates:
        if update.comment is not None:
            speaking = sorted({told.partition(":")[0] for told in update.told})
            yield Message(tuple(speaking), update.comment.public, update.comment.language, update.comment.text)
