"""What stops sales goes first."""

import pytest

from rules.ticket import NOBODY
from rules.verdict import Complies, DoesNotApply
from tests.rules.commerce import asked, commerce, shipped
from tests.rules.tools import PAULO, check, cured

rule = shipped("sales-first")
STOPPED = "Os clientes não conseguem comprar."


def test_it_ships_off() -> None:
    assert commerce().rule("commerce.sales-first").mode.word == "off"


def test_other_matters_are_left_alone() -> None:
    assert check(rule, asked(priority="low")) == DoesNotApply("topic")


@pytest.mark.parametrize("priority", ["high", "urgent"])
def test_high_is_high_enough(priority: str) -> None:
    assert check(rule, asked(description=STOPPED, priority=priority)) == Complies()


@pytest.mark.parametrize("priority", [None, "low", "normal"])
def test_anything_less_is_raised(priority: str | None) -> None:
    assert cured(rule, asked(description=STOPPED, priority=priority)).priority == "high"


def test_person_who_lowered_it_has_decided() -> None:
    story = asked(subject="Checkout", priority="urgent").then(PAULO, priority="normal")
    assert check(rule, story) == DoesNotApply("not lowered by a person")


def test_trigger_that_lowered_it_has_not() -> None:
    assert cured(rule, asked(subject="Checkout", priority="urgent").then(NOBODY, priority="low")).priority == "high"
