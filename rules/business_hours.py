"""A week of working hours with its holidays, in a time zone."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time


@dataclass(frozen=True, slots=True)
class Schedule:
    """``hours``: weekday (Monday 0) to its intervals, local wall time; ``holidays`` are whole local days."""

    zone: str
    hours: Mapping[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date] = frozenset()
