"""A ticket from the phone says why it could not be done otherwise."""

from typing import Any

from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.commerce import LIA, asked, shipped
from tests.rules.tools import CARLA, PAULO, Story, check, planned

rule = shipped("phone-reason")


def call(**opening: Any) -> Story:
    return Story(by=PAULO, requester=CARLA, channel="voice", **opening)


def test_ticket_from_elsewhere_is_left_alone() -> None:
    assert check(rule, asked()) == DoesNotApply("from the phone")


def test_reason_in_the_field_or_as_a_tag_complies() -> None:
    assert check(rule, call(fields={"phone_reason": "sem internet"})) == Complies()
    assert check(rule, call(tags={"motivo-telefone"})) == Complies()


def test_field_may_be_unknown_to_the_pack() -> None:
    assert isinstance(check(shipped("phone-reason", field=None), call()), Violates)


def test_who_took_the_call_is_asked_once() -> None:
    (update,) = planned(rule, call()).updates
    assert update.comment is not None
    assert update.comment.mentions == (PAULO,)
    story = call().then(PAULO, told=frozenset({"commerce.phone-reason:opened"}))
    assert isinstance(check(rule, story), Violates)
    assert planned(rule, story).is_empty


def test_assignee_is_asked_first() -> None:
    (update,) = planned(rule, call(assignee=LIA)).updates
    assert update.comment is not None
    assert update.comment.mentions == (LIA,)


def test_nobody_is_mentioned_where_no_agent_is_in_sight() -> None:
    (update,) = planned(rule, asked(channel="voice")).updates
    assert update.comment is not None
    assert update.comment.mentions == ()
