"""A figure: what was measured, how much it is, and what it should be."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


@dataclass(frozen=True, slots=True)
class Aim:
    """A limit in the figure's own unit; ``at_least`` tells on which side of it is good."""

    limit: float
    at_least: bool = False

    def is_met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {_short(self.limit)}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report. ``runs`` are the values that ``value`` is the median of, in the order of measuring."""

    name: str
    value: float
    unit: str
    aim: Aim | None = None
    runs: tuple[float, ...] = ()
    note: str = ""

    @property
    def is_met(self) -> bool | None:
        return self.aim.is_met(self.value) if self.aim else None

    def __str__(self) -> str:
        spread = f"runs {_short(min(self.runs))} to {_short(max(self.runs))}" if len(self.runs) > 1 else ""
        verdict = {True: "met", False: "missed", None: ""}[self.is_met]
        aim = f"aim {self.aim}" if self.aim else ""
        more = "; ".join(filter(None, (spread, self.note)))
        return f"  {self.name:<58} {_short(self.value):>8} {self.unit:<10} {aim:<12} {verdict:<7} {more}".rstrip()

    def as_json(self) -> dict[str, object]:
        aim = {"limit": self.aim.limit, "at_least": self.aim.at_least} if self.aim else None
        facts = {"name": self.name, "value": self.value, "unit": self.unit, "aim": aim, "met": self.is_met}
        return facts | {"runs": list(self.runs), "note": self.note}


def middle(name: str, runs: Sequence[float], unit: str, aim: Aim | None = None, note: str = "") -> Figure:
    """The median of several runs."""
    return Figure(name, median(runs), unit, aim, tuple(runs), note)


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least this share (0 to 1) of all do not exceed."""
    ranked = sorted(values)
    return ranked[max(ceil(share * len(ranked)), 1) - 1]


def _short(value: float) -> str:
    size = abs(value)
    if size >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}" if size < 1 else f"{value:.1f}"
