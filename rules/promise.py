"""When a promise of regular news falls due, and when to keep it: periods, working hours and quiet hours.

All moments are UTC; 48 hours are 48 hours whatever the clocks on the wall do, unless the promise counts working time.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.business_hours import Schedule, add_business_time
from rules.zone import HOME, ZoneName

DAY = timedelta(days=1)
BEFORE_QUIET = timedelta(minutes=10)  # so that an update that has to be tried again is not caught by the night
CHANGE_OF_CLOCKS = timedelta(hours=1)
Counting: TypeAlias = Literal["calendar", "business"]


class QuietHours(BaseModel):
    """No message between ``from`` and ``to`` on the wall clocks of ``zone`` (an IANA name); over midnight is fine."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    from_: time = Field(alias="from")
    to: time
    zone: ZoneName = HOME

    @model_validator(mode="after")
    def _not_the_whole_day(self) -> "QuietHours":
        if self.from_ == self.to:
            raise ValueError("quiet hours that end when they begin would be the whole day")
        return self

    @property
    def longest(self) -> timedelta:
        """How much earlier they may make a message: on the day on which the clocks are put back an hour."""
        return (_since_midnight(self.to) - _since_midnight(self.from_)) % DAY + CHANGE_OF_CLOCKS + BEFORE_QUIET

    def around(self, moment: datetime) -> tuple[datetime, datetime] | None:
        """The quiet hours that a moment lies in: when they begin, and when they end. None if it lies in none."""
        zone = ZoneInfo(self.zone)
        today = moment.astimezone(zone).date()
        for day in (today - DAY, today):
            begins = datetime.combine(day, self.from_, zone)
            last = day if self.to > self.from_ else day + DAY
            ends = datetime.combine(last, self.to, zone)
            if begins.astimezone(UTC) <= moment < ends.astimezone(UTC):
                return begins.astimezone(UTC), ends.astimezone(UTC)
        return None


@dataclass(frozen=True, slots=True)
class Promise:
    """News within ``every`` of ``start``; with a ``schedule`` its working hours count."""

    start: datetime
    every: timedelta
    schedule: Schedule | None = None

    @property
    def due(self) -> datetime:
        """Raises NoWorkingTime."""
        return due_after(self.start, self.every, self.schedule)

    def latest_due(self, as_of: datetime) -> datetime:
        """The last time that it fell due, where nobody said anything for several periods; never before ``due``.

        Raises NoWorkingTime.
        """
        latest = self.due
        if self.schedule is None:
            return latest + max((as_of - latest) // self.every, 0) * self.every
        while (later := due_after(latest, self.every, self.schedule)) <= as_of:
            latest = later
        return latest


def due_after(start: datetime, period: timedelta, schedule: Schedule | None) -> datetime:
    """When a promise that began at ``start`` falls due. With a schedule its working hours count.

    Raises NoWorkingTime.
    """
    return start + period if schedule is None else add_business_time(schedule, start, period)


def keep_at(start: datetime, due: datetime, lead: timedelta, quiet: QuietHours | None) -> datetime:
    """When to write so that the promise is kept: ``lead`` before it falls due, and before the quiet hours it would
    fall into. Never before it began: then after those hours, too late."""
    moment = due - lead
    hours = quiet.around(moment) if quiet else None
    if hours is not None:
        before = hours[0] - BEFORE_QUIET
        moment = before if before > start else hours[1]
    return max(moment, start)


def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second)
