"""Absences as a pack lists them: a day, or ``2026-12-20/2027-01-05`` with both days included."""

from datetime import date
from typing import Annotated, Any, NamedTuple, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema


class Days(NamedTuple):
    first: date
    last: date

    def has(self, day: date) -> bool:
        return self.first <= day <= self.last


def _days(given: Any) -> Any:
    if isinstance(given, Days):
        return given
    first, _, last = str(given).partition("/")
    try:
        days = Days(date.fromisoformat(first), date.fromisoformat(last or first))
    except ValueError:
        raise ValueError(f"{given!r} is no absence; write 2026-12-24, or 2026-12-20/2027-01-05") from None
    if days.first > days.last:
        raise ValueError(f"{given!r} ends before it begins")
    return days


Absence: TypeAlias = Annotated[Days, BeforeValidator(_days), WithJsonSchema({"type": "string"})]
