"""The oracle sees what is wrong: each kind of failure, in a history made by hand."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tests.simulation.oracle import Counts, Disturbance, check_year, due_at, keep_at

ME, AGENT, CARLA = 1, 2, 3
HOUR = timedelta(hours=1)
ENTERED = datetime(2027, 3, 1, 12, tzinfo=UTC)
DUE = ENTERED + 48 * HOUR


def audit(at: datetime, by: int, *, says: bool | None = None, **fields: Any) -> dict[str, Any]:
    """``says``: a comment, public or not."""
    events: list[dict[str, Any]] = [
        {"type": "Change", "field_name": name, "value": value} for name, value in fields.items()
    ]
    events += [{"type": "Comment", "public": says}] if says is not None else []
    return {"created_at": at.strftime("%Y-%m-%dT%H:%M:%SZ"), "author_id": by, "events": events}


WAITING: dict[str, Any] = {"77": "waiting-it"}  # the reason's field goes by its id
ENTERS = audit(ENTERED, AGENT, **WAITING)


def checked(*audits: dict[str, Any], end: datetime = DUE + HOUR, group: str = "Suporte", **more: Any) -> Counts:
    values: dict[str, Any] = {"holidays": set(), "disturbances": [], "deleted": {}} | more
    return check_year({1: (group, [ENTERS, *audits])}, ME, {CARLA}, end=end, **values)


def test_a_message_within_a_minute_keeps_the_promise() -> None:
    assert checked(audit(DUE + timedelta(seconds=60), ME, says=True)).is_clean


@pytest.mark.parametrize(
    "audits",
    [
        (),
        (audit(DUE + timedelta(seconds=61), ME, says=True),),
        (audit(DUE, ME, says=False),),
        (audit(DUE, CARLA, says=True),),
        (audit(DUE + timedelta(seconds=90), AGENT, says=True),),
    ],
)
def test_what_comes_late_or_is_not_heard_is_a_missed_promise(audits: tuple[dict[str, Any], ...]) -> None:
    assert len(checked(*audits).missed) == 1


def test_a_second_message_in_a_period_is_a_double() -> None:
    assert len(checked(audit(DUE, ME, says=True), audit(DUE + timedelta(seconds=9), ME, says=True)).doubled) == 1


def test_a_message_right_after_a_persons_is_a_double() -> None:
    said = audit(DUE - timedelta(seconds=5), AGENT, says=True)
    assert len(checked(said, audit(DUE, ME, says=True)).doubled) == 1


@pytest.mark.parametrize("ends", [{"77": None}, {"status": "solved"}, {"tags": ["ronda-exempt"]}])
def test_a_message_to_who_no_longer_waits_is_seen(ends: dict[str, Any]) -> None:
    left = audit(ENTERED + HOUR, AGENT, **ends)
    assert checked(left).is_clean
    assert len(checked(left, audit(DUE, ME, says=True)).to_nobody_waiting) == 1


def test_a_message_at_night_is_seen() -> None:
    midnight = datetime(2027, 3, 3, 23, tzinfo=UTC)
    assert len(checked(audit(midnight, ME, says=True), group="Noite").at_night) == 1


def test_while_the_service_could_not_act_nothing_is_missed() -> None:
    away = Disturbance(DUE - HOUR, DUE + HOUR, timedelta(minutes=2))
    late = audit(DUE + HOUR + timedelta(minutes=1), ME, says=True)
    assert checked(late, disturbances=[away]).is_clean
    assert not checked(audit(DUE + 2 * HOUR, ME, says=True), disturbances=[away]).is_clean


def test_days_on_which_clocks_change_are_as_long_as_they_are() -> None:
    before = datetime(2027, 3, 27, 12, tzinfo=UTC)  # Portugal's clocks go forward the night after
    assert due_at("Suporte", before, set()) == before + 48 * HOUR
    friday = datetime(2027, 3, 26, 9, tzinfo=UTC)  # eight hours that day, eight on Monday from 08:00 UTC
    assert due_at("Oficina", friday, set()) == datetime(2027, 3, 29, 16, tzinfo=UTC)
    assert due_at("Oficina", friday, {date(2027, 3, 29)}) == datetime(2027, 3, 30, 16, tzinfo=UTC)


def test_what_falls_due_at_night_is_kept_in_the_evening() -> None:
    night = datetime(2027, 1, 4, 23, tzinfo=UTC)
    assert keep_at("Noite", night, set()) == datetime(2027, 1, 6, 20, 50, tzinfo=UTC)
