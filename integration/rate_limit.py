"""How fast we may call: one limiter a bucket, kept below the account's limits and corrected by Zendesk's own headers.

https://developer.zendesk.com/api-reference/introduction/rate-limits/
"""

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from integration.gateway import RateLimited

WINDOW = 60.0  # seconds: Zendesk counts by the minute
LONGEST_WAIT = 3600.0  # seconds; a header that asks for more is not believed
SHARE = 0.75  # of each limit is ours; the rest is left to people and to other programs


class Bucket(StrEnum):
    GENERAL = "general"
    TICKET_UPDATES = "ticket updates"
    AUDITS = "audits"
    INCREMENTAL = "incremental exports"
    SEARCH_EXPORT = "search export"


# Calls a minute until the account's headers say otherwise: those of a Professional plan.
LIMITS: Mapping[Bucket, int] = {
    Bucket.GENERAL: 400,
    Bucket.TICKET_UPDATES: 100,
    Bucket.AUDITS: 500,
    Bucket.INCREMENTAL: 10,
    Bucket.SEARCH_EXPORT: 100,
}

_PARTS = re.compile(r"(total|remaining|resets)\s*=\s*(\d+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What an answer's headers say of one bucket; ``resets`` is in seconds. None: it did not say."""

    bucket: Bucket
    total: int | None
    remaining: int | None
    resets: float | None


class RateLimit(Protocol):
    """Shared by all threads of a process."""

    def acquire(self, buckets: Sequence[Bucket], patience: float) -> float:
        """Take one call's place in each bucket that it counts in; give the seconds to wait before making it.

        Raises RateLimited, and takes no place, if that is more than ``patience`` seconds.
        """
        ...

    def learn(self, told: Iterable[Reading]) -> None:
        """Correct the buckets by what an answer's headers said of them."""
        ...

    def pause(self, bucket: Bucket, seconds: float) -> None:
        """No call of this bucket for so many seconds: Zendesk answered 429."""
        ...

    def pace(self, bucket: Bucket) -> float:
        """How many calls a minute are ours."""
        ...


class InProcessRateLimit:
    """The limit for one process, by the generic cell rate algorithm: a moment per bucket and no queue.

    Several workers on one account share a limit only through the database: a row per bucket, which holds that same
    moment, comes with the PostgreSQL agenda. Until then each worker follows the headers, which count all of them.
    """

    def __init__(
        self, now: Callable[[], datetime], limits: Mapping[Bucket, int] = LIMITS, share: float = SHARE
    ) -> None:
        self._now = now
        self._limits = dict(limits)
        self._share = share
        self._full_at = dict.fromkeys(Bucket, 0.0)  # when the whole minute's share would be unused again
        self._last = 0.0  # the clock, when it was last read
        self._lock = threading.Lock()

    def acquire(self, buckets: Sequence[Bucket], patience: float) -> float:
        with self._lock:
            now = self._moment()
            waits = {bucket: self._wait(bucket, now) for bucket in buckets}
            slowest = max(waits, key=lambda bucket: waits[bucket])
            if waits[slowest] > patience:
                raise RateLimited(f"our share of the limit on {slowest} is used up", waits[slowest])
            for bucket in buckets:
                self._full_at[bucket] = max(self._full_at[bucket], now) + self._interval(bucket)
            return waits[slowest]

    def learn(self, told: Iterable[Reading]) -> None:
        with self._lock:
            now = self._moment()
            for reading in told:
                if reading.total:
                    self._limits[reading.bucket] = reading.total
                if reading.remaining is not None:
                    self._correct(reading.bucket, reading.remaining, reading.resets, now)

    def pause(self, bucket: Bucket, seconds: float) -> None:
        with self._lock:
            now = self._moment()
            self._hold_until(bucket, now + min(seconds, LONGEST_WAIT))

    def pace(self, bucket: Bucket) -> float:
        """How many calls a minute are ours."""
        with self._lock:
            return float(self._ours(bucket))

    def _moment(self) -> float:
        """The time by the clock. One that is put back takes the buckets' moments along, or all calls would wait for it
        to catch up."""
        now = self._now().timestamp()
        if now < self._last:
            self._full_at = {bucket: moment - (self._last - now) for bucket, moment in self._full_at.items()}
        self._last = now
        return now

    def _wait(self, bucket: Bucket, now: float) -> float:
        return max(0.0, self._full_at[bucket] - (WINDOW - self._interval(bucket)) - now)

    def _correct(self, bucket: Bucket, remaining: int, resets: float | None, now: float) -> None:
        """What remains in Zendesk's own window, less the people's share, is all that we may still use of it."""
        ours, interval = self._ours(bucket), self._interval(bucket)
        left = remaining - (self._limits[bucket] - ours)
        if left > 0:
            self._full_at[bucket] = max(self._full_at[bucket], now + WINDOW - left * interval)
        else:
            self._hold_until(bucket, now + (interval if resets is None else min(resets, LONGEST_WAIT)))

    def _hold_until(self, bucket: Bucket, moment: float) -> None:
        self._full_at[bucket] = max(self._full_at[bucket], moment + WINDOW - self._interval(bucket))

    def _interval(self, bucket: Bucket) -> float:
        return WINDOW / self._ours(bucket)

    def _ours(self, bucket: Bucket) -> int:
        return max(1, int(self._limits[bucket] * self._share))


def buckets_of(method: str, path: str) -> tuple[Bucket, ...]:
    """The buckets that a call counts in, the narrowest last."""
    if method == "PUT" and "/tickets/" in path:
        return Bucket.GENERAL, Bucket.TICKET_UPDATES
    if "/incremental/" in path:
        return Bucket.GENERAL, Bucket.INCREMENTAL
    if path.endswith("/audits"):
        return Bucket.GENERAL, Bucket.AUDITS
    if "/search/export" in path:
        return Bucket.GENERAL, Bucket.SEARCH_EXPORT
    return (Bucket.GENERAL,)


def readings(headers: Mapping[str, str]) -> Iterator[Reading]:
    """What an answer tells of the limits: the account's layer and the endpoints', each where it is present.

    ``X-Rate-Limit`` and ``X-Rate-Limit-Remaining``; ``ratelimit-limit``, ``-remaining``, ``-reset`` (seconds);
    ``zendesk-ratelimit-NAME: total=100; remaining=99; resets=41``.
    """
    account = (
        _number(headers.get("ratelimit-limit", headers.get("x-rate-limit"))),
        _number(headers.get("ratelimit-remaining", headers.get("x-rate-limit-remaining"))),
        _number(headers.get("ratelimit-reset")),
    )
    if account != (None, None, None):
        yield Reading(Bucket.GENERAL, *account)
    for name, value in headers.items():
        bucket = _named(name.lower())
        if bucket is not None:
            parts = {part: int(number) for part, number in _PARTS.findall(value)}
            yield Reading(bucket, parts.get("total"), parts.get("remaining"), parts.get("resets"))


def _named(header: str) -> Bucket | None:
    if not header.startswith("zendesk-ratelimit-"):
        return None
    if "tickets-update" in header:
        return Bucket.TICKET_UPDATES
    if "incremental" in header:
        return Bucket.INCREMENTAL
    if "search-export" in header:
        return Bucket.SEARCH_EXPORT
    return Bucket.AUDITS if "audits" in header else None


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.strip().isdigit() else None
