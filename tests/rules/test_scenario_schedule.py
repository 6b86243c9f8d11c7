"""Weekly hours as a scenario writes them."""

from datetime import date, time
from typing import Any

import pytest
from pydantic import ValidationError

from rules.scenario_schedule import GivenSchedule

NINE, NOON, ONE, SIX = time(9), time(12), time(13), time(18)


def test_days_ranges_and_several_intervals() -> None:
    given = GivenSchedule.model_validate(
        {"hours": {"mon-fri": "09:00-18:00", "sat": ["13:00-18:00", "09:00 - 12:00"]}, "holidays": "2026-04-21"}
    )
    schedule = given.schedule
    assert schedule.zone == "America/Sao_Paulo"
    assert schedule.hours == {**dict.fromkeys(range(5), ((NINE, SIX),)), 5: ((NINE, NOON), (ONE, SIX))}
    assert schedule.holidays == {date(2026, 4, 21)}


@pytest.mark.parametrize("key", ["zone", "timezone", "time_zone"])
def test_zone_and_days_may_be_written_as_zendesk_does(key: str) -> None:
    given = GivenSchedule.model_validate({key: "Europe/Lisbon", "hours": {"Monday-Tuesday": "09:00-18:00"}})
    assert given.schedule.zone == "Europe/Lisbon"
    assert given.schedule.hours == {0: ((NINE, SIX),), 1: ((NINE, SIX),)}


def test_an_interval_may_last_until_midnight() -> None:
    given = GivenSchedule.model_validate({"hours": {"sun": "00:00-24:00"}, "zone": "UTC"})
    assert given.schedule.hours == {6: ((time(0), time.max),)}


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"hours": {"mond": "09:00-18:00"}}, "'mond' is no weekday; did you mean 'mon'?"),
        ({"hours": {"mon-": "9-18"}}, "'9-18' is no interval"),
        ({"hours": {"mon": "18:00-09:00"}}, "ends before it begins"),
        ({"hours": "09:00-18:00"}, "weekly hours are written"),
        ({"hours": {}, "zone": "Brazil/Nowhere"}, "no time zone 'Brazil/Nowhere'"),
        ({"hours": {}, "zone": "../etc"}, "no time zone"),
    ],
)
def test_what_is_wrong_is_said(keys: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message.replace("?", r"\?")):
        GivenSchedule.model_validate(keys)
