"""The plan of a round: which histories are read, by which calls, and the shortest time they take."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.audit import EVER, Counted, Scope, counted_by, needs_history, plan_audit, shortest
from integration.gateway import Pace
from rules.catalog.first_in_first_out import FirstInFirstOut
from rules.condition import Condition
from rules.judge import judge
from rules.mode import Mode
from rules.verdict import DoesNotApply
from tests.enforcement.desk import GROUP, NOW, TELLS, wrong
from tests.rules.tools import JENYFER, OPEN_STATUSES, TEAM

PACE = Pace(general=500, audits=375, exports=7, updates=75)
QUEUES = FirstInFirstOut(id="desk.queue", mode=Mode.AUDIT, sectors=(TEAM.group,))


def test_solved_tickets_need_no_history_where_nothing_counts_queues() -> None:
    plan = plan_audit(Counted(100_000, 5_000, 0, 100_000), [GROUP], PACE)

    assert (plan.exports, plan.histories, plan.by_events) == (100, 5_000, False)


def test_many_histories_of_solved_tickets_come_from_the_event_export() -> None:
    plan = plan_audit(Counted(100_000, 5_000, 0, 100_000), [GROUP, QUEUES], PACE)

    assert (plan.exports, plan.histories, plan.by_events) == (900, 5_000, True)


def test_few_are_read_one_by_one_because_the_event_export_takes_longer() -> None:
    plan = plan_audit(Counted(1_000, 50, 20, 100_000), [GROUP, QUEUES], PACE)

    assert (plan.exports, plan.histories, plan.others, plan.by_events) == (1, 50 + 20 + 950, 1, False)


counts = st.integers(0, 10**6)


@given(tickets=counts, share=st.floats(0, 1), due=st.integers(0, 1000), everything=counts, queues=st.booleans())
def test_no_plan_takes_longer_than_one_by_one(
    tickets: int, share: float, due: int, everything: int, queues: bool
) -> None:
    counted = Counted(tickets, int(tickets * share), due, everything)
    plan = plan_audit(counted, [GROUP, *([QUEUES] if queues else [])], PACE)
    one_by_one = plan_audit(replace(counted, everything=10**12), [GROUP, *([QUEUES] if queues else [])], PACE)

    assert plan.seconds <= one_by_one.seconds
    assert plan.calls <= one_by_one.calls


def test_a_minutes_worth_of_calls_takes_no_time_and_the_rest_its_share() -> None:
    assert shortest(7, 375, 0, PACE) == 0
    assert shortest(14, 375, 0, PACE) == pytest.approx(60)
    assert shortest(0, 750, 0, PACE) == pytest.approx(60)
    assert shortest(7, 300, 693, PACE) == pytest.approx(60)


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_an_unsolved_ticket_needs_its_history_where_a_rule_may_say_something(status: str) -> None:
    ticket = wrong(status=status).ticket

    assert needs_history([GROUP], ticket, NOW)
    assert not needs_history([GROUP.model_copy(update={"mode": Mode.OFF})], ticket, NOW)
    assert not needs_history([GROUP.model_copy(update={"when": Condition(channel=("chat",))})], ticket, NOW)


@pytest.mark.parametrize("channel", ["email", "chat"])
def test_where_no_history_is_needed_no_rule_says_anything_whatever_happened(channel: str) -> None:
    asleep = [
        rule.model_copy(update={"when": Condition(channel=(channel,)), "mode": Mode.AUDIT}) for rule in (GROUP, TELLS)
    ]
    story = wrong().then(JENYFER, note="x")

    if not needs_history(asleep, story.ticket, NOW):
        assert all(isinstance(each.verdict, DoesNotApply) for each in judge(asleep, story.seen()).all)


def test_a_rule_that_routes_makes_the_others_uncertain() -> None:
    elsewhere = TELLS.model_copy(update={"when": Condition(group=(TEAM.group,)), "mode": Mode.AUDIT})

    assert not needs_history([elsewhere], wrong().ticket, NOW)
    assert needs_history([elsewhere, GROUP], wrong().ticket, NOW)


def test_a_solved_ticket_is_counted_by_the_rules_of_queues_that_apply_to_it() -> None:
    ticket = wrong(status="solved").ticket
    others = QUEUES.model_copy(update={"when": Condition(channel=("chat",))})

    assert counted_by([GROUP, QUEUES, others], ticket, NOW) == [QUEUES]
    assert not needs_history([GROUP, QUEUES], ticket, NOW)


def test_a_round_moves_on_only_if_it_left_nothing_out() -> None:
    assert Scope().moves_on
    assert Scope(EVER).moves_on
    assert not Scope(NOW).moves_on
    assert not Scope(groups=frozenset({"Suporte"})).moves_on
