"""What time it is: a clock is handed to whoever needs one, so that a service can run on another clock than ours."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Clock(Protocol):
    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        ...

    def sleep(self, seconds: float) -> None:
        """Return when so much time has gone by on this clock."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class SettableClock:
    """A clock that stands still until it is moved, also by who sleeps on it. May be shared by threads."""

    def __init__(self, moment: datetime) -> None:
        self._moment = _aware(moment)

    def now(self) -> datetime:
        return self._moment

    def set(self, moment: datetime) -> None:
        self._moment = _aware(moment)

    def advance(self, by: timedelta) -> None:
        self._moment += by

    def sleep(self, seconds: float) -> None:
        self.advance(timedelta(seconds=seconds))


def microseconds(moment: datetime) -> int:
    """An aware moment as whole microseconds since 1970: how it is stored. Raises ValueError for a naive one."""
    return (_aware(moment) - EPOCH) // MICROSECOND


def from_microseconds(count: int) -> datetime:
    """The moment, UTC, that ``microseconds`` made into a number."""
    return EPOCH + count * MICROSECOND


def _aware(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone: moments are aware, in UTC")
    return moment.astimezone(UTC)


def spelt_time(moment: datetime) -> str:
    """``2026-03-12 14:05:00Z``, as people read it."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%SZ}"
