"""A ticket addressed to the team belongs to the team's group."""

import pytest

from rules.catalog.default_group import DefaultGroup
from rules.verdict import Complies, DoesNotApply, Violates
from tests.rules.tools import (
    CARLA,
    JENYFER,
    OPEN_STATUSES,
    PAULO,
    TEAM,
    WEBSITE,
    Story,
    check,
    cured,
)

rule = DefaultGroup(id="website.group", cites="A1", team=TEAM)


def test_ticket_in_the_group_complies() -> None:
    assert check(rule, Story(group=WEBSITE)) == Complies()


def test_ticket_that_nothing_addresses_to_the_team_is_left_alone() -> None:
    assert check(rule, Story(group="Suporte")) == DoesNotApply("addressed to the team")


@pytest.mark.parametrize("status", ["solved", "closed"])
def test_finished_ticket_is_left_alone(status: str) -> None:
    assert check(rule, Story(group=None, status=status, tags={"website"})) == DoesNotApply("status")


def test_ticket_that_a_person_moved_on_is_not_pulled_back() -> None:
    story = Story(group=WEBSITE, tags={"website"}).then(PAULO, group="Suporte")
    assert check(rule, story) == DoesNotApply("addressed to the team")


def test_member_who_moves_a_ticket_out_but_stays_assignee_has_given_it_away() -> None:
    story = Story(group=WEBSITE, assignee=JENYFER).then(JENYFER, group="Suporte")
    assert check(rule, story) == DoesNotApply("addressed to the team")


def test_ticket_moved_on_is_addressed_again_when_a_member_is_assigned_later() -> None:
    story = Story(group=WEBSITE).then(PAULO, group="Suporte").then(PAULO, assignee=JENYFER)
    assert cured(rule, story).group == WEBSITE


def test_ticket_moved_on_is_addressed_again_when_it_is_tagged_later() -> None:
    story = Story(group=WEBSITE).then(PAULO, group="Suporte").then(PAULO, tags={"website", "vip"})
    assert cured(rule, story).group == WEBSITE


@pytest.mark.parametrize("status", OPEN_STATUSES)
def test_tagged_ticket_without_the_group_is_moved(status: str) -> None:
    assert cured(rule, Story(group=None, status=status, tags={"website"})).group == WEBSITE


def test_ticket_assigned_to_a_member_in_another_group_is_moved() -> None:
    assert cured(rule, Story(group="Suporte", assignee=JENYFER)).group == WEBSITE


def test_form_addresses_a_ticket_where_the_team_names_one() -> None:
    with_form = rule.model_copy(update={"team": TEAM.model_copy(update={"form": "Site"})})
    assert cured(with_form, Story(by=CARLA, form="Site")).group == WEBSITE


def test_violation_says_what_was_found_and_what_was_expected() -> None:
    verdict = check(rule, Story(group="Suporte", tags={"website"}))
    assert isinstance(verdict, Violates)
    assert verdict.found == {"found": "Suporte", "expected": WEBSITE}
