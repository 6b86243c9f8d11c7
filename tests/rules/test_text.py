"""Text made comparable, and topics found in it, in linear time."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.text import LONGEST, folded, own_words, prose
from rules.topic import Topic


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("Domínio CAÍDO", "dominio caido"),
        ("plain ASCII", "plain ascii"),
        ("Straße ﬁm", "strasse fim"),
        ("preço→10", "preco?10"),
    ],
)
def test_accents_and_case_are_gone(written: str, plain: str) -> None:
    assert folded(written) == plain


@given(st.text())
def test_folding_is_ascii_and_done_once(text: str) -> None:
    assert folded(text).isascii()
    assert folded(folded(text)) == folded(text)


@given(st.text(st.characters(codec="cp1252")))
def test_western_text_folds_as_any_other(text: str) -> None:
    assert folded(text) == folded("→" + text)[1:]


def test_text_is_bounded() -> None:
    assert len(folded("á" * 10 * LONGEST)) == LONGEST


@pytest.mark.parametrize(
    "below",
    [
        "> o domínio caiu",
        "-- \nMaria, domínio da loja",
        "Em ter., 10 de mar. de 2026 às 11:00, Ana <ana@loja.example> escreveu:\nsobre o domínio",
        "On Tue, Mar 10, 2026 at 11:00 AM Ana wrote:\nthe domínio",
        "On Tue, Mar 10, 2026 at 11:00 AM Ana\n<ana@loja.example> wrote:\n\n> the domínio\n>\n> is down",
        "-----Mensagem original-----\ndomínio",
        "De: Ana\nEnviado: terça\ndomínio",
        "Atenciosamente,\nLoja Domínio",
        "Enviado do meu iPhone domínio",
        "De: Ana <ana@loja.example>\nEnviada em: terça, 10 de março\nPara: Suporte\n\ndomínio",
        "De: Ana\nEnviado el: martes\ndominio",
        "De: Ana\n\nFecha: martes\ndominio",
        "*From:* Ana\n*Sent:* Tuesday\ndomain",
        "From: Ana\nSubject: domain",
        "##- Por favor, digite sua resposta acima desta linha -##\ndomínio",
        "Cordialmente,\nDomínios e DNS Ltda",
        "Obrigada,\nCarla, Domínios Ltda",
        "Best regards\nDomains Inc.",
        "Atte.\nDominios SA",
        "Un saludo\nDominios SA",
        "Abs,\nDomínio",
    ],
)
def test_quoted_mail_and_signatures_are_not_the_writers_words(below: str) -> None:
    assert own_words(f"O banner sumiu.\n\n{below}").strip() == "o banner sumiu."


@pytest.mark.parametrize("text", ["Obrigada pela ajuda.\nO menu sumiu.", "De: hoje em diante\no menu sumiu."])
def test_thanks_and_sentences_close_nothing(text: str) -> None:
    assert "o menu sumiu." in own_words(text)


def test_answer_below_a_quotation_is_the_writers_own() -> None:
    mail = "Em ter., 10 de mar. de 2026, Ana escreveu:\n\n> o domínio caiu\n> de novo\n\nResolvido.\n"
    assert own_words(mail).strip() == "resolvido."


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("escreva a contato@dominio.example hoje", "escreva a   hoje"),
        ("veja https://dominio.example/pagamento agora", "veja   agora"),
        ("o site www.dominio.com.br caiu", "o site   caiu"),
        ("loja-dominio.com.br: o banner", " : o banner"),
        ("acabou.Domínio caiu", "acabou.dominio caiu"),
    ],
)
def test_addresses_are_not_talked_about(written: str, plain: str) -> None:
    assert prose(written) == plain


class TestTopic:
    topic = Topic(
        words=("domínio", "e-mail", "banner*", "fora do ar"), patterns=(r"\bdns\d?\b",), unless=("por e-mail",)
    )

    @pytest.mark.parametrize(
        "text",
        [
            "O DOMINIO caiu",
            "meu e-mail parou",
            "meu email parou",
            "E MAIL",
            "os banners",
            "site fora  do\nar",
            "(domínio)",
            "DNS2 errado",
        ],
    )
    def test_is_found_as_whole_words_whatever_accents_and_case(self, text: str) -> None:
        assert self.topic.is_in(text)

    @pytest.mark.parametrize(
        "text",
        ["", "dominios", "mandei por e-mail", "por email", "x@dominio.example", "predominio", "fora do arco", "adnsx"],
    )
    def test_is_not_found_in_parts_of_words_or_excused_phrases(self, text: str) -> None:
        assert not self.topic.is_in(text)

    def test_excused_phrase_excuses_only_itself(self) -> None:
        assert self.topic.is_in("respondi por e-mail: o domínio caiu")

    def test_empty_topic_is_in_nothing(self) -> None:
        assert not Topic().is_in("domínio")

    def test_pattern_that_backtracks_elsewhere_is_linear_here(self) -> None:
        evil = Topic(patterns=(r"(a+)+$x",))
        started = time.process_time()
        assert not evil.is_in("a" * 1_000_000)
        assert time.process_time() - started < 5  # a backtracking engine would need longer than the universe has
