"""Each kind of matter has its sector."""

from typing import Any

import pytest

from rules.ticket import NOBODY
from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.commerce import ANA, ENVIO, FINANCEIRO, MARKETING, PAGAMENTO, SUPORTE, asked, shipped
from tests.rules.tools import WEBSITE, check, cured

rule = shipped("sector")
FREIGHT: dict[str, Any] = {"subject": "Frete", "description": "O frete não calcula."}


def test_another_desks_ticket_is_left_alone() -> None:
    assert check(rule, asked(group=WEBSITE, **FREIGHT)) == DoesNotApply("in the general group")


def test_matter_of_no_sector_is_left_alone() -> None:
    assert check(rule, asked()) == DoesNotApply("topic")


def test_ticket_in_its_sector_complies() -> None:
    assert check(rule, asked(group=ENVIO, **FREIGHT)) == Complies()


def test_ticket_in_another_sector_is_left_alone() -> None:
    assert check(rule, asked(group=FINANCEIRO, **FREIGHT)) == DoesNotApply("in the general group")


def test_ticket_that_a_person_took_out_is_not_pushed_back() -> None:
    story = asked(group=ENVIO, **FREIGHT).then(ANA, group=SUPORTE)
    assert check(rule, story) == DoesNotApply("not taken out of the sector by a person")


def test_ticket_that_a_trigger_took_out_is_moved() -> None:
    assert cured(rule, asked(group=ENVIO, **FREIGHT).then(NOBODY, group=SUPORTE)).group == ENVIO


@pytest.mark.parametrize(
    ("subject", "sector"),
    [
        ("Etiqueta dos Correios não imprime", ENVIO),
        ("Pix não aparece", PAGAMENTO),
        ("Cupom não funciona", MARKETING),
        ("Segunda via do boleto da mensalidade", FINANCEIRO),
    ],
)
def test_matter_goes_to_its_sector(subject: str, sector: str) -> None:
    assert cured(rule, asked(subject=subject)).group == sector


def test_subject_decides_before_the_text() -> None:
    assert cured(rule, asked(subject="Boleto", description="O frete está certo.")).group == PAGAMENTO


def test_words_of_a_conversation_count() -> None:
    verdict = check(rule, asked(channel="chat", subject="Conversa", description="O frete não calcula."))
    assert isinstance(verdict, Violates)
    assert verdict.found == {"found": SUPORTE, "expected": ENVIO}
