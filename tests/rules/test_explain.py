"""Why a ticket stands as it does."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from ronda.packs import load_pack
from rules.actions import AddTags, Assign, Note, Reply, SetGroup, SetPriority, SetStatus
from rules.condition import Condition
from rules.explain import Doing, Explained, explained
from rules.judge import judge
from rules.mode import Mode
from rules.pack import Desk, Pack
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.verdict import Complies, Verdict, Violates
from tests.rules.commerce import commerce
from tests.rules.tools import CARLA, DAY, JENYFER, OPENED, PAULO, WEBSITE, Story, messages


class Wants(Rule):
    """Violated until the ticket is in order; its cures are given."""

    cures: tuple[object, ...] = ()
    priority: str | None = None

    def check(self, seen: Snapshot) -> Verdict:
        if self.priority is not None and seen.ticket.priority == self.priority:
            return Complies()
        return Violates("violation.group", {"found": "–", "expected": "–"}, cures=self.cures)  # type: ignore[arg-type]


@cache
def website() -> Pack:
    return load_pack("website")


def pack_of(*rules: Rule) -> Pack:
    return Pack(desk=Desk(pack="tiny"), rules=rules, messages=messages(), digest="")


def why(pack: Pack, seen: Snapshot, rule: str, ceiling: Mode = Mode.ENFORCE) -> Explained:
    found = explained(judge(pack.rules, seen, pack.desk.exemptions), pack, ceiling)
    return next(each for each in found if each.rule.id == rule)


def high(**fields: object) -> Wants:
    values = {"id": "tiny.high", "mode": Mode.ENFORCE, "priority": "high", "cures": (SetPriority("high"),), **fields}
    return Wants.model_validate(values)


WRONG = Story(by=PAULO, group="Suporte", tags={"website"}, assignee=JENYFER, status="open")


def test_a_ticket_that_complies_needs_no_change() -> None:
    found = why(pack_of(high()), Story(priority="high").seen(), "tiny.high")

    assert (found.verdict, found.doing, found.change, found.causes) == (Complies(), Doing.NOTHING, (), ())


def test_a_wrong_group_is_mended_by_the_group_alone() -> None:
    found = why(website(), WRONG.seen(), "website.group")

    assert (found.doing, found.change) == (Doing.ACTS, (SetGroup(WEBSITE),))
    assert [cause.key for cause in found.causes] == ["audit-1"]


def test_a_change_that_does_not_help_is_left_out() -> None:
    rule = high(cures=(SetStatus("open"), AddTags(frozenset({"x"})), SetPriority("high"), Note("note.footer")))

    assert why(pack_of(rule), Story().seen(), "tiny.high").change == (SetPriority("high"),)


def test_no_change_is_told_where_none_of_the_cures_helps() -> None:
    rule = high(cures=(SetPriority("low"), Note("note.footer", {"tag": "x"})))

    assert why(pack_of(rule), Story().seen(), "tiny.high").change == ()


def test_a_broken_promise_is_mended_by_a_reply() -> None:
    story = Story(by=CARLA, channel="email", group="Suporte").then(PAULO, status="hold")
    found = why(commerce(), story.seen(after=2 * DAY + timedelta(hours=1)), "commerce.stand-by")

    assert [type(action) for action in found.change] == [Reply]


@pytest.mark.parametrize(("mode", "ceiling"), [(Mode.AUDIT, Mode.ENFORCE), (Mode.ENFORCE, Mode.AUDIT)])
def test_what_may_only_be_recorded_is(mode: Mode, ceiling: Mode) -> None:
    assert why(pack_of(high(mode=mode)), Story().seen(), "tiny.high", ceiling).doing is Doing.RECORDS


def test_what_arose_before_the_rule_took_effect_is_old() -> None:
    rule = high(effective_from=OPENED + DAY)

    assert why(pack_of(rule), Story().seen(), "tiny.high").doing is Doing.OLD


def test_rules_that_want_different_values_disagree() -> None:
    other = high(id="tiny.low", priority="low", cures=(SetPriority("low"),))

    assert why(pack_of(high(), other), Story().seen(), "tiny.high").doing is Doing.DISAGREES


def test_what_is_told_already_stands() -> None:
    assert why(pack_of(high(cures=())), Story().seen(), "tiny.high").doing is Doing.STANDS


def test_the_conditions_of_when_are_told_one_by_one() -> None:
    rule = high(when=Condition(status=("open", "new"), group=("Suporte",)))
    found = why(pack_of(rule), Story(status="open").seen(), "tiny.high")

    assert {part.name: part.holds for part in found.conditions} == {"status": True, "group": False}


def test_a_solved_ticket_is_explained_by_its_status() -> None:
    seen = Story().seen()
    solved = replace(seen, ticket=replace(seen.ticket, status="solved"))

    assert why(pack_of(high()), solved, "tiny.high").doing is Doing.NOTHING


def test_what_a_change_needs_is_judged_by_the_whole_pack() -> None:
    seen = Story(by=PAULO, group="Suporte", tags={"website"}, status="open").seen()

    assert why(website(), seen, "website.analyst").change == (Assign(JENYFER),)
