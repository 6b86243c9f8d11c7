"""One look at one ticket: fetch, judge, plan, apply, write down, and say when to look again.

Everything that an event, a timer or a round can ask comes through here, so that there is one place where a ticket
is changed, and one order in which it happens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from enforcement.agenda import Claim, Next
from enforcement.brakes import Hold, Limits, hold, was_edited_since
from enforcement.clock import Clock
from enforcement.ledger import Ledger
from enforcement.ledger_rows import ActionRow, Known, LookRow, Outcome, Pressure, VerdictRow
from enforcement.parts import parts_of, without, without_parts
from enforcement.record import action_rows, due_of, new_ticket_row, operation_id, ticket_row, verdict_rows
from enforcement.sending import Sending
from integration.gateway import (
    AccessDenied,
    Gateway,
    TicketChanged,
    TicketNotFound,
    TryLater,
    Unchanged,
    UpdateRefused,
)
from rules.actions import NewTicket
from rules.informed import informed
from rules.judge import Judgement, judge
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import Plan, Update
from rules.planner import plan
from rules.snapshot import Need, Snapshot
from rules.verdict import CouldNotTell

log = structlog.get_logger(__name__)

STALE_READ = timedelta(seconds=2)
STALE_READS = 5  # a trigger's time zone may make an event's time lie hours ahead: then what we read is what there is
SETTLED = timedelta(seconds=2)  # stamps have second precision: a public comment waits until that second is over
PAUSED = timedelta(seconds=60)
OTHERS = timedelta(seconds=2)  # what is on its way on other tickets may use up a limit, and is known by then
WRITING = timedelta(seconds=90)  # what writing may take; after the lease another worker may look at the ticket
NOT_STORED = (TicketChanged, TicketNotFound, TryLater, AccessDenied)  # UpdateRefused too, which is noted as that


@dataclass
class _Done:
    """What one look found and did so far.

    ``spent``: the parts of an update that Zendesk refused, and the new tickets that are there by now: not again in
    this look. ``settled``: nothing is left to do.
    """

    judgement: Judgement
    actions: list[ActionRow] = field(default_factory=list)
    spent: set[str] = field(default_factory=set)
    settled: bool = False


@dataclass(frozen=True)
class Watch:
    """What looks need. One instance serves all threads.

    ``version`` names what judges: the pack, the ceiling, and whatever else makes the same ticket be judged otherwise.
    ``ask_related`` has another ticket looked at soon.
    """

    gateway: Gateway
    pack: Pack
    ledger: Ledger
    clock: Clock
    ceiling: Mode
    limits: Limits
    version: str
    ask_related: Callable[[int], object]
    sending: Sending = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sending", Sending(self.ledger))

    def look(self, claim: Claim) -> Next | None:
        """Look at the claimed ticket; give when to look next, if at all.

        Raises GatewayError and AgendaError for what could not be done: nothing is lost then, as the entry stays.
        """
        started = self.clock.now()
        known = self._known(claim.ticket_id, started)
        try:
            seen = self.gateway.fetch(claim.ticket_id, self.pack.needs, unless=known.digest if known else "")
        except TicketNotFound:
            if _may_come(claim):
                return self._look_again_soon(claim, started)
            self._record(claim, started, "gone", verdicts=[])
            return None
        if _is_older_than_told(seen, claim):
            return self._look_again_soon(claim, started)
        if isinstance(seen, Unchanged):
            self._record(claim, started, "unchanged", confirms=True)
            return _timer(known.look_again_at if known else None)
        done = _Done(self._judge(seen))
        try:
            return self._cure(claim, done)
        finally:  # whatever ends the look, what it did is written down
            try:
                self._record(claim, started, "judged" if done.settled else "unsettled", done)
            finally:
                self.sending.end(claim.ticket_id)

    def _known(self, ticket_id: int, now: datetime) -> Known | None:
        """What an earlier look found, while it holds: not once its timer has come."""
        known = self.ledger.known(ticket_id, self.version)
        is_due = known is not None and known.look_again_at is not None and known.look_again_at <= now
        return None if is_due else known

    def _look_again_soon(self, claim: Claim, started: datetime) -> Next:
        self._record(claim, started, "stale")
        return Next(started + STALE_READ, claim.entry.reason, claim.entry.attempts + 1)

    def _judge(self, seen: Snapshot) -> Judgement:
        sent = self.sending.sent(seen.ticket, self.clock.now()) if Need.SENT in self.pack.needs else None
        judgement = judge(self.pack.rules, informed(seen, self.pack.desk, sent), self.pack.desk.exemptions)
        for each in judgement.all:
            if isinstance(each.verdict, CouldNotTell) and each.verdict.alarm:
                log.error("look.alarm", ticket=seen.ticket.id, rule=each.rule.id, why=each.verdict.why)
        return judgement

    def _cure(self, claim: Claim, done: _Done) -> Next | None:
        """Carry out one plan. What is still not right then is for the next look, so that the fuse can count."""
        planned = self._planned(done)
        if not planned.is_empty:
            seen, now = done.judgement.seen, self.clock.now()
            if (left := _settles_in(planned, seen)) is not None:
                return Next(now + left, "settling")
            with self.sending.counting:  # several workers keep one cap, and one limit
                planned = self._judged_again(done) if planned.public else planned
                pressure = self._pressure(seen)
                held = hold(planned, pressure, self.limits)
                if held is not None:
                    return self._hold(done, *held)
                if hold(planned, self.sending.with_others(pressure, seen.ticket), self.limits) is not None:
                    return Next(now + OTHERS, claim.entry.reason, claim.entry.attempts)
                if now > claim.until - WRITING:
                    return Next(now, claim.entry.reason, claim.entry.attempts + 1)
                self.sending.begin(seen.ticket, planned)
            self._carry_out(planned, done)
        done.settled = self._planned(done).is_empty
        return _timer(done.judgement.look_again_at) if done.settled else Next(self.clock.now(), "not right yet")

    def _judged_again(self, done: _Done) -> Plan:
        """The plan by what is sent and what time it is at this moment: reading may have taken a while, in which the
        quiet hours began."""
        done.judgement = self._judge(replace(done.judgement.seen, as_of=self.clock.now()))
        return self._planned(done)

    def _planned(self, done: _Done) -> Plan:
        planned = plan(done.judgement, self.pack.messages, self.pack.desk.language, self.ceiling)
        return without(planned, done.spent)

    def _pressure(self, seen: Snapshot) -> Pressure:
        """What the brakes go by, once a person's edit has reset the ticket's fuse."""
        ticket_id, now = seen.ticket.id, self.clock.now()
        pressure = self.ledger.pressure(ticket_id, now)
        if pressure.fuse is None or not was_edited_since(pressure.fuse.tripped_at, seen):
            return pressure
        self.ledger.reset_fuse(ticket_id, by="a person's edit", at=now)
        return self.ledger.pressure(ticket_id, now)

    def _hold(self, done: _Done, what: Hold, why: str) -> Next | None:
        seen, now = done.judgement.seen, self.clock.now()
        log.warning("look.held", ticket=seen.ticket.id, hold=what.name.lower(), why=why)
        if what is Hold.TRIP:
            self.ledger.trip_fuse(seen.ticket.id, why, at=seen.read_at or now)  # a person's edit has Zendesk's time
        if what is Hold.PAUSE:
            self.ledger.pause(why, by="the brakes", at=now)
        if what in (Hold.TRIP, Hold.LEAVE):
            return _timer(done.judgement.look_again_at)
        return Next(now + PAUSED, "paused")

    def _carry_out(self, planned: Plan, done: _Done) -> None:
        """New tickets first, though they stand last in a plan: they are opened once for their id, and what we tell
        about them is remembered on the ticket only when they are there.

        Related tickets are asked before all that: once this ticket is right it no longer says whom to ask.
        """
        for related in _related(planned, done.judgement):
            self.ask_related(related)
        for ticket in planned.tickets:
            self._open(ticket, done)
        seen = done.judgement.seen
        for update in without(planned, done.spent).updates:
            seen = self._apply(seen, update, done)
        done.judgement = self._judge(seen)

    def _open(self, ticket: NewTicket, done: _Done) -> None:
        """A new ticket; where Zendesk refuses it, nobody is told of it."""
        try:
            number = self.gateway.open_ticket(ticket)
        except UpdateRefused as refused:
            row = new_ticket_row(done.judgement, ticket, None, self.clock.now(), " ".join(sorted(refused.fields)))
            log.warning("look.refused", ticket=row.ticket_id, fields=["new ticket"], rules=row.rules)
            done.spent.add("comment")
        else:
            row = new_ticket_row(done.judgement, ticket, number, self.clock.now())
        done.actions.append(row)
        done.spent.add(ticket.external_id)

    def _apply(self, seen: Snapshot, update: Update, done: _Done) -> Snapshot:
        """One update; where Zendesk refuses a part of it, the rest once more without that part."""
        operation = operation_id(seen, update)
        due = due_of(update, done.judgement)

        def note(update: Update, outcome: Outcome, detail: str = "") -> None:
            done.actions.extend(action_rows(seen, update, operation, self.clock.now(), outcome, detail, due))

        try:
            after = self.gateway.apply(seen, update, operation)
        except UpdateRefused as refused:
            parts = parts_of(update)
            dropped = (parts & refused.fields.keys()) or parts
            note(without_parts(update, parts - dropped), Outcome.REFUSED, " ".join(sorted(refused.fields)))
            log.warning("look.refused", ticket=seen.ticket.id, fields=sorted(refused.fields), rules=update.rules)
            done.spent |= dropped
            rest = without_parts(update, dropped)
            return seen if rest.is_empty else self._apply(seen, rest, done)
        except NOT_STORED:
            raise
        except Exception:  # whatever it is, the update may be stored: the brakes and the caps have to count it
            note(update, Outcome.UNKNOWN)
            raise
        note(update, Outcome.APPLIED)
        log.info("look.cured", ticket=seen.ticket.id, rules=update.rules, parts=sorted(parts_of(update)))
        return after

    def _record(
        self,
        claim: Claim,
        started: datetime,
        outcome: str,
        done: _Done | None = None,
        verdicts: list[VerdictRow] | None = None,
        *,
        confirms: bool = False,
    ) -> None:
        row = LookRow(
            claim.ticket_id,
            started,
            claim.entry.reason,
            self.version,
            outcome,
            ended_at=self.clock.now(),
            due=claim.entry.at,
            attempts=claim.entry.attempts,
        )
        if done is None:
            self.ledger.record(row, verdicts, confirms=confirms)
            return
        judgement = done.judgement
        digest = judgement.seen.digest if done.settled else ""
        row = replace(row, digest=digest, look_again_at=judgement.look_again_at)
        self.ledger.record(row, verdict_rows(judgement), done.actions, ticket_row(judgement.seen))


def _timer(at: datetime | None) -> Next | None:
    return Next(at, "timer") if at is not None else None


def _may_come(claim: Claim) -> bool:
    """Whether a ticket that is not there may only not be there yet: what we read may be older than the event."""
    return claim.event_at is not None and claim.entry.attempts < STALE_READS


def _is_older_than_told(seen: Snapshot | Unchanged, claim: Claim) -> bool:
    read = seen.updated_at if isinstance(seen, Unchanged) else seen.ticket.updated_at
    told = claim.event_at
    return told is not None and read < told.replace(microsecond=0) and claim.entry.attempts < STALE_READS


def _settles_in(planned: Plan, seen: Snapshot) -> timedelta | None:
    """How long to wait before a public comment may be written: whatever else happens in the second of the ticket's
    stamp would go unseen by safe update."""
    left = SETTLED - ((seen.read_at or seen.as_of) - seen.ticket.updated_at)
    return left if planned.public and left > timedelta(0) else None


def _related(planned: Plan, judgement: Judgement) -> set[int]:
    """The tickets whose own look has something to say about what this plan cures."""
    served = {rule for update in planned.updates for rule in update.rules}
    return {number for rule, violation in judgement.violations if rule.id in served for number in violation.look_also}
