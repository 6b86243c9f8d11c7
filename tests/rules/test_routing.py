"""A ticket that needs one analyst is theirs, unless a person chose another member."""

from dataclasses import replace

from rules.actions import Assign
from rules.choice import was_chosen
from rules.roster import first_available, still_there
from rules.routing import is_with
from rules.snapshot import Snapshot
from rules.ticket import NOBODY, RONDA
from rules.verdict import Complies, CouldNotTell, Verdict, Violates
from tests.rules.chats import by_rule, routed
from tests.rules.tools import BRYAN, CARLA, ERICK, JENYFER, PAULO, PEOPLE, ROBSON, TEAM, WEBSITE, Story


def verdict(story: Story | Snapshot, *, at_creation: bool = False) -> Verdict:
    seen = story.seen() if isinstance(story, Story) else story
    return is_with("Robson", seen, TEAM, "m", at_creation=at_creation)


def test_analysts_own_ticket_complies() -> None:
    assert verdict(Story(group=WEBSITE, assignee=ROBSON)) == Complies()


def test_member_chosen_after_the_opening_is_kept() -> None:
    assert verdict(Story(group=WEBSITE).then(PAULO, assignee=ERICK)) == Complies()


def test_member_chosen_at_the_opening_is_kept_where_that_counts() -> None:
    story = Story(group=WEBSITE, assignee=JENYFER)
    assert verdict(story, at_creation=True) == Complies()
    assert isinstance(verdict(story), Violates)


def test_assignee_that_no_person_chose_is_replaced() -> None:
    for story in (
        Story(group=WEBSITE).then(RONDA, assignee=JENYFER),
        Story(group=WEBSITE).then(NOBODY, assignee=JENYFER),
        Story(group=WEBSITE).then(CARLA, assignee=JENYFER),
        by_rule(Story(group=WEBSITE).then(PAULO, assignee=JENYFER)),
        routed(Story(group=WEBSITE).then(PAULO, assignee=JENYFER)),
        by_rule(Story(group=WEBSITE, assignee=JENYFER)),
        Story(group=WEBSITE).then(PAULO, assignee=PAULO),
        Story(group=WEBSITE),
    ):
        found = verdict(story, at_creation=True)
        assert isinstance(found, Violates)
        assert found.cures == (Assign(ROBSON),)


def test_history_without_an_assignment_shows_no_choice() -> None:
    assert not was_chosen(Story(group=WEBSITE, assignee=JENYFER).seen(history=()), at_creation=True)


def test_analyst_who_left_raises_an_alarm() -> None:
    for people in ({}, PEOPLE | {"Robson": replace(ROBSON, groups=frozenset({"Suporte"}))}):
        assert verdict(Story(group=WEBSITE).seen(people=people)) == CouldNotTell("Robson left the team", alarm=True)


def test_analyst_who_is_away_for_some_days_does_not() -> None:
    seen = Story(group=WEBSITE).seen(absent=frozenset({"Robson"}))
    assert verdict(seen) == CouldNotTell("Robson is away")


def test_first_available_is_there_and_not_away() -> None:
    people = PEOPLE | {"Jenyfer Lima": replace(JENYFER, available=False)}
    seen = Story().seen(people=people, absent=frozenset({"Bryan"}))
    assert first_available(seen, ["Jenyfer Lima", "Bryan", "Erick"], TEAM) == ERICK
    assert first_available(seen, ["Jenyfer Lima"], TEAM) is None
    assert still_there(seen, "Bryan", TEAM) == BRYAN
