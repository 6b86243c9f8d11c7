"""When not to write: pure decisions on what is planned and what was written lately."""

import pytest

from enforcement.brakes import Hold, Limits, hold, was_edited_since
from enforcement.ledger_rows import Fuse, Pause, Pressure
from rules.actions import NewTicket
from rules.plan import NewComment, Plan, Update
from rules.ticket import NOBODY, RONDA, Person
from tests.enforcement.desk import NOW, SECOND, right
from tests.rules.tools import CARLA, PAULO

FIELD = Update(fields={"group": "Suporte"})
NOTE = Update(comment=NewComment(public=False, text="…", language="pt-BR"))
REPLY = Update(comment=NewComment(public=True, text="…", language="pt-BR"))
TICKET = NewTicket(CARLA, "…", "…", external_id="ronda:1:1")
NO_PRESSURE = Pressure(updates=0, public=0, on_ticket=0, paused=None, fuse=None)
LIMITS = Limits(updates=10, public_messages=3)


def pressed(**values: object) -> Pressure:
    return Pressure(**{"updates": 0, "public": 0, "on_ticket": 0, "paused": None, "fuse": None, **values})  # type: ignore[arg-type]


def what(plan: Plan, pressure: Pressure) -> Hold | None:
    held = hold(plan, pressure, LIMITS)
    return held[0] if held else None


def test_without_pressure_everything_may_be_written() -> None:
    assert hold(Plan((FIELD, REPLY), (TICKET,)), NO_PRESSURE, LIMITS) is None


def test_a_pause_holds_everything_and_says_why() -> None:
    paused = pressed(paused=Pause("holiday", "ana", NOW))
    assert hold(Plan((FIELD,)), paused, LIMITS) == (Hold.WAIT, "holiday")


def test_a_tripped_fuse_leaves_the_ticket_alone_and_says_why() -> None:
    fused = pressed(fuse=Fuse(1, NOW, "five updates"))
    assert hold(Plan((FIELD,)), fused, LIMITS) == (Hold.LEAVE, "five updates")


@pytest.mark.parametrize(
    ("on_ticket", "updates", "expected"),
    [(4, (FIELD,), None), (5, (FIELD,), Hold.TRIP), (4, (FIELD, NOTE), Hold.TRIP), (3, (FIELD, NOTE), None)],
)
def test_five_updates_of_a_ticket_are_enough(
    on_ticket: int, updates: tuple[Update, ...], expected: Hold | None
) -> None:
    assert what(Plan(updates), pressed(on_ticket=on_ticket)) is expected


@pytest.mark.parametrize(
    ("updates", "plan", "expected"),
    [
        (9, Plan((FIELD,)), None),
        (10, Plan((FIELD,)), Hold.PAUSE),
        (9, Plan((FIELD, NOTE)), Hold.PAUSE),
        (9, Plan((FIELD,), (TICKET,)), Hold.PAUSE),
    ],
)
def test_new_tickets_and_updates_count_for_the_hour(updates: int, plan: Plan, expected: Hold | None) -> None:
    assert what(plan, pressed(updates=updates)) is expected


@pytest.mark.parametrize(
    ("public", "update", "expected"), [(2, REPLY, None), (3, REPLY, Hold.PAUSE), (3, NOTE, None), (3, FIELD, None)]
)
def test_only_what_the_requester_reads_counts_as_public(public: int, update: Update, expected: Hold | None) -> None:
    assert what(Plan((update,)), pressed(public=public)) is expected


def test_a_limit_of_no_public_messages_still_lets_notes_through() -> None:
    limits = Limits(public_messages=0)
    assert hold(Plan((NOTE,)), NO_PRESSURE, limits) is None
    assert hold(Plan((REPLY,)), NO_PRESSURE, limits) == (Hold.PAUSE, "more than 0 public messages in an hour")


@pytest.mark.parametrize(("by", "expected"), [(PAULO, True), (CARLA, False), (RONDA, False), (NOBODY, False)])
def test_only_a_person_of_the_desk_resets_a_fuse(by: Person, expected: bool) -> None:
    story = right().then(by, priority="low")

    assert was_edited_since(story.at - SECOND, story.seen()) is expected
    assert not was_edited_since(story.at, story.seen())
