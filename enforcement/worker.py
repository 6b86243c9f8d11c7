"""Workers: threads that take what is due from the agenda, look, and put back what failed, later and later."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import structlog

from enforcement.agenda import Agenda, AgendaError, Claim, Next
from enforcement.clock import Clock
from integration.gateway import (
    AccessDenied,
    GatewayError,
    OutcomeUnknown,
    RateLimited,
    TicketChanged,
    TryLater,
    UnknownNames,
    UnreadableAnswer,
    WrongAccount,
)

log = structlog.get_logger(__name__)

CALL_A_PERSON = (AccessDenied, WrongAccount, UnreadableAnswer, UnknownNames)
LONGEST_PAUSE = timedelta(minutes=10)  # what an outage delays is looked at that soon after its end
UNKNOWN_OUTCOME = timedelta(seconds=5)  # a write that Zendesk may still be storing shows in the next read by then
IDLE = 30.0  # seconds; what is asked wakes a worker at once
RESUMED = 1.0  # seconds until a resumption is noticed
MEND = 1.0  # seconds to wait when the agenda itself fails


@dataclass
class Workers:
    """``look`` does one look and says when to look again. ``paused`` gives something while nothing may be looked at."""

    agenda: Agenda
    look: Callable[[Claim], Next | None]
    clock: Clock
    paused: Callable[[], object | None]
    count: int = 4
    alarm: str = ""  # why looks fail for a reason that a person has to mend; empty when they do not
    _stopping: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)

    def start(self) -> None:
        for number in range(self.count):
            thread = threading.Thread(target=self._work, name=f"worker-{number}", daemon=True)
            thread.start()
            self._threads.append(thread)

    def stop(self, timeout: float) -> bool:
        """Let the looks under way end; whether all did within ``timeout`` seconds. The others are due again later."""
        deadline = time.monotonic() + timeout
        self._stopping.set()
        self.agenda.wake()
        for thread in self._threads:
            thread.join(max(deadline - time.monotonic(), 0.0))
        return not self.is_alive()

    def is_alive(self) -> bool:
        return any(thread.is_alive() for thread in self._threads)

    def run_one(self) -> bool:
        """Take one due entry, look, finish it. Whether there was one."""
        for claim in self.agenda.claim(self.clock.now(), limit=1):
            self._finish(claim, self._outcome(claim))
            return True
        return False

    def _finish(self, claim: Claim, next_look: Next | None) -> None:
        """Until it is written or we are stopped: while the ticket is under our lease no event has it looked at."""
        while True:
            try:
                self.agenda.finish(claim, next_look, now=self.clock.now())
            except AgendaError as error:
                log.warning("worker.cannot_finish", ticket=claim.ticket_id, why=str(error))
                if self._stopping.wait(MEND):
                    raise
            else:
                return

    def _work(self) -> None:
        while not self._stopping.is_set():
            try:
                if self.paused() is not None:
                    self.agenda.wait_for_work(RESUMED)
                elif not self.run_one():
                    self.agenda.wait_for_work(self._seconds_until_due())
            except Exception:  # whatever it is may pass, and without workers nothing is looked at any more
                log.exception("worker.failed")
                self._stopping.wait(MEND)

    def _seconds_until_due(self) -> float:
        due = self.agenda.next_due()
        return IDLE if due is None else min(max((due - self.clock.now()).total_seconds(), 0.0), IDLE)

    def _outcome(self, claim: Claim) -> Next | None:
        try:
            again = self.look(claim)
        except Exception as error:  # whatever it is, the ticket stays on the agenda
            return self._after_failure(claim, error)
        self.alarm = ""
        return again

    def _after_failure(self, claim: Claim, error: Exception) -> Next:
        waits_its_turn = isinstance(error, RateLimited)  # that is no failure: what fails after it begins anew
        now, attempts = self.clock.now(), claim.entry.attempts + (not waits_its_turn)
        again = Next(now + pause_after(error, attempts), claim.entry.reason, attempts)
        facts = {"ticket": claim.ticket_id, "attempts": attempts, "error": type(error).__name__, "again_at": again.at}
        if isinstance(error, CALL_A_PERSON):
            self.alarm = str(error)
            log.error("look.failed", why=str(error), **facts)
        elif isinstance(error, GatewayError | AgendaError):
            log.warning("look.failed", why=str(error), **facts)
        else:
            log.exception("look.broke", **facts)
        return again


def pause_after(error: Exception, attempts: int) -> timedelta:
    """How long to leave a ticket alone after a look failed: what the error says, or doubling, up to ten minutes."""
    doubling = min(timedelta(seconds=2.0 ** min(attempts, 12)), LONGEST_PAUSE)
    jittered = doubling * random.uniform(0.75, 1.0)
    match error:
        case TicketChanged():
            return timedelta(0) if attempts <= 3 else jittered
        case RateLimited(retry_after=seconds):  # the limit says when, however often it was met before
            return timedelta(seconds=seconds)
        case TryLater(retry_after=seconds):
            return max(timedelta(seconds=seconds), jittered if attempts > 1 else timedelta(0))
        case OutcomeUnknown():
            return max(UNKNOWN_OUTCOME, jittered)
        case _:
            return jittered
