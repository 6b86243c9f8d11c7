"""A condition taken apart: every part says what it wants, what it finds and whether that holds."""

from typing import Any

import pytest

from rules.condition import Condition
from rules.condition_parts import Part, parts_of, text_of
from rules.snapshot import Snapshot
from tests.rules.test_condition import KNOWN, SEEN
from tests.rules.tools import JENYFER


def parts(written: dict[str, Any], seen: Snapshot = SEEN) -> tuple[Part, ...]:
    return parts_of(Condition.model_validate(written, context=KNOWN), seen)


@pytest.mark.parametrize(
    ("word", "wanted", "part"),
    [
        ("group", "Marketing", Part("group", False, ("Marketing",), "Suporte")),
        ("group", ["Suporte", None], Part("group", True, ("Suporte", "–"), "Suporte")),
        ("assignee", None, Part("assignee", False, ("–",), "Jenyfer Lima")),
        ("status", "new", Part("status", False, ("new",), "open")),
        ("channel", "email", Part("channel", True, ("email",), "email")),
        ("tags", "x", Part("tags", False, ("x",), "novo, vip")),
        ("organization", None, Part("organization", False, ("–",), "Loja Azul")),
        ("requester", "agent", Part("requester", False, ("agent",), "Carla Souza (end-user)")),
        ("by", "agent", Part("by", True, ("agent",), "Paulo Dias (agent)")),
        ("topic", "domain", Part("topic", True, ("domínio",), "dominio")),
        ("fields", {"plan": "silver"}, Part("fields.plan", False, ("silver",), "gold")),
        ("fields", {"plan": None}, Part("fields.plan", False, ("–",), "gold")),
    ],
)
def test_a_part_says_what_it_wants_and_what_it_finds(word: str, wanted: Any, part: Part) -> None:
    assert parts({word: [wanted] if wanted is None else wanted}) == (part,)


def test_what_is_nested_is_told_with_its_parts() -> None:
    (either,) = parts({"any": [{"status": "new"}, {"group": "Suporte", "tags": "x"}]})

    assert (either.name, either.holds) == ("any", False)
    assert [[(part.name, part.holds) for part in one] for one in either.parts] == [
        [("status", False)],
        [("group", True), ("tags", False)],
    ]


def test_what_is_excluded_is_told_with_its_parts() -> None:
    (excluded,) = parts({"not": {"status": "new"}})

    assert (excluded.name, excluded.holds) == ("not", True)
    assert [part.holds for one in excluded.parts for part in one] == [False]


def test_every_part_is_told_even_after_one_that_fails() -> None:
    assert [part.holds for part in parts({"group": "Marketing", "status": "open", "tags": "vip"})] == [
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, "–"), (JENYFER, "Jenyfer Lima"), (frozenset("ba"), "a, b"), (frozenset(), "–"), (True, "true"), (7, "7")],
)
def test_values_are_told_as_people_read_them(value: object, text: str) -> None:
    assert text_of(value) == text
