"""Desk files: what they may say, and the errors that they get."""

from pathlib import Path

import pytest

import emulator
from emulator.opening import open_account


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("gruops: []", "desk:1:1: unknown key 'gruops'; did you mean 'groups'?"),
        ("people:\n  x: {nme: X}", "desk:2:7: unknown key 'nme'; did you mean 'name'?"),
        ("people:\n  x: {name: X, groups: [Suport]}\ngroups: [Suporte]", "did you mean 'Suporte'?"),
        (
            "oauth_clients: [{id: a, secret: b, user: anna}]\npeople: {ana: {name: A}}",
            "no person 'anna'; did you mean 'ana'?",
        ),
        ("plan: suite-gold", "desk:1:1: plan: Input should be 'suite-team'"),
        ("groups: [A\nb: c", "desk:2:2: expected"),
        ("switches: {search_lga: 1}", "did you mean 'search_lag'?"),
        (
            "ticket_forms: [{name: F, fields: [ordr]}]\nticket_fields: {order: {}}",
            "no field 'ordr'; did you mean 'order'?",
        ),
        ("- a", "desk:1:1"),
    ],
)
def test_an_error_says_where_and_what_was_meant(text: str, error: str) -> None:
    with pytest.raises(emulator.DeskError) as raised:
        emulator.parse_desk(text)

    assert error in str(raised.value)


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    with pytest.raises(emulator.DeskError, match="cannot be read"):
        emulator.read_desk(tmp_path / "none.yaml")


def test_the_same_desk_gives_the_same_ids() -> None:
    desk = emulator.parse_desk("groups: [A, {name: B, id: 77}]\npeople: {x: {name: X, role: agent, groups: [B]}}")

    first, second = open_account(desk), open_account(desk)

    assert list(first.groups) == list(second.groups)
    assert 77 in first.groups
    assert list(first.users) == list(second.users)
    assert all(number > 10**13 for number in first.users)


def test_hours_become_minutes_since_sunday() -> None:
    """Monday 09:00 is 1980 (SCHED)."""
    desk = emulator.parse_desk("schedules: [{name: Comercial, hours: {monday: '09:00-18:00'}}]")

    (schedule,) = open_account(desk).schedules.values()

    assert schedule.intervals == ((1980, 2520),)


@pytest.mark.parametrize("hours", ["9", "25:00-26:00", "18:00-09:00", "a-b"])
def test_hours_that_are_none_are_told(hours: str) -> None:
    with pytest.raises(emulator.DeskError, match="schedules"):
        emulator.parse_desk(f"schedules: [{{name: C, hours: {{monday: '{hours}'}}}}]")


def test_tickets_of_the_desk_are_there_from_the_beginning() -> None:
    text = """
people: {carla: {name: Carla}, ana: {name: Ana, role: agent, groups: [A]}}
groups: [A]
tickets:
  - {by: carla, description: Olá}
  - {by: ana, ticket: 1, note: Visto}
"""
    with emulator.serve(text) as served:
        history = served.zendesk.account.audits[1]
    assert len(history) == 2


def test_a_wrong_act_in_a_desk_is_told() -> None:
    with (
        pytest.raises(emulator.DeskError, match="entry 1 of tickets: there is no person 'carl'"),
        emulator.serve("tickets: [{by: carl, description: x}]"),
    ):
        pass
