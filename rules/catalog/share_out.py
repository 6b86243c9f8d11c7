"""
What has no sector of its own stays in the general group and is taken by its members in no fixed order.

After a while without anybody it is shared out: to the one with the fewest open tickets, ties by a draw.
"""

import hashlib
from datetime import datetime, timedelta
from typing import ClassVar

from pydantic import Field

from rules.actions import Assign
from rules.duration import Duration
from rules.names import GroupName
from rules.rule import Rule
from rules.sectors import Sectors, sector_of
from rules.snapshot import Need, Snapshot
from rules.ticket import Person, Ticket
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Verdict, Violates


class ShareOut(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY, Need.WORKLOAD})

    group: GroupName
    sectors: Sectors = Field(default_factory=dict)
    after: Duration = timedelta(hours=1)

    def watches(self, ticket: Ticket) -> bool:
        return ticket.group == self.group and ticket.assignee is None and not ticket.is_untouchable

    def check(self, seen: Snapshot) -> Verdict:
        ticket = seen.ticket
        if ticket.group != self.group:
            return DoesNotApply("in the general group")
        if ticket.assignee is not None:
            return Complies()
        if sector_of(seen, self.sectors) is not None:
            return DoesNotApply("no sector's topic")
        due = _unattended_since(seen) + self.after
        if seen.as_of < due:
            return DoesNotApply("nobody's for long enough", look_again_at=due)
        members = [person for person in seen.members(self.group) if _is_there(person, seen)]
        if not members:
            return CouldNotTell(f"nobody of {self.group} is available", seen.as_of + self.after, alarm=True)
        chosen = min(members, key=lambda person: (seen.workload.get(person.name, 0), _draw(ticket.id, person)))
        found = {"expected": chosen.name}
        return Violates("violation.share-out", found, cures=(Assign(chosen),))


def _unattended_since(seen: Snapshot) -> datetime:
    """Since when the ticket has been both in its group and nobody's."""
    changes = (seen.last_change("group"), seen.last_change("assignee"))
    return max([seen.ticket.created_at, *(change[0].at for change in changes if change is not None)])


def _is_there(person: Person, seen: Snapshot) -> bool:
    return person.is_agent and person.available and person.name not in seen.absent


def _draw(ticket: int, person: Person) -> bytes:
    """A lot that falls the same on every run: by the ticket and the person, and by nothing else."""
    return hashlib.sha256(f"{ticket}:{person.id}".encode()).digest()
