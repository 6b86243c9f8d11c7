"""A note that chases a ticket the team does not hold mentions the same two analysts as a question."""

import pytest

from ronda.packs import load_pack
from rules.catalog.chasing_notes import ChasingNotes
from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.tools import ERICK, PAULO, TEAM, WEBSITE, Story, check, planned

CHASE = load_pack("website").desk.topics["chase"]
rule = ChasingNotes(id="website.chasing-notes", cites="A6", team=TEAM, mention=("Jenyfer Lima", "Bryan"), chase=CHASE)


def noted(text: str, group: str = "Suporte") -> Story:
    return Story(group=group).then(PAULO, note=text)


def test_chase_on_the_teams_own_ticket_is_free() -> None:
    assert check(rule, noted("@Erick alguma novidade?", WEBSITE)) == DoesNotApply("outside the team's group")


def test_member_who_chases_a_colleague_is_left_alone() -> None:
    story = Story(group="Suporte").then(ERICK, note="@Bryan alguma novidade?")
    assert check(rule, story) == DoesNotApply("a note to the team")


@pytest.mark.parametrize(
    "text",
    [
        "qual a posição do banner?",
        "o banner está na mesma posição?",
        "podem mudar a posição do menu?",
        "tem uma posição melhor para o logo?",
        "o cliente viu uma cobrança no cartão",
        "a cobrança duplicada aparece na página",
        "o site está cobrando frete em dobro",
        "o status do pedido não muda no site",
        "a previsão de entrega não aparece",
        "podem atualizar a página de novidades?",
        "o pedido está aguardando pagamento",
        "como configuro a URL de retorno?",
        "o cliente conseguiu ver o banner?",
        "podem ver o banner? Aguardo retorno.",
    ],
)
def test_question_is_no_chase(text: str) -> None:
    assert check(rule, noted(f"@Erick {text}")) == DoesNotApply("a note to the team")


@pytest.mark.parametrize(
    "text",
    [
        "alguma posição?",
        "Alguma novidade sobre isso?",
        "tem novidade?",
        "novidades?",
        "cobrando retorno",
        "o cliente está cobrando",
        "Cobrança do cliente",
        "segunda cobrança",
        "qual o status deste ticket?",
        "já conseguiram ver o banner?",
        "ainda aguardando retorno de vocês",
        "ninguém respondeu",
        "preciso de uma posição",
        "quando fica pronto?",
        "como está o andamento?",
        "até agora nada",
        "¿hay novedades?",
        "any news?",
    ],
)
def test_chase_is_told_by_the_sense_of_its_phrase(text: str) -> None:
    assert isinstance(check(rule, noted(f"@Erick {text}")), Violates)


def test_chase_that_mentions_both_and_others_complies() -> None:
    assert check(rule, noted("@Jenyfer @Bryan @Erick tem novidade?")) == Complies()


def test_reminder_is_worded_as_a_chase() -> None:
    comment = planned(rule, noted("@Jenyfer tem novidade?")).updates[0].comment
    assert comment is not None
    assert comment.text.startswith(
        "@Bryan\n\nEsta cobrança também é para vocês. Nota de: Paulo Dias (10/03/2026, às 11:05)."
    )
