"""Tests of the clocks and of how moments are stored."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.clock import SettableClock, SystemClock, from_microseconds, microseconds

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def test_the_system_clock_is_aware_and_in_utc() -> None:
    before = datetime.now(UTC)

    assert before <= SystemClock().now() <= datetime.now(UTC)
    assert SystemClock().now().tzinfo is UTC


def test_a_settable_clock_stands_still_until_it_is_moved() -> None:
    clock = SettableClock(NOON)
    assert clock.now() == clock.now() == NOON

    clock.advance(timedelta(hours=48))
    assert clock.now() == NOON + timedelta(hours=48)

    clock.set(NOON)
    assert clock.now() == NOON


def test_a_settable_clock_tells_the_time_in_utc() -> None:
    clock = SettableClock(NOON.astimezone(timezone(timedelta(hours=-3))))

    assert clock.now().isoformat() == "2026-11-21T12:00:00+00:00"


def test_a_clock_takes_no_time_without_a_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        SettableClock(datetime(2026, 11, 21))  # noqa: DTZ001 -- that is the mistake


@given(st.datetimes(timezones=st.timezones()))
def test_a_stored_moment_comes_back_exactly(moment: datetime) -> None:
    assert from_microseconds(microseconds(moment)) == moment.astimezone(UTC)


def test_a_moment_without_a_zone_is_not_stored() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        microseconds(datetime(2026, 11, 21))  # noqa: DTZ001 -- that is the mistake
