"""One look at one ticket: fetch, judge, plan, apply, write down, and say when to look again.

Everything that an event, a timer or a round can ask comes through here, so that there is one place where a ticket
is changed, and one order in which it happens.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import structlog

from enforcement.agenda import Claim, Next
from enforcement.brakes import Hold, Limits, hold
from enforcement.clock import Clock
from enforcement.ledger import Ledger
from enforcement.ledger_rows import ActionRow, LookRow, Outcome, VerdictRow
from enforcement.record import action_rows, opened_row, operation_id, verdict_rows
from integration.gateway import Gateway, OutcomeUnknown, TicketNotFound, Unchanged, UpdateRefused
from rules.judge import Judgement, judge
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import Plan, Update
from rules.planner import plan
from rules.snapshot import Snapshot

log = structlog.get_logger(__name__)

STALE_READ = timedelta(seconds=2)
STALE_READS = 5  # a trigger's time zone may make an event's time lie hours ahead: then what we read is what there is
SETTLED = timedelta(seconds=2)  # stamps have second precision: a public comment waits until that second is over
PAUSED = timedelta(seconds=60)


@dataclass
class _Done:
    """What one look found and did so far. ``settled``: nothing is left to do."""

    judgement: Judgement
    actions: list[ActionRow] = field(default_factory=list)
    refused: set[str] = field(default_factory=set)  # parts of an update that Zendesk does not take
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

    def look(self, claim: Claim) -> Next | None:
        """Look at the claimed ticket; give when to look next, if at all.

        Raises GatewayError and AgendaError for what could not be done: nothing is lost then, as the entry stays.
        """
        started = self.clock.now()
        known = self.ledger.known(claim.ticket_id, self.version)
        holds = known is not None and (known.look_again_at is None or started < known.look_again_at)
        unless = known.digest if known is not None and holds else ""
        try:
            seen = self.gateway.fetch(claim.ticket_id, self.pack.needs, unless=unless)
        except TicketNotFound:
            self._record(claim, started, "gone", verdicts=[])
            return None
        if _is_older_than_told(seen, claim):
            return Next(started + STALE_READ, claim.entry.reason, claim.entry.attempts + 1)
        if isinstance(seen, Unchanged):
            self._record(claim, started, "unchanged")
            return _timer(known.look_again_at if known else None)
        done = _Done(self._judge(seen))
        try:
            return self._cure(done)
        finally:
            # Whatever ends the look, what it did is written down.
            self._record(claim, started, "judged" if done.settled else "unsettled", done)

    def _judge(self, seen: Snapshot) -> Judgement:
        return judge(self.pack.rules, seen, self.pack.desk.exemptions)

    def _cure(self, done: _Done) -> Next | None:
        """Round after round until nothing is planned; the fuse ends it where something undoes what we do."""
        while True:
            seen = done.judgement.seen
            planned = plan(done.judgement, self.pack.messages, self.pack.desk.language, self.ceiling)
            planned = _without(planned, done.refused)
            if planned.is_empty:
                done.settled = True
                return _timer(done.judgement.look_again_at)
            if (left := _settles_in(planned, seen)) is not None:
                return Next(self.clock.now() + left, "settling")
            held = hold(planned, seen, self.ledger.pressure(seen.ticket.id, self.clock.now()), self.limits)
            if held is None:
                self._carry_out(planned, done)
            elif held[0] is Hold.RESET:
                self.ledger.reset_fuse(seen.ticket.id, by=held[1], at=self.clock.now())
            else:
                return self._hold(done, *held)

    def _hold(self, done: _Done, what: Hold, why: str) -> Next | None:
        ticket_id, now = done.judgement.seen.ticket.id, self.clock.now()
        log.warning("look.held", ticket=ticket_id, hold=what.name.lower(), why=why)
        if what is Hold.TRIP:
            self.ledger.trip_fuse(ticket_id, why, at=now)
        if what is Hold.PAUSE:
            self.ledger.pause(why, by="the brakes", at=now)
        if what in (Hold.TRIP, Hold.LEAVE):
            return _timer(done.judgement.look_again_at)
        return Next(now + PAUSED, "paused")

    def _carry_out(self, planned: Plan, done: _Done) -> None:
        """New tickets first, though they stand last in a plan: they are opened once for their id, and what we tell
        about them is remembered on the ticket only when they are there."""
        seen = done.judgement.seen
        for ticket in planned.tickets:
            number = self.gateway.open_ticket(ticket)
            done.actions.append(opened_row(seen, ticket, number, self.clock.now()))
        for update in planned.updates:
            seen = self._apply(seen, update, done)
        for _, violation in done.judgement.violations:
            for related in violation.look_also if violation.cures else ():
                self.ask_related(related)
        done.judgement = self._judge(seen)

    def _apply(self, seen: Snapshot, update: Update, done: _Done) -> Snapshot:
        """One update; where Zendesk refuses a part of it, the rest once more without that part."""
        operation = operation_id(seen, update)

        def note(outcome: Outcome, detail: str = "") -> None:
            done.actions.extend(action_rows(seen, update, operation, self.clock.now(), outcome, detail))

        try:
            after = self.gateway.apply(seen, update, operation)
        except UpdateRefused as refused:
            note(Outcome.REFUSED, " ".join(sorted(refused.fields)))
            log.warning("look.refused", ticket=seen.ticket.id, fields=sorted(refused.fields), rules=update.rules)
            parts = _parts(update)
            done.refused |= parts & refused.fields.keys() or parts
            rest = _without_parts(update, done.refused)
            return seen if rest.is_empty else self._apply(seen, rest, done)
        except OutcomeUnknown:
            note(Outcome.UNKNOWN)
            raise
        note(Outcome.APPLIED)
        log.info("look.cured", ticket=seen.ticket.id, rules=update.rules, parts=sorted(_parts(update)))
        return after

    def _record(
        self,
        claim: Claim,
        started: datetime,
        outcome: str,
        done: _Done | None = None,
        verdicts: list[VerdictRow] | None = None,
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
            self.ledger.record(row, verdicts)
            return
        judgement = done.judgement
        digest = judgement.seen.digest if done.settled else ""
        row = replace(row, digest=digest, look_again_at=judgement.look_again_at)
        self.ledger.record(row, verdict_rows(judgement), done.actions)


def _timer(at: datetime | None) -> Next | None:
    return Next(at, "timer") if at is not None else None


def _is_older_than_told(seen: Snapshot | Unchanged, claim: Claim) -> bool:
    read = seen.updated_at if isinstance(seen, Unchanged) else seen.ticket.updated_at
    told = claim.event_at
    return told is not None and read < told.replace(microsecond=0) and claim.entry.attempts < STALE_READS


def _settles_in(planned: Plan, seen: Snapshot) -> timedelta | None:
    """How long to wait before a public comment may be written: whatever else happens in the second of the ticket's
    stamp would go unseen by safe update."""
    public = any(update.comment is not None and update.comment.public for update in planned.updates)
    if not public or seen.read_at is None:
        return None
    left = SETTLED - (seen.read_at - seen.ticket.updated_at)
    return left if left > timedelta(0) else None


def _parts(update: Update) -> set[str]:
    """The parts of an update that can be left out, by the names that a refusal uses."""
    tags = {"tags"} if update.add_tags or update.remove_tags else set()
    followers = {"followers"} if update.followers else set()
    comment = {"comment"} if update.comment else set()
    return {*update.fields, *tags, *followers, *comment}


def _without_parts(update: Update, parts: set[str]) -> Update:
    kept = replace(update, fields={name: value for name, value in update.fields.items() if name not in parts})
    if "tags" in parts:
        kept = replace(kept, add_tags=frozenset(), remove_tags=frozenset())
    if "followers" in parts:
        kept = replace(kept, followers=frozenset())
    if "comment" in parts:
        kept = replace(kept, comment=None, told=frozenset())
    return kept


def _without(planned: Plan, parts: set[str]) -> Plan:
    if not parts:
        return planned
    updates = tuple(_without_parts(update, parts) for update in planned.updates)
    return replace(planned, updates=tuple(update for update in updates if not update.is_empty))
