"""A requester opens a ticket by an official channel."""

from dataclasses import replace

import pytest

from rules.channels import WayIn
from rules.marks import CONTINUED
from rules.ticket import Via
from rules.verdict import Complies, DoesNotApply, Exempt, Violates
from tests.rules.commerce import asked, shipped
from tests.rules.tools import CARLA, PAULO, Story, check, cured, planned

rule = shipped("official-channel")


def test_ticket_by_staff_is_left_alone() -> None:
    assert check(rule, Story(by=PAULO, channel="api")) == DoesNotApply("opened by a requester")


def test_follow_up_is_left_alone() -> None:
    seen = asked(channel="web").seen()
    follow_up = replace(seen, ticket=replace(seen.ticket, followup_of=7))
    assert check(rule, follow_up) == DoesNotApply("not a follow-up")


def test_ticket_that_continues_another_is_excused() -> None:
    assert check(rule, asked(channel="api", tags={CONTINUED})) == Exempt(by=CONTINUED)


@pytest.mark.parametrize("channel", ["email", "web_widget"])
def test_official_channels_comply(channel: str) -> None:
    assert check(rule, asked(channel=channel)) == Complies()


def test_an_address_may_be_official_and_another_not() -> None:
    closely = shipped("official-channel", official=(WayIn(channel="email", recipient=("Ajuda@loja.example",)),))
    seen = asked().seen()
    to_us = replace(seen, ticket=replace(seen.ticket, via=Via("email", recipient="ajuda@loja.example")))
    assert check(closely, to_us) == Complies()
    assert isinstance(check(closely, seen), Violates)


@pytest.mark.parametrize(
    ("channel", "called"),
    [("whatsapp", "WhatsApp"), ("chat", "chat"), ("voice", "telefone"), ("api", "API"), ("tiktok", "tiktok")],
)
def test_any_other_channel_is_marked_and_told_once(channel: str, called: str) -> None:
    story = asked(channel=channel)
    assert cured(rule, story).tags == {"canal-nao-oficial"}
    (update,) = planned(rule, story).updates
    assert update.comment is not None
    assert not update.comment.public
    assert f"chegou por {called}, que não é" in update.comment.text


def test_what_was_told_stands_and_is_not_told_again() -> None:
    story = asked(channel="chat").then(PAULO, told=frozenset({"commerce.official-channel:opened"}))
    assert isinstance(check(rule, story), Violates)
    assert planned(rule, story).is_empty


def test_mark_on_the_ticket_counts_as_told() -> None:
    story = asked(channel="chat", tags={"canal-nao-oficial"})
    assert planned(rule, story).is_empty


def test_the_pack_may_have_the_requester_pointed_to_the_official_channels() -> None:
    note_and_reply = [
        u.comment for u in planned(shipped("official-channel", reply=True), asked(channel="chat")).updates
    ]
    assert [comment.public for comment in note_and_reply if comment] == [True, False]
    assert cured(shipped("official-channel", reply=True), asked(channel="chat")).requester == CARLA
