"""
A ticket of the team is open when somebody else hands it over: pending leaves the team's view.

Pending and on-hold are the team's own to set while it works. What no person set is recorded and left alone.
"""

from typing import ClassVar

from rules.actions import SetStatus
from rules.names import TeamRef
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Verdict, Violates

WAITING = ("pending", "hold")


class StaysOpen(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    team: TeamRef

    def check(self, seen: Snapshot) -> Verdict:
        if not self.team.holds(seen):
            return DoesNotApply("in the team's group")
        if seen.ticket.status not in WAITING:
            return Complies()
        last = seen.last_change("status")
        if last is None:
            return CouldNotTell("the history does not say who set the status")
        author = last[0].author
        if author.is_human and self.team.has(author):
            return Complies()
        found = {"found": seen.ticket.status, "by": author.name}
        return Violates("violation.open", found, cures=(SetStatus("open"),) if author.is_human else ())
