"""A ticket is handled on the channel by which it was opened."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.marks import CONTINUED
from rules.snapshot import Snapshot
from rules.ticket import RONDA, Ticket, Via
from rules.verdict import Complies, DoesNotApply, Exempt, Violates
from tests.rules.commerce import ANA, DORA, ENVIO, asked, shipped
from tests.rules.tools import CARLA, DAY, HOUR, PAULO, Story, check, cured, planned

rule = shipped("same-channel")
ORDER = "O frete do pedido 12345 está errado."


def beside(other: Story, story: Story, after: timedelta = HOUR, **changes: Any) -> Snapshot:
    """The story's ticket, with an id of 2 and that much younger, and the other ticket of its requester."""
    seen = story.seen(after)
    younger = replace(seen.ticket, id=2, created_at=seen.ticket.created_at + after)
    other_ticket = replace(other.ticket, **changes)
    return replace(seen, ticket=younger, requester_tickets=(other_ticket,))


def texts(seen: Snapshot) -> list[str]:
    return [update.comment.text for update in planned(rule, seen).updates if update.comment]


def test_follow_up_is_left_alone() -> None:
    seen = asked().then(CARLA, reply="Oi", channel="chat").seen()
    follow_up = replace(seen, ticket=replace(seen.ticket, via=Via("web", "follow_up")))
    assert check(rule, follow_up) == DoesNotApply("not a follow-up")


def test_ticket_that_continues_another_is_excused() -> None:
    story = asked(channel="api", tags={CONTINUED}).then(CARLA, reply="Oi", channel="email")
    assert check(rule, story) == Exempt(by=CONTINUED)


def test_everything_by_one_channel_complies() -> None:
    assert check(rule, asked().then(ANA, reply="Olá!").then(CARLA, reply="Oi")) == Complies()


@pytest.mark.parametrize("channel", ["web", "email", "api", "mobile"])
def test_agents_answer_as_they_work(channel: str) -> None:
    assert check(rule, asked(channel="web_widget").then(ANA, reply="Olá!", channel=channel)) == Complies()


def test_note_and_words_of_ours_are_never_judged() -> None:
    story = asked().then(ANA, note="Vi no WhatsApp.", channel="whatsapp").then(RONDA, reply="Olá", channel="chat")
    assert check(rule, story) == Complies()


def test_the_pack_may_let_one_channel_pass_for_another() -> None:
    story = asked().then(CARLA, reply="Oi", channel="api")
    assert isinstance(check(rule, story), Violates)
    assert check(shipped("same-channel", counts_as={"api": "email"}), story) == Complies()


def test_staff_who_is_the_requester_may_write_from_anywhere() -> None:
    assert check(rule, Story(by=PAULO, requester=PAULO).then(PAULO, reply="Oi", channel="email")) == Complies()


def test_ticket_opened_by_staff_is_handled_where_the_requester_first_writes() -> None:
    story = Story(by=PAULO, requester=CARLA).then(CARLA, reply="Oi", channel="email")
    assert check(rule, story) == Complies()
    assert isinstance(check(rule, story.then(CARLA, reply="Oi", channel="whatsapp")), Violates)


def test_message_by_another_channel_moves_to_a_ticket_of_its_own() -> None:
    story = asked(group=ENVIO).then(CARLA, reply="Segue o print.", channel="web_widget", attachments=("print.png",))
    plan = planned(rule, story)
    (ticket,) = plan.tickets
    assert (ticket.requester, ticket.external_id, ticket.group) == (CARLA, "ronda:1:20", ENVIO)
    assert ticket.tags == {CONTINUED}
    assert "Segue o print." in ticket.text
    assert "#1" in ticket.text
    assert [attachment.name for attachment in ticket.attachments] == ["print.png"]
    (update,) = plan.updates
    assert update.comment is not None
    assert not update.comment.public
    assert "ronda:1:20" in update.comment.text
    assert not update.fields
    cured(rule, story)


def test_message_that_was_moved_is_not_moved_again() -> None:
    story = asked().then(CARLA, reply="Oi", channel="chat")
    story.then(RONDA, note="…", told=frozenset({"commerce.same-channel:comment-20"}))
    assert isinstance(check(rule, story), Violates)
    assert planned(rule, story).is_empty


@pytest.mark.parametrize("channel", ["whatsapp", "chat", "facebook", "voice"])
def test_agent_on_another_channel_of_customers_is_told(channel: str) -> None:
    story = asked().then(ANA, reply="Olá, Carla!", channel=channel)
    (update,) = planned(rule, story).updates
    assert update.comment is not None
    assert update.comment.mentions == (ANA,)
    assert planned(rule, story).tickets == ()


def test_call_is_a_call_even_if_it_is_noted_internally() -> None:
    assert isinstance(check(rule, asked().then(ANA, note="Liguei.", channel="voice")), Violates)


def test_second_ticket_about_the_same_order_is_marked_and_linked() -> None:
    first = asked(channel="web_widget", description=ORDER)
    seen = beside(first, asked(description="E o pedido #12345?"))
    verdict = check(rule, seen)
    assert isinstance(verdict, Violates)
    assert verdict.look_also == {1}
    assert cured(rule, seen).tags == {"ronda-linked"}
    assert "#1" in texts(seen)[0]


def test_first_ticket_gets_a_note_and_no_mark() -> None:
    first, second = asked(channel="web_widget", description=ORDER), asked(description=ORDER)
    second_ticket = replace(second.ticket, id=2, created_at=first.ticket.created_at + HOUR)
    seen = first.seen(2 * HOUR, requester_tickets=(second_ticket,))
    assert cured(rule, seen).tags == frozenset()
    assert "#2" in texts(seen)[0]


def test_same_telling_subject_links_within_14_days() -> None:
    first = asked(channel="web_widget", subject="Erro ao salvar produto")
    second = asked(subject="RE: Erro ao salvar o produto")
    assert texts(beside(first, second, 14 * DAY))
    assert check(rule, beside(first, second, 14 * DAY + HOUR)) == Complies()


def test_subject_without_telling_words_links_nothing() -> None:
    first, second = asked(channel="web_widget", subject="Ajuda com a loja"), asked(subject="Ajuda com a loja")
    assert check(rule, beside(first, second)) == Complies()


@pytest.mark.parametrize(
    "changes",
    [
        {"via": Via("email")},
        {"status": "solved"},
        {"tags": frozenset({CONTINUED})},
        {"requester": DORA},
        {"subject": "Pedido", "description": "Cadê o pedido 777?"},
    ],
)
def test_other_tickets_are_other_matters(changes: dict[str, Any]) -> None:
    first = asked(channel="web_widget", description=ORDER)
    assert check(rule, beside(first, asked(description=ORDER), **changes)) == Complies()


@pytest.mark.parametrize("younger", [{"submitter": PAULO}, {"followup_of": 7}])
def test_second_ticket_must_be_a_new_one_by_the_requester(younger: dict[str, Any]) -> None:
    first, second = asked(channel="web_widget", description=ORDER), asked(description=ORDER)
    created = first.ticket.created_at + HOUR
    second_ticket: Ticket = replace(second.ticket, id=2, created_at=created, **younger)
    assert check(rule, first.seen(2 * HOUR, requester_tickets=(second_ticket,))) == Complies()


def test_mark_alone_remembers_the_link() -> None:
    first = asked(channel="web_widget", description=ORDER)
    assert planned(rule, beside(first, asked(description=ORDER, tags={"ronda-linked"}))).is_empty


def test_another_link_is_told_beside_an_older_one() -> None:
    story = asked(description=ORDER, tags={"ronda-linked"})
    story.then(RONDA, note="…", told=frozenset({"commerce.same-channel:ticket-77"}))
    assert texts(beside(asked(channel="web_widget", description=ORDER), story))
