"""What the ledger's rows say of promises: what is due and why then, how late it was, what is coming."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from enforcement.ledger_rows import ActionRow, Outcome, TicketRow, VerdictRow, Waiting, Word
from enforcement.promises import (
    Due,
    KeptSoFar,
    due_of,
    forecast,
    kept_so_far,
    messages_a_minute,
    of,
    past_the_brake,
)
from integration.gateway import Pace

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


def waiting(
    ticket: int = 7, *, keep: datetime = NOW + HOUR, group: str = "Suporte", assignee: str = "Paulo Dias", **found: str
) -> Waiting:
    said = {
        "start_at": (keep - 48 * HOUR).isoformat(),
        "due_at": keep.isoformat(),
        "keep_at": keep.isoformat(),
        "every": "2d",
        "clock": "calendar",
    } | found
    verdict = VerdictRow(ticket, "commerce.stand-by", Word.COMPLIES, found=said, look_again_at=keep)
    return Waiting(verdict, TicketRow(group, assignee, 201))


def due(*args: Any, **more: Any) -> Due:
    return due_of(waiting(*args, **more))


def sent(seconds: float, outcome: Outcome = Outcome.APPLIED, *, public: bool = True) -> ActionRow:
    at, kind = NOW + timedelta(seconds=seconds), "reply" if public else "note"
    return ActionRow(7, ("commerce.stand-by",), "op", kind, None, "", at, outcome, public=public, due=NOW)


def test_a_promise_is_read_with_whose_the_ticket_is() -> None:
    found = due()

    assert (found.ticket, found.group, found.assignee, found.assignee_id) == (7, "Suporte", "Paulo Dias", 201)
    assert (found.due, found.keep, found.start) == (NOW + HOUR, NOW + HOUR, NOW - 47 * HOUR)
    assert found.why == ("2d",)
    assert not found.is_note


def test_why_then_names_the_hours_that_were_skipped() -> None:
    office = due(clock="business", every="16h")
    assert office.why == ("16h of working time", "32h outside working hours skipped")

    night = due(keep_at=(NOW - 3 * HOUR).isoformat(), lead="1h", quiet="21:00-08:00 America/Sao_Paulo")
    assert night.why == ("2d", "1h ahead", "3h earlier, before the quiet hours 21:00-08:00 America/Sao_Paulo")


@pytest.mark.parametrize(
    ("group", "assignee", "tickets"),
    [
        (None, None, [2, 1, 3]),
        ("suporte", None, [1, 3]),
        (None, "rita alves", [2, 3]),
        (None, "201", [2, 1, 3]),
        ("Suporte", "Rita Alves", [3]),
        ("Marketing", None, []),
    ],
)
def test_promises_of_a_group_and_an_assignee_the_next_one_first(
    group: str | None, assignee: str | None, tickets: list[int]
) -> None:
    dues = [
        due(1, keep=NOW + 2 * HOUR),
        due(2, keep=NOW + HOUR, group="Financeiro", assignee="Rita Alves"),
        due(3, keep=NOW + 3 * HOUR, assignee="Rita Alves"),
    ]
    assert [each.ticket for each in of(dues, group, assignee)] == tickets


def test_lateness_is_told_by_percentiles_and_a_minute_breaks_a_promise() -> None:
    kept = kept_so_far([*(sent(seconds) for seconds in range(99)), sent(-7200), sent(3, Outcome.UNKNOWN)])
    assert (kept.messages, kept.worst, kept.breaches, kept.unknown) == (100, 98.0, 38, 1)
    assert (kept.p50, kept.p99) == (pytest.approx(48.5), pytest.approx(97.01))


def test_withheld_messages_are_counted() -> None:
    assert kept_so_far([sent(0, public=False)]) == KeptSoFar(withheld=1)
    assert kept_so_far([sent(4)]) == KeptSoFar(1, 4.0, 4.0, 4.0)


def test_the_forecast_says_how_many_and_how_long_the_busiest_minute_takes() -> None:
    dues = [due(number, keep=NOW + HOUR) for number in range(150)]
    late, note = due(200, keep=NOW - HOUR), due(201, instead="note.stand-by.instead")

    coming = forecast([*dues, late, note], NOW, 24 * HOUR, a_minute=75)

    assert (coming.messages, coming.tickets, coming.notes) == (151, 151, 1)
    assert (coming.busiest_minute, coming.in_busiest_minute, coming.seconds) == (NOW + HOUR, 150, 120)


def test_the_busiest_hour_is_any_hour_not_one_of_the_clock() -> None:
    moments = [(1, 50), (2, 10), (2, 20), (2, 50), (3, 5), (9, 0)]
    dues = [due(number, keep=NOW + hour * HOUR + minute * MINUTE) for number, (hour, minute) in enumerate(moments)]

    coming = forecast(dues, NOW, 24 * HOUR, a_minute=75)

    assert (coming.busiest_hour, coming.in_busiest_hour) == (NOW + 2 * HOUR + 10 * MINUTE, 4)


def test_the_forecast_says_when_the_brake_would_be_pulled() -> None:
    dues = [due(number, keep=NOW + HOUR + number * 10 * MINUTE) for number in range(9)]
    notes = [due(100 + number, keep=NOW + HOUR, instead="note.stand-by.instead") for number in range(9)]

    assert past_the_brake([*notes, *dues], NOW, 24 * HOUR, brake=5) == NOW + HOUR + 50 * MINUTE
    assert past_the_brake(dues, NOW, 24 * HOUR, brake=6) is None
    assert past_the_brake(dues, NOW, HOUR, brake=5) is None
    assert past_the_brake(dues, NOW, 24 * HOUR, brake=0) == NOW + HOUR


def test_without_a_round_of_the_service_nobody_knows_how_fast_the_rate_limit_is() -> None:
    assert forecast([due()], NOW, 100 * HOUR, a_minute=None).seconds is None


def test_a_message_costs_an_update_and_four_calls_in_all() -> None:
    assert messages_a_minute(Pace(general=300, audits=300, exports=7, updates=75)) == 75
    assert messages_a_minute(Pace(general=200, audits=200, exports=7, updates=75)) == 50


def test_whoever_waits_on_is_written_to_every_period() -> None:
    assert forecast([due()], NOW, 100 * HOUR, a_minute=75).messages == 3


def test_nothing_is_coming_where_nobody_waits() -> None:
    coming = forecast([due(keep=NOW + 25 * HOUR)], NOW, 24 * HOUR, a_minute=75)
    assert (coming.messages, coming.busiest_minute, coming.seconds) == (0, None, 0)
