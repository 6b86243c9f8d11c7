"""A ticket in the team's group has one of its members as assignee."""

from dataclasses import replace

import pytest

from rules.catalog.default_analyst import DefaultAnalyst
from rules.verdict import Complies, CouldNotTell, DoesNotApply
from tests.rules.tools import (
    BRYAN,
    CARLA,
    ERICK,
    JENYFER,
    PAULO,
    PEOPLE,
    TEAM,
    WEBSITE,
    Story,
    check,
    cured,
    planned,
)

rule = DefaultAnalyst(id="website.analyst", cites="A2", team=TEAM, default=("Jenyfer Lima", "Bryan"))


def test_ticket_outside_the_group_is_left_alone() -> None:
    assert check(rule, Story(group="Suporte")) == DoesNotApply("in the team's group")


@pytest.mark.parametrize("member", [JENYFER, ERICK])
def test_member_already_chosen_is_kept(member: object) -> None:
    assert check(rule, Story(group=WEBSITE, assignee=member)) == Complies()


def test_agent_of_the_group_who_is_not_on_the_roster_is_a_member_too() -> None:
    newcomer = replace(PAULO, id=300, name="Nina Prado", groups=frozenset({WEBSITE}))
    assert check(rule, Story(group=WEBSITE, assignee=newcomer)) == Complies()


def test_chat_that_an_outsider_handed_over_gets_no_analyst() -> None:
    story = Story(by=CARLA, channel="chat", group="Suporte").then(PAULO, group=WEBSITE)
    assert check(rule, story) == DoesNotApply("not a chat hand-off")


def test_chat_that_begins_in_the_group_gets_no_analyst() -> None:
    assert check(rule, Story(by=CARLA, channel="whatsapp", group=WEBSITE)) == DoesNotApply("not a chat hand-off")


def test_chat_that_a_member_pulled_is_a_ticket_like_any_other() -> None:
    story = Story(by=CARLA, channel="chat", group="Suporte").then(ERICK, group=WEBSITE)
    assert cured(rule, story).assignee == JENYFER


def test_ticket_without_an_analyst_gets_the_default_one() -> None:
    after = cured(rule, Story(group=WEBSITE))
    assert (after.assignee, after.status) == (JENYFER, "open")


def test_assignee_outside_the_team_is_replaced() -> None:
    assert cured(rule, Story(group=WEBSITE, assignee=PAULO)).assignee == JENYFER


def test_first_available_default_is_taken() -> None:
    away = Story(group=WEBSITE).seen(absent=frozenset({"Jenyfer Lima"}))
    suspended = Story(group=WEBSITE).seen(people={**PEOPLE, "Jenyfer Lima": replace(JENYFER, available=False)})
    assert [cured(rule, seen).assignee for seen in (away, suspended)] == [BRYAN, BRYAN]


def test_nobody_available_raises_an_alarm_and_changes_nothing() -> None:
    verdict = check(rule, Story(group=WEBSITE).seen(people={}))
    assert isinstance(verdict, CouldNotTell)
    assert verdict.alarm
    assert planned(rule, Story(group=WEBSITE).seen(people={})).is_empty
