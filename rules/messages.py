"""What people read: templates by language and key, filled with values. `{name}` is all a template may contain."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from string import Formatter

from rules.names import nearest
from rules.text import folded
from rules.topic import Topic

DEFAULT_LANGUAGE = "pt-BR"
LANGUAGES = ("pt-BR", "en", "es")
PUBLIC = "reply."  # what keys of messages to customers begin with
MAY_BE_EMPTY = frozenset({"reply.greeting", "reply.farewell"})  # the only ones that may be left out

NONE = "–"  # the value of what is not set
_FOR_PEOPLE = ("violation.", "note.", "reply.")  # keys of texts in which Zendesk's and our own words are translated
_SAME_WORDS = {"other": "channel"}  # a name whose values are those of another
_LISTS = ("tag", "tags")
_MOMENT = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d) (?P<time>\d\d:\d\d)")

# What nobody outside needs to read; a pack adds its own words. Accents and case do not matter.
INTERNAL = (
    "ronda",
    "zendesk",
    "nota interna",
    "notas internas",
    "internal note",
    "internal notes",
    "stand-by",
    "standby",
    "sla",
    "backlog",
    "triagem",
    "triage",
    "triaje",
    "violação",
    "violation",
    "violación",
    "handbook",
)


class UnusableTemplate(ValueError):
    """A template that says something it may not."""


@dataclass(frozen=True, slots=True)
class Messages:
    """``templates``: language -> key -> text. Keys that begin with ``reply.`` are read by customers.

    A key that ends in ``.none`` words the same for a ``found`` of nothing, one in ``.several`` for several tags;
    ``value.found.pending`` is what ``pending`` is called where a text says ``{found}``.
    """

    templates: Mapping[str, Mapping[str, str]]

    def text(self, key: str, language: str, values: Mapping[str, str]) -> str:
        """The sentence for a key, in the default language where this one has none; the key where nobody wrote any."""
        texts = self.templates[language]
        lists = [name for name in _LISTS if ", " in values.get(name, "")]
        if values.get("found") == NONE and f"{key}.none" in texts:
            key = f"{key}.none"
        elif lists and f"{key}.several" in texts:
            key = f"{key}.several"
            values = {**values, **{name: self._joined(values[name], language) for name in lists}}
        template = texts.get(key)
        if template is None or not (template or key in MAY_BE_EMPTY):
            template = self.templates[DEFAULT_LANGUAGE].get(key, key)
        if key.startswith(_FOR_PEOPLE):
            values = {name: self.word(name, value, language) for name, value in values.items()}
        return _filled(template, values)

    def word(self, name: str, value: str, language: str) -> str:
        """A value as people say it, such as ``Pendente`` for the ``found`` status ``pending``; each of a list.

        A moment, ``2026-03-12 11:05``, is written as people of the language do.
        """
        words, texts = _SAME_WORDS.get(name, name), self.templates[language]
        said = ", ".join(texts.get(f"value.{words}.{each}", each) for each in value.split(", "))
        moment = texts.get("value.moment", "")
        return _MOMENT.sub(lambda at: _filled(moment, at.groupdict()), said) if moment else said

    def _joined(self, value: str, language: str) -> str:
        """``a, b, c`` as ``a, b e c``."""
        first, _, last = value.rpartition(", ")
        return f"{first} {self.templates[language]['value.and']} {last}"

    def has(self, key: str) -> bool:
        return key in self.templates[DEFAULT_LANGUAGE]

    def lacking(self, key: str) -> tuple[str, ...]:
        """The languages in which nobody wrote the sentence for a key."""
        lacking = (language for language, texts in self.templates.items() if not texts.get(key))
        return () if key in MAY_BE_EMPTY else tuple(lacking)

    def overridden(self, by: Mapping[str, Mapping[str, str]]) -> "Messages":
        """With a pack's own wording, which must be without ``flaws``; it goes for ``.none`` and ``.several`` too."""
        return Messages(
            {language: _replaced(texts, by.get(language, {})) for language, texts in self.templates.items()}
        )

    def flaws(self, by: Mapping[str, Mapping[str, str]], internal: Collection[str] = ()) -> Iterator["Flaw"]:
        """What a pack's own wording may not say, and where a shipped text says a word the pack keeps to itself."""
        for language, texts in self.templates.items():
            own = by.get(language, {})
            for key, text in own.items():
                if flaw := self._flaw(key, text, internal):
                    yield Flaw(language, key, flaw)
            for key in texts.keys() - own.keys():
                if found := _internal_words(key, texts[key], internal):
                    message = f"{key!r} as it ships says {found[0]!r} to customers; word it anew under 'messages'"
                    yield Flaw(language, None, message)

    def _flaw(self, key: str, text: str, internal: Collection[str]) -> str | None:
        if not self.has(key):
            return f"no message is called {key!r}{nearest(key, self.templates[DEFAULT_LANGUAGE])}"
        if not text.strip() and key not in MAY_BE_EMPTY:
            return f"{key!r} is empty; leave it out for the text that ships"
        try:
            unknown = placeholders(text) - (allowed := placeholders(self.templates[DEFAULT_LANGUAGE][key]))
        except UnusableTemplate as error:
            return str(error)
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "nothing"
            return f"{key!r} cannot fill in {{{min(unknown)}}}; it knows {known}"
        found = _internal_words(key, text, internal)
        return f"{key!r} is read by customers and may not say {found[0]!r}" if found else None


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a wording; ``key`` is None where it is not the pack's own."""

    language: str
    key: str | None
    message: str


def _internal_words(key: str, text: str, internal: Collection[str]) -> list[str]:
    words = (*INTERNAL, *internal)
    if not key.startswith(PUBLIC) or not _any_of(words).is_in_folded(folded(text)):
        return []
    return [word for word in words if _any_of((word,)).is_in_folded(folded(text))]


@lru_cache(maxsize=64)
def _any_of(words: tuple[str, ...]) -> Topic:
    return Topic(words=words)


def _replaced(texts: Mapping[str, str], own: Mapping[str, str]) -> Mapping[str, str]:
    kept = {key: text for key, text in texts.items() if key.removesuffix(".none").removesuffix(".several") not in own}
    return {**kept, **own}


def _filled(template: str, values: Mapping[str, str]) -> str:
    return "".join(literal + values.get(name or "", "") for literal, name in _parts(template))


@lru_cache(maxsize=1024)
def _parts(template: str) -> tuple[tuple[str, str | None], ...]:
    """Literal text, and the name whose value follows it."""
    return tuple((literal, name) for literal, name, _, _ in Formatter().parse(template))


def placeholders(template: str) -> frozenset[str]:
    """The names a template fills in. Raises UnusableTemplate for braces that do not pair or more than a name."""
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise UnusableTemplate(f"{error}; write {{{{ and }}}} for braces that are meant as such") from error
    for _, name, form, conversion in parts:
        if name is not None and (not name.isidentifier() or form or conversion):
            raise UnusableTemplate(f"{{{name}}} is more than a name")
    return frozenset(name for _, name, _, _ in parts if name is not None)


@lru_cache(maxsize=256)
def language_for(locale: str) -> str:
    """The nearest language we write: ``es-419`` -> ``es``, ``pt`` -> ``pt-BR``, unknown -> the default."""
    short = locale.replace("_", "-").split("-")[0].casefold()
    return next((language for language in LANGUAGES if language.split("-")[0] == short), DEFAULT_LANGUAGE)
