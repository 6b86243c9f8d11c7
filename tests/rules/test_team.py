"""Who belongs to a team, and which tickets do."""

from tests.rules.tools import ERICK, PAULO, TEAM, WEBSITE, Story


def test_members_are_the_roster_and_the_group() -> None:
    assert TEAM.has(ERICK)
    assert not TEAM.has(PAULO)
    assert not TEAM.has(None)


def test_ticket_in_the_group_is_addressed_whatever_else_it_carries() -> None:
    assert TEAM.is_addressed(Story(group=WEBSITE).seen())
    assert not TEAM.is_addressed(Story(group="Suporte").seen())
