"""
While a ticket waits, the requester hears from the desk at least every so often, even if nothing changed.

The clock starts when the wait begins or with the last public comment by the desk, whichever is later; notes, field
changes and the requester's own words do not stop it. The cure is a short public reply that says why it is waiting.
Where a reply may not arrive (chat and messaging), where the requester knows nothing of the ticket (a colleague opened
it with an internal note), or where enough has been said, the assignee is told instead.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.actions import Action, Note, Reply
from rules.business_hours import NoWorkingTime, Schedule
from rules.duration import Duration, spelt
from rules.names import FieldName, PersonName
from rules.promise import Counting, Promise, QuietHours, keep_at
from rules.roster import first_available
from rules.rule import Rule
from rules.said import begins_with_a_note
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Person, Ticket
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Verdict, Violates
from rules.waiting import heard, kept_by_machines, ours_in_a_row, waiting_since
from rules.zone import HOME, ZoneName, local

Reason: TypeAlias = Literal[
    "applying-fix", "waiting-merchant", "waiting-sector", "waiting-it", "long-analysis", "propagation", "on-hold"
]

TRIES_AGAIN = timedelta(hours=1)  # what a person has to mend is mended by then, or later
NOTHING_KEPT: Mapping[str, object] = MappingProxyType({})


class Caps(BaseModel):
    """How many public messages of ours are enough: to one requester in a day, to all in an hour (what a service that
    was away would catch up with at once). They beat the promise: past them the assignee is told instead."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    requester_a_day: int | None = Field(default=None, ge=1)
    all_an_hour: int | None = Field(default=None, ge=1)


class StandBy(Rule):
    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY, Need.SCHEDULE, Need.SENT})

    field: FieldName | None = Field(default=None, description="custom field that holds the reason for waiting")
    reasons: dict[str, Reason] = Field(default={}, description="value of the field -> which message is sent")
    statuses: dict[str, Reason] = Field(default={}, description="custom status -> which message is sent")
    on_hold: Reason | None = Field(default="on-hold", description="message while on hold without a reason; null: none")
    every: Duration = Field(default=timedelta(hours=48), ge=timedelta(hours=1))
    lead: Duration = Field(default=timedelta(0), ge=timedelta(0), description="write this much earlier than due")
    clock: Counting = Field(default="calendar", description="business: the hours of the account's schedule count")
    quiet: QuietHours | None = Field(default=None, description="no message in these hours; it goes out before")
    remind_assignee: Duration | None = Field(default=None, description="tell the assignee this long before")
    escalate_after: int | None = Field(default=None, ge=1, description="our messages in a row without a person's")
    supervisor: PersonName | None = None
    max: dict[Reason, int] = Field(default={}, description="reason -> our messages; after that people are told instead")
    caps: Caps = Caps()
    conversations: Literal["note", "reply"] = Field(default="note", description="on chat and messaging tickets")
    zone: ZoneName = Field(default=HOME, description="in which notes tell the time")

    @model_validator(mode="after")
    def _adds_up(self) -> "StandBy":
        if self.reasons and self.field is None:
            raise ValueError("'reasons' are values of a field; name it under 'field'")
        if self.escalate_after is not None and self.supervisor is None:
            raise ValueError("'escalate_after' needs a 'supervisor' to tell")
        night = self.quiet.longest if self.quiet else timedelta(0)
        if self.lead + night + (self.remind_assignee or timedelta(0)) >= self.every:
            raise ValueError("'lead', 'quiet' and 'remind_assignee' together leave nothing of 'every'")
        return self

    def watches(self, ticket: Ticket) -> bool:
        return not ticket.is_untouchable and self._reason(ticket) is not None

    @property
    def counts_working_time(self) -> bool:
        return self.clock == "business"

    def check(self, seen: Snapshot) -> Verdict:
        reason = self._reason(seen.ticket, kept_by_machines(seen))
        if reason is None:
            return DoesNotApply("in stand-by")
        if self.clock == "business" and seen.schedule is None:
            why = "the account has no schedule of working hours"
            return CouldNotTell(why, seen.as_of + TRIES_AGAIN, alarm=True)
        entered = waiting_since(seen, self.id, self._waits)
        start = max([entered, *(comment.at for comment in heard(seen))])
        promise = Promise(start, self.every, self._schedule(seen))
        try:
            keep = keep_at(start, promise.due, self.lead, self.quiet)
        except NoWorkingTime as error:
            return CouldNotTell(str(error), seen.as_of + TRIES_AGAIN, alarm=True)
        said = ours_in_a_row(seen, since=entered)
        if seen.as_of < keep:
            return self._kept(seen, promise, keep, said)
        if self.quiet and (night := self.quiet.around(seen.as_of)):
            return Violates("violation.stand-by", self._found(promise, keep), look_again_at=night[1])
        return self._broken(seen, reason, promise, keep, said)

    def _schedule(self, seen: Snapshot) -> Schedule | None:
        return seen.schedule if self.clock == "business" else None

    def _reason(self, ticket: Ticket, kept: Mapping[str, object] = NOTHING_KEPT) -> Reason | None:
        """Which message to send, if the ticket is in stand-by. ``kept``: its status but for automatic answers."""
        custom_status = kept.get("custom_status", ticket.custom_status)
        return self._reason_of(ticket.fields.get(self.field or ""), custom_status, kept.get("status", ticket.status))

    def _waits(self, fields: dict[str, object]) -> bool:
        """To change the reason is not to begin a wait."""
        values = (fields.get(self.field or ""), fields.get("custom_status"), fields.get("status"))
        return self._reason_of(*values) is not None

    def _reason_of(self, value: object, custom_status: object, status: object) -> Reason | None:
        return (
            self.reasons.get(str(value))
            or self.statuses.get(str(custom_status))
            or (self.on_hold if status == "hold" else None)
        )

    def _found(self, promise: Promise, keep: datetime) -> dict[str, str]:
        """``due`` is for people; the others say to the ledger what was promised, when it is kept, and why then."""
        found = {
            "due": local(promise.due, self.zone),
            "start_at": promise.start.isoformat(),
            "due_at": promise.due.isoformat(),
            "keep_at": keep.isoformat(),
            "every": spelt(self.every),
            "clock": self.clock,
        }
        if self.lead:
            found["lead"] = spelt(self.lead)
        if self.quiet and keep != max(promise.due - self.lead, promise.start):
            found["quiet"] = f"{self.quiet.from_:%H:%M}-{self.quiet.to:%H:%M} {self.quiet.zone}"
        return found

    def _kept(self, seen: Snapshot, promise: Promise, keep: datetime, said: tuple[Audit, ...]) -> Verdict:
        """The promise stands. What may be due before: a word to the assignee, or to the supervisor."""
        found = self._found(promise, keep)
        if self._is_not_written_to(seen):
            found["instead"] = "note.stand-by.instead"
        if self.escalate_after and len(said) >= self.escalate_after and (boss := self._supervisor(seen)):
            causes = self.untold(seen, [Cause(f"escalated-{said[0].id}", said[-1].at)])
            if causes:
                note = Note("note.stand-by.escalated", {"count": str(len(said))}, mentions=(boss,))
                return Complies(keep, asides=(note,), causes=causes, found=found)
        remind = keep - self.remind_assignee if self.remind_assignee else None
        if remind is None or seen.ticket.assignee is None:
            return Complies(keep, found=found)
        if seen.as_of < remind:
            return Complies(remind, found=found)
        causes = self.untold(seen, [Cause(f"reminded-{promise.start:%Y%m%dT%H%M%S}", remind)])
        note = Note("note.stand-by.reminder", {"due": local(keep, self.zone)}, mentions=(seen.ticket.assignee,))
        return Complies(keep, asides=(note,) if causes else (), causes=causes, found=found)

    def _broken(
        self, seen: Snapshot, reason: Reason, promise: Promise, keep: datetime, said: tuple[Audit, ...]
    ) -> Verdict:
        """The promise is due. Where people are told instead of the requester, they are told once a period.

        What fell due before the rule took effect is only recorded, and the next time that it falls due counts.
        """
        latest = promise.latest_due(seen.as_of)
        due = promise.due if self.acts_on(promise.due) else latest
        following = Promise(latest, self.every, promise.schedule).due
        found = self._found(promise, keep)
        if not self.acts_on(due):
            return Violates("violation.stand-by", found, look_again_at=following)
        instead = self._instead(seen, reason, said)
        if instead is None:
            causes = self.untold(seen, [Cause(f"promise-{latest:%Y%m%dT%H%M%S}", due)])
            reply = (Reply(f"reply.stand-by.{reason}"),) if causes else ()  # one a period, even if it was hidden since
            return Violates("violation.stand-by", found, reply, causes, look_again_at=following)
        causes = self.untold(seen, [Cause(f"told-{latest:%Y%m%dT%H%M%S}", latest)])
        people = (seen.ticket.assignee,) if seen.ticket.assignee is not None else ()
        cures: tuple[Action, ...] = (Note(instead, {"reason": reason}, mentions=people),) if causes else ()
        return Violates("violation.stand-by", found | {"instead": instead}, cures, causes, look_again_at=following)

    def _instead(self, seen: Snapshot, reason: Reason, said: tuple[Audit, ...]) -> str | None:
        """The note to the assignee that takes the place of a reply, where there must be none."""
        limit, caps = self.max.get(reason), self.caps
        if self._is_not_written_to(seen):
            return "note.stand-by.instead"
        if limit is not None and len(said) >= limit:
            return "note.stand-by.instead"
        if caps.requester_a_day is not None and seen.sent.to_requester >= caps.requester_a_day:
            return "note.stand-by.requester-cap"
        if caps.all_an_hour is not None and seen.sent.to_anybody >= caps.all_an_hour:
            return "note.stand-by.hour-cap"
        return None

    def _is_not_written_to(self, seen: Snapshot) -> bool:
        """Where a reply may not arrive, or would be the first that the requester hears of a ticket of ours."""
        is_ours_alone = begins_with_a_note(seen) and not any(comment.public for comment in seen.comments)
        return is_ours_alone or (seen.ticket.via.is_live and self.conversations == "note")

    def _supervisor(self, seen: Snapshot) -> Person | None:
        return first_available(seen, [self.supervisor]) if self.supervisor else None
