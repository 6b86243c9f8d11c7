"""
A ticket from the phone says why it could not be done otherwise: the phone is for merchants without admin and internet.
"""

from typing import ClassVar

from rules.actions import Note
from rules.channels import VOICE, Channel
from rules.names import FieldName
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates


class PhoneReason(Rule):
    """The reason stands in ``field``, or is one of ``tags``."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    channels: frozenset[Channel] = VOICE
    field: FieldName | None = None
    tags: frozenset[str] = frozenset()

    def check(self, seen: Snapshot) -> Verdict:
        ticket = seen.ticket
        if ticket.via.channel not in self.channels:
            return DoesNotApply("from the phone")
        if self._has_reason(ticket):
            return Complies()
        causes = (Cause("opened", ticket.created_at),)
        agents = (person for person in (ticket.assignee, ticket.submitter) if person is not None and person.is_agent)
        asked = next(agents, None)
        note = Note("note.phone-reason", mentions=(asked,) if asked else ())
        cures = (note,) if self.untold(seen, causes) else ()
        return Violates("violation.phone-reason", cures=cures, causes=causes)

    def _has_reason(self, ticket: Ticket) -> bool:
        return bool(self.field and ticket.fields.get(self.field)) or not ticket.tags.isdisjoint(self.tags)
