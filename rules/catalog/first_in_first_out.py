"""
The first ticket in is the first answered: judged over a queue, in audits.

An inversion is an older ticket that was waiting, untouched, when a younger one got its first answer by a person. Where
there was a good reason for it, it is counted apart.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from rules.names import FieldName, GroupName
from rules.queue import Queue, QueueRule, Wait, value_at, waits
from rules.ticket import Person

RANKS = {"low": 0, "normal": 1, "high": 2, "urgent": 3}
USUAL = RANKS["normal"]  # of a ticket without a priority

_END, _ANSWER, _START = range(3)  # what happens first of what happens at the same moment


class Cause(StrEnum):
    """Why the younger ticket may well have been first."""

    PRIORITY = "priority"
    STAND_BY = "stand-by"
    WAITING_FOR_REQUESTER = "waiting-for-requester"
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True)
class Inversion:
    """Two tickets by id, answered in the wrong order by a person; ``cause`` where that was legitimate."""

    older: int
    younger: int
    queue: str
    by: Person
    at: datetime
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Inversions:
    """All pairs of a queue, in the order of the answers."""

    pairs: tuple[Inversion, ...]

    @property
    def illegitimate(self) -> tuple[Inversion, ...]:
        return tuple(pair for pair in self.pairs if pair.cause is None)

    @property
    def values(self) -> Mapping[str, Any]:
        wrong = self.illegitimate
        return {
            "inversions": len(wrong),
            "by_queue": dict(Counter(pair.queue for pair in wrong)),
            "by_person": dict(Counter(pair.by.name for pair in wrong)),
            "pairs": [{"older": pair.older, "younger": pair.younger, "by": pair.by.name} for pair in wrong],
            "legitimate": dict(Counter(pair.cause.value for pair in self.pairs if pair.cause)),
        }


class FirstInFirstOut(QueueRule):
    """``sectors``: the groups whose queues are judged. ``stand_by``: the custom field that holds a stand-by reason."""

    sectors: tuple[GroupName, ...]
    stand_by: FieldName | None = None

    def report(self, queue: Queue) -> Inversions:
        pairs = (
            pair
            for sector in self.sectors
            for pair in self._inversions(sector, (wait for seen in queue.tickets for wait in waits(seen, sector)))
        )
        return Inversions(tuple(sorted(pairs, key=lambda pair: (pair.at, pair.older))))

    def _inversions(self, sector: str, all_waits: Iterable[Wait]) -> Iterator[Inversion]:
        for older, younger, by, at in _overtaken(all_waits):
            cause = self._cause(older, younger, at)
            if cause is not None or older.touched_at is None or older.touched_at >= at:
                yield Inversion(older.seen.ticket.id, younger.seen.ticket.id, sector, by, at, cause)

    def _cause(self, older: Wait, younger: Wait, at: datetime) -> Cause | None:
        status = value_at(older.seen, "status", at)
        if _rank(younger, at) > _rank(older, at):
            return Cause.PRIORITY
        if status == "hold" or (self.stand_by is not None and value_at(older.seen, self.stand_by, at)):
            return Cause.STAND_BY
        if status == "pending":
            return Cause.WAITING_FOR_REQUESTER
        return Cause.REOPENED if older.is_reopened else None


def _rank(wait: Wait, at: datetime) -> int:
    return RANKS.get(str(value_at(wait.seen, "priority", at)), USUAL)


def _overtaken(all_waits: Iterable[Wait]) -> Iterator[tuple[Wait, Wait, Person, datetime]]:
    """Every older wait that still went on when a younger one got its first answer, by whom and when; one pass."""
    numbered = list(all_waits)
    waiting: list[tuple[datetime, int]] = []
    for at, event, number in sorted(_events(numbered)):
        wait = numbered[number]
        if event == _START:
            insort(waiting, (wait.arrived, number))
        elif event == _END:
            del waiting[bisect_left(waiting, (wait.arrived, number))]
        elif wait.answered_by is not None:
            for _, older in waiting[: bisect_left(waiting, (wait.arrived, -1))]:
                yield numbered[older], wait, wait.answered_by, at


def _events(numbered: Sequence[Wait]) -> Iterator[tuple[datetime, int, int]]:
    for number, wait in enumerate(numbered):
        if wait.until != wait.since:
            yield wait.since, _START, number
        if wait.until is not None:
            yield wait.until, _ANSWER, number
            if wait.until != wait.since:
                yield wait.until, _END, number
