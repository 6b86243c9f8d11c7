"""Why a ticket stands as it does: each rule's verdict, what it went by, what is done about it, what would mend it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from typing import TypeAlias

from rules.actions import Action, AddTags, FieldAction, RemoveTags, Reply, field_of
from rules.apply import applied
from rules.condition_parts import Part, parts_of
from rules.judge import Judged, Judgement, causes_of, judge
from rules.messages import language_for
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import NewComment, Plan, Update
from rules.planner import plan
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates

Change: TypeAlias = FieldAction | AddTags | RemoveTags | Reply


class Doing(StrEnum):
    """What Ronda does about a verdict, or why it does nothing."""

    ACTS = "acts"
    RECORDS = "records"  # the mode, or the service's ceiling, allows no more
    OLD = "old"  # it arose before the rule took effect
    DISAGREES = "disagrees"  # another rule wants another value
    STANDS = "stands"  # all is told already, or another rule comes first
    NOTHING = "nothing"  # there is nothing to do


@dataclass(frozen=True, slots=True)
class Explained:
    """One rule on one ticket. ``conditions``: its ``when``, part by part.

    ``change``: the fewest of its cures after which, judged again, the rule is content; none where no cure of Ronda's
    does it and a person has to.
    """

    rule: Rule
    verdict: Verdict
    doing: Doing
    conditions: tuple[Part, ...] = ()
    causes: tuple[Cause, ...] = ()
    change: tuple[Change, ...] = ()


def explained(judgement: Judgement, pack: Pack, ceiling: Mode) -> tuple[Explained, ...]:
    """Every rule that is awake, in the pack's order."""
    planned = plan(judgement, pack.messages, pack.desk.language, ceiling)
    return tuple(_explained(each, judgement, planned, pack, ceiling) for each in judgement.all)


def _explained(judged: Judged, judgement: Judgement, planned: Plan, pack: Pack, ceiling: Mode) -> Explained:
    rule, verdict, seen = judged.rule, judged.verdict, judgement.seen
    conditions = parts_of(rule.when, seen) if rule.when is not None else ()
    doing = _doing(judged, judgement, planned, ceiling)
    if not isinstance(verdict, Violates):
        return Explained(rule, verdict, doing, conditions)
    change = smallest_change(rule, verdict, seen, pack)
    return Explained(rule, verdict, doing, conditions, causes_of(verdict, seen), change)


def smallest_change(rule: Rule, violation: Violates, seen: Snapshot, pack: Pack) -> tuple[Change, ...]:
    """The fewest cures that content the rule, found by applying them in memory and judging by the whole pack again."""
    choices = [action for action in violation.cures if isinstance(action, Change)]
    for count in range(1, len(choices) + 1):
        for chosen in combinations(choices, count):
            again = judge(pack.rules, _changed(seen, chosen, pack), pack.desk.exemptions)
            verdict = next(each.verdict for each in again.all if each.rule.id == rule.id)
            if isinstance(verdict, Complies | DoesNotApply):
                return chosen
    return ()


def _changed(seen: Snapshot, actions: Sequence[Action], pack: Pack) -> Snapshot:
    """The snapshot after some cures, as one update."""
    update = Update(
        fields=dict(field_of(action) for action in actions if isinstance(action, FieldAction)),
        add_tags=frozenset().union(*(action.tags for action in actions if isinstance(action, AddTags))),
        remove_tags=frozenset().union(*(action.tags for action in actions if isinstance(action, RemoveTags))),
        comment=next(_replies(seen, actions, pack), None),
    )
    return applied(seen, update, seen.as_of)


def _replies(seen: Snapshot, actions: Sequence[Action], pack: Pack) -> Iterator[NewComment]:
    language = language_for(seen.ticket.requester.locale)
    for action in actions:
        if isinstance(action, Reply):
            yield NewComment(True, pack.messages.text(action.message, language, action.values), language)


def _doing(judged: Judged, judgement: Judgement, planned: Plan, ceiling: Mode) -> Doing:
    rule, verdict = judged.rule, judged.verdict
    if any(rule.id in update.rules for update in planned.updates):
        return Doing.ACTS
    if not isinstance(verdict, Violates):
        return Doing.NOTHING
    if min(rule.mode, ceiling) is Mode.AUDIT:
        return Doing.RECORDS
    if any(rule.id in conflict.rules for conflict in planned.conflicts):
        return Doing.DISAGREES
    if not any(rule.acts_on(cause.at) for cause in causes_of(verdict, judgement.seen)):
        return Doing.OLD
    return Doing.STANDS
