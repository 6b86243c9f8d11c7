"""A pack on the past of many tickets, beside what a service wrote down then."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from enforcement.backtest import Backtest, Span, replay, tickets_of, with_todays_people
from enforcement.read_only import ReadOnlyGateway
from rules.backtest import Kind
from rules.mode import Mode
from rules.pack import Pack
from rules.plan import Update
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.verdict import Complies, Verdict, Violates
from tests.enforcement.desk import FOUND, GROUP, HOUR, NOW, TELLS, Desk, pack_of, right, wrong
from tests.rules.commerce import shipped
from tests.rules.tools import CARLA, DAY, OPENED, PAULO, Story

SPAN = Span(OPENED - HOUR, NOW + DAY, Mode.ENFORCE)
STAND_BY = shipped("stand-by")


class Restless(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        return Complies(seen.as_of + timedelta(microseconds=1))


class Counts(Rule):
    """Goes by what else the requester asked: nothing that a ticket's past tells."""

    needs = frozenset({Need.REQUESTER_TICKETS})

    def check(self, seen: Snapshot) -> Verdict:
        return Violates("violation.group", FOUND) if seen.requester_tickets else Complies()


COUNTS = Counts(id="desk.counts", cites="C1", mode=Mode.ENFORCE)


def look(desk: Desk) -> Pack:
    """A service's look at ticket 1; the pack that judged."""
    desk.watch = replace(desk.watch, version="desk d1 enforce 0.1.0")
    desk.look()
    return desk.watch.pack


def replayed(
    desk: Desk, pack: Pack, tickets: Sequence[int] = (1,), present: Pack | None = None, span: Span = SPAN
) -> Backtest:
    found = Backtest()
    reading = ReadOnlyGateway(desk.helpdesk)
    assert list(replay(tickets, reading, pack, span, found, present=present, ledger=desk.ledger)) == list(tickets)
    return found


def listed(desk: Desk, pack: Pack, since: datetime) -> list[int]:
    return tickets_of(ReadOnlyGateway(desk.helpdesk), pack, Span(since, NOW + DAY, Mode.ENFORCE))


def test_each_ticket_is_replayed_and_nothing_is_written(desk: Desk) -> None:
    desk.put(wrong(), 1)
    desk.put(right(), 2)
    found = replayed(desk, pack_of(GROUP), (1, 2, 3))

    assert (found.looked_at, found.gone) == (2, 1)
    assert [(event.ticket_id, event.kind, event.at) for event in found.events] == [(1, Kind.CURED, OPENED)]
    assert desk.helpdesk.stored == []


def test_timers_without_end_are_told_by_ticket(desk: Desk) -> None:
    desk.put(wrong())

    assert replayed(desk, pack_of(Restless(id="desk.restless", mode=Mode.ENFORCE))).restless == [1]


def test_what_a_service_wrote_down_is_rebuilt(desk: Desk) -> None:
    desk.put(wrong())
    pack = look(desk)
    desk.clock.advance(HOUR)
    desk.helpdesk.edit(1, PAULO, Update(fields={"group": "Financeiro"}))
    found = replayed(desk, pack_of(), present=pack)

    assert (found.agreed, found.disagreements) == (1, [])


def test_a_verdict_that_is_not_rebuilt_is_told(desk: Desk) -> None:
    desk.put(wrong())
    pack = look(desk)
    desk.put(wrong())  # a history that knows nothing of the cure
    (found,) = replayed(desk, pack_of(), present=pack).disagreements

    assert (found.ticket_id, found.rule, found.recorded, found.rebuilt) == (
        1,
        "desk.group",
        "complies",
        "violates violation.group",
    )


def test_verdicts_of_another_pack_or_time_are_not_compared(desk: Desk) -> None:
    desk.put(wrong())
    pack = look(desk)
    early = Span(OPENED - HOUR, OPENED, Mode.ENFORCE)

    assert replayed(desk, pack_of(), present=pack.model_copy(update={"digest": "d2"})).agreed == 0
    assert replayed(desk, pack_of(), present=pack, span=early).agreed == 0


def test_a_ticket_no_service_looked_at_is_not_compared(desk: Desk) -> None:
    desk.put(wrong())

    assert replayed(desk, pack_of(), present=desk.watch.pack).agreed == 0


def test_what_goes_by_more_than_the_ticket_is_not_compared(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(GROUP, COUNTS)
    desk.put(wrong())
    pack = look(desk)
    desk.put(wrong(), 2)
    found = replayed(desk, pack_of(), present=pack)

    assert (found.agreed, [each.rule for each in found.disagreements]) == (1, [])


def test_the_rules_that_go_by_more_than_the_ticket_are_named() -> None:
    off = COUNTS.model_copy(update={"id": "desk.off", "mode": Mode.OFF})

    assert with_todays_people([GROUP, TELLS, COUNTS, off, STAND_BY]) == {"desk.counts", STAND_BY.id}


def test_tickets_that_changed_and_tickets_that_waited_are_replayed(desk: Desk) -> None:
    waiting = Story(by=CARLA, channel="email", group="Suporte").then(PAULO, status="hold")
    desk.put(right(), 1)
    desk.put(waiting, 2)
    desk.put(right().then(PAULO, after=2 * HOUR, note="oi"), 3)

    assert listed(desk, pack_of(GROUP, STAND_BY), OPENED + HOUR) == [3, 2]
    assert listed(desk, pack_of(GROUP), OPENED + HOUR) == [3]
