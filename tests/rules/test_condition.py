"""The vocabulary of `when`: each word holds or is named as the one that fails."""

from dataclasses import replace
from typing import Any

import pytest

from rules.condition import Condition
from rules.names import Known
from rules.topic import Topic
from tests.rules.tools import CARLA, JENYFER, PAULO, Story

KNOWN = Known(
    groups=frozenset({"Suporte", "Marketing"}),
    people=frozenset({"Jenyfer Lima"}),
    fields=frozenset({"plan"}),
    topics={"domain": Topic(words=("domínio",))},
)
STORY = Story(
    by=PAULO,
    channel="email",
    subject="Meu DOMINIO caiu",
    group="Suporte",
    assignee=JENYFER,
    priority="high",
    type="problem",
    tags={"vip", "novo"},
    form="Site",
    brand="Azul",
    fields={"plan": "gold"},
)
SEEN = replace(STORY.seen(), ticket=replace(STORY.ticket, organization="Loja Azul"))


def failing(written: dict[str, Any]) -> str | None:
    return Condition.model_validate(written, context=KNOWN).failing(SEEN)


def test_nothing_said_holds() -> None:
    assert failing({}) is None


@pytest.mark.parametrize(
    ("word", "holds", "fails"),
    [
        ("group", ["Suporte", None], "Marketing"),
        ("assignee", "Jenyfer Lima", None),
        ("status", ["open", "pending"], "new"),
        ("priority", "high", None),
        ("type", "problem", "task"),
        ("channel", ["web", "email"], "web"),
        ("tags", ["vip", "x"], ["x", "y"]),
        ("form", "Site", "Loja"),
        ("brand", "Azul", "Verde"),
        ("organization", "Loja Azul", None),
        ("topic", "domain", []),
        ("requester", ["end-user"], ["agent"]),
        ("by", "agent", CARLA.name),
        ("any", [{"status": "new"}, {"status": "open"}], [{"status": "new"}, {"status": "hold"}]),
        ("all", [{"status": "open"}, {"tags": "vip"}], [{"status": "open"}, {"tags": "x"}]),
        ("not", {"status": "new"}, {"status": "open"}),
    ],
)
def test_word_holds_or_is_named(word: str, holds: object, fails: object) -> None:
    assert failing({word: holds}) is None
    assert failing({word: fails}) == word


def test_custom_field_is_named_with_its_key() -> None:
    assert failing({"fields": {"plan": ["gold", None]}}) is None
    assert failing({"fields": {"plan": "silver"}}) == "fields.plan"


def test_first_that_fails_is_named() -> None:
    assert failing({"group": "Suporte", "status": "new", "tags": "x"}) == "status"


@pytest.mark.parametrize(
    "written",
    [
        {"group": "Vendas"},
        {"assignee": "Nina"},
        {"topic": "money"},
        {"fields": {"x": "y"}},
        {"colour": "red"},
        {"not": {"x": 1}},
    ],
)
def test_unknown_names_and_words_are_refused(written: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        failing(written)
