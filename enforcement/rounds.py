"""Rounds: a pass over the account's tickets that asks a look for each one that may wait for something.

They bring back every timer that was lost, with its event or with the whole agenda. To ask twice does no harm: a look
at a ticket that is as it was costs one read, and writes nothing.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from enforcement.agenda import Agenda
from enforcement.anew import ask_anew
from enforcement.clock import Clock
from enforcement.ledger import Ledger
from enforcement.ledger_rows import Round
from enforcement.promises import messages_a_minute
from integration.gateway import Gateway, UnusableSchedule
from rules.business_hours import Schedule
from rules.mode import Mode
from rules.rule import Rule
from rules.ticket import Ticket

OVERLAP = timedelta(minutes=15)  # what is exported lags by minutes
LOOKS_KEPT = timedelta(days=90)  # what was done and what stands is kept for good, who looked when is not
ROUND, TIMER = "round", "timer"
EVERYTHING, CHANGES = "everything", "changes"


@dataclass(frozen=True)
class Rounds:
    """Each method raises GatewayError and AgendaError; what was asked until then stays asked."""

    gateway: Gateway
    rules: tuple[Rule, ...]
    ledger: Ledger
    agenda: Agenda
    clock: Clock

    def everything(self, told: Callable[[int, int], object] = lambda _read, _asked: None) -> Round:
        """Ask for every unsolved ticket that a rule watches, for every timer that the ledger knows, and for what
        changed unheard since the last round: a service that was away catches up with that at its start.

        ``told`` hears of the progress: unsolved tickets read, and tickets asked for, so far.
        """
        began, read = self.clock.now(), 0
        office_hours = self._moved_by_schedule(began)
        _, asked = self._ask_changed(began)
        asks = [self.agenda.ask_soon(ticket_id, at, TIMER) for ticket_id, at in self.ledger.timers()]
        for answer in asks:
            answer.result()
        for ticket in self.gateway.unsolved():
            read += 1
            if self._watched(ticket):
                asked += 1
                self.agenda.ask(ticket.id, began, ROUND)
            told(read, asked)
        return self._ended(began, EVERYTHING, read, asked, office_hours)

    def changes(self) -> Round:
        """Ask for the tickets that changed since the last round began and were not judged after: an event is lost."""
        began = self.clock.now()
        office_hours = self._moved_by_schedule(began)
        read, asked = self._ask_changed(began)
        return self._ended(began, CHANGES, read, asked, office_hours)

    def _ask_changed(self, began: datetime) -> tuple[int, int]:
        """Tickets read and asked for: those that changed since the last round began and were not judged after."""
        read = asked = 0
        last = self.ledger.last_round()
        for ticket_id, updated_at in self.gateway.updated_since((last.at if last else began) - OVERLAP):
            read += 1
            judged_as_of = self.ledger.judged_as_of(ticket_id)
            if judged_as_of is None or judged_as_of < updated_at:
                asked += 1
                self.agenda.ask(ticket_id, began, ROUND)
        return read, asked

    def _watched(self, ticket: Ticket) -> bool:
        return any(rule.watches(ticket) for rule in self.rules if rule.mode > Mode.OFF)

    def _moved_by_schedule(self, now: datetime) -> str:
        """Working hours and holidays that are others than at the last round move the timers that count them."""
        counting = counting_working_time(self.rules)
        if not counting:
            return ""
        digest = digest_of(self.gateway.office_hours())
        last = self.ledger.last_round()
        if last is None or last.office_hours != digest:
            for ticket_id in self.ledger.standing(counting):
                ask_anew(self.ledger, self.agenda, ticket_id, now, ROUND)
        return digest

    def _ended(self, began: datetime, kind: str, read: int, asked: int, office_hours: str) -> Round:
        fast = messages_a_minute(self.gateway.pace())
        ended = Round(began, self.clock.now(), kind, read, asked, office_hours, fast)
        self.ledger.record_round(ended)
        self.ledger.prune_looks(began - LOOKS_KEPT)
        return ended


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
