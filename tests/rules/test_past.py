"""A ticket as it was at an earlier moment."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.past import as_it_was, moments_of
from rules.ticket import Person
from tests.rules.tools import BRYAN, CARLA, DAY, JENYFER, OPENED, PAULO, WEBSITE, Story

STATES = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(["open", "pending", "hold", "solved"]),
        "group": st.sampled_from(["Suporte", WEBSITE, None]),
        "assignee": st.sampled_from([PAULO, JENYFER, None]),
        "priority": st.sampled_from(["low", "high", None]),
        "tags": st.sets(st.sampled_from(["a", "b", "c"])),
        "subject": st.sampled_from(["x", "y"]),
        "followers": st.frozensets(st.sampled_from([PAULO, JENYFER, BRYAN])),
        "fields": st.fixed_dictionaries({"plan": st.sampled_from(["gold", "silver", None])}),
    },
)


@given(st.lists(STATES, min_size=1, max_size=8))
def test_every_earlier_state_is_rebuilt(updates: list[dict[str, object]]) -> None:
    story = Story(by=CARLA, fields={"plan": None})
    lived = [(story.at, story.seen().ticket)]
    for update in updates:
        story = story.then(PAULO, **update)  # type: ignore[arg-type] # any field
        lived.append((story.at, story.seen().ticket))
    seen = story.seen()
    for moment, ticket in lived:
        assert as_it_was(seen, moment + timedelta(seconds=1)).ticket == ticket


def test_history_ends_with_the_moment() -> None:
    story = Story().then(PAULO, note="um").then(PAULO, note="dois")
    then = as_it_was(story.seen(), OPENED + timedelta(minutes=6))
    assert [comment.text for comment in then.comments][1:] == ["um"]
    assert then.as_of == OPENED + timedelta(minutes=6)


def test_before_the_opening_there_is_nothing() -> None:
    with pytest.raises(ValueError, match="opened only at"):
        as_it_was(Story().seen(), OPENED - timedelta(seconds=1))


def test_ticket_without_a_history_is_as_it_is() -> None:
    seen = Story(status="pending").seen(history=())
    assert as_it_was(seen, OPENED + DAY).ticket.status == "pending"


def test_moments_are_told_once_each_within_their_bounds() -> None:
    story = Story().then(PAULO, note="um").then(PAULO, after=timedelta(0), note="dois").then(PAULO, after=DAY, note="x")
    moments = list(moments_of(story.seen(), OPENED + timedelta(seconds=1), OPENED + DAY))
    assert moments == [OPENED + timedelta(minutes=5)]


def test_a_follower_who_left_the_account_is_kept() -> None:
    """The updates tell of followers by address, so of those who have gone they tell nothing."""
    gone = Person(777, "#777")
    seen = Story(followers=frozenset({PAULO})).then(PAULO, followers=frozenset({JENYFER})).seen()
    seen = replace(seen, ticket=replace(seen.ticket, followers=frozenset({JENYFER, gone})))

    assert as_it_was(seen, OPENED).ticket.followers == {PAULO, gone}


def test_followers_that_were_never_told_are_as_they_are() -> None:
    seen = Story().then(PAULO, followers=None).seen()
    seen = replace(seen, ticket=replace(seen.ticket, followers=frozenset({PAULO})))

    assert as_it_was(seen, OPENED).ticket.followers == {PAULO}


def test_a_checkbox_that_nobody_had_ticked_was_not_ticked() -> None:
    story = Story(fields={"urgent": None}).then(PAULO, fields={"urgent": True})

    assert as_it_was(story.seen(), OPENED).ticket.fields["urgent"] is False
