"""What two tickets have in common when they are about one thing: a reference, or the same telling subject."""

from collections.abc import Sequence

import re2

from rules.text import folded, own_words
from rules.ticket import Ticket
from rules.topic import Topic

_WORD = re2.compile(r"[a-z0-9]{3,}")
_ARTICLES_AND_THE_LIKE = """
    res enc fwd
    aos com como das dos ela ele era essa esse esta este foi meu minha meus minhas mais mas nao nas nos para pela pelo
    por porque pra quando que quem sem ser seu seus sua suas sobre sao tem uma umas uns voce voces
    con del desde las los mis nuestra nuestro pero sin sus una unos unas
    and are for from has have his her its not our that the this was with you your
"""
_SAYS_NOTHING = frozenset(_ARTICLES_AND_THE_LIKE.split())


def references(ticket: Ticket, kinds: Sequence[Topic]) -> frozenset[tuple[int, str]]:
    """The references in its subject and first message: which kind, and the number or code without its punctuation."""
    texts = own_words(ticket.subject), own_words(ticket.description)
    return frozenset(
        (number, "".join(filter(str.isalnum, code)))
        for number, kind in enumerate(kinds)
        for text in texts
        for code in kind.found_in_folded(text)
    )


def telling_words(subject: str) -> frozenset[str]:
    """The words of a subject that tell it from others: of three letters or more, without articles and the like."""
    return frozenset(_WORD.findall(folded(subject))) - _SAYS_NOTHING
