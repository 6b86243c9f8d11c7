"""
A technical ticket about domain or e-mail goes straight to the analyst who looks after both.

Another member whom a person chose after the ticket was opened is kept; the default analyst set at the opening is no
such choice.
"""

from typing import ClassVar

from rules.about import is_about
from rules.handoff import is_shared_out_by_the_team
from rules.names import PersonName, TeamRef, TopicRef
from rules.routing import is_with
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.verdict import DoesNotApply, Verdict


class DomainEmail(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    team: TeamRef
    topic: TopicRef
    analyst: PersonName

    def check(self, seen: Snapshot) -> Verdict:
        if not self.team.holds(seen):
            return DoesNotApply("in the team's group")
        if is_shared_out_by_the_team(seen, self.team):
            return DoesNotApply("not a chat hand-off")
        if not is_about(seen.ticket, self.topic):
            return DoesNotApply("topic")
        return is_with(self.analyst, seen, self.team, "violation.domain-email", at_creation=False)
