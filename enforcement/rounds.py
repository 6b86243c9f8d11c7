"""Rounds: a pass over the account's tickets that asks a look for each one that may wait for something unknown to us.

They bring back every timer that was lost, with its event or with the whole agenda. To ask twice does no harm: a look
at a ticket that is as it was costs one read, and writes nothing to Zendesk.
"""

import hashlib
from collections.abc import Callable, Set
from dataclasses import dataclass
from datetime import datetime, timedelta

from enforcement.agenda import Agenda
from enforcement.anew import ask_anew
from enforcement.clock import Clock
from enforcement.ledger import Ledger
from enforcement.ledger_rows import Known, Round
from enforcement.promises import messages_a_minute
from integration.gateway import Gateway, UnusableSchedule
from rules.business_hours import Schedule
from rules.mode import Mode
from rules.rule import Rule
from rules.ticket import Ticket

OVERLAP = timedelta(minutes=15)  # what is exported lags by minutes
LOOKS_KEPT = timedelta(days=90)  # what was done and what stands is kept for good, who looked when is not
SETTLED = timedelta(seconds=2)  # after it a judgement knows all of the second in which the ticket changed
SOON = timedelta(hours=1)  # a round of eighteen thousand looks, at 300 a minute, is done by then
ROUND, TIMER = "round", "timer"
EVERYTHING, CHANGES = "everything", "changes"


@dataclass(frozen=True)
class Rounds:
    """Each method raises GatewayError and AgendaError; what was asked until then stays asked. ``version`` names what
    judges, as in ``Watch``."""

    gateway: Gateway
    rules: tuple[Rule, ...]
    version: str
    ledger: Ledger
    agenda: Agenda
    clock: Clock

    def everything(self, told: Callable[[int, int], object] = lambda _read, _asked: None) -> Round:
        """Put back every timer that the ledger knows, ask for every unsolved ticket that a rule watches and that the
        ledger knows too little of, and for what changed unheard since the last round: a service that was away catches
        up with that at its start.

        ``told`` hears of the progress: unsolved tickets read, and tickets asked for, so far.
        """
        began, read = self.clock.now(), 0
        asks = [self.agenda.ask_soon(ticket_id, at, TIMER) for ticket_id, at in self.ledger.timers()]
        for answer in asks:
            answer.result()
        soon = self._due_soon(began)
        self._ask_moved_by_schedule(began, soon)
        _, asked = self._ask_changed(began, soon)
        for ticket in self.gateway.unsolved():
            read += 1
            if ticket.id not in asked and self._watched(ticket) and self._ask_unless_it_waits(ticket, began, soon):
                asked.add(ticket.id)
            told(read, len(asked))
        return self._ended(began, EVERYTHING, read, len(asked))

    def changes(self) -> Round:
        """Ask for the tickets that changed since the last round began and were not judged after: an event is lost."""
        began = self.clock.now()
        soon = self._due_soon(began)
        self._ask_moved_by_schedule(began, soon)
        read, asked = self._ask_changed(began, soon)
        return self._ended(began, CHANGES, read, len(asked))

    def _due_soon(self, began: datetime) -> Set[int]:
        return {ticket_id for ticket_id, _ in self.ledger.timers(before=began + SOON)}

    def _ask_changed(self, began: datetime, soon: Set[int]) -> tuple[int, set[int]]:
        """How many tickets were read that changed since the last round began, and those asked for: not judged after."""
        read, asked = 0, set()
        last = self.ledger.last_round()
        for ticket_id, updated_at in self.gateway.updated_since((last.at if last else began) - OVERLAP):
            read += 1
            if not _holds(self.ledger.known(ticket_id, self.version), updated_at):
                asked.add(ticket_id)
                self.agenda.ask(ticket_id, began, _reason(ticket_id, soon))
        return read, asked

    def _ask_unless_it_waits(self, ticket: Ticket, began: datetime, soon: Set[int]) -> bool:
        """Whether a look at a watched ticket was asked: its judgement does not hold, or left no timer. The digest of
        a ticket without a timer is doubted, as the look would stop at it."""
        known = self.ledger.known(ticket.id, self.version)
        if known is None or not _holds(known, ticket.updated_at):
            self.agenda.ask(ticket.id, began, _reason(ticket.id, soon))
            return True
        if known.look_again_at is None:
            ask_anew(self.ledger, self.agenda, ticket.id, began, ROUND)
            return True
        return False

    def _watched(self, ticket: Ticket) -> bool:
        return any(rule.watches(ticket) for rule in self.rules if rule.mode > Mode.OFF)

    def _ask_moved_by_schedule(self, began: datetime, soon: Set[int]) -> None:
        """Working hours and holidays that are others than at the last round move the timers that count them."""
        counting = counting_working_time(self.rules)
        if not counting:
            return
        digest = digest_of(self.gateway.office_hours())
        if self.ledger.office_hours() != digest:
            for ticket_id in self.ledger.standing(counting):
                ask_anew(self.ledger, self.agenda, ticket_id, began, _reason(ticket_id, soon))
            self.ledger.note_office_hours(digest)

    def _ended(self, began: datetime, kind: str, read: int, asked: int) -> Round:
        fast = messages_a_minute(self.gateway.pace())
        ended = Round(began, self.clock.now(), kind, read, asked, fast)
        self.ledger.record_round(ended)
        self.ledger.prune_looks(began - LOOKS_KEPT)
        return ended


def _holds(known: Known | None, updated_at: datetime) -> bool:
    """Whether what a look left is the last word on a ticket. ``updated_at`` has whole seconds: what else happened in
    that second may have come after a look that judged right then."""
    return (
        known is not None
        and known.digest != ""
        and known.updated_at is not None
        and known.updated_at >= updated_at
        and known.judged_at >= updated_at + SETTLED
    )


def _reason(ticket_id: int, soon: Set[int]) -> str:
    """A promise that falls due soon does not wait behind the rest of the round."""
    return TIMER if ticket_id in soon else ROUND


def counting_working_time(rules: tuple[Rule, ...]) -> tuple[str, ...]:
    """The rules whose timers go by the account's schedule."""
    return tuple(rule.id for rule in rules if rule.mode > Mode.OFF and rule.counts_working_time)


def check_office_hours(gateway: Gateway, rules: tuple[Rule, ...]) -> None:
    """Raises UnusableSchedule if a rule counts working time and the account has none."""
    counting = counting_working_time(rules)
    if counting:
        schedule = gateway.office_hours()
        if schedule is None or not any(schedule.hours.values()):
            raise UnusableSchedule(counting)


def digest_of(schedule: Schedule | None) -> str:
    """Equal for equal working hours and holidays."""
    said = schedule and (schedule.zone, sorted(schedule.hours.items()), sorted(schedule.holidays))
    return hashlib.sha256(repr(said).encode()).hexdigest()[:16]
