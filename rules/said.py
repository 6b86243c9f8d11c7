"""Who said what on a ticket: the requester's own messages, and the answers by people."""

from collections.abc import Iterator
from functools import lru_cache

import re2

from rules.snapshot import Snapshot, once_a_snapshot
from rules.text import KEPT, folded
from rules.ticket import Audit, Comment, Person

MACHINE_MADE = 4  # comment flag: https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_comments/

# An absence notice that no flag gives away says so with its first words, perhaps after a greeting and thanks, or calls
# itself an automatic message.
_ABSENCE_NOTICE = re2.compile(
    r"^\W*(?:(?:ola|oi|bom dia|boa tarde|boa noite|hello|hi|hola|buenos dias)\W+)?"
    r"(?:(?:(?:muito )?obrigad[oa]|agradec(?:o|emos)|gracias|thank you|thanks)"
    r" (?:pel[oa]|por|for) (?:o |a |seu |sua |su |tu |your )?(?:contato|mensagem|e-?mail|contacto|mensaje|message)\W+)?"
    r"(?:resposta automatica|mensagem automatica"
    r"|(?:no momento )?(?:estou|estarei|encontro-me|me encontro) (?:fora do escritorio|(?:de|em) ferias|ausente)"
    r"|automatic reply|auto-?reply|out of office|i am (?:currently )?out of (?:the )?office"
    r"|respuesta automatica|mensaje automatico|(?:estoy|estare) (?:fuera de la oficina|de vacaciones|ausente))\b"
    r"|\b(?:est[ae] e uma|est[ae] es una?|this is an) "
    r"(?:(?:resposta|mensagem|respuesta) automatica|mensaje automatico"
    r"|auto(?:matic|mated) (?:reply|response|message))\b"
)
_BEGINNING = 300
_HINTS = ("auto", "escritorio", "ferias", "ausente", "office", "oficina", "vacaciones")  # quicker than a pattern


def is_machine_made(comment: Comment) -> bool:
    """An automatic answer: nobody's own words."""
    return MACHINE_MADE in comment.flags or _is_absence_notice(comment.text)


@lru_cache(maxsize=KEPT)
def _is_absence_notice(text: str) -> bool:
    beginning = folded(text[:_BEGINNING])
    return any(hint in beginning for hint in _HINTS) and _ABSENCE_NOTICE.search(beginning) is not None


@once_a_snapshot
def messages_of_requester(seen: Snapshot) -> tuple[Comment, ...]:
    """What the requester wrote, oldest first, automatic answers apart; a conversation's transcript is one message."""
    return tuple(_written_by(seen.ticket.requester, seen))


def _written_by(requester: Person, seen: Snapshot) -> Iterator[Comment]:
    for audit in seen.history:
        lines = [line.text for line in audit.transcript if line.author == requester]
        if lines:
            yield Comment(audit.id, audit.at, requester, True, "\n".join(lines), seen.ticket.via)
        comment = audit.comment
        if comment is not None and comment.author == requester and not is_machine_made(comment):
            yield comment


def opening_words(seen: Snapshot) -> str:
    """The first message; of a conversation without a description, what the requester says in its transcript."""
    if seen.opening or not seen.ticket.via.is_live:
        return seen.opening
    return "\n".join(line.text for a in seen.history for line in a.transcript if line.author == seen.ticket.requester)


def begins_with_a_note(seen: Snapshot) -> bool:
    """Whether a colleague opened the ticket with an internal note, so that the requester may know nothing of it."""
    first = seen.history[0].comment if seen.history else None
    return first is not None and not first.public and first.author.is_agent


def is_answer(audit: Audit) -> bool:
    """Whether this update answers the requester: a public comment by a person on the desk's side."""
    return audit.comment is not None and audit.comment.public and audit.comment.author.is_agent
