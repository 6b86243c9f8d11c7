"""Who takes a ticket carries it on."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rules.absence import Days
from rules.actions import Assign
from rules.ticket import NOBODY, RONDA, Person
from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.commerce import ANA, BETO, CAIO, DESK, ENVIO, FINANCEIRO, LIA, SUPORTE, asked, shipped
from tests.rules.tools import CARLA, HOUR, PAULO, RITA, WEBSITE, Story, check, cured, planned

rule = shipped("same-owner")


def anas(**opening: Any) -> Story:
    return asked(group=ENVIO, assignee=ANA, **opening)


def test_group_that_is_no_sector_is_left_alone() -> None:
    assert check(rule, asked(group=WEBSITE)) == DoesNotApply("in a sector")


def test_ticket_without_an_owner_may_be_taken() -> None:
    assert check(rule, asked(group=ENVIO).then(BETO, assignee=BETO)) == Complies()


def test_outsider_who_held_it_was_no_owner() -> None:
    assert check(rule, asked(group=ENVIO, assignee=LIA).then(BETO, assignee=BETO)) == Complies()


@pytest.mark.parametrize("mover", [NOBODY, RONDA])
def test_only_people_are_asked_for_reasons(mover: Person) -> None:
    assert check(rule, anas().then(mover, assignee=BETO)) == Complies()


def test_trigger_or_routing_within_a_persons_update_is_no_person() -> None:
    seen = anas().then(BETO, assignee=BETO).seen()
    last = seen.history[-1]
    by_rule = replace(last, changes=tuple(replace(change, by_rule=True) for change in last.changes))
    for audit in (by_rule, replace(last, routed=True)):
        assert check(rule, replace(seen, history=(seen.history[0], audit))) == Complies()


def test_move_to_another_sector_begins_anew() -> None:
    story = anas().then(BETO, assignee=BETO).then(BETO, group=FINANCEIRO, assignee=RITA)
    assert check(rule, story) == Complies()


def test_owner_of_another_sector_is_forgotten() -> None:
    in_both = replace(ANA, groups=frozenset({ENVIO, SUPORTE}))
    story = asked(group=ENVIO, assignee=in_both).then(in_both, group=SUPORTE).then(PAULO, assignee=PAULO)
    assert check(rule, story) == Complies()


def test_note_with_which_the_owner_gave_it_back_to_the_queue_is_a_reason() -> None:
    without = anas().then(ANA, assignee=None).then(BETO, assignee=BETO)
    assert isinstance(check(rule, without), Violates)
    assert check(rule, anas().then(ANA, assignee=None, note="Saio de férias.").then(BETO, assignee=BETO)) == Complies()


def test_note_in_the_same_or_the_next_update_is_a_reason() -> None:
    assert check(rule, anas().then(BETO, assignee=BETO, note="A Ana pediu.")) == Complies()
    later = (
        anas().then(BETO, assignee=BETO).then(CARLA, reply="Oi?").then(RONDA, note="?").then(BETO, note="A Ana pediu.")
    )
    assert check(rule, later) == Complies()


@pytest.mark.parametrize("said", [{"reply": "Assumi o seu ticket."}, {"status": "pending"}])
def test_anything_but_a_note_is_no_reason(said: dict[str, Any]) -> None:
    assert isinstance(check(rule, anas().then(BETO, assignee=BETO, **said)), Violates)
    too_late = anas().then(BETO, assignee=BETO).then(BETO, **said).then(BETO, note="A Ana pediu.")
    assert isinstance(check(rule, too_late), Violates)


@pytest.mark.parametrize("tag", ["troca-justificada", "motivo-troca-ferias"])
def test_tag_is_a_reason(tag: str) -> None:
    assert check(rule, anas().then(BETO, assignee=BETO, tags={tag})) == Complies()


def test_other_tags_are_none() -> None:
    assert isinstance(check(rule, anas(tags={"vip"}).then(BETO, assignee=BETO)), Violates)


def test_absent_owner_may_be_replaced() -> None:
    story = anas().then(BETO, assignee=BETO)
    assert check(rule, story.seen(absent=frozenset({ANA.name}))) == Complies()


def test_absence_counts_on_the_day_of_the_change() -> None:
    story = anas().then(BETO, assignee=BETO)  # 10 March
    for day, complies in ((10, True), (11, False)):
        listed = {ANA.name: (Days(date(2026, 3, day), date(2026, 3, day)),)}
        verdict = check(rule, story.seen(absences=listed, absent=frozenset({ANA.name})))
        assert isinstance(verdict, Complies) is complies


def test_suspended_owner_may_be_replaced() -> None:
    gone = replace(ANA, available=False)
    assert check(rule, asked(group=ENVIO, assignee=gone).then(BETO, assignee=BETO)) == Complies()


def test_giving_it_back_puts_it_right() -> None:
    story = anas().then(BETO, assignee=BETO).then(CAIO, assignee=CAIO).then(CAIO, assignee=ANA)
    assert check(rule, story) == Complies()


def test_takeover_is_noted_once_with_both_names() -> None:
    story = anas().then(BETO, assignee=BETO)
    (update,) = planned(rule, story).updates
    assert update.comment is not None
    assert update.comment.mentions == (ANA, BETO)
    assert update.told == {"commerce.same-owner:audit-2"}
    assert cured(rule, story).assignee == BETO


def test_ticket_laid_down_between_has_still_changed_hands() -> None:
    verdict = check(rule, anas().then(BETO, assignee=None).then(CAIO, assignee=CAIO, after=HOUR))
    assert isinstance(verdict, Violates)
    assert verdict.found == {"owner": "Ana Prado", "taker": "Caio Nunes"}


def test_next_takeover_is_told_by_itself() -> None:
    story = anas().then(BETO, assignee=BETO).then(RONDA, note="…", told=frozenset({"commerce.same-owner:audit-2"}))
    (update,) = planned(rule, story.then(CAIO, assignee=CAIO)).updates
    assert update.comment is not None
    assert update.comment.mentions == (BETO, CAIO)


def test_pack_may_have_the_owner_restored() -> None:
    restoring = shipped("same-owner", restore=True)
    story = anas().then(BETO, assignee=BETO).then(CAIO, assignee=CAIO)
    assert cured(restoring, story).assignee == ANA
    verdict = check(restoring, anas().then(BETO, assignee=BETO))
    assert isinstance(verdict, Violates)
    assert Assign(ANA) in verdict.cures


def test_absent_owner_is_not_given_the_ticket_back() -> None:
    listed = {ANA.name: (Days(date(2026, 3, 1), date(2026, 3, 9)),)}
    seen = anas().then(BETO, assignee=BETO).seen(absences=listed, absent=frozenset({ANA.name}), people=DESK)
    assert cured(shipped("same-owner", restore=True), seen).assignee == BETO
