"""Chat hand-offs: a conversation that somebody outside the team gives to its group.

Zendesk has no hand-off event that can be relied on; consecutive audits tell: who moved the ticket to the group, and
who was assigned then or within the next minutes.
"""

from dataclasses import dataclass
from datetime import timedelta

from rules.snapshot import Snapshot
from rules.team import Team
from rules.ticket import Audit

STILL_THE_HANDOFF = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Handoff:
    """The update that gave a conversation to the team's group."""

    audit: Audit


def handoff_of(seen: Snapshot, team: Team) -> Handoff | None:
    """The last update by which somebody outside the team gave the conversation to the team's group, if any did."""
    if not seen.ticket.via.is_live:
        return None
    arrival = next((a for a, change in reversed(tuple(seen.changes("group"))) if change.after == team.group), None)
    if arrival is None or arrival is seen.history[0] or team.has(arrival.author) or not arrival.author.is_human:
        return None
    return Handoff(arrival)


def is_shared_out_by_the_team(seen: Snapshot, team: Team) -> bool:
    """A conversation that was handed over, or began in the team's group: the team picks its analyst by itself."""
    if not seen.ticket.via.is_live:
        return False
    began_there = bool(seen.history) and (change := seen.history[0].change_of("group")) is not None
    return (began_there and change is not None and change.after == team.group) or handoff_of(seen, team) is not None
