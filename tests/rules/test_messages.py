"""Messages: by language and key, filled with names and nothing else."""

from typing import get_args

import pytest

from config.catalogues import read_catalogues
from rules.catalog.complete import Item
from rules.catalog.stand_by import Reason
from rules.condition import STATUSES
from rules.messages import LANGUAGES, Messages, language_for, placeholders
from tests.rules.tools import messages

MESSAGES = Messages({"pt-BR": {"a": "Olá {name}", "b": "só {{aqui}}"}, "en": {"a": "Hello {name}"}, "es": {"a": ""}})


def test_message_is_filled_in() -> None:
    assert MESSAGES.text("a", "en", {"name": "Ana {x}"}) == "Hello Ana {x}"


def test_untranslated_message_falls_back_to_the_default_language() -> None:
    assert MESSAGES.text("b", "en", {}) == "só {aqui}"
    assert MESSAGES.text("a", "es", {"name": "Ana"}) == "Olá Ana"


def test_message_that_nobody_wrote_is_its_key() -> None:
    assert MESSAGES.text("c", "en", {}) == "c"


def test_languages_that_lack_a_message_are_known() -> None:
    assert MESSAGES.lacking("a") == ("es",)
    assert MESSAGES.lacking("c") == ("pt-BR", "en", "es")


@pytest.mark.parametrize(
    ("key", "values", "said"),
    [
        ("violation.open", {"found": "hold", "by": "Rita"}, "O status é Em espera, definido por Rita"),
        ("violation.sales-first", {"found": "low"}, "a prioridade é baixa;"),
        ("violation.same-channel", {"channel": "email", "other": "voice"}, "aberto por e-mail, e algo sobre ele veio ou foi por telefone."),
        ("violation.official-channel", {"channel": "tiktok"}, "chegou por tiktok,"),
        ("violation.complete", {"missing": "screenshot, ref, order-number"}, "captura de tela, referência (REF), número do pedido."),
        ("note.stand-by.instead", {"reason": "waiting-it"}, "em espera (aguardando a TI)"),
        ("violation.stand-by", {"due": "2026-03-12 11:10"}, "até 12/03/2026, às 11:10."),
        ("violation.question-notes", {"notes": "Rita (2026-03-12 11:10); open (2026-03-13 08:00)"}, "Rita (12/03/2026, às 11:10); open (13/03/2026, às 08:00)."),
    ],
)  # fmt: skip
def test_our_words_are_said_in_the_readers_language(key: str, values: dict[str, str], said: str) -> None:
    assert said in messages().text(key, "pt-BR", values)


def test_what_a_person_wrote_is_left_as_it_is() -> None:
    assert messages().text("explain.ticket", "pt-BR", {"id": "1", "subject": "pending"}) == "Ticket 1: pending"
    assert messages().text("explain.remove-tags", "pt-BR", {"tags": "chat"}) == "remover a tag chat"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_found_has_a_sentence_of_its_own(language: str) -> None:
    for key in ("group", "analyst", "domain-email", "by-skill", "starts-in-group", "sales-first"):
        said = messages().text(f"violation.{key}", language, {"found": "–", "expected": "Suporte"})
        assert "–" not in said
        assert said != messages().text(f"violation.{key}", language, {"found": "x", "expected": "Suporte"})


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pt-BR", "adicione as tags a, b e c."),
        ("es", "añada las etiquetas a, b y c."),
        ("en", "add the tags a, b and c."),
    ],
)
def test_several_tags_are_told_as_such(language: str, said: str) -> None:
    assert messages().text("note.footer", language, {"tag": "a, b, c"}).endswith(said)


def test_own_wording_goes_for_nothing_and_for_several_too_unless_they_have_their_own() -> None:
    own = {"violation.group": "em {found}", "note.footer": "tag {tag}", "note.footer.several": "tags {tag}"}
    worded = messages().overridden({"pt-BR": own})
    assert worded.text("violation.group", "pt-BR", {"found": "–"}) == "em –"
    assert worded.text("note.footer", "pt-BR", {"tag": "a, b"}) == "tags a e b"
    assert "has no group" in worded.text("violation.group", "en", {"found": "–"})


def test_every_reason_item_and_status_has_a_word_in_every_language() -> None:
    words = {"reason": get_args(Reason), "missing": tuple(Item), "found": (*STATUSES, "low", "normal")}
    for name, values in words.items():
        assert all(messages().has(f"value.{name}.{value}") for value in values)


def test_reply_without_a_greeting_in_one_language_has_none_there() -> None:
    own = messages().overridden({"en": {"reply.greeting": ""}})
    assert own.text("reply.greeting", "en", {}) == ""
    assert own.text("reply.greeting", "pt-BR", {}) == "Olá!"
    assert own.lacking("reply.greeting") == ()


@pytest.mark.parametrize(
    ("locale", "language"),
    [("pt-BR", "pt-BR"), ("pt", "pt-BR"), ("es-419", "es"), ("en_US", "en"), ("de", "pt-BR"), ("", "pt-BR")],
)
def test_nearest_language_is_chosen(locale: str, language: str) -> None:
    assert language_for(locale) == language


def test_every_shipped_message_exists_in_every_language_with_the_same_placeholders() -> None:
    catalogues = read_catalogues()
    assert set(catalogues) == set(LANGUAGES)
    for key, text in catalogues["pt-BR"].items():
        for language in LANGUAGES:
            assert placeholders(catalogues[language].get(key, "")) == placeholders(text), (language, key)
            assert catalogues[language][key], (language, key)
    assert all(catalogues[language].keys() == catalogues["pt-BR"].keys() for language in LANGUAGES)


def test_no_shipped_message_to_customers_says_an_internal_word() -> None:
    assert list(Messages(read_catalogues()).flaws({})) == []
