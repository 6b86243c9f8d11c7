"""Whether any ticket can meet a `when`."""

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.condition import Condition
from rules.satisfiable import can_hold
from rules.ticket import Person, Role
from rules.topic import Topic
from tests.rules.tools import Story

DOMAIN, BANNER, NOTHING = Topic(words=("domain",)), Topic(words=("banner",)), Topic()


@pytest.mark.parametrize(
    "condition",
    [
        {},
        {"group": ["Suporte", None], "status": "open"},
        {"all": [{"group": ["A", "B"]}, {"group": ["B", "C"]}]},
        {"group": "A", "not": {"group": "B"}},
        {"tags": ["a", "b"], "not": {"tags": "a"}},
        {"any": [{"all": [{"group": "A"}, {"group": "B"}]}, {"group": "C"}]},
        {"not": {"any": [{"group": "A"}, {"status": "new"}]}},
        {"not": {"all": [{"group": "A"}, {"not": {"group": "A"}}]}},
        {"requester": "end-user", "not": {"requester": "Bryan"}},
        {"requester": ["Bryan", "agent"], "by": "agent"},
        {"all": [{"requester": "agent"}, {"requester": "Bryan"}]},
        {"topic": [DOMAIN, BANNER], "not": {"topic": [DOMAIN]}},
        {"fields": {"reason": ["x", None]}, "not": {"fields": {"reason": "x"}}},
        {"not": {"fields": {"reason": None}}},
        {"not": {"status": ["new", "open", "pending"]}},
    ],
)
def test_condition_that_some_ticket_meets(condition: dict[str, Any]) -> None:
    assert can_hold(Condition.model_validate(condition))


@pytest.mark.parametrize(
    "condition",
    [
        {"all": [{"group": "A"}, {"group": "B"}]},
        {"group": "A", "not": {"group": ["A", "B"]}},
        {"group": []},
        {"status": ["solved", "closed"]},
        {"not": {"status": ["new", "open", "pending", "hold"]}},
        {"tags": "a", "not": {"tags": ["a", "b"]}},
        {"any": []},
        {"any": [{"group": []}, {"status": "solved"}]},
        {"not": {}},
        {"not": {"not": {"group": []}}},
        {"all": [{"requester": "agent"}, {"requester": "end-user"}]},
        {"requester": "Bryan", "not": {"requester": "Bryan"}},
        {"not": {"by": ["end-user", "agent", "admin", "system"]}},
        {"topic": [NOTHING]},
        {"topic": [DOMAIN], "not": {"topic": [DOMAIN, BANNER]}},
        {"fields": {"reason": "x"}, "not": {"fields": {"reason": "x"}}},
    ],
)
def test_condition_that_no_ticket_meets(condition: dict[str, Any]) -> None:
    assert not can_hold(Condition.model_validate(condition))


def test_condition_with_too_many_ways_to_look_at_is_believed() -> None:
    many = {"any": [{"tags": f"t{number}"} for number in range(10)]}
    assert can_hold(Condition.model_validate({"all": [many] * 5, "group": []}))


PARTS = st.fixed_dictionaries(
    {},
    optional={
        "group": st.lists(st.sampled_from(["A", "B", None]), max_size=2),
        "status": st.lists(st.sampled_from(["new", "open", "solved"]), max_size=2),
        "tags": st.lists(st.sampled_from(["x", "y"]), max_size=2),
        "by": st.lists(st.sampled_from(["agent", "end-user", "Paulo Dias"]), max_size=2),
    },
)
CONDITIONS = st.recursive(
    PARTS,
    lambda inner: st.fixed_dictionaries(
        {}, optional={"any": st.lists(inner, max_size=3), "all": st.lists(inner, max_size=3), "not": inner}
    ),
    max_leaves=6,
)
NAMESAKES = [Person(700 + number, "Paulo Dias", role) for number, role in enumerate(get_args(Role))]
STRANGERS = [Person(800 + number, "Nobody", role) for number, role in enumerate(get_args(Role))]
ALL_KINDS_OF_TICKETS = [
    Story(by, group=group, status=status, tags=frozenset(tags)).seen()
    for by in (*NAMESAKES, *STRANGERS)
    for group in ("A", "B", "C", None)
    for status in ("new", "open", "hold")
    for tags in ((), ("x",), ("y",), ("x", "y"))
]


@settings(max_examples=200)
@given(CONDITIONS)
def test_the_answer_is_that_of_trying_every_kind_of_ticket(keys: dict[str, Any]) -> None:
    condition = Condition.model_validate(keys)
    assert can_hold(condition) == any(condition.failing(seen) is None for seen in ALL_KINDS_OF_TICKETS)
