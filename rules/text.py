"""Text made comparable: accents and case gone, quoted mail, signatures and addresses cut, lengths bounded."""

import unicodedata
from functools import lru_cache
from typing import Any

import re2

LONGEST = 64 * 1024  # Zendesk cuts comments there; more is never read
KEPT = 256  # texts that are remembered: those of the tickets of the moment, and no more of customers' words than that

# The line above a quotation; mail programs break it in two.
_ATTRIBUTION = r"(?:em|on|el) .{1,200}(?:\n.{0,80})?(?:escreveu|wrote|escribio):[ \t]*$"
# Quoted lines and what stands above them; an answer may stand below.
_QUOTED = re2.compile(rf"(?m)(?:^{_ATTRIBUTION}\s*)?(?:^[ \t]*>.*\n?)+")
_HEADER = r"(?:enviad[oa](?: em| el)?|sent|data|date|fecha|para|to|cc|assunto|asunto|subject)"
# Below it stands another's mail, unmarked: an attribution or the header of a forwarded mail.
_ANOTHERS = re2.compile(
    r"(?m)^[ \t]*(?:_{5,}[ \t]*$|-{3,} ?(?:mensagem|original|forwarded|mensaje)"
    r"|#{2,}.{0,40}(?:acima desta linha|above this line|encima de esta linea)"
    rf"|{_ATTRIBUTION}"
    rf"|\*{{0,2}}(?:de|from):\*{{0,2}} .{{1,200}}$\s{{1,5}}\*{{0,2}}{_HEADER}:)"
)
# A closing word and what stands below it. Thanks close a message only where a comma and the line end with them.
_SIGNATURE = re2.compile(
    r"(?m)^[ \t]*(?:--[ \t]*$"
    r"|(?:atenciosamente|att|atte|atentamente|cordialmente|(?:um )?abracos?|abs|(?:os )?(?:melhores )?cumprimentos"
    r"|(?:(?:best|kind|warm) )?regards|sincerely|(?:un )?(?:cordial )?saludos?|enviado do meu|sent from my)\b"
    r"|(?:obrigad[oa]|grat[oa]|gracias|thanks|thank you),[ \t]*$)"
)
_ADDRESS = re2.compile(
    r"[^\s@<>()\[\],;:]+@[^\s@<>()\[\],;:]+"
    r"|(?:https?://|www\.)\S+"
    r"|[a-z0-9-]+(?:\.[a-z0-9-]+)*\.(?:com|net|org|example)(?:\.[a-z]{2})?\b"
)
_MARKS_OF_ADDRESSES = ("@", "://", "www.", ".com", ".net", ".org", ".example")


def _letter_by_letter(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).lower()  # 𝐀 decomposes to A
    return plain.encode("ascii", "replace").decode()


def _in_one_byte(code: int) -> int:
    """What a Windows-1252 byte folds to; 0 where that is not exactly one letter."""
    plain = _letter_by_letter(bytes([code]).decode("cp1252", "ignore"))
    return ord(plain) if len(plain) == 1 else 0


_WESTERN = bytes(_in_one_byte(code) for code in range(256))  # our three languages fit into it: ten times as fast


@lru_cache(maxsize=KEPT)
def folded(text: str) -> str:
    """Lower case, ASCII letters for accented ones, one character in for at most a few out; bounded in length."""
    text = text[:LONGEST]
    if text.isascii():
        return text.lower()
    try:
        plain = text.encode("cp1252").translate(_WESTERN)
    except UnicodeEncodeError:
        return _letter_by_letter(text)
    return _letter_by_letter(text) if b"\0" in plain else plain.decode()


@lru_cache(maxsize=KEPT)
def unquoted(text: str) -> str:
    """A message without the mail it quotes or forwards: folded."""
    plain = folded(text)
    if ">" in plain:
        plain = _QUOTED.sub("", plain)
    return _until(_ANOTHERS, plain)


@lru_cache(maxsize=KEPT)
def own_words(text: str) -> str:
    """What the writer of a message wrote: folded, without the quoted mail and the signature below it."""
    return _until(_SIGNATURE, unquoted(text))


def words_of(text: str) -> frozenset[str]:
    """A list of words, written as one text."""
    return frozenset(text.split())


def is_found(pattern: Any, plain: str) -> bool:
    """Whether a pattern is in folded text."""
    return _search(pattern, plain) is not None


def _search(pattern: Any, plain: str) -> Any:
    """In bytes, which costs half of what it does in characters; in ASCII the places are the same."""
    return pattern.search(plain.encode())


def _until(pattern: Any, plain: str) -> str:
    end = _search(pattern, plain)
    return plain[: end.start()] if end else plain


@lru_cache(maxsize=KEPT)
def prose(text: str) -> str:
    """The writer's own words without e-mail and web addresses: what is named in an address is not talked about."""
    return without_addresses(own_words(text))


def without_addresses(text: str) -> str:
    """E-mail and web addresses taken out; those in capital letters only where they say that they are some."""
    return _ADDRESS.sub(" ", text) if any(mark in text for mark in _MARKS_OF_ADDRESSES) else text
