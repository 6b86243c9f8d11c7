"""Working time between two moments, through nights, weekends, holidays and changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.business_hours import NoWorkingTime, Schedule, add_business_time, business_time

SAO_PAULO, NEW_YORK = "America/Sao_Paulo", "America/New_York"
OFFICE = ((time(9), time(12)), (time(13), time(18)))
WEEK = Schedule(SAO_PAULO, dict.fromkeys(range(5), OFFICE), frozenset({date(2026, 4, 21)}))
ALWAYS = Schedule(NEW_YORK, dict.fromkeys(range(7), ((time(0), time(0)),)))
HOUR = timedelta(hours=1)

moments = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 # hypothesis adds the zone


def local(text: str, zone: str = SAO_PAULO) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("2026-03-10T10:00", "2026-03-10T11:30", 1.5),
        ("2026-03-10T11:00", "2026-03-10T14:00", 2),  # lunch
        ("2026-03-10T17:00", "2026-03-11T10:00", 2),  # a night
        ("2026-03-13T17:00", "2026-03-16T10:00", 2),  # a weekend
        ("2026-04-20T17:00", "2026-04-22T10:00", 2),  # a holiday
        ("2026-03-14T10:00", "2026-03-15T10:00", 0),  # nobody works
        ("2026-03-10T07:00", "2026-03-10T20:00", 8),
    ],
)
def test_only_working_hours_count(start: str, end: str, hours: float) -> None:
    assert business_time(WEEK, local(start), local(end)) == hours * HOUR


def test_nothing_lies_between_a_moment_and_an_earlier_one() -> None:
    assert business_time(WEEK, local("2026-03-11T10:00"), local("2026-03-10T10:00")) == timedelta()


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-11-01", 25), ("2026-03-10", 24)])
def test_day_of_a_clock_change_is_as_long_as_it_is(day: str, hours: int) -> None:
    midnight = local(f"{day}T00:00", NEW_YORK)
    next_midnight = local((date.fromisoformat(day) + timedelta(days=1)).isoformat() + "T00:00", NEW_YORK)
    assert business_time(ALWAYS, midnight, next_midnight) == hours * HOUR


def test_hours_that_the_clock_skips_are_not_worked() -> None:
    night = Schedule(NEW_YORK, {6: ((time(2), time(3)), (time(1), time(4)))})
    sunday = local("2026-03-08T00:00", NEW_YORK)
    assert business_time(night, sunday, sunday + 12 * HOUR) == 2 * HOUR


def test_overlapping_hours_count_once() -> None:
    twice = Schedule(SAO_PAULO, {1: ((time(9), time(12)), (time(10), time(13)))})
    assert business_time(twice, local("2026-03-10T00:00"), local("2026-03-11T00:00")) == 4 * HOUR


def test_end_of_the_day_may_be_written_in_two_ways() -> None:
    for end in (time(0), time.max):
        late = Schedule(SAO_PAULO, {1: ((time(22), end),)})
        assert business_time(late, local("2026-03-10T00:00"), local("2026-03-12T00:00")) == 2 * HOUR


def test_working_time_is_added_across_closed_hours() -> None:
    assert add_business_time(WEEK, local("2026-03-13T17:30"), HOUR) == local("2026-03-16T09:30")
    assert add_business_time(WEEK, local("2026-03-13T17:00"), HOUR) == local("2026-03-13T18:00")
    assert add_business_time(WEEK, local("2026-03-14T10:00"), timedelta()) == local("2026-03-14T10:00")


@pytest.mark.parametrize("hours", [{}, {0: ()}, {0: ((time(18), time(9)),)}, {0: ((time(9), time(9)),)}])
def test_schedule_without_working_time_is_an_error(hours: dict[int, tuple[tuple[time, time], ...]]) -> None:
    with pytest.raises(NoWorkingTime):
        business_time(Schedule(SAO_PAULO, hours), local("2026-03-10T10:00"), local("2026-03-11T10:00"))
    with pytest.raises(NoWorkingTime):
        add_business_time(Schedule(SAO_PAULO, hours), local("2026-03-10T10:00"), HOUR)


@given(moments, st.integers(1, 40_000), st.sampled_from([WEEK, ALWAYS]))
def test_what_is_added_lies_between(start: datetime, minutes: int, schedule: Schedule) -> None:
    amount = timedelta(minutes=minutes)
    assert business_time(schedule, start, add_business_time(schedule, start, amount)) == amount


@given(moments, moments, moments, st.sampled_from([WEEK, ALWAYS]))
def test_working_time_adds_up(one: datetime, two: datetime, three: datetime, schedule: Schedule) -> None:
    first, second, third = sorted((one, two, three))
    parts = business_time(schedule, first, second) + business_time(schedule, second, third)
    assert parts == business_time(schedule, first, third)
