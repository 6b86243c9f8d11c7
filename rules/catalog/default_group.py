"""
A ticket addressed to the team belongs to the team's group.

Without the group the ticket is in nobody's view, so this is the first and most important field. The cure sets it,
and the other rules judge the ticket as if it were done.
"""

from typing import ClassVar

from rules.actions import SetGroup
from rules.names import TeamRef
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, DoesNotApply, Verdict, Violates


class DefaultGroup(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})
    routes: ClassVar[bool] = True

    team: TeamRef

    def check(self, seen: Snapshot) -> Verdict:
        if self.team.holds(seen):
            return Complies()
        if not self.team.is_addressed(seen):
            return DoesNotApply("addressed to the team")
        return Violates(
            "violation.group",
            {"found": seen.ticket.group or "–", "expected": self.team.group},
            cures=(SetGroup(self.team.group),),
        )
