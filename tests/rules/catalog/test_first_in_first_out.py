"""The first ticket in is the first answered."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from rules.catalog.first_in_first_out import FirstInFirstOut, Inversions
from rules.queue import Queue
from rules.snapshot import Snapshot
from rules.ticket import NOBODY, RONDA
from rules.verdict import DoesNotApply
from tests.rules.commerce import ANA, BETO, ENVIO, LIA, asked, shipped
from tests.rules.tools import CARLA, DAY, HOUR, MINUTE, OPENED, Story, check

rule = shipped("first-in-first-out")


def told(number: int, story: Story, begins: timedelta = timedelta()) -> Snapshot:
    """The story as a ticket of that id, beginning so much later."""
    audits = tuple(
        replace(
            audit,
            at=audit.at + begins,
            comment=replace(audit.comment, at=audit.comment.at + begins) if audit.comment else None,
        )
        for audit in story.audits
    )
    ticket = replace(story.ticket, id=number, created_at=OPENED + begins)
    return replace(story.seen(), ticket=ticket, history=audits, as_of=OPENED + 9 * DAY)


def shipping(**opening: Any) -> Story:
    return asked(**{"group": ENVIO, **opening})


def answered(after: timedelta, **opening: Any) -> Story:
    return shipping(**opening).then(ANA, reply="Olá!", after=after)


def report(*tickets: Snapshot) -> Inversions:
    assert isinstance(rule, FirstInFirstOut)
    found = rule.report(Queue(tickets, OPENED + 9 * DAY))
    assert isinstance(found, Inversions)
    return found


def pairs(*tickets: Snapshot) -> list[tuple[int, int]]:
    return [(pair.older, pair.younger) for pair in report(*tickets).illegitimate]


def test_single_ticket_says_nothing() -> None:
    assert check(rule, asked()) == DoesNotApply("in audits only")


def test_tickets_answered_in_their_order_are_fine() -> None:
    assert pairs(told(1, answered(HOUR)), told(2, answered(2 * HOUR), MINUTE)) == []
    assert report(told(1, answered(HOUR)), told(2, answered(2 * HOUR), MINUTE)).values["inversions"] == 0


def test_younger_ticket_answered_first_is_an_inversion_by_whoever_answered() -> None:
    found = report(told(1, answered(3 * HOUR)), told(2, answered(HOUR), MINUTE))
    assert found.values == {
        "inversions": 1,
        "by_queue": {ENVIO: 1},
        "by_person": {"Ana Prado": 1},
        "pairs": [{"older": 1, "younger": 2, "by": "Ana Prado"}],
        "legitimate": {},
    }


def test_ticket_that_still_waits_was_overtaken() -> None:
    assert pairs(told(1, shipping()), told(2, answered(HOUR), MINUTE), told(3, answered(HOUR), HOUR)) == [
        (1, 2),
        (1, 3),
    ]


def test_answers_by_ronda_and_notes_are_no_answers() -> None:
    by_ronda = shipping().then(RONDA, reply="Faltam dados.")
    noted = shipping().then(ANA, note="Vou ver.")
    assert pairs(told(1, shipping()), told(2, by_ronda, MINUTE), told(3, noted, MINUTE)) == []


def test_opening_by_an_agent_is_no_answer() -> None:
    by_agent = Story(by=ANA, requester=CARLA, group=ENVIO)
    assert pairs(told(1, shipping()), told(2, by_agent, MINUTE)) == []


def test_ticket_that_somebody_was_working_on_was_not_overtaken() -> None:
    assert pairs(told(1, shipping().then(BETO, note="Vendo.")), told(2, answered(HOUR), MINUTE)) == []


def test_other_queues_are_other_queues() -> None:
    assert pairs(told(1, asked()), told(2, answered(HOUR), MINUTE)) == []


def test_ticket_counts_from_when_it_came_to_the_queue() -> None:
    moved = asked().then(LIA, group=ENVIO, after=2 * HOUR)
    assert pairs(told(1, moved), told(2, answered(3 * HOUR), HOUR)) == []
    assert pairs(told(1, moved), told(2, answered(HOUR), 3 * HOUR)) == [(1, 2)]


def test_ticket_that_left_the_queue_or_was_solved_waits_no_more() -> None:
    left = shipping().then(NOBODY, group="Suporte")
    solved = shipping().then(NOBODY, status="solved")
    assert pairs(told(1, left), told(2, solved), told(3, answered(HOUR), MINUTE)) == []


def test_good_reasons_are_counted_apart() -> None:
    urgent = told(9, answered(HOUR, priority="urgent"), MINUTE)
    usual = told(9, answered(HOUR), MINUTE)
    for older, younger, cause in (
        (shipping(), urgent, "priority"),
        (shipping().then(BETO, status="hold"), usual, "stand-by"),
        (shipping().then(BETO, fields={"standby_reason": "waiting-it"}), usual, "stand-by"),
        (shipping().then(BETO, status="pending"), usual, "waiting-for-requester"),
        (shipping().then(NOBODY, status="solved").then(CARLA, reply="Ainda não!", status="open"), usual, "reopened"),
        (
            shipping().then(BETO, reply="Pronto.", status="solved").then(CARLA, reply="Não!", status="open"),
            usual,
            "reopened",
        ),
    ):
        found = report(told(1, older), younger)
        assert found.illegitimate == ()
        assert found.values["legitimate"] == {cause: 1}


def test_higher_priority_of_the_older_ticket_excuses_nothing() -> None:
    assert pairs(told(1, shipping(priority="urgent")), told(2, answered(HOUR), MINUTE)) == [(1, 2)]


def test_reopening_by_an_answer_is_no_wait() -> None:
    reopened = (
        shipping().then(BETO, reply="Pronto.", status="solved").then(BETO, reply="Mais uma coisa.", status="open")
    )
    assert report(told(1, reopened), told(2, answered(HOUR), 20 * MINUTE)).pairs == ()


def test_ticket_answered_the_moment_it_came_waited_for_nobody() -> None:
    assert pairs(told(1, shipping()), told(2, answered(timedelta()), MINUTE)) == [(1, 2)]


def test_queue_without_a_stand_by_field_has_one_reason_less() -> None:
    plain = FirstInFirstOut(id="x.fifo", sectors=(ENVIO,))
    waiting = told(1, shipping().then(NOBODY, fields={"standby_reason": "waiting-it"}))
    found = plain.report(Queue((waiting, told(2, answered(HOUR), MINUTE)), OPENED + DAY))
    assert isinstance(found, Inversions)
    assert len(found.illegitimate) == 1


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), max_size=12))
def test_pairs_are_those_that_looking_at_every_pair_finds(times: list[tuple[int, int]]) -> None:
    tickets = [told(number, answered(wait * MINUTE), begins * MINUTE) for number, (begins, wait) in enumerate(times, 1)]
    found = {(pair.older, pair.younger) for pair in report(*tickets).pairs}
    numbered = list(enumerate(times, 1))
    wanted = {
        (older, younger)
        for older, (began, waited) in numbered
        for younger, (begins, waits) in numbered
        if began < begins and began + waited > begins + waits
    }
    assert found == wanted
