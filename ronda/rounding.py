"""The rounds of a running service: all that waits at its start, and what changed unheard every so often."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog

from enforcement.agenda import AgendaError
from enforcement.clock import Clock
from enforcement.ledger_rows import Round
from enforcement.rounds import Rounds
from integration.gateway import GatewayError

log = structlog.get_logger(__name__)

SOON = timedelta(seconds=130)  # after the start: what changed just before it is exported by then
AGAIN = timedelta(seconds=60)  # after a failure
NOTICE = 1.0  # real seconds in which a clock that was moved is noticed


@dataclass
class Rounding:
    """A thread that goes on rounds. ``every`` is the time between two."""

    rounds: Rounds
    clock: Clock
    every: timedelta
    _stopping: threading.Event = field(default_factory=threading.Event)
    _moved: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def start(self) -> None:
        self._thread = threading.Thread(target=self._go, name="rounds", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """The clock was moved."""
        self._moved.set()

    def stop(self, timeout: float) -> None:
        self._stopping.set()
        self._moved.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def _go(self) -> None:
        has_started = False
        due = self.clock.now()
        while not self._stopping.is_set():
            if self.clock.now() < due:
                self._moved.wait(NOTICE)
                self._moved.clear()
                continue
            try:
                ended = self.rounds.changes() if has_started else self.rounds.everything(self._told)
            except (GatewayError, AgendaError) as error:
                log.warning("round.failed", why=str(error), error=type(error).__name__)
                due = self.clock.now() + AGAIN
            except Exception:  # whatever it is may pass, and without rounds a lost event stays lost
                log.exception("round.broke")
                due = self.clock.now() + AGAIN
            else:
                due = self._next(ended, soon=not has_started)
                has_started = True

    def _told(self, _read: int, _asked: int) -> None:
        if self._stopping.is_set():
            raise AgendaError("the service is being stopped")

    def _next(self, ended: Round, *, soon: bool) -> datetime:
        log.info("round.ended", kind=ended.kind, read=ended.read, asked=ended.asked)
        return ended.at + (min(SOON, self.every) if soon else self.every)
