"""Mentions in a comment: ``@Full Name``, or ``@First`` where only one has that first name.

Zendesk marks them in no field of the comment, so they are read from its text.
https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/
"""

from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any

import re2

from rules.text import folded

LONGEST_NAME = 80  # characters that are read after an ``@``
_DOMAIN = re2.compile(r"(?:\.[a-z0-9-]+)*\.(?:com|net|org|br|example)\b")  # what follows a name in an address


def mentioned(text: str, names: frozenset[str], strangers: frozenset[str] = frozenset()) -> frozenset[str]:
    """Which of the full ``names`` a text mentions; accents and case do not matter, the longest name wins.

    ``strangers`` are people who may be called by their full names only: ``@Bryan Costa`` is not Bryan.
    """
    beginnings = {
        after[:LONGEST_NAME] for before, after in pairwise(folded(text).split("@")) if not _ends_in_a_word(before)
    }
    if not beginnings:
        return frozenset()
    pattern, spelt = _spellings(names, strangers)
    found = (match for match in map(pattern.match, beginnings) if match is not None)
    return names.intersection(
        spelt[" ".join(match.group(1).split())] for match in found if not _DOMAIN.match(match.string[match.end() :])
    )


def _ends_in_a_word(before: str) -> bool:
    """Whether an ``@`` after this is part of an address."""
    return before[-1:].isalnum() or before.endswith("_")


@lru_cache(maxsize=64)
def _spellings(names: frozenset[str], strangers: frozenset[str]) -> tuple[Any, Mapping[str, str]]:
    """A pattern for the names as they may stand after ``@``, and whose name each spelling is."""
    full = {_plain(name): name for name in (*strangers, *names)}
    firsts = {_plain(name): first_name(name) for name in names}
    often = Counter(firsts.values())
    spelt = {first: full[name] for name, first in firsts.items() if often[first] == 1} | full
    longest_first = sorted(spelt, key=len, reverse=True)
    either = "|".join(r"\s+".join(re2.escape(part) for part in name.split()) for name in longest_first)
    return re2.compile(rf"({either})\b"), spelt


def first_name(name: str) -> str:
    """The first word of a name, without accents and case."""
    return _plain(name).partition(" ")[0]


def _plain(name: str) -> str:
    return " ".join(folded(name).split())
