"""Messages: by language and key, filled with names and nothing else."""

import pytest

from config.catalogues import read_catalogues
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
