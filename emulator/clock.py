"""The one clock of the emulator: real time at first, and then whatever somebody sets it to."""

import asyncio
import contextlib
import time
from datetime import UTC, datetime


class Clock:
    """Seconds since 1970, UTC. It can be set, moved forward, stopped and started; those who wait on it wake up."""

    def __init__(self) -> None:
        self._offset = 0.0
        self._stopped_at: float | None = None
        self._moved = asyncio.Event()
        self.moves = 0  # how often it was set, stopped or started

    @property
    def running(self) -> bool:
        return self._stopped_at is None

    def now(self) -> float:
        return time.time() + self._offset if self._stopped_at is None else self._stopped_at

    def seconds(self) -> int:
        """The time at the precision in which Zendesk stamps its records."""
        return int(self.now())

    def set(self, at: float) -> None:
        if self._stopped_at is None:
            self._offset = at - time.time()
        else:
            self._stopped_at = at
        self._wake()

    def advance(self, seconds: float) -> None:
        self.set(self.now() + seconds)

    def stop(self) -> None:
        self._stopped_at = self.now()
        self._wake()

    def start(self) -> None:
        if self._stopped_at is not None:
            self._offset, self._stopped_at = self._stopped_at - time.time(), None
        self._wake()

    async def sleep(self, seconds: float) -> None:
        await self.sleep_until(self.now() + seconds)

    async def sleep_until(self, at: float) -> None:
        """Return once this clock (not the wall's) shows `at`."""
        while (left := at - self.now()) > 0:
            moved = self._moved
            try:
                await asyncio.wait_for(moved.wait(), left if self.running else None)
            except TimeoutError:
                continue

    async def moved(self, moves: int, seconds: float) -> None:
        """Return once it was moved more often than that, or after so many real seconds."""
        waiting = self._moved
        if self.moves <= moves:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(waiting.wait(), seconds)

    def _wake(self) -> None:
        self.moves += 1
        self._moved.set()
        self._moved = asyncio.Event()


def iso(seconds: float | None) -> str | None:
    """`2026-11-21T12:00:00Z`, as REST writes times."""
    return None if seconds is None else stamp(seconds)


def stamp(seconds: float) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def parse_time(text: str) -> float:
    """Read ISO 8601; a time without a zone is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
