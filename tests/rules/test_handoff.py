"""Who handed a conversation to the team, and until when its words were said before that."""

import pytest

from rules.handoff import Handoff, handoff_of, is_shared_out_by_the_team
from rules.ticket import NOBODY, RONDA, Person
from tests.rules.chats import chat, handed_over
from tests.rules.tools import CARLA, ERICK, HOUR, JENYFER, MINUTE, PAULO, RITA, TEAM, WEBSITE, Story


def handoff(story: Story) -> Handoff | None:
    return handoff_of(story.seen(), TEAM)


def shared_out(story: Story) -> bool:
    return is_shared_out_by_the_team(story.seen(), TEAM)


def test_mail_is_no_conversation() -> None:
    story = Story(by=CARLA, channel="email", group="Suporte").then(PAULO, group=WEBSITE)
    assert handoff(story) is None
    assert not shared_out(story)


def test_conversation_that_is_not_in_the_group_is_not_handed_over() -> None:
    assert handoff(handed_over().then(PAULO, group="Suporte")) is None


def test_conversation_that_a_member_pulled_is_the_members_own() -> None:
    story = handed_over(by=ERICK)
    assert handoff(story) is None
    assert not shared_out(story)


@pytest.mark.parametrize("mover", [NOBODY, CARLA])
def test_conversation_that_no_agent_moved_is_shared_out_and_not_handed_over(mover: Person) -> None:
    story = handed_over(by=mover)
    assert handoff(story) is None
    assert shared_out(story)


def test_conversation_that_begins_in_the_group_is_shared_out_and_not_handed_over() -> None:
    story = chat(group=WEBSITE, assignee=ERICK)
    assert handoff(story) is None
    assert shared_out(story)


def test_conversation_of_which_the_history_says_nothing_is_shared_out() -> None:
    seen = chat(group=WEBSITE).seen(history=())
    assert handoff_of(seen, TEAM) is None
    assert is_shared_out_by_the_team(seen, TEAM)


def test_outsider_who_sets_the_group_hands_it_over() -> None:
    story = handed_over()
    found = handoff(story)
    assert found == Handoff(story.audits[1], PAULO, story.audits[1].at, "Suporte")
    assert found.key == "audit-2"
    assert shared_out(story)


def test_last_arrival_counts() -> None:
    story = handed_over(by=ERICK).then(ERICK, group="Suporte").then(RITA, group=WEBSITE)
    found = handoff(story)
    assert found is not None
    assert found.by == RITA


def test_outsider_who_opens_a_conversation_in_the_group_hands_it_over_after_its_first_words() -> None:
    story = chat(by=PAULO, group=WEBSITE)
    assert handoff(story) == Handoff(story.audits[0], PAULO, story.seen().as_of)
    assert handoff(story.then(PAULO, note="x")) == Handoff(story.audits[0], PAULO, story.audits[1].at)


def test_serving_agent_who_is_assigned_in_the_group_left_it_there() -> None:
    story = chat(group=WEBSITE, assignee=PAULO)
    assert handoff(story) == Handoff(story.audits[0], PAULO, story.seen().as_of)


def test_serving_agent_who_was_assigned_before_the_group_came_left_it_there() -> None:
    story = chat(assignee=RITA).then(NOBODY, assignee=PAULO).then(NOBODY, group=WEBSITE)
    assert handoff(story) == Handoff(story.audits[1], PAULO, story.seen().as_of)


def test_what_was_said_until_the_serving_agent_was_out_was_said_before() -> None:
    story = chat(group=WEBSITE).then(PAULO, assignee=PAULO).then(RONDA, after=HOUR, assignee=None)
    assert handoff(story) == Handoff(story.audits[1], PAULO, story.audits[2].at)


def test_outsider_whom_a_member_assigned_has_left_nothing() -> None:
    assert handoff(chat(group=WEBSITE).then(ERICK, assignee=PAULO)) is None


@pytest.mark.parametrize(
    "address", [{"assignee": JENYFER}, {"tags": {"website"}}, {"form": "Site"}], ids=["assignee", "tag", "form"]
)
def test_who_addressed_it_to_the_team_handed_it_over_where_ronda_set_the_group(address: dict[str, object]) -> None:
    team = TEAM.model_copy(update={"form": "Site"})
    story = chat().then(PAULO, **address).then(RITA, note="x").then(RONDA, after=MINUTE, group=WEBSITE)  # type: ignore[arg-type]
    assert handoff_of(story.seen(), team) == Handoff(story.audits[1], PAULO, story.audits[1].at)


def test_member_who_took_it_pulled_it_where_ronda_set_the_group() -> None:
    story = chat().then(ERICK, assignee=ERICK).then(RONDA, group=WEBSITE)
    assert handoff(story) is None
    assert not shared_out(story)


def test_nobody_handed_over_what_ronda_moved_by_itself() -> None:
    story = chat(tags={"vip"}).then(RONDA, group=WEBSITE)
    assert handoff(story) is None
    assert shared_out(story)
