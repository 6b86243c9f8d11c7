"""The brakes of a round: what would pass them stops before the first write."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from enforcement.audit_book import CureRow

FEW = 10  # tickets: a share says nothing of fewer


@dataclass(frozen=True, slots=True)
class AuditLimits:
    """``share``: of the tickets that a rule has something to say about, 0 to 1. ``to_requester``: messages a day."""

    tickets: int = 200
    share: float = 0.1
    public_messages: int = 20
    to_requester: int = 2


def passed_limits(
    cures: Sequence[CureRow], judged: int, limits: AuditLimits, sent_today: Callable[[int], int]
) -> Iterator[str]:
    """A sentence for each limit that these cures would pass. ``sent_today``: to a requester, in a day."""
    touched, public = len(cures), sum(cure.public for cure in cures)
    if touched > limits.tickets:
        yield f"{touched} tickets would be touched; the limit is {limits.tickets} (RONDA_AUDIT_MAX_TICKETS)"
    if touched > FEW and judged and touched / judged > limits.share:
        yield (
            f"{touched} of {judged} tickets would be touched, {touched / judged:.0%};"
            f" the limit is {limits.share:.0%} (RONDA_AUDIT_MAX_SHARE)"
        )
    if public > limits.public_messages:
        yield (
            f"{public} messages to customers would be sent; the limit is {limits.public_messages}"
            " (RONDA_AUDIT_MAX_PUBLIC_MESSAGES)"
        )
    to = Counter[int]()
    for cure in cures:
        to[cure.requester_id] += cure.public
    for requester, messages in sorted(to.items()):
        if messages and (total := messages + sent_today(requester)) > limits.to_requester:
            yield (
                f"requester {requester} would have {total} messages in a day;"
                f" the limit is {limits.to_requester} (RONDA_AUDIT_MAX_TO_REQUESTER)"
            )
