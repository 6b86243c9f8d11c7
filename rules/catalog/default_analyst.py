"""
A ticket in the team's group has one of its members as assignee; by default the first available of those named.

A member somebody chose is kept. A chat that was handed over gets no analyst: the team shares those out itself.
"""

from typing import ClassVar

from pydantic import ValidationInfo, field_validator

from rules.actions import Assign
from rules.handoff import is_shared_out_by_the_team
from rules.names import PersonName, TeamRef, must_be_members
from rules.roster import first_available
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Verdict, Violates


class DefaultAnalyst(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    team: TeamRef
    default: tuple[PersonName, ...]

    @field_validator("default")
    @classmethod
    def _are_members(cls, default: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        if "team" in info.data:  # else its own error is told
            must_be_members(default, info.data["team"], info)
        return default

    def check(self, seen: Snapshot) -> Verdict:
        if not self.team.holds(seen):
            return DoesNotApply("in the team's group")
        if is_shared_out_by_the_team(seen, self.team):
            return DoesNotApply("not a chat hand-off")
        if self.team.has(seen.ticket.assignee):
            return Complies()
        analyst = first_available(seen, self.default, self.team)
        if analyst is None:
            return CouldNotTell(f"none of {', '.join(self.default)} is available", alarm=True)
        return Violates(
            "violation.analyst",
            {"found": seen.ticket.assignee.name if seen.ticket.assignee else "–", "expected": analyst.name},
            cures=(Assign(analyst),),
        )
