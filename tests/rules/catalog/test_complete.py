"""A ticket carries every detail that its sector needs."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from rules.catalog.complete import Complete, Item
from rules.marks import CONTINUED
from rules.ticket import RONDA, Attachment, Audit, Line, Via
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Exempt, Violates
from tests.rules.commerce import ANA, ENVIO, FINANCEIRO, LONG, MARKETING, PAGAMENTO, asked, commerce, shipped
from tests.rules.tools import CARLA, DAY, OPENED, PAULO, Story, check, cured, messages, planned

rule = shipped("complete")
FULL = "O frete do pedido 12345, REF ABC-123, não calcula para o CEP 01310-100."
TAG = "faltam-dados"


def shipping(**opening: Any) -> Story:
    return asked(**{"group": ENVIO, "subject": "Frete", "description": FULL, "attachments": ("p.png",), **opening})


def missing(story: Story) -> str:
    verdict = check(rule, story)
    assert isinstance(verdict, Violates)
    return verdict.found["missing"]


def test_ticket_that_continues_another_is_excused() -> None:
    assert check(rule, asked(tags={CONTINUED}, description="")) == Exempt(by=CONTINUED)


def test_agents_internal_note_is_no_first_message() -> None:
    seen = Story(by=PAULO, requester=CARLA, description="Ligar.").seen()
    first = seen.history[0]
    assert first.comment is not None
    noted = replace(seen, history=(replace(first, comment=replace(first.comment, public=False)),))
    assert check(rule, noted) == DoesNotApply("a first message")


def test_complete_ticket_complies() -> None:
    assert check(rule, shipping()) == Complies()


def test_every_group_needs_a_description() -> None:
    assert check(rule, asked()) == Complies()
    for group in (FINANCEIRO, None, ENVIO):
        assert "description" in missing(asked(group=group, description="Não funciona."))


@pytest.mark.parametrize(
    ("group", "needed"),
    [
        (ENVIO, "screenshot, order-number, ref, postcode"),
        (PAGAMENTO, "screenshot, order-number"),
        (MARKETING, "screenshot"),
    ],
)
def test_each_sector_needs_its_own(group: str, needed: str) -> None:
    assert missing(asked(group=group)) == needed


def test_description_is_long_enough_at_forty_characters_of_ones_own() -> None:
    assert check(rule, asked(description="á" * 40)) == Complies()
    assert missing(asked(description="á" * 39)) == "description"
    assert missing(asked(description="Oi\n> " + "citado " * 20)) == "description"
    assert missing(asked(description="a" + " " * 50 + "b")) == "description"


@pytest.mark.parametrize(
    "attachment", [Attachment("x", "image/heic"), Attachment("x", "application/pdf"), Attachment("X.PDF")]
)
def test_pictures_and_pdfs_are_screenshots(attachment: Attachment) -> None:
    seen = shipping().seen()
    first = seen.history[0]
    assert first.comment is not None
    audit = replace(first, comment=replace(first.comment, attachments=(attachment,)))
    assert check(rule, replace(seen, history=(audit,))) == Complies()


def test_reference_is_not_put_together_from_two_messages() -> None:
    story = asked(group=PAGAMENTO, subject="Pedido", description=f"12345. {LONG}", attachments=("p.png",))
    assert missing(story) == "order-number"


def test_what_is_required_must_be_recognisable() -> None:
    with pytest.raises(ValueError, match="'ref' is required, but 'patterns' does not say how it is written"):
        Complete(id="x.complete", always=(Item.REF,))


def test_only_the_requesters_pictures_count() -> None:
    story = shipping(attachments=("log.txt",)).then(ANA, note="Veja.", attachments=("p.png",))
    assert missing(story) == "screenshot"


def test_later_messages_complete_a_ticket() -> None:
    story = shipping(description="O frete não calcula para nenhum dos clientes.", attachments=())
    story.then(CARLA, reply="Pedido 12345, ref. ABC-123").then(CARLA, reply="CEP 01310-100", attachments=("p.jpg",))
    assert check(rule, story) == Complies()


def test_one_public_reply_asks_for_exactly_what_is_missing() -> None:
    story = shipping(description="O frete do pedido 12345 não calcula na minha loja.", attachments=())
    plan = planned(rule, story)
    (update,) = plan.updates
    assert update.add_tags == {TAG}
    assert update.comment is not None
    assert update.comment.public
    said = update.comment.text
    for item, is_asked in (
        ("screenshot", True),
        ("ref", True),
        ("postcode", True),
        ("order-number", False),
        ("description", False),
    ):
        assert (messages().text(f"reply.missing-{item}", "pt-BR", {}) in said) is is_asked
    assert cured(rule, story).tags == {TAG}


def test_every_item_can_be_asked_for_in_every_language() -> None:
    for language in ("pt-BR", "en", "es"):
        for item in ("description", "screenshot", "order-number", "ref", "postcode"):
            assert commerce().messages.templates[language][f"reply.missing-{item}"]


def test_nothing_is_asked_twice() -> None:
    story = asked(group=MARKETING).then(
        RONDA, reply="…", told=frozenset({"commerce.complete:missing-screenshot"}), tags={TAG}
    )
    assert planned(rule, story).is_empty
    assert planned(rule, asked(group=MARKETING, tags={TAG})).is_empty


def test_what_another_sector_needs_is_asked_when_it_comes_there() -> None:
    story = asked(group=MARKETING).then(
        RONDA, reply="…", told=frozenset({"commerce.complete:missing-screenshot"}), tags={TAG}
    )
    verdict = check(rule, story.then(PAULO, group=PAGAMENTO))
    assert isinstance(verdict, Violates)
    assert verdict.found["missing"] == "screenshot, order-number"
    assert [cause.key for cause in verdict.causes] == ["missing-order-number"]


def test_mark_comes_off_when_everything_is_there() -> None:
    assert cured(rule, shipping(tags={TAG, "vip"})).tags == {"vip"}


def test_running_conversation_is_looked_at_again_for_a_day() -> None:
    chat = asked(channel="chat", description="").seen(timedelta())
    running = replace(chat, history=(replace(chat.history[0], comment=None),))
    verdict = check(rule, running)
    assert isinstance(verdict, CouldNotTell)
    assert verdict.look_again_at == OPENED + timedelta(minutes=15)
    assert check(rule, replace(running, as_of=OPENED + DAY)) == DoesNotApply("a first message")


def test_words_of_a_conversation_describe() -> None:
    chat = asked(channel="chat", description="").seen()
    lines = tuple(Line(OPENED, CARLA, text) for text in ("Oi, o menu do topo some", "quando abro a página inicial"))
    audit = Audit(1, OPENED, CARLA, Via("chat"), transcript=lines)
    assert check(rule, replace(chat, history=(audit,))) == Complies()
