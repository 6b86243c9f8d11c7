"""
A requester opens a ticket by an official channel; by any other it is received, marked and told about.

Tickets by staff, follow-ups and tickets that we opened for a message which came the wrong way are none of its business.
"""

from typing import ClassVar

from rules.actions import Action, AddTags, Note, Reply
from rules.channels import Channels, channel_of, is_one_of
from rules.marks import continued, is_follow_up, is_marked
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates


class OfficialChannel(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    official: Channels
    tag: str = "canal-nao-oficial"
    reply: bool = False

    def check(self, seen: Snapshot) -> Verdict:
        ticket = seen.ticket
        if not ticket.submitter.is_customer:
            return DoesNotApply("opened by a requester")
        if is_follow_up(ticket):
            return DoesNotApply("not a follow-up")
        if excuse := continued(ticket):
            return excuse
        if is_one_of(ticket.via, self.official):
            return Complies()
        found = {"channel": channel_of(ticket.via)}
        causes = (Cause("opened", ticket.created_at),)
        is_told = is_marked(seen, self.tag) or not self.untold(seen, causes)
        return Violates("violation.official-channel", found, () if is_told else self._cures(found), causes)

    def _cures(self, found: dict[str, str]) -> tuple[Action, ...]:
        told: tuple[Action, ...] = (AddTags(frozenset({self.tag})), Note("note.official-channel", found))
        return (*told, Reply("reply.official-channel")) if self.reply else told
