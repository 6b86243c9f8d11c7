"""A week of working hours with its holidays, in a time zone, and how much of it lies between two moments."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)
MIDNIGHT = time(0)


class NoWorkingTime(ValueError):
    """A schedule in which nobody ever works, or hours that end before they begin: nothing can be counted in it."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """``hours``: weekday (Monday 0) to its intervals, local wall time; ``holidays`` are whole local days.

    An interval that ends at 00:00, or at the last microsecond, ends with its day; one through the night is two.
    """

    zone: str
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date] = frozenset()


def business_time(schedule: Schedule, start: datetime, end: datetime) -> timedelta:
    """The working time between two moments, nothing if ``end`` is not after ``start``. Overlapping hours count once.

    Raises NoWorkingTime.
    """
    until_then = takewhile(lambda interval: interval[0] < end, _intervals(schedule, start))
    return sum((min(closes, end) - opens for opens, closes in until_then), timedelta())


def add_business_time(schedule: Schedule, start: datetime, amount: timedelta) -> datetime:
    """The moment (UTC) at which so much working time has gone by since ``start``; none at all is ``start`` itself.

    Raises NoWorkingTime.
    """
    left, moment = amount, start.astimezone(UTC)
    intervals = _intervals(schedule, start)
    while left > timedelta():
        opens, closes = next(intervals)
        moment = min(closes, opens + left)
        left -= moment - opens
    return moment


def _intervals(schedule: Schedule, start: datetime) -> Iterator[tuple[datetime, datetime]]:
    """The working intervals from ``start`` on in UTC, without end, in order and never overlapping.

    Wall time is turned into UTC day by day, so a day on which the clocks change is as long as it is.
    """
    hours = {weekday: sorted(_checked(interval) for interval in day) for weekday, day in schedule.hours.items()}
    if not any(hours.values()):
        raise NoWorkingTime(f"the schedule in {schedule.zone} has no working hours")
    zone = ZoneInfo(schedule.zone)
    day = start.astimezone(zone).date() - DAY
    reached = start.astimezone(UTC)
    while True:
        for opens, closes in hours.get(day.weekday(), ()):
            if day not in schedule.holidays:
                begins = max(_utc(day, opens, zone), reached)
                ends = _utc(day + DAY, MIDNIGHT, zone) if closes == time.max else _utc(day, closes, zone)
                if ends > begins:
                    yield begins, ends
                    reached = ends
        day += DAY


def _checked(interval: tuple[time, time]) -> tuple[time, time]:
    opens, closes = interval[0], time.max if interval[1] == MIDNIGHT else interval[1]
    if opens >= closes:
        raise NoWorkingTime(f"hours from {opens:%H:%M} to {closes:%H:%M} end before they begin; split them at 00:00")
    return opens, closes


def _utc(day: date, wall: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, wall, zone).astimezone(UTC)
