"""Weekly hours as a scenario writes them: ``{zone: .., hours: {mon-fri: 09:00-18:00}, holidays: [2026-04-21]}``."""

import re
from collections.abc import Mapping
from datetime import date, time
from typing import Annotated, Any, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, field_validator

from rules.business_hours import Schedule
from rules.lists import NoneIsEmpty
from rules.names import nearest

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_IN_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DEFAULT_ZONE = "America/Sao_Paulo"

_INTERVAL = re.compile(r"([01]\d|2[0-3]):([0-5]\d)\s*-\s*(?:([01]\d|2[0-3]):([0-5]\d)|24:00)")


def _days(name: str) -> range:
    first, _, last = (day[:3] if day in _IN_FULL else day for day in name.lower().partition("-"))
    for day in (first, last or first):
        if day not in DAYS:
            raise ValueError(f"{day!r} is no weekday{nearest(day, DAYS)}; write mon, or mon-fri")
    return range(DAYS.index(first), DAYS.index(last or first) + 1)


def _interval(text: Any) -> tuple[time, time]:
    found = _INTERVAL.fullmatch(str(text))
    if found is None:
        raise ValueError(f"{text!r} is no interval; write 09:00-18:00")
    start = time(int(found[1]), int(found[2]))
    end = time(int(found[3]), int(found[4])) if found[3] else time.max
    if start >= end:
        raise ValueError(f"{text!r} ends before it begins")
    return start, end


def _week(given: Any) -> Any:
    if not isinstance(given, Mapping):
        raise ValueError("weekly hours are written {mon-fri: 09:00-18:00}")  # noqa: TRY004 # pydantic reports value errors
    week: dict[int, list[tuple[time, time]]] = {}
    for name, intervals in given.items():
        for day in _days(str(name)):
            for interval in intervals if isinstance(intervals, list) else [intervals]:
                week.setdefault(day, []).append(_interval(interval))
    return {day: tuple(sorted(intervals)) for day, intervals in week.items()}


Interval: TypeAlias = tuple[time, time]
_TEXT = {"type": "string"}
_WEEK = {"type": "object", "additionalProperties": {"anyOf": [_TEXT, {"type": "array", "items": _TEXT}]}}


class GivenSchedule(BaseModel):
    """``hours`` by weekday or range of weekdays, one interval or several; a zone by its IANA name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    zone: str = Field(default=DEFAULT_ZONE, validation_alias=AliasChoices("zone", "timezone", "time_zone"))
    hours: Annotated[dict[int, tuple[Interval, ...]], BeforeValidator(_week), WithJsonSchema(_WEEK)]
    holidays: Annotated[tuple[date, ...], NoneIsEmpty()] = ()

    @field_validator("zone")
    @classmethod
    def _exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"there is no time zone {zone!r}; write its IANA name, such as {DEFAULT_ZONE}") from None
        return zone

    @property
    def schedule(self) -> Schedule:
        return Schedule(self.zone, self.hours, frozenset(self.holidays))
