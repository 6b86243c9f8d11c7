"""What people read: templates by language and key, filled with values. `{name}` is all a template may contain."""

from collections.abc import Mapping
from dataclasses import dataclass
from string import Formatter

DEFAULT_LANGUAGE = "pt-BR"
LANGUAGES = ("pt-BR", "en", "es")


class UnusableTemplate(ValueError):
    """A template that says something it may not."""


@dataclass(frozen=True, slots=True)
class Messages:
    """``templates``: language -> key -> text. Keys that begin with ``reply.`` are read by customers."""

    templates: Mapping[str, Mapping[str, str]]

    def text(self, key: str, language: str, values: Mapping[str, str]) -> str:
        """The sentence for a key. Raises KeyError for an unknown key: keys are checked when a pack is loaded."""
        template = self.templates[language].get(key) or self.templates[DEFAULT_LANGUAGE][key]
        return "".join(literal + values.get(name or "", "") for literal, name, _, _ in Formatter().parse(template))

    def has(self, key: str) -> bool:
        return key in self.templates[DEFAULT_LANGUAGE]

    def overridden(self, by: Mapping[str, Mapping[str, str]]) -> "Messages":
        """With a pack's own wording. Raises UnusableTemplate, saying which."""
        merged = {language: dict(texts) for language, texts in self.templates.items()}
        for language, texts in by.items():
            if language not in merged:
                raise UnusableTemplate(f"no language {language!r}; one of {', '.join(LANGUAGES)}")
            for key, text in texts.items():
                if not self.has(key):
                    raise UnusableTemplate(f"no message is called {key!r}")
                _check(key, text, allowed=placeholders(self.templates[DEFAULT_LANGUAGE][key]))
                merged[language][key] = text
        return Messages(merged)


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


def _check(key: str, text: str, allowed: frozenset[str]) -> None:
    unknown = placeholders(text) - allowed
    if unknown:
        known = ", ".join(f"{{{name}}}" for name in sorted(allowed)) or "nothing"
        raise UnusableTemplate(f"{key!r} cannot fill in {{{min(unknown)}}}; it knows {known}")


def language_for(locale: str) -> str:
    """The nearest language we write: ``es-419`` -> ``es``, ``pt`` -> ``pt-BR``, unknown -> the default."""
    short = locale.replace("_", "-").split("-")[0].casefold()
    return next((language for language in LANGUAGES if language.split("-")[0] == short), DEFAULT_LANGUAGE)
