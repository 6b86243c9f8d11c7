"""When a promise falls due and when to keep it, whatever the clocks on the wall do."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.business_hours import NoWorkingTime, Schedule, business_time
from rules.promise import QuietHours, due_after, keep_at

PERIOD = timedelta(hours=48)
NIGHT = QuietHours(**{"from": time(21), "to": time(8), "zone": "America/Sao_Paulo"})
WEEKDAYS = {day: ((time(9), time(18)),) for day in range(5)}
OFFICE = Schedule("America/Sao_Paulo", WEEKDAYS)
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda naive: naive.replace(tzinfo=UTC))  # noqa: DTZ001


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type] # year, month, day, hour, minute


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (utc(2026, 3, 10, 14), utc(2026, 3, 12, 14)),
        (utc(2026, 1, 30, 12), utc(2026, 2, 1, 12)),
        (utc(2028, 2, 28, 12), utc(2028, 3, 1, 12)),
        (utc(2027, 2, 27, 12), utc(2027, 3, 1, 12)),
        (utc(2026, 12, 30, 23, 59), utc(2027, 1, 1, 23, 59)),
    ],
)
def test_forty_eight_hours_are_forty_eight_hours_over_month_ends_and_leap_days(start: datetime, due: datetime) -> None:
    assert due_after(start, PERIOD, None) == due


def test_working_time_skips_nights_weekends_and_holidays() -> None:
    friday_five_pm = utc(2026, 3, 13, 20)  # 17:00 in São Paulo
    assert due_after(friday_five_pm, timedelta(hours=2), OFFICE) == utc(2026, 3, 16, 13)
    holiday = Schedule(OFFICE.zone, OFFICE.hours, frozenset({date(2026, 3, 16)}))
    assert due_after(friday_five_pm, timedelta(hours=2), holiday) == utc(2026, 3, 17, 13)


@pytest.mark.parametrize(
    ("day", "closing"), [(date(2026, 3, 8), utc(2026, 3, 8, 21)), (date(2026, 11, 1), utc(2026, 11, 1, 22))]
)
def test_working_day_on_which_the_clocks_change_ends_by_the_wall(day: date, closing: datetime) -> None:
    every_day = Schedule("America/New_York", {weekday: ((time(9), time(17)),) for weekday in range(7)})
    opening = utc(day.year, day.month, day.day, 5)
    assert due_after(opening, timedelta(hours=8), every_day) == closing


def test_schedule_without_working_time_is_an_error_and_no_loop() -> None:
    with pytest.raises(NoWorkingTime):
        due_after(utc(2026, 3, 10), PERIOD, Schedule("UTC", {}))


@given(moments, st.timedeltas(timedelta(seconds=1), timedelta(days=20)))
def test_what_was_added_is_what_lies_between(start: datetime, amount: timedelta) -> None:
    assert business_time(OFFICE, start, due_after(start, amount, OFFICE)) == amount


class TestQuietHours:
    def test_message_due_at_night_goes_out_before_the_night(self) -> None:
        start = utc(2026, 3, 10, 3)  # midnight in São Paulo
        assert keep_at(start, start + PERIOD, timedelta(0), NIGHT) == utc(2026, 3, 11, 23, 50)

    def test_message_due_by_day_goes_out_when_it_is_due(self) -> None:
        start = utc(2026, 3, 10, 14)
        assert keep_at(start, start + PERIOD, timedelta(0), NIGHT) == start + PERIOD

    def test_lead_pulls_it_earlier_but_never_before_the_promise_began(self) -> None:
        start = utc(2026, 3, 10, 14)
        assert keep_at(start, start + PERIOD, timedelta(hours=2), NIGHT) == start + timedelta(hours=46)
        assert keep_at(start, start + PERIOD, timedelta(hours=60), None) == start

    def test_night_ends_by_the_wall_clock_when_clocks_change(self) -> None:
        new_york = QuietHours(**{"from": time(21), "to": time(8), "zone": "America/New_York"})
        assert new_york.around(utc(2026, 3, 8, 6)) == (utc(2026, 3, 8, 2), utc(2026, 3, 8, 12))
        assert new_york.around(utc(2026, 11, 1, 6)) == (utc(2026, 11, 1, 1), utc(2026, 11, 1, 13))

    def test_promise_that_began_just_before_the_night_waits_for_its_end(self) -> None:
        start = utc(2026, 3, 10, 23, 55)  # 20:55 in São Paulo
        assert keep_at(start, start + timedelta(hours=11), timedelta(0), NIGHT) == utc(2026, 3, 11, 11)

    def test_quiet_hours_within_a_day(self) -> None:
        siesta = QuietHours(**{"from": time(12), "to": time(14), "zone": "UTC"})
        assert siesta.around(utc(2026, 3, 10, 13)) == (utc(2026, 3, 10, 12), utc(2026, 3, 10, 14))
        assert siesta.around(utc(2026, 3, 10, 14)) is None

    @pytest.mark.parametrize("wrong", [{"zone": "Brasilia"}, {"to": time(21)}, {"zone": "../etc/passwd"}])
    def test_hours_that_cannot_be_are_refused(self, wrong: dict[str, object]) -> None:
        with pytest.raises(ValueError, match=r"time zone|whole day"):
            QuietHours(**{"from": time(21), "to": time(8), **wrong})

    @given(moments)
    def test_nobody_is_written_to_in_the_night_nor_too_late(self, start: datetime) -> None:
        due = start + PERIOD
        keep = keep_at(start, due, timedelta(0), NIGHT)
        assert start <= keep <= due
        assert NIGHT.around(keep) is None
