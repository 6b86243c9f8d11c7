"""
Simple questions are solved in 24 business hours on average, although nothing is promised: measured in audits.

Answers by people count, ours do not. Tickets without an answer for days are listed: that is what users complain of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from rules.business_hours import Schedule, business_time
from rules.duration import Duration
from rules.queue import Facts, QueueRule, first_answer
from rules.said import is_answer, messages_of_requester
from rules.snapshot import Snapshot
from rules.ticket import UNTOUCHABLE

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


class NoSchedule(Exception):
    """Business hours cannot be counted without a schedule."""


@dataclass(frozen=True, slots=True)
class Times:
    """How long something took, in business time. ``overdue`` counts what has not happened yet and is late already."""

    took: tuple[timedelta, ...]
    overdue: int
    target: timedelta

    @property
    def median(self) -> timedelta | None:
        return timedelta(seconds=median(took.total_seconds() for took in self.took)) if self.took else None

    @property
    def share(self) -> float | None:
        """Of those that are decided, how many were in time: 0 to 1."""
        decided = len(self.took) + self.overdue
        return sum(took <= self.target for took in self.took) / decided if decided else None

    @property
    def values(self) -> Mapping[str, Any]:
        return {
            "count": len(self.took),
            "median_hours": None if self.median is None else round(self.median / HOUR, 2),
            "share": None if self.share is None else round(self.share, 4),
        }


@dataclass(frozen=True, slots=True)
class AnswerTimes:
    """``unanswered``: ids of the tickets whose requester has waited for days, the longest wait first."""

    answered: Times
    solved: Times
    unanswered: tuple[int, ...]

    @property
    def values(self) -> Mapping[str, Any]:
        return {
            "answered": self.answered.values,
            "solved": self.solved.values,
            "unanswered": list(self.unanswered),
        }


class AnswerTime(QueueRule):
    """``target`` is business time, ``unanswered_for`` calendar time. Tickets by staff have nothing to be answered."""

    target: Duration = timedelta(hours=24)
    unanswered_for: Duration = timedelta(days=7)

    def facts(self, seen: Snapshot) -> Facts:
        answer = first_answer(seen)
        return {
            "id": seen.ticket.id,
            "opened": seen.ticket.created_at.timestamp(),
            "asked": seen.ticket.submitter.is_customer,
            "answered": answer.at.timestamp() if answer else None,
            "solved": _seconds(_solved_at(seen)),
            "waiting": _seconds(_waiting_since(seen)),
        }

    def report_of(self, facts: Iterable[Facts], as_of: datetime, schedule: Schedule | None) -> AnswerTimes:
        """Raises NoSchedule."""
        if schedule is None:
            raise NoSchedule("business hours are counted by a schedule: make one in Zendesk")
        told = list(facts)
        answers = [(_moment(each["opened"]), _moment_or_none(each["answered"])) for each in told if each["asked"]]
        solutions = [(_moment(each["opened"]), _moment_or_none(each["solved"])) for each in told]
        waiting = sorted((_moment(each["waiting"]), each["id"]) for each in told if each["waiting"] is not None)
        return AnswerTimes(
            self._times(answers, as_of, schedule),
            self._times(solutions, as_of, schedule),
            tuple(ticket for since, ticket in waiting if as_of - since >= self.unanswered_for),
        )

    def _times(self, spans: Iterable[tuple[datetime, datetime | None]], as_of: datetime, hours: Schedule) -> Times:
        took, overdue = [], 0
        for start, end in spans:
            if end is not None:
                took.append(business_time(hours, start, end))
            elif business_time(hours, start, as_of) > self.target:
                overdue += 1
        return Times(tuple(took), overdue, self.target)


def _seconds(at: datetime | None) -> float | None:
    return None if at is None else at.timestamp()


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment_or_none(seconds: float | None) -> datetime | None:
    return None if seconds is None else _moment(seconds)


def _solved_at(seen: Snapshot) -> datetime | None:
    """When it was solved for good, so far."""
    if seen.ticket.status not in UNTOUCHABLE:
        return None
    solved = (a.at for a, c in seen.changes("status") if c.after in UNTOUCHABLE and c.before not in UNTOUCHABLE)
    return max(solved, default=seen.ticket.updated_at)


def _waiting_since(seen: Snapshot) -> datetime | None:
    """When the requester wrote the first message that nobody has answered."""
    if seen.ticket.is_untouchable:
        return None
    answered = max((audit.at for audit in seen.history[1:] if is_answer(audit)), default=None)
    messages = (message.at for message in messages_of_requester(seen))
    return min((at for at in messages if answered is None or at > answered), default=None)
