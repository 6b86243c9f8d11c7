"""
Each kind of matter has its sector: a ticket of the general group that is about one moves there.

A ticket that a person took out of that sector is not pushed back into it.
"""

from typing import ClassVar

from rules.actions import SetGroup
from rules.names import GroupName
from rules.rule import Rule
from rules.sectors import Sectors, sector_of
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, DoesNotApply, Verdict, Violates


class Sector(Rule):
    """``group`` takes everything that has no sector of its own."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})
    routes: ClassVar[bool] = True

    group: GroupName
    sectors: Sectors

    def check(self, seen: Snapshot) -> Verdict:
        here = seen.ticket.group
        if here != self.group and here not in self.sectors:
            return DoesNotApply("in the general group")
        sector = sector_of(seen, self.sectors)
        if sector is None:
            return DoesNotApply("topic")
        if here == sector:
            return Complies()
        if here != self.group:
            return DoesNotApply("in the general group")
        if _was_taken_out_by_a_person(seen, sector):
            return DoesNotApply("not taken out of the sector by a person")
        found = {"found": self.group, "expected": sector}
        return Violates("violation.sector", found, cures=(SetGroup(sector),))


def _was_taken_out_by_a_person(seen: Snapshot, sector: str) -> bool:
    return any(
        change.before == sector and audit.author.is_human and not change.by_rule
        for audit, change in seen.changes("group")
    )
