"""
While a ticket waits, the requester hears from the desk at least every so often, even if nothing changed.

The clock starts when the wait begins or with the last public comment by the desk, whichever is later; notes, field
changes and the requester's own words do not stop it. The cure is a short public reply that says why it is waiting.
Where a reply may not arrive (chat and messaging), or where enough has been said, the assignee is told instead.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import Field

from rules.actions import Action, Note, Reply
from rules.duration import Duration
from rules.names import FieldName, PersonName
from rules.promise import Counting, QuietHours, due_after, keep_at
from rules.rule import Rule
from rules.said import is_machine_made
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Comment, Person
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Verdict, Violates

ON_HOLD = "on-hold"


class StandBy(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY, Need.SCHEDULE})

    field: FieldName | None = Field(default=None, description="custom field that holds the reason for waiting")
    reasons: dict[str, str] = Field(default={}, description="value of the field -> which message is sent")
    statuses: dict[str, str] = Field(default={}, description="custom status -> which message is sent")
    on_hold: str | None = Field(default=ON_HOLD, description="message while on hold without a reason; null: no wait")
    every: Duration = Field(default=timedelta(hours=48), gt=timedelta(0))
    lead: Duration = Field(default=timedelta(0), ge=timedelta(0), description="write this much earlier than due")
    clock: Counting = "calendar"
    quiet: QuietHours | None = None
    remind_assignee: Duration | None = Field(default=None, description="tell the assignee this long before")
    escalate_after: int | None = Field(default=None, ge=1, description="our messages in a row without a person's")
    supervisor: PersonName | None = None
    max: dict[str, int] = Field(default={}, description="reason -> our messages; after that people are told instead")
    conversations: Literal["note", "reply"] = Field(default="note", description="on chat and messaging tickets")

    def check(self, seen: Snapshot) -> Verdict:
        reason = self._reason(seen)
        if reason is None:
            return DoesNotApply("in stand-by")
        if self.clock == "business" and seen.schedule is None:
            return CouldNotTell("the account has no schedule of working hours", alarm=True)
        entered = self._entered_at(seen)
        start = max([entered, *(comment.at for comment in _public_by_the_desk(seen))])
        due = due_after(start, self.every, seen.schedule if self.clock == "business" else None)
        keep = keep_at(start, due, self.lead, self.quiet)
        said = _ours_in_a_row(seen, since=entered)
        if seen.as_of < keep:
            return self._kept(seen, start, keep, said)
        if self.quiet and (night := self.quiet.around(seen.as_of)):
            return Violates("violation.stand-by", {"due": _utc(due)}, look_again_at=night[1])
        return self._broken(seen, reason, start, due, said)

    def _reason(self, seen: Snapshot) -> str | None:
        """Which message to send, if the ticket is in stand-by."""
        ticket = seen.ticket
        return self._reason_of(ticket.fields.get(self.field or ""), ticket.custom_status, ticket.status)

    def _reason_of(self, value: object, custom_status: object, status: object) -> str | None:
        return (
            self.reasons.get(str(value))
            or self.statuses.get(str(custom_status))
            or (self.on_hold if status == "hold" else None)
        )

    def _entered_at(self, seen: Snapshot) -> datetime:
        """When the wait began: to change its reason is not to begin it."""
        now: dict[str, object] = {}
        entered: datetime | None = None
        for audit in seen.history:
            now |= {change.field: change.after for change in audit.changes}
            waits = self._reason_of(now.get(self.field or ""), now.get("custom_status"), now.get("status")) is not None
            entered = (entered or audit.at) if waits else None
        return entered or seen.ticket.created_at

    def _kept(self, seen: Snapshot, start: datetime, keep: datetime, said: tuple[Audit, ...]) -> Verdict:
        """The promise stands. What may be due before: a word to the assignee, or to the supervisor."""
        if self.escalate_after and len(said) >= self.escalate_after and (boss := self._supervisor(seen)):
            causes = self.untold(seen, [Cause(f"escalated-{said[0].id}", said[-1].at)])
            if causes:
                note = Note("note.stand-by.escalated", {"count": str(len(said))}, mentions=(boss,))
                return Complies(keep, asides=(note,), causes=causes)
        remind = keep - self.remind_assignee if self.remind_assignee else None
        if remind is None or seen.ticket.assignee is None:
            return Complies(keep)
        if seen.as_of < remind:
            return Complies(remind)
        causes = self.untold(seen, [Cause(f"reminded-{start:%Y%m%dT%H%M%S}", remind)])
        note = Note("note.stand-by.reminder", {"due": _utc(keep)}, mentions=(seen.ticket.assignee,))
        return Complies(keep, asides=(note,) if causes else (), causes=causes)

    def _broken(self, seen: Snapshot, reason: str, start: datetime, due: datetime, said: tuple[Audit, ...]) -> Verdict:
        """The promise is due. Where people are told instead of the requester, they are told once a period."""
        found = {"due": _utc(due)}
        limit = self.max.get(reason)
        tell_people = seen.ticket.via.is_live and self.conversations == "note"
        if not tell_people and (limit is None or len(said) < limit):
            cause = Cause(f"promise-{start:%Y%m%dT%H%M%S}", due)
            cures: tuple[Action, ...] = (Reply(f"reply.stand-by.{reason}"),) if self.acts_on(due) else ()
            return Violates("violation.stand-by", found, cures, (cause,))
        periods = (seen.as_of - due) // self.every
        latest = due + periods * self.every
        causes = self.untold(seen, [Cause(f"told-{start:%Y%m%dT%H%M%S}-{periods}", latest)])
        people = tuple(person for person in (seen.ticket.assignee,) if person is not None)
        note = Note("note.stand-by.instead", {"reason": reason}, mentions=people)
        return Violates(
            "violation.stand-by", found, (note,) if causes else (), causes, look_again_at=latest + self.every
        )

    def _supervisor(self, seen: Snapshot) -> Person | None:
        return seen.first_available([self.supervisor]) if self.supervisor else None


def _public_by_the_desk(seen: Snapshot) -> Iterator[Comment]:
    """What the requester has heard: public comments by agents and by us, automatic answers apart."""
    for comment in seen.comments:
        by_the_desk = comment.author.is_agent or comment.author.is_ronda
        if comment.public and by_the_desk and not is_machine_made(comment):
            yield comment


def _ours_in_a_row(seen: Snapshot, since: datetime) -> tuple[Audit, ...]:
    """Our public messages in this wait since a person last wrote to the requester."""
    ours: list[Audit] = []
    for audit in seen.history:
        if audit.comment is None or not audit.comment.public or audit.at < since:
            continue
        if audit.author.is_ronda:
            ours.append(audit)
        elif audit.comment.author.is_agent:
            ours.clear()
    return tuple(ours)


def _utc(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
