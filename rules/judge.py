"""Judging: every rule of a pack on one snapshot, in whatever order, to one verdict each."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from graphlib import TopologicalSorter

from rules.actions import AddTags, FieldAction, RemoveTags, field_of
from rules.apply import applied
from rules.exemption import Exemption, exemption_of
from rules.mode import Mode
from rules.plan import Update
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.ticket import UNTOUCHABLE, Change
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Verdict, Violates


@dataclass(frozen=True, slots=True)
class Judged:
    """One rule's verdict on one snapshot."""

    rule: Rule
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Judgement:
    """All verdicts of one look, in the pack's order. ``seen`` is the snapshot as it was read."""

    seen: Snapshot
    all: tuple[Judged, ...]

    @property
    def violations(self) -> tuple[tuple[Rule, Violates], ...]:
        return tuple((each.rule, each.verdict) for each in self.all if isinstance(each.verdict, Violates))

    @property
    def look_again_at(self) -> datetime | None:
        """The earliest moment at which a verdict may change by itself."""
        moments = (look_again_of(each.verdict) for each in self.all)
        return min((moment for moment in moments if moment is not None), default=None)


def judge(rules: Sequence[Rule], seen: Snapshot, exemptions: tuple[Exemption, ...] = ()) -> Judgement:
    """Judge a ticket by all rules that are not off.

    Rules that route a ticket come first: those that may do no more than they see it as if their cures had happened,
    because one update puts everything right, and one audit tells it. A rule gives way where a more specific one applies
    that may do at least as much.
    """
    awake = [rule for rule in rules if rule.mode > Mode.OFF]
    if seen.ticket.is_untouchable:
        return Judgement(seen, tuple(Judged(rule, DoesNotApply("status")) for rule in awake))
    verdicts: dict[str, Verdict] = {}
    routed = dict.fromkeys({rule.mode for rule in awake}, seen)
    for rule in _least_specific_first([rule for rule in awake if rule.routes]):
        before = routed[rule.mode]
        verdict = verdicts[rule.id] = _verdict(rule, before, exemptions)
        if isinstance(verdict, Violates):
            after = _as_if_cured(before, rule, verdict)
            for mode, now in routed.items():
                if mode <= rule.mode:  # most see the same, which is worked out once
                    routed[mode] = after if now is before else _as_if_cured(now, rule, verdict)
    for rule in awake:
        if rule.id not in verdicts:
            verdicts[rule.id] = _verdict(rule, routed[rule.mode], exemptions)
    settled = _given_way(awake, verdicts)
    return Judgement(seen, tuple(Judged(rule, settled[rule.id]) for rule in awake))


def causes_of(violation: Violates, seen: Snapshot) -> tuple[Cause, ...]:
    """What made it arise: the causes it names, or else the last update that moved the ticket to another group,
    reopened it or changed a field that the cures set."""
    if violation.causes:
        return violation.causes
    fields = {"group", *_cured_fields(violation)}
    for audit in reversed(seen.history):
        by_others = not audit.author.is_ronda  # what we did ourselves is no news to tell
        if by_others and any(change.field in fields or _reopens(change) for change in audit.changes):
            return (Cause(f"audit-{audit.id}", audit.at),)
    return (Cause("opened", seen.ticket.created_at),)


def _reopens(change: Change) -> bool:
    return change.field == "status" and change.before in UNTOUCHABLE


def _cured_fields(violation: Violates) -> Iterable[str]:
    for action in violation.cures:
        if isinstance(action, FieldAction):
            yield field_of(action)[0]
        elif isinstance(action, AddTags | RemoveTags):
            yield "tags"


def _verdict(rule: Rule, seen: Snapshot, exemptions: tuple[Exemption, ...]) -> Verdict:
    if rule.when is not None and (failing := rule.when.failing(seen)) is not None:
        return DoesNotApply(f"when.{failing}")
    try:
        return exemption_of(rule.id, seen, exemptions) or rule.check(seen)
    except Exception as error:  # one broken rule must not keep the others from judging
        logging.getLogger(__name__).exception("rule %s failed on ticket %d", rule.id, seen.ticket.id)
        return CouldNotTell(f"the rule itself failed: {type(error).__name__}", alarm=True, broke_down=True)


def _as_if_cured(seen: Snapshot, rule: Rule, violation: Violates) -> Snapshot:
    """The snapshot as the other rules should see it; the moment and the history's length stay what they are."""
    if not any(rule.acts_on(cause.at) for cause in causes_of(violation, seen)):
        return seen
    cured = dict(field_of(action) for action in violation.cures if isinstance(action, FieldAction))
    # Whether a new group costs an outsider the ticket is Zendesk's affair: the others decide about the assignee.
    return applied(seen, Update(fields={"assignee": seen.ticket.assignee, **cured}), seen.as_of)


def _given_way(rules: Sequence[Rule], verdicts: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """A rule in a lower mode never silences one in a higher: what is only recorded has no effect."""
    settled = dict(verdicts)
    modes = {rule.id: rule.mode for rule in rules}
    for rule in rules:
        verdict = verdicts[rule.id]
        if not (rule.gives_way_to or rule.waits_for) or isinstance(verdict, DoesNotApply):
            continue
        named = (*rule.gives_way_to, *rule.waits_for)
        heeded = {other: verdicts[other] for other in named if modes.get(other, Mode.OFF) >= rule.mode}
        stronger = [other for other in rule.gives_way_to if isinstance(heeded.get(other), Complies | Violates)]
        if stronger:
            settled[rule.id] = DoesNotApply(f"gives way to {stronger[0]}")
        elif isinstance(verdict, Violates) and any(isinstance(heeded.get(o), Violates) for o in rule.waits_for):
            settled[rule.id] = replace(verdict, cures=())
    return settled


def _least_specific_first(rules: Sequence[Rule]) -> Sequence[Rule]:
    if len(rules) < 2:
        return rules
    by_id = {rule.id: rule for rule in rules}
    return [by_id[rule_id] for rule_id in precedence(tuple((rule.id, rule.gives_way_to) for rule in rules))]


@lru_cache(maxsize=64)
def precedence(rules: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[str, ...]:
    """Rule ids, those that give way before those they give way to. Raises graphlib.CycleError where they go round."""
    ids = {rule_id for rule_id, _ in rules}
    order = TopologicalSorter[str]()
    for rule_id, stronger in sorted(rules):
        order.add(rule_id)
        for other in stronger:
            if other in ids:
                order.add(other, rule_id)
    return tuple(order.static_order())


def look_again_of(verdict: Verdict) -> datetime | None:
    """When a verdict may change by itself, if it knows."""
    return getattr(verdict, "look_again_at", None) or getattr(verdict, "until", None)
