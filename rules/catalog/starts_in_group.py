"""
A ticket that a requester opens enters the queue of the general group, or that of the sector which it is about.

Whoever moved it since, a person, a trigger or another rule, has decided.
"""

from typing import ClassVar

from pydantic import Field

from rules.actions import SetGroup
from rules.marks import continued
from rules.names import GroupName
from rules.rule import Rule
from rules.sectors import Sectors, sector_of
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, DoesNotApply, Verdict, Violates


class StartsInGroup(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})
    routes: ClassVar[bool] = True

    group: GroupName
    sectors: Sectors = Field(default_factory=dict)

    def check(self, seen: Snapshot) -> Verdict:
        ticket = seen.ticket
        if not ticket.submitter.is_customer:
            return DoesNotApply("opened by a requester")
        if excuse := continued(ticket):
            return excuse
        if _was_moved(seen):
            return DoesNotApply("not moved since")
        if ticket.group == self.group or (ticket.group is not None and ticket.group == sector_of(seen, self.sectors)):
            return Complies()
        found = {"found": ticket.group or "–", "expected": self.group}
        return Violates("violation.starts-in-group", found, cures=(SetGroup(self.group),))


def _was_moved(seen: Snapshot) -> bool:
    return any(audit is not seen.history[0] or change.by_rule for audit, change in seen.changes("group"))
