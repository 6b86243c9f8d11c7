"""Confidential matters are for identified requesters on official channels only."""

from dataclasses import replace

from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.commerce import DORA, asked, shipped
from tests.rules.tools import CARLA, PAULO, Story, check, cured, planned

rule = shipped("confidential")
PASSWORD = "Preciso redefinir a senha do painel da loja."
TAG = "confidencial-bloqueado"


def test_other_matters_are_left_alone() -> None:
    assert check(rule, asked(DORA)) == DoesNotApply("topic")


def test_identified_requester_on_an_official_channel_complies() -> None:
    assert check(rule, asked(description=PASSWORD)) == Complies()


def test_stranger_is_blocked_once() -> None:
    story = asked(DORA, description=PASSWORD)
    assert cured(rule, story).tags == {TAG}
    (update,) = planned(rule, story).updates
    assert update.comment is not None
    assert not update.comment.public


def test_subject_alone_may_be_confidential() -> None:
    assert isinstance(check(rule, asked(DORA, subject="Senha")), Violates)


def test_unofficial_channel_is_blocked_whoever_asks() -> None:
    assert isinstance(check(rule, asked(channel="whatsapp", description=PASSWORD)), Violates)


def test_later_message_may_be_the_confidential_one() -> None:
    verdict = check(rule, asked(DORA).then(DORA, reply=PASSWORD).then(DORA, reply="Obrigada!"))
    assert isinstance(verdict, Violates)
    assert [cause.key for cause in verdict.causes] == ["comment-20"]


def test_message_by_the_admin_unblocks_the_ticket_for_good() -> None:
    story = asked(DORA, description=PASSWORD, tags={TAG, "nao-identificado", "vip"})
    story.then(DORA, reply="Sou eu.", channel="web_widget")
    assert cured(rule, story).tags == {"vip"}
    assert check(rule, story.then(DORA, reply="Obrigada!")) == Complies()


def test_new_confidential_message_is_judged_by_itself() -> None:
    story = asked(DORA, channel="web_widget", description=PASSWORD).then(DORA, reply=PASSWORD, channel="email")
    assert isinstance(check(rule, story), Violates)


def test_ticket_that_staff_opened_is_blocked_until_the_requester_writes() -> None:
    story = Story(by=PAULO, requester=CARLA, subject="Senha", description="A lojista pede uma senha nova.")
    verdict = check(rule, story)
    assert isinstance(verdict, Violates)
    assert [cause.key for cause in verdict.causes] == ["opened"]
    assert check(rule, story.then(CARLA, reply="Confirmo.", channel="email")) == Complies()


def test_profile_that_is_completed_later_unblocks_the_ticket() -> None:
    seen = asked(DORA, description=PASSWORD, tags={TAG}).seen()
    known = replace(DORA, verified=True, organization="Loja Nova")
    first = seen.history[0]
    assert first.comment is not None
    history = (replace(first, author=known, comment=replace(first.comment, author=known)),)
    later = replace(seen, ticket=replace(seen.ticket, requester=known, submitter=known), history=history)
    assert cured(rule, later).tags == frozenset()
