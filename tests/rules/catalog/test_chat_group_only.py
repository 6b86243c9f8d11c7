"""Whoever hands a chat to the team sets its group only, never an analyst."""

from datetime import timedelta

import pytest

from rules.catalog.chat_group_only import ChatGroupOnly
from rules.ticket import NOBODY, RONDA, Person
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Violates
from tests.rules.chats import by_rule, chat, handed_over, routed
from tests.rules.tools import BRYAN, CARLA, ERICK, HOUR, MINUTE, PAULO, RITA, TEAM, WEBSITE, Story, check, cured

rule = ChatGroupOnly(id="website.chat-group-only", cites="A8", team=TEAM)

NO_HANDOFF = DoesNotApply("chat hand-off")


@pytest.mark.parametrize(
    "story",
    [
        Story(by=CARLA, channel="email", group="Suporte").then(PAULO, group=WEBSITE, assignee=BRYAN),
        chat(group=WEBSITE),
        chat(group=WEBSITE, assignee=BRYAN),
        chat(assignee=PAULO).then(ERICK, group=WEBSITE),
        chat().then(PAULO, group="Financeiro"),
    ],
    ids=["mail", "begins there", "assigned there", "pulled", "elsewhere"],
)
def test_what_is_no_hand_off_is_left_alone(story: Story) -> None:
    assert check(rule, story) == NO_HANDOFF


def test_hand_off_with_the_group_only_complies() -> None:
    assert check(rule, handed_over()) == Complies()


@pytest.mark.parametrize("after", [MINUTE, 3 * HOUR])
def test_analyst_whom_a_member_sets_stays(after: timedelta) -> None:
    story = chat().then(PAULO, group=WEBSITE, assignee=BRYAN).then(ERICK, after=after, assignee=ERICK)
    assert check(rule, story) == Complies()


def test_member_who_served_the_chat_before_it_was_handed_over_stays() -> None:
    assert check(rule, chat().then(ERICK, assignee=ERICK).then(PAULO, group=WEBSITE)) == Complies()


@pytest.mark.parametrize("by", [NOBODY, RONDA, CARLA])
def test_member_whom_no_agent_chose_stays(by: Person) -> None:
    assert check(rule, handed_over().then(by, assignee=BRYAN)) == Complies()


def test_member_whom_routing_or_a_trigger_chose_stays() -> None:
    assert check(rule, routed(handed_over().then(PAULO, assignee=BRYAN))) == Complies()
    assert check(rule, by_rule(handed_over().then(PAULO, assignee=BRYAN))) == Complies()


def test_member_whom_an_outsider_sets_hours_later_stays() -> None:
    assert check(rule, handed_over().then(PAULO, after=HOUR, assignee=BRYAN)) == Complies()


def test_history_without_the_assignment_cannot_tell() -> None:
    story = chat().then(PAULO, group=WEBSITE)
    assert isinstance(check(rule, _assigned_unseen(story)), CouldNotTell)


def _assigned_unseen(story: Story) -> Story:
    story.ticket = Story(by=CARLA, channel="chat", group=WEBSITE, assignee=BRYAN).ticket
    return story


@pytest.mark.parametrize(
    "story",
    [
        chat().then(PAULO, group=WEBSITE, assignee=BRYAN),
        chat().then(PAULO, assignee=BRYAN, group="Suporte").then(PAULO, group=WEBSITE),
        handed_over().then(PAULO, after=10 * MINUTE, assignee=BRYAN),
        handed_over().then(RITA, after=2 * MINUTE, assignee=BRYAN),
        handed_over(assignee=PAULO),
        handed_over().then(PAULO, after=5 * HOUR, assignee=PAULO),
        chat(group=WEBSITE).then(PAULO, assignee=PAULO),
        chat(by=PAULO, group=WEBSITE, assignee=BRYAN),
    ],
    ids=["at once", "before", "soon after", "by another", "left", "himself later", "left there", "opened so"],
)
def test_analyst_of_the_hand_off_is_cleared(story: Story) -> None:
    assert cured(rule, story).assignee is None


def test_violation_names_the_analyst_and_who_handed_over() -> None:
    verdict = check(rule, chat().then(PAULO, group=WEBSITE, assignee=BRYAN))
    assert isinstance(verdict, Violates)
    assert verdict.found == {"found": "Bryan", "by": "Paulo Dias"}
