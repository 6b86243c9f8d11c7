"""
Simple questions are solved in 24 business hours on average, although nothing is promised: measured in audits.

Answers by people count, ours do not. Tickets without an answer for days are listed: that is what users complain of.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

from rules.business_hours import Schedule, business_time
from rules.duration import Duration
from rules.queue import Queue, QueueRule, first_answer
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

    def report(self, queue: Queue) -> AnswerTimes:
        """Raises NoSchedule."""
        if queue.schedule is None:
            raise NoSchedule("business hours are counted by a schedule: make one in Zendesk")
        asked = [seen for seen in queue.tickets if seen.ticket.submitter.is_customer]
        answers = [(seen.ticket.created_at, _answered_at(seen)) for seen in asked]
        solutions = [(seen.ticket.created_at, _solved_at(seen)) for seen in queue.tickets]
        waiting = sorted(
            (since, seen.ticket.id) for seen in queue.tickets if (since := _waiting_since(seen)) is not None
        )
        return AnswerTimes(
            self._times(answers, queue.as_of, queue.schedule),
            self._times(solutions, queue.as_of, queue.schedule),
            tuple(ticket for since, ticket in waiting if queue.as_of - since >= self.unanswered_for),
        )

    def _times(self, spans: Iterable[tuple[datetime, datetime | None]], as_of: datetime, hours: Schedule) -> Times:
        took, overdue = [], 0
        for start, end in spans:
            if end is not None:
                took.append(business_time(hours, start, end))
            elif business_time(hours, start, as_of) > self.target:
                overdue += 1
        return Times(tuple(took), overdue, self.target)


def _answered_at(seen: Snapshot) -> datetime | None:
    answer = first_answer(seen)
    return answer.at if answer else None


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
