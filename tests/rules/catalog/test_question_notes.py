"""A note that asks the team about a ticket it does not hold mentions both analysts."""

import time
from dataclasses import replace

import pytest

from rules.actions import AddFollowers, Note
from rules.apply import applied
from rules.catalog.chasing_notes import ChasingNotes
from rules.catalog.question_notes import QuestionNotes
from rules.judge import judge
from rules.mode import Mode
from rules.notes import Straight
from rules.planner import plan
from rules.snapshot import Snapshot
from rules.ticket import RONDA, Person
from rules.topic import Topic
from rules.verdict import Cause, Complies, CouldNotTell, DoesNotApply, Violates
from tests.rules.tools import (
    BRYAN,
    CARLA,
    DAY,
    ERICK,
    HOUR,
    JENYFER,
    PAULO,
    PEOPLE,
    RITA,
    TEAM,
    WEBSITE,
    Story,
    check,
    messages,
    planned,
)

CHASE = Topic(words=("alguma novidade",))
STRAIGHT = Straight(topic=Topic(words=("domínio",)), to="Robson")
FIELDS = {"team": TEAM, "mention": ("Jenyfer Lima", "Bryan"), "chase": CHASE, "straight": (STRAIGHT,)}
rule = QuestionNotes(id="website.question-notes", cites="A4", **FIELDS)
chasing = ChasingNotes(id="website.chasing-notes", cites="A6", **FIELDS)

NO_NOTE = DoesNotApply("a note to the team")


def noted(text: str, by: Person = PAULO, **fields: object) -> Story:
    return Story(**{"group": "Suporte", **fields}).then(by, note=text)  # type: ignore[arg-type] # a ticket's fields


def violation(seen: Story | Snapshot) -> Violates:
    verdict = check(rule, seen)
    assert isinstance(verdict, Violates)
    return verdict


def test_note_on_the_teams_own_ticket_is_free() -> None:
    assert check(rule, noted("@Erick?", group=WEBSITE)) == DoesNotApply("outside the team's group")


def test_note_on_a_ticket_that_is_addressed_to_the_team_is_free() -> None:
    assert check(rule, noted("@Erick?", tags={"website"})) == DoesNotApply("not addressed to the team")


@pytest.mark.parametrize(
    "story",
    [
        Story(group="Suporte"),
        noted("Falei com Jenyfer Lima sobre o website"),
        noted("@Erick?", by=ERICK),
        noted("@Erick?", by=CARLA),
        noted("@Erick?", by=RONDA),
        noted("> @Erick?\nJá vi."),
        Story(group="Suporte").then(PAULO, reply="@Erick?"),
        Story(group=WEBSITE).then(PAULO, note="@Erick?").then(PAULO, group="Suporte"),
        noted("@Erick alguma novidade?"),
    ],
    ids=["no note", "no mention", "member", "customer", "ours", "quoted", "public", "the team's then", "a chase"],
)
def test_what_is_no_question_to_the_team_is_left_alone(story: Story) -> None:
    assert check(rule, story) == NO_NOTE


@pytest.mark.parametrize("text", ["@Jenyfer Lima @Bryan ?", "@JENYFER e @bryan e @Erick, podem ver?"])
def test_note_that_mentions_both_complies(text: str) -> None:
    assert check(rule, noted(text)) == Complies()


def test_robson_alone_is_enough_about_a_domain() -> None:
    assert check(rule, noted("@Robson?", subject="O domínio caiu")) == Complies()
    assert isinstance(check(rule, noted("@Erick?", subject="O domínio caiu")), Violates)
    assert isinstance(check(rule, noted("@Robson?")), Violates)


def test_missing_analysts_are_mentioned_and_made_followers() -> None:
    story = noted("@Jenyfer Lima, pode ver?")
    found = {"notes": "Paulo Dias (2026-03-10 11:05)", "missing": "Bryan", "required": "Jenyfer Lima, Bryan"}
    cures = (Note("note.question-notes", found, (BRYAN,)), AddFollowers(frozenset({BRYAN})))
    assert violation(story) == Violates(
        "violation.question-notes", found, cures, (Cause("mention-20", story.audits[1].at),)
    )


@pytest.mark.parametrize("called", ["Time Website, podem ver?", "para Design / Website", "Design/Website: e agora?"])
def test_team_is_addressed_by_its_names(called: str) -> None:
    assert violation(noted(called)).found["missing"] == "Jenyfer Lima, Bryan"


def test_note_written_before_the_ticket_came_to_the_team_counts_again_when_it_left() -> None:
    story = noted("@Erick?").then(PAULO, group=WEBSITE).then(JENYFER, group="Suporte")
    assert violation(story).found["notes"] == "Paulo Dias (2026-03-10 11:05)"


def test_second_note_by_the_same_author_puts_it_right() -> None:
    story = noted("@Jenyfer Lima, pode ver?").then(PAULO, note="@Erick, e você?")
    assert check(rule, story.then(PAULO, note="+ @Bryan")) == Complies()


def test_once_right_the_next_note_begins_anew() -> None:
    story = noted("@Jenyfer Lima @Bryan, podem ver?").then(PAULO, note="@Bryan, e isto?")
    assert violation(story).found["missing"] == "Jenyfer Lima"


def test_second_note_by_somebody_else_does_not() -> None:
    found = violation(noted("@Jenyfer Lima, pode ver?").then(RITA, note="+ @Bryan")).found
    assert found["notes"] == "Paulo Dias (2026-03-10 11:05); Rita Alves (2026-03-10 11:10)"
    assert found["missing"] == "Jenyfer Lima, Bryan"


def test_later_note_to_somebody_else_changes_nothing() -> None:
    story = noted("@Jenyfer Lima, pode ver?").then(PAULO, note="Rita, obrigado.")
    assert violation(story).found["notes"] == "Paulo Dias (2026-03-10 11:05)"


def test_analyst_who_left_raises_an_alarm() -> None:
    left = PEOPLE | {"Bryan": replace(BRYAN, groups=frozenset({"Suporte"}))}
    assert check(rule, noted("@Erick?").seen(people=left)) == CouldNotTell("Bryan left the team", alarm=True)


def test_told_note_is_told_once() -> None:
    story = noted("@Erick?")
    for update in planned(rule, story).updates:
        again = applied(story.seen(), update, story.seen().as_of)
    assert violation(again).cures == ()
    assert planned(rule, again).is_empty
    assert again.ticket.followers == {JENYFER, BRYAN}


def test_next_reminder_waits_a_day_whichever_rule_reminded() -> None:
    story = noted("@Erick?").then(RONDA, note="...", told=frozenset({"website.chasing-notes:mention-5"}))
    reminded_at = story.at
    story.then(PAULO, after=HOUR, note="@Erick??")
    waiting = violation(story)
    assert waiting.cures == ()
    assert waiting.look_again_at == reminded_at + DAY
    a_day_later = violation(story.seen(after=DAY - HOUR))
    assert {cause.key for cause in a_day_later.causes} == {"mention-20", "mention-40"}
    assert len(a_day_later.cures) == 2


def test_only_what_is_new_is_told() -> None:
    story = noted("@Erick?").then(RONDA, note="...", told=frozenset({"website.question-notes:mention-20"}))
    story.then(RITA, after=2 * DAY, note="@Jenyfer Lima?")
    assert violation(story).found == {
        "notes": "Rita Alves (2026-03-12 11:10)",
        "missing": "Bryan",
        "required": "Jenyfer Lima, Bryan",
    }


def test_questions_and_chases_are_told_in_one_note() -> None:
    story = noted("@Erick?").then(RITA, note="@Erick alguma novidade?")
    rules = [each.model_copy(update={"mode": Mode.ENFORCE}) for each in (rule, chasing)]
    updates = plan(judge(rules, story.seen()), messages(), "pt-BR").updates
    assert len(updates) == 1
    assert updates[0].told == {"website.question-notes:mention-20", "website.chasing-notes:mention-30"}


def test_long_note_does_not_slow_a_look() -> None:
    started = time.process_time()
    assert isinstance(check(rule, noted("@Erick e @Bryan? " * 60_000)), Violates)
    assert time.process_time() - started < 2


def test_unknown_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="'America/Nowhere' is no time zone"):
        QuestionNotes.model_validate({**FIELDS, "id": "a.b", "zone": "America/Nowhere"})
