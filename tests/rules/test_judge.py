"""Judging: one verdict a rule, whatever the order; routing first; precedence; exemptions."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from rules.actions import AddTags, Assign, Note, SetGroup, SetStatus
from rules.catalog.default_analyst import DefaultAnalyst
from rules.catalog.default_group import DefaultGroup
from rules.condition import Condition
from rules.exemption import Exemption
from rules.judge import Judgement, causes_of, judge, precedence
from rules.mode import Mode
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Exempt, Verdict, Violates
from tests.rules.tools import DAY, HOUR, JENYFER, OPENED, PAULO, TEAM, WEBSITE, Story

GROUP = DefaultGroup(id="website.group", cites="A1", mode=Mode.ENFORCE, team=TEAM)
ANALYST = DefaultAnalyst(id="website.analyst", cites="A2", mode=Mode.ENFORCE, team=TEAM, default=("Jenyfer Lima",))
LOST = Story(group="Suporte", assignee=PAULO, tags={"website"})


class Says(Rule):
    """A rule that says what the test tells it to."""

    verdict: object = Complies()

    def check(self, seen: Snapshot) -> Verdict:
        if isinstance(self.verdict, Exception):
            raise self.verdict
        return self.verdict  # type: ignore[return-value] # the test's own


def says(rule_id: str, verdict: object, **fields: object) -> Says:
    return Says(id=rule_id, verdict=verdict, **{"mode": Mode.ENFORCE, **fields})


def verdicts(judgement: Judgement) -> dict[str, Verdict]:
    return {each.rule.id: each.verdict for each in judgement.all}


def test_rule_that_is_off_is_not_judged() -> None:
    assert judge([says("a.b", Complies(), mode=Mode.OFF)], LOST.seen()).all == ()


def test_condition_that_fails_is_named() -> None:
    rule = says("a.b", Complies(), when=Condition(status=("pending",)))
    assert verdicts(judge([rule], LOST.seen())) == {"a.b": DoesNotApply("when.status")}


def test_rule_that_breaks_cannot_tell_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    judgement = judge([says("a.broken", ZeroDivisionError()), says("a.fine", Complies())], LOST.seen())
    broken = verdicts(judgement)["a.broken"]
    assert isinstance(broken, CouldNotTell)
    assert broken.alarm
    assert verdicts(judgement)["a.fine"] == Complies()
    assert "a.broken" in caplog.text


def test_others_see_the_ticket_as_if_the_routing_rule_had_cured_it() -> None:
    judgement = judge([ANALYST, GROUP], LOST.seen())
    cures = {rule.id: violation.cures for rule, violation in judgement.violations}
    assert cures == {"website.group": (SetGroup(WEBSITE),), "website.analyst": (Assign(JENYFER),)}
    assert judgement.seen.ticket.group == "Suporte"


@pytest.mark.parametrize("mode", [Mode.AUDIT, Mode.WARN])
def test_rules_that_may_do_no_more_than_the_routing_rule_find_the_same_as_if_all_were_enforced(mode: Mode) -> None:
    rules = [rule.model_copy(update={"mode": mode}) for rule in (ANALYST, GROUP)]
    assert judge(rules, LOST.seen()).all[0].verdict == judge([ANALYST, GROUP], LOST.seen()).all[0].verdict


@pytest.mark.parametrize(
    "change", [{"mode": Mode.AUDIT}, {"effective_from": OPENED + DAY}], ids=["only audited", "too old to act on"]
)
def test_routing_rule_that_will_not_act_changes_nothing_for_the_others(change: dict[str, object]) -> None:
    judgement = judge([GROUP.model_copy(update=change), ANALYST], LOST.seen())
    assert verdicts(judgement)["website.analyst"] == DoesNotApply("in the team's group")


def test_less_specific_rule_gives_way_where_the_other_applies() -> None:
    general = says("a.general", Violates("x"), gives_way_to=("a.special",))
    for special in (Complies(), Violates("y")):
        judgement = judge([general, says("a.special", special)], LOST.seen())
        assert verdicts(judgement)["a.general"] == DoesNotApply("gives way to a.special")


@pytest.mark.parametrize("verdict", [DoesNotApply("x"), CouldNotTell("x")])
def test_less_specific_rule_stands_where_the_other_says_nothing(verdict: Verdict) -> None:
    general = says("a.general", Violates("x"), gives_way_to=("a.special",))
    assert verdicts(judge([general, says("a.special", verdict)], LOST.seen()))["a.general"] == Violates("x")


def test_rule_that_is_only_audited_silences_no_enforced_one() -> None:
    general = says("a.general", Violates("x"), gives_way_to=("a.special",))
    special = says("a.special", Complies(), mode=Mode.AUDIT)
    assert verdicts(judge([general, special], LOST.seen()))["a.general"] == Violates("x")


def test_two_routing_rules_are_judged_less_specific_first_in_any_order() -> None:
    class Sector(Says):
        routes = True

    class FromSupport(Sector):
        def check(self, seen: Snapshot) -> Verdict:
            return Violates("x", cures=(SetGroup("Marketing"),)) if seen.ticket.group == "Suporte" else Complies()

    start = Sector(
        id="a.start", mode=Mode.ENFORCE, verdict=Violates("y", cures=(SetGroup("Suporte"),)), gives_way_to=("a.sector",)
    )
    rules = [start, FromSupport(id="a.sector", mode=Mode.ENFORCE), says("a.last", Complies())]
    seen = Story(group=None).seen()
    for order in permutations(rules):
        assert verdicts(judge(order, seen))["a.start"] == DoesNotApply("gives way to a.sector")


def test_precedence_leaves_out_rules_it_does_not_know() -> None:
    assert precedence((("b", ("a", "elsewhere")), ("a", ()))) == ("b", "a")


def test_look_again_is_the_earliest_moment_of_all() -> None:
    judgement = judge(
        [says("a.b", Complies(OPENED + DAY)), says("a.c", CouldNotTell("x", OPENED + HOUR)), says("a.d", Complies())],
        LOST.seen(),
    )
    assert judgement.look_again_at == OPENED + HOUR
    assert judge([says("a.d", Complies())], LOST.seen()).look_again_at is None


def test_exempt_ticket_is_looked_at_again_when_the_exemption_ends() -> None:
    seen = Story(tags={"ronda-exempt"}).seen()
    assert judge([says("a.b", Violates("x"))], seen).look_again_at == OPENED + 30 * DAY


class TestExemptions:
    rule = says("website.open", Violates("x"))

    def verdict(self, seen: Snapshot, *listed: Exemption) -> Verdict:
        return judge([self.rule], seen, listed).all[0].verdict

    @pytest.mark.parametrize("tag", ["ronda-exempt", "ronda-exempt-website-open"])
    def test_tag_excuses_for_thirty_days_after_it_was_set(self, tag: str) -> None:
        story = Story().then(PAULO, after=DAY, tags={"vip"}).then(PAULO, tags={"vip", tag}).then(PAULO, note="obra")
        set_at = OPENED + DAY + timedelta(minutes=5)
        assert self.verdict(story.seen()) == Exempt(tag, until=set_at + 30 * DAY)
        assert self.verdict(story.seen(after=30 * DAY)) == Violates("x")

    def test_tag_without_a_history_counts_from_the_opening(self) -> None:
        seen = Story(tags={"ronda-exempt"}).seen(history=())
        assert self.verdict(seen) == Exempt("ronda-exempt", until=OPENED + 30 * DAY)

    def test_tag_of_another_rule_excuses_nothing(self) -> None:
        assert self.verdict(Story(tags={"ronda-exempt-website-group"}).seen()) == Violates("x")

    def test_listed_exemption_excuses_its_tickets_until_it_expires(self) -> None:
        until = OPENED + 5 * DAY
        listed = Exemption(reason="reforma", owner="Bryan", expires=until, tickets=frozenset({1}))
        assert self.verdict(Story().seen(), listed) == Exempt("Bryan: reforma", until=until)
        assert self.verdict(Story().seen(after=6 * DAY), listed) == Violates("x")

    def test_listed_exemption_names_rules_and_organizations(self) -> None:
        seen = Story().seen()
        seen = replace(seen, ticket=replace(seen.ticket, organization="Loja Azul"))
        until = OPENED + DAY
        azul = Exemption(reason="piloto", owner="Bryan", expires=until, organizations=frozenset({"Loja Azul"}))
        assert isinstance(self.verdict(seen, azul), Exempt)
        other = azul.model_copy(update={"rules": frozenset({"website.group"})})
        assert self.verdict(seen, other) == Violates("x")
        assert self.verdict(Story().seen(), azul) == Violates("x")


class TestCauses:
    def test_causes_that_a_violation_names_are_its_causes(self) -> None:
        cause = Cause("comment-10", OPENED)
        assert causes_of(Violates("x", causes=(cause,)), LOST.seen()) == (cause,)

    @pytest.mark.parametrize("cure", [SetStatus("open"), AddTags(frozenset({"x"})), Note("note.x")])
    def test_otherwise_the_last_change_of_what_the_cures_set_is(self, cure: object) -> None:
        story = Story().then(PAULO, status="pending").then(PAULO, tags={"y"}).then(PAULO, priority="high")
        expected = {SetStatus: "audit-2", AddTags: "audit-3"}.get(type(cure), "opened")
        violation = Violates("x", cures=(cure,))  # type: ignore[arg-type] # one of the actions
        assert causes_of(violation, story.seen())[0].key == expected

    def test_a_ticket_that_is_moved_or_reopened_has_a_new_cause(self) -> None:
        moved = Story().then(PAULO, group="Suporte")
        reopened = Story().then(PAULO, status="solved").then(PAULO, status="open").then(PAULO, status="pending")
        assert causes_of(Violates("x"), moved.seen())[0].key == "audit-2"
        assert causes_of(Violates("x"), reopened.seen())[0].key == "audit-3"


def test_effective_from_is_a_moment_in_time() -> None:
    with pytest.raises(ValueError, match="timezone"):
        says("a.b", Complies(), effective_from=datetime(2026, 1, 1))  # noqa: DTZ001 # that is the point
