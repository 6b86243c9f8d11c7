"""Routing within a team: a ticket that needs one analyst is theirs, unless a person chose another member."""

from rules.actions import Assign
from rules.choice import was_chosen
from rules.roster import first_available, still_there
from rules.snapshot import Snapshot
from rules.team import Team
from rules.verdict import Complies, CouldNotTell, Verdict, Violates


def is_with(analyst: str, seen: Snapshot, team: Team, message: str, *, at_creation: bool) -> Verdict:
    """Complies where the ticket is the analyst's or a chosen member's; otherwise the cure assigns the analyst.

    ``at_creation``: whether a member set when the ticket was opened counts as chosen. Could not tell while the
    analyst is away, and raises an alarm if they left.
    """
    assignee = seen.ticket.assignee
    if assignee is not None and assignee.name == analyst:
        return Complies()
    if team.has(assignee) and was_chosen(seen, at_creation=at_creation):
        return Complies()
    if still_there(seen, analyst, team) is None:
        return CouldNotTell(f"{analyst} left the team", alarm=True)
    person = first_available(seen, [analyst], team)
    if person is None:
        return CouldNotTell(f"{analyst} is away")
    found = {"found": assignee.name if assignee else "–", "expected": analyst}
    return Violates(message, found, cures=(Assign(person),))
