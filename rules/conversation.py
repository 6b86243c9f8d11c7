"""What was said in a chat or messaging conversation, line by line, from its transcript and its public comments."""

from collections.abc import Iterator
from datetime import datetime

from rules.handoff import Handoff
from rules.snapshot import Snapshot
from rules.team import Team
from rules.text import folded
from rules.ticket import Line

# Zendesk titles a conversation so, in the customer's name.
_TITLES = ("conversation with ", "conversa com ", "conversacion con ", "chat with ", "chat com ", "chat con ")


def lines_of(seen: Snapshot) -> tuple[Line, ...]:
    """Every line, oldest first. The comment beside a transcript repeats it and is left out."""
    return tuple(sorted(_lines(seen), key=lambda line: line.at))


def _lines(seen: Snapshot) -> Iterator[Line]:
    for audit in seen.history:
        comment = audit.comment
        if audit.transcript:
            yield from audit.transcript
        elif comment is not None and comment.public and not folded(comment.text[:40]).startswith(_TITLES):
            yield Line(comment.at, comment.author, comment.text)


def by_customer(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """What a customer said, empty lines apart."""
    return tuple(line for line in lines if line.author.is_customer and line.text.strip())


def is_known(seen: Snapshot, lines: tuple[Line, ...], handoff: Handoff) -> bool:
    """Whether all that was said before the hand-off can be read: a running conversation may have no transcript yet."""
    return (
        any(audit.transcript_ended for audit in seen.history)
        or any(line.at <= handoff.over_at for line in by_customer(lines))
        or any(line.at > handoff.over_at for line in lines)
    )


def until_taken_up(lines: tuple[Line, ...], handoff: Handoff, team: Team) -> tuple[Line, ...]:
    """The lines up to the team's first answer after the hand-off: later ones are the team's own matter."""
    taken_up: datetime | None = next(
        (line.at for line in lines if line.at > handoff.over_at and team.has(line.author)), None
    )
    return lines if taken_up is None else tuple(line for line in lines if line.at < taken_up)
