"""
Whoever hands a chat to the team sets its group only, never an analyst: the team shares its chats out by itself.

The serving agent who stays assigned in the team's group counts as one, and so does whoever an outsider assigns within
the next minutes. An assignee whom a member set stays, and what Zendesk's routing assigned is nobody's choice.
"""

from typing import ClassVar

from rules.actions import Assign
from rules.choice import is_a_persons
from rules.handoff import STILL_THE_HANDOFF, Handoff, handoff_of
from rules.names import TeamRef
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Change, Person
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Verdict, Violates


class ChatGroupOnly(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    team: TeamRef

    def check(self, seen: Snapshot) -> Verdict:
        handoff = handoff_of(seen, self.team)
        if handoff is None:
            return DoesNotApply("chat hand-off")
        if seen.ticket.assignee is None:
            return Complies()
        last = seen.last_change("assignee")
        if last is None:
            return CouldNotTell("the history does not say who assigned it")
        if not self._belongs_to(handoff, seen.ticket.assignee, *last):
            return Complies()
        found = {"found": seen.ticket.assignee.name, "by": handoff.by.name}
        return Violates("violation.chat-group-only", found, cures=(Assign(None),))

    def _belongs_to(self, handoff: Handoff, assignee: Person, audit: Audit, change: Change) -> bool:
        """Whether this assignment is of the hand-off's making, and not of the team's."""
        if self.team.has(audit.author):
            return False
        soon = audit.at <= handoff.audit.at + STILL_THE_HANDOFF
        return not self.team.has(assignee) or (soon and is_a_persons(audit, change))
