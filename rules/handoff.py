"""Chat hand-offs: a conversation that somebody outside the team gives to its group, or leaves there as its assignee.

Zendesk has no hand-off event that can be relied on; consecutive audits tell: who moved the ticket to the group, and
who was assigned then or within the next minutes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from rules.snapshot import Snapshot
from rules.team import Team
from rules.ticket import Audit, Change, Person, Value

STILL_THE_HANDOFF = timedelta(minutes=10)  # an analyst set so soon after the group belongs to the same hand-over


@dataclass(frozen=True, slots=True)
class Handoff:
    """``audit`` gave a conversation to the team, ``by`` is who did; what was said until ``over_at`` was said before."""

    audit: Audit
    by: Person
    over_at: datetime
    came_from: str | None = None  # the group it was in

    @property
    def key(self) -> str:
        """Names it among the causes of a violation."""
        return f"audit-{self.audit.id}"


def handoff_of(seen: Snapshot, team: Team) -> Handoff | None:
    """The last hand-off of a conversation that is in the team's group, if there was one."""
    if not (seen.ticket.via.is_live and team.holds(seen)):
        return None
    arrival = _arrival(seen, team)
    if arrival is None or team.has(arrival.author):
        return None
    if not arrival.author.is_agent:  # it began in the group, or Zendesk put it there
        return _left_by_its_agent(seen, team, arrival)
    change = arrival.change_of("group")
    before = change.before if change is not None and isinstance(change.before, str) else None
    return Handoff(arrival, arrival.author, _over_at(seen, arrival), before)


def is_shared_out_by_the_team(seen: Snapshot, team: Team) -> bool:
    """A conversation that no member pulled into the group: handed over or begun there. The team picks its analyst."""
    if not seen.ticket.via.is_live:
        return False
    arrival = _arrival(seen, team)
    return arrival is None or not team.has(arrival.author)


def _arrival(seen: Snapshot, team: Team) -> Audit | None:
    """The update that brought the ticket to the group; where Ronda did, the one that addressed it to the team."""
    audits = (audit for audit, change in reversed(tuple(seen.changes("group"))) if change.after == team.group)
    arrival = next(audits, None)
    if arrival is None or not arrival.author.is_ronda:
        return arrival
    earlier = seen.history[: seen.history.index(arrival)]
    return next((audit for audit in reversed(earlier) if _addresses(audit, team)), None)


def _addresses(audit: Audit, team: Team) -> bool:
    for change in audit.changes:
        if change.field == "assignee" and isinstance(change.after, Person) and team.has(change.after):
            return True
        if change.field == "tags" and team.tag in _tags(change.after) - _tags(change.before):
            return True
        if change.field == "form" and team.form is not None and change.after == team.form:
            return True
    return False


def _tags(value: Value) -> frozenset[str]:
    return frozenset(tag for tag in value if isinstance(tag, str)) if isinstance(value, frozenset) else frozenset()


def _over_at(seen: Snapshot, arrival: Audit) -> datetime:
    """A ticket opened in the group was handed over when its first conversation was done."""
    if arrival is not seen.history[0]:
        return arrival.at
    return seen.history[1].at if len(seen.history) > 1 else seen.as_of


def _left_by_its_agent(seen: Snapshot, team: Team, arrival: Audit) -> Handoff | None:
    """The last outsider who was assigned in the group without a member's doing: the serving agent."""
    assignments = tuple(_assignments_since(seen, arrival))
    for number in range(len(assignments) - 1, -1, -1):
        audit, change = assignments[number]
        agent = change.after
        if isinstance(agent, Person) and not team.has(agent) and not team.has(audit.author):
            is_last = number == len(assignments) - 1
            return Handoff(audit, agent, seen.as_of if is_last else assignments[number + 1][0].at)
    return None


def _assignments_since(seen: Snapshot, arrival: Audit) -> Iterator[tuple[Audit, Change]]:
    """Changes of the assignee since an update, and the one before it that still held then."""
    changes = tuple(seen.changes("assignee"))
    still_held = tuple(each for each in changes if each[0].at < arrival.at)[-1:]
    yield from still_held
    yield from (each for each in changes if each[0].at >= arrival.at)
