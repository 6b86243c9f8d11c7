"""Topics: word lists and patterns that say what a text is about. Linear-time, accent- and case-insensitive."""

from collections.abc import Callable
from functools import cached_property, lru_cache
from typing import Annotated, Any, TypeAlias

import re2
from pydantic import AfterValidator, BaseModel, ConfigDict, field_validator

from rules.text import folded, is_found, prose

BOUND_LEFT, BOUND_RIGHT = r"(?:^|[^a-z0-9])", r"(?:[^a-z0-9]|$)"


def spoken(word: str) -> str:
    """A pattern for a word or phrase as whole words.

    Spaces match any white space, a hyphen (``e-mail``) also a space or nothing, a final ``*`` any ending.
    """
    open_end = word.endswith("*")
    parts = (re2.escape(part).replace(r"\-", "[- ]?") for part in folded(word.rstrip("*")).split())
    return r"\s+".join(parts) + (r"[a-z0-9]*" if open_end else "")


def _some_text(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if not folded(word).strip("* \t"):
            raise ValueError(f"{word!r} has no letter or digit to look for")
    return words


Phrases: TypeAlias = Annotated[tuple[str, ...], AfterValidator(_some_text)]


class Topic(BaseModel):
    """``words``: whole words and phrases (``banner*``: any ending). ``patterns``: RE2, matched on lower-case ASCII.

    ``unless``: phrases that are blanked out before looking, such as *por e-mail* for a topic about e-mail.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: Phrases = ()
    patterns: tuple[str, ...] = ()
    unless: Phrases = ()

    @field_validator("patterns")
    @classmethod
    def _readable(cls, patterns: tuple[str, ...]) -> tuple[str, ...]:
        for pattern in patterns:
            if pattern != folded(pattern) and not pattern.isascii():
                raise ValueError(f"{pattern!r}: text is matched without accents, so write the pattern without them")
            try:
                compiled = re2.compile(pattern, _quiet())
            except re2.error as error:
                raise ValueError(f"{pattern!r} is no RE2 pattern: {_reason(error)}") from error
            if compiled.search(""):
                raise ValueError(f"{pattern!r} matches empty text, so it would match everything")
        return patterns

    @cached_property
    def _found(self) -> Any:
        spoken_words = [spoken(word) for word in self.words]
        words = [f"{BOUND_LEFT}(?:{'|'.join(spoken_words)}){BOUND_RIGHT}"] if spoken_words else []
        either = [*words, *(f"(?:{pattern})" for pattern in self.patterns)]
        return re2.compile("|".join(either)) if either else None

    @cached_property
    def _blanked(self) -> Any:
        phrases = "|".join(spoken(phrase) for phrase in self.unless)
        return re2.compile(f"({BOUND_LEFT})(?:{phrases})({BOUND_RIGHT})") if phrases else None

    def is_in(self, text: str) -> bool:
        """Whether the writer's own words (quotations, signature and addresses apart) are about this."""
        return self._looked_up(text)

    @cached_property
    def _looked_up(self) -> Callable[[str], bool]:
        """Remembers the last few texts: in one look several rules ask about the same."""
        return lru_cache(maxsize=64)(lambda text: self.is_in_folded(prose(text)))

    def is_in_folded(self, plain: str) -> bool:
        """The same for text that is folded already."""
        if self._found is None or not is_found(self._found, plain):
            return False
        return self._blanked is None or is_found(self._found, self._without_phrases(plain))

    def found_in_folded(self, plain: str) -> frozenset[str]:
        """Every match in folded text; of a pattern with a group in brackets, what the group holds."""
        if self._found is None:
            return frozenset()
        matches = self._found.finditer(self._without_phrases(plain))
        return frozenset(next((group for group in m.groups() if group), m.group()) for m in matches)

    def _without_phrases(self, plain: str) -> str:
        return plain if self._blanked is None else self._blanked.sub(r"\1 \2", plain)


def _quiet() -> Any:
    options = re2.Options()
    options.log_errors = False
    return options


def _reason(error: Exception) -> str:
    said = error.args[0] if error.args else error
    return said.decode() if isinstance(said, bytes) else str(said)
