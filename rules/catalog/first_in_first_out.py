"""
The first ticket in is the first answered: judged over a queue, in audits.

An inversion is an older ticket that was waiting, untouched, when a younger one got its first answer by a person. Where
there was a good reason for it, it is counted apart.
"""

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from rules.business_hours import Schedule
from rules.names import FieldName, GroupName
from rules.queue import Facts, QueueRule, Wait, value_at, waits
from rules.snapshot import Snapshot
from rules.ticket import Person, Value

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

    def facts(self, seen: Snapshot) -> Facts | None:
        found = [(sector, wait) for sector in self.sectors for wait in waits(seen, sector)]
        if not found:
            return None
        held = {"status": "status", "priority": "priority"} | ({"stand_by": self.stand_by} if self.stand_by else {})
        return {
            "id": seen.ticket.id,
            "waits": [_told(sector, wait) for sector, wait in found],
            **{key: _course(seen, name) for key, name in held.items()},
        }

    def report_of(self, facts: Iterable[Facts], as_of: datetime, schedule: Schedule | None) -> Inversions:  # noqa: ARG002 # calendar time
        waited: dict[str, list[Waited]] = {sector: [] for sector in self.sectors}
        for each in facts:
            for wait in each["waits"]:
                waited[wait["queue"]].append(Waited(each, wait))
        pairs = (pair for sector in self.sectors for pair in self._inversions(sector, waited[sector]))
        return Inversions(tuple(sorted(pairs, key=lambda pair: (pair.at, pair.older))))

    def _inversions(self, sector: str, all_waits: Sequence["Waited"]) -> Iterator[Inversion]:
        for older, younger, by, at in _overtaken(all_waits):
            cause = _cause(older, younger, at)
            if cause is not None or older.touched_at is None or older.touched_at >= at:
                yield Inversion(older.ticket, younger.ticket, sector, by, datetime.fromtimestamp(at, UTC), cause)


class Waited:
    """A wait by its facts; moments in seconds since 1970."""

    __slots__ = ("answered_by", "arrived", "facts", "is_reopened", "since", "ticket", "touched_at", "until")

    def __init__(self, facts: Facts, wait: Mapping[str, Any]) -> None:
        self.facts = facts
        self.ticket: int = facts["id"]
        self.arrived: float = wait["arrived"]
        self.since: float = wait["since"]
        self.until: float | None = wait["until"]
        self.touched_at: float | None = wait["touched"]
        self.answered_by = None if wait["by"] is None else Person(wait["by"][0], wait["by"][1], role="agent")
        self.is_reopened: bool = wait["reopened"]

    def held(self, name: str, at: float) -> str | None:
        """What a field held at a moment, changes of that very moment included."""
        course = self.facts.get(name)
        if course is None:
            return None
        value: str | None = next((before for changed, before in course["before"] if changed > at), course["now"])
        return value


def _told(sector: str, wait: Wait) -> Facts:
    by = wait.answered_by
    return {
        "queue": sector,
        "arrived": wait.arrived.timestamp(),
        "since": wait.since.timestamp(),
        "until": wait.until.timestamp() if wait.until else None,
        "touched": wait.touched_at.timestamp() if wait.touched_at else None,
        "by": [by.id, by.name] if by else None,
        "reopened": wait.is_reopened,
    }


def _course(seen: Snapshot, name: str) -> Facts:
    """How a field went: what it held before each change, oldest first, and what it holds now."""
    before = [[audit.at.timestamp(), _word(change.before)] for audit, change in seen.changes(name)]
    return {"before": before, "now": _word(value_at(seen, name, seen.history[-1].at))}


def _word(value: Value) -> str | None:
    return str(value) if value else None


def _cause(older: Waited, younger: Waited, at: float) -> Cause | None:
    status = older.held("status", at)
    if _rank(younger, at) > _rank(older, at):
        return Cause.PRIORITY
    if status == "hold" or older.held("stand_by", at):
        return Cause.STAND_BY
    if status == "pending":
        return Cause.WAITING_FOR_REQUESTER
    return Cause.REOPENED if older.is_reopened else None


def _rank(wait: Waited, at: float) -> int:
    return RANKS.get(str(wait.held("priority", at)), USUAL)


def _overtaken(numbered: Sequence[Waited]) -> Iterator[tuple[Waited, Waited, Person, float]]:
    """Every older wait that still went on when a younger one got its first answer, by whom and when; one pass."""
    waiting: list[tuple[float, int]] = []
    for at, event, number in sorted(_events(numbered)):
        wait = numbered[number]
        if event == _START:
            insort(waiting, (wait.arrived, number))
        elif event == _END:
            del waiting[bisect_left(waiting, (wait.arrived, number))]
        elif wait.answered_by is not None:
            for _, older in waiting[: bisect_left(waiting, (wait.arrived, -1))]:
                yield numbered[older], wait, wait.answered_by, at


def _events(numbered: Sequence[Waited]) -> Iterator[tuple[float, int, int]]:
    for number, wait in enumerate(numbered):
        if wait.until != wait.since:
            yield wait.since, _START, number
        if wait.until is not None:
            yield wait.until, _ANSWER, number
            if wait.until != wait.since:
                yield wait.until, _END, number
