"""A ticket of the team is open when somebody else hands it over."""

import pytest

from rules.catalog.stays_open import StaysOpen
from rules.ticket import NOBODY
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Violates
from tests.rules.tools import JENYFER, PAULO, TEAM, WEBSITE, Story, check, cured, planned

rule = StaysOpen(id="website.open", cites="A3", team=TEAM)


def test_ticket_outside_the_group_is_left_alone() -> None:
    assert check(rule, Story(group="Suporte", status="pending")) == DoesNotApply("in the team's group")


@pytest.mark.parametrize("status", ["new", "open"])
def test_open_ticket_complies(status: str) -> None:
    assert check(rule, Story(group=WEBSITE, status=status)) == Complies()


@pytest.mark.parametrize("status", ["pending", "hold"])
def test_member_may_set_it_waiting_while_working(status: str) -> None:
    assert check(rule, Story(group=WEBSITE).then(JENYFER, status=status)) == Complies()


def test_waiting_status_that_no_person_set_is_recorded_and_left_alone() -> None:
    story = Story(group=WEBSITE).then(NOBODY, status="pending")
    verdict = check(rule, story)
    assert isinstance(verdict, Violates)
    assert planned(rule, story).is_empty


def test_history_without_the_status_cannot_tell() -> None:
    seen = Story(group=WEBSITE, status="pending").seen(history=())
    assert isinstance(check(rule, seen), CouldNotTell)


@pytest.mark.parametrize("status", ["pending", "hold"])
def test_ticket_opened_waiting_by_somebody_else_is_opened(status: str) -> None:
    assert cured(rule, Story(group=WEBSITE, status=status)).status == "open"


def test_ticket_set_waiting_before_the_hand_over_is_opened() -> None:
    story = Story(group="Suporte").then(PAULO, status="pending").then(PAULO, group=WEBSITE)
    assert cured(rule, story).status == "open"
