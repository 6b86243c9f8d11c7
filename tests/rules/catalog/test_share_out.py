"""What stays in the general group without anybody is shared out."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rules.snapshot import Snapshot
from rules.verdict import Complies, CouldNotTell, DoesNotApply
from tests.rules.commerce import DESK, ENVIO, LIA, SUPORTE, asked, shipped
from tests.rules.tools import HOUR, MINUTE, OPENED, PAULO, Story, check, cured, planned

rule = shipped("share-out")
IDLE = dict.fromkeys(DESK, 0)


def seen(story: Story, after: object = HOUR, **known: object) -> Snapshot:
    return story.seen(after, **{"people": DESK, "workload": IDLE, **known})  # type: ignore[arg-type] # as told


def test_other_groups_are_left_alone() -> None:
    assert check(rule, seen(asked(group=ENVIO))) == DoesNotApply("in the general group")


def test_somebodys_ticket_complies() -> None:
    assert check(rule, seen(asked(assignee=LIA))) == Complies()


def test_sectors_matter_is_left_alone() -> None:
    assert check(rule, seen(asked(subject="Frete"))) == DoesNotApply("no sector's topic")


def test_it_waits_an_hour_and_says_until_when() -> None:
    verdict = check(rule, seen(asked(), 59 * MINUTE))
    assert verdict == DoesNotApply("nobody's for long enough", look_again_at=OPENED + HOUR)


def test_the_hour_begins_with_the_last_change_of_group_or_assignee() -> None:
    moved = asked(group=ENVIO).then(PAULO, group=SUPORTE, after=3 * HOUR)
    laid_down = asked(assignee=LIA).then(LIA, assignee=None, after=3 * HOUR)
    for story in (moved, laid_down):
        assert check(rule, seen(story, 30 * MINUTE)) == DoesNotApply("nobody's for long enough", OPENED + 4 * HOUR)


def test_fewest_open_tickets_first() -> None:
    for person, other in ((LIA, PAULO), (PAULO, LIA)):
        busy = {**IDLE, other.name: 1}
        assert cured(rule, seen(asked(), workload=busy)).assignee == person


def test_absent_and_suspended_members_get_nothing() -> None:
    absent = seen(asked(), absent=frozenset({LIA.name}))
    suspended = seen(asked(), people={**DESK, LIA.name: replace(LIA, available=False)})
    assert [cured(rule, each).assignee for each in (absent, suspended)] == [PAULO, PAULO]


def test_nobody_available_raises_an_alarm_and_looks_again() -> None:
    verdict = check(rule, seen(asked(), absent=frozenset({LIA.name, PAULO.name})))
    assert isinstance(verdict, CouldNotTell)
    assert verdict.alarm
    assert verdict.look_again_at == OPENED + 2 * HOUR


@given(st.integers(1, 10**14))
def test_the_draw_falls_the_same_for_the_same_ticket(ticket: int) -> None:
    drawn = [seen(asked()), seen(asked(), people=dict(reversed(DESK.items())))]
    chosen = [planned(rule, replace(each, ticket=replace(each.ticket, id=ticket))).updates for each in drawn]
    assert chosen[0] == chosen[1]


def test_the_draw_is_not_always_the_same_persons() -> None:
    chosen = set()
    for ticket in range(1, 21):
        each = seen(asked())
        (update,) = planned(rule, replace(each, ticket=replace(each.ticket, id=ticket))).updates
        chosen.add(update.fields["assignee"])
    assert chosen == {LIA, PAULO}


def test_rounds_look_at_what_is_nobodys() -> None:
    assert rule.watches(asked().ticket)
    assert not rule.watches(asked(assignee=LIA).ticket)
    assert not rule.watches(asked(group=ENVIO).ticket)
    assert not rule.watches(asked(status="solved").ticket)
