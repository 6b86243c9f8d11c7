"""Absences as a pack lists them."""

from datetime import date

import pytest
from pydantic import TypeAdapter, ValidationError

from rules.absence import Absence, Days
from tests.rules.desk import DESK

FIELD = TypeAdapter[Days](Absence)


def test_a_day_or_an_interval_with_both_days() -> None:
    assert FIELD.validate_python("2026-12-24") == Days(date(2026, 12, 24), date(2026, 12, 24))
    days = FIELD.validate_python("2026-12-20/2027-01-05")
    assert days.has(date(2026, 12, 20))
    assert days.has(date(2027, 1, 5))
    assert not days.has(date(2027, 1, 6))
    assert FIELD.validate_python(days) == days


@pytest.mark.parametrize("text", ["Christmas", "2026-13-01", "2026-12-24/2026-12-20/2026-12-21"])
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValidationError, match="is no absence"):
        FIELD.validate_python(text)


def test_an_interval_that_runs_backwards_is_refused() -> None:
    with pytest.raises(ValidationError, match="ends before it begins"):
        FIELD.validate_python("2026-12-24/2026-12-20")


def test_a_desk_knows_who_is_away_on_a_day() -> None:
    assert DESK.absent_on(date(2026, 3, 12)) == {"Bryan"}
    assert DESK.absent_on(date(2026, 3, 13)) == frozenset()
