"""What merchants quote, as they write it, and the words of a subject that tell it from others."""

import pytest

from rules.references import references, telling_words
from rules.topic import Topic
from tests.rules.commerce import asked, commerce

TOPICS = commerce().desk.topics


@pytest.mark.parametrize(
    ("topic", "text", "value"),
    [
        *(
            ("order-number", text, "12345")
            for text in (
                "pedido 12345",
                "#12345",
                "Pedido nº 12345",
                "pedido n° 12345",
                "PEDIDO: #12345",
                "o número do pedido é 12345",
                "pedido de número 12345",
                "ped. 12345",
                "order 12345",
                "o pedido 12345, que chegou ontem",
            )
        ),
        ("order-number", "pedido LJ-10293", "lj10293"),
        ("ref", "ref. ABC-123", "abc123"),
        ("ref", "REF: ABC 12", None),
        ("ref", "Referência do produto: ABC-123", "abc123"),
        ("ref", "SKU 778.A", "778a"),
        ("postcode", "01310-100", "01310100"),
        ("postcode", "CEP 01310100", "01310100"),
        ("postcode", "cep: 01.310-100", "01310100"),
        *(
            ("order-number", text, None)
            for text in ("meu pedido não chegou", "3 pedidos", "pedido 2 itens", "R$ 12345")
        ),
        *(("ref", text, None) for text in ("em referência ao pedido", "referente a 2026", "prefiro 3")),
        *(("postcode", text, None) for text in ("11 91310-1000", "12.345.678/0001-90", "pedido 12345678")),
    ],
)
def test_references_are_found_as_merchants_write_them(topic: str, text: str, value: str | None) -> None:
    found = references(asked(subject="", description=text).ticket, [TOPICS[topic]])
    assert found == (set() if value is None else {(0, value)})
    assert TOPICS[topic].is_in(text) is (value is not None)


def test_subject_counts_and_kinds_are_told_apart() -> None:
    ticket = asked(subject="Pedido 555", description="ref. 555").ticket
    kinds = [TOPICS["order-number"], TOPICS["ref"]]
    assert references(ticket, kinds) == {(0, "555"), (1, "555")}


def test_topic_of_nothing_finds_nothing() -> None:
    assert references(asked(description="pedido 12345").ticket, [Topic()]) == frozenset()


def test_telling_words_leave_out_what_every_subject_has() -> None:
    assert telling_words("RES: Erro no cálculo do frete") == {"erro", "calculo", "frete"}
    assert telling_words("Re: Dúvida sobre a loja") == {"duvida", "loja"}
