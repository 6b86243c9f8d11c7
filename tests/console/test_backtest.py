"""A backtest as people and programs read it."""

from datetime import timedelta

from console.backtest import as_json, lines_of
from enforcement.backtest import Backtest, Disagreement, Span
from rules.backtest import Event, Kind
from rules.mode import Mode
from tests.rules.commerce import shipped
from tests.rules.test_explain import high, pack_of
from tests.rules.tools import DAY, OPENED

PACK = pack_of(high(), shipped("stand-by"))
SPAN = Span(OPENED, OPENED + DAY, Mode.ENFORCE)
FOUND = Backtest(
    looked_at=3,
    gone=1,
    events=[
        Event(2, OPENED + timedelta(hours=1), Kind.SENT, ("commerce.stand-by",), "Olá!\n\nEstamos vendo."),
        Event(1, OPENED, Kind.CURED, ("tiny.high",), "priority: low → high"),
    ],
    agreed=4,
    disagreements=[Disagreement(2, "tiny.high", OPENED, "complies", "violates violation.group")],
    restless=[7, 8],
)


def test_events_are_told_in_their_order_and_messages_in_full() -> None:
    told = "\n".join(lines_of(FOUND, PACK, SPAN))

    assert told.endswith(
        "events: 2\n"
        "  2026-03-10 14:00:00Z  ticket 1  cured  tiny.high  priority: low → high\n"
        "  2026-03-10 15:00:00Z  ticket 2  sent  commerce.stand-by\n"
        "    │ Olá!\n"
        "    │\n"
        "    │ Estamos vendo."
    )


def test_rules_are_counted_and_those_that_go_by_today_are_marked() -> None:
    told = list(lines_of(FOUND, PACK, SPAN))

    assert told[0].endswith("tickets replayed 3, no longer there 1")
    assert told[1:3] == ["  commerce.stand-by: sent 1 (judged with today's people)", "  tiny.high: cured 1"]


def test_what_was_not_rebuilt_is_told() -> None:
    told = list(lines_of(FOUND, PACK, SPAN))

    assert "\nverdicts of the ledger rebuilt: 4 of 5 are equal" in told
    assert "  ticket 2, tiny.high: complies; rebuilt: violates violation.group" in told
    assert "\ntimers without end: tickets 7, 8" in told


def test_nothing_found_is_told_shortly() -> None:
    assert list(lines_of(Backtest(), PACK, SPAN))[1:] == ["\nevents: 0"]


def test_programs_read_the_same() -> None:
    read = as_json(FOUND, PACK, SPAN)

    assert [event["ticket"] for event in read["events"]] == [1, 2]
    assert (read["agreed"], len(read["disagreements"]), read["timers_without_end"]) == (4, 1, [7, 8])
    assert read["judged_with_todays_people"] == ["commerce.stand-by"]
