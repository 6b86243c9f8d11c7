"""Two packs on the same tickets."""

from collections.abc import Iterable

from enforcement.preview import Packs, Preview, look_through
from enforcement.read_only import ReadOnlyGateway
from rules.mode import Mode
from rules.pack import Pack
from rules.rule import Rule
from tests.enforcement.desk import GROUP, REPLIES, TELLS, Desk, pack_of, right, wrong
from tests.rules.tools import CARLA


def preview(desk: Desk, present: Pack, new: Pack, tickets: Iterable[int] = (1, 2, 3)) -> Preview:
    found = Preview()
    packs = Packs(present, new, Mode.ENFORCE)
    seen = list(look_through(tickets, ReadOnlyGateway(desk.helpdesk), packs, desk.ledger, found))
    assert seen == list(tickets)
    return found


def rules(*wanted: Rule) -> Pack:
    return pack_of(*wanted)


def test_each_ticket_is_judged_by_both_packs(desk: Desk) -> None:
    desk.put(wrong(), 1)
    desk.put(right(), 2)
    found = preview(desk, rules(TELLS), rules(GROUP), (1, 2))

    assert (found.looked_at, found.gone) == (2, 0)
    assert [(each.ticket_id, set(each.newly_violated)) for each in found.differences] == [
        (1, {"desk.group"}),
        (2, set()),
    ]


def test_tickets_that_are_gone_are_counted(desk: Desk) -> None:
    desk.put(wrong(), 1)

    assert preview(desk, rules(GROUP), rules(GROUP)).gone == 2


def test_tickets_on_which_nothing_differs_and_nothing_is_done_are_only_counted(desk: Desk) -> None:
    desk.put(right(), 1)
    found = preview(desk, rules(GROUP), rules(GROUP), (1,))

    assert (found.looked_at, found.differences, found.calls_of_new) == (1, [], 0)


def test_writes_are_counted_by_pack_and_not_made(desk: Desk) -> None:
    desk.put(wrong(by=CARLA), 1)
    found = preview(desk, rules(GROUP), rules(GROUP, REPLIES, TELLS), (1,))

    assert (found.calls_of_present, found.calls_of_new) == (1, 2)
    assert desk.helpdesk.stored == []
    assert desk.ticket.group == "Suporte"


def test_it_can_be_stopped_between_two_tickets(desk: Desk) -> None:
    desk.put(wrong(), 1)
    desk.put(wrong(), 2)
    found = Preview()
    steps = look_through(
        (1, 2), ReadOnlyGateway(desk.helpdesk), Packs(rules(GROUP), rules(GROUP), Mode.ENFORCE), None, found
    )
    next(steps)

    assert found.looked_at == 1
