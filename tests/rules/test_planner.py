"""The planner: one short plan of many cures, that contradicts nothing."""

from datetime import timedelta

import pytest

from rules.actions import (
    AddFollowers,
    AddTags,
    Assign,
    NewTicket,
    Note,
    RemoveTags,
    Reply,
    SetGroup,
    SetPriority,
    SetStatus,
)
from rules.judge import judge
from rules.messages import Messages
from rules.mode import Mode
from rules.plan import Conflict, NewComment, Plan
from rules.planner import plan
from rules.snapshot import Snapshot
from rules.verdict import Cause, Complies, Violates
from tests.rules.test_judge import says
from tests.rules.tools import BRYAN, CARLA, DAY, JENYFER, OPENED, PAULO, Story

MESSAGES = Messages(
    {
        language: {
            "note.footer": "stop: {tag}",
            "note.a": f"{language} note {{x}}",
            "note.b": f"{language} other note",
            "reply.a": f"{language} reply",
            "reply.b": f"{language} other reply",
            "reply.greeting": "hi",
            "reply.farewell": "bye",
            "violation.x": "found {x}",
        }
        for language in ("pt-BR", "en", "es")
    }
)
CAUSE = Cause("comment-10", OPENED)
SEEN = Story(group="Suporte", tags={"old"}).seen()


def planned(*rules: object, seen: Snapshot = SEEN, ceiling: Mode = Mode.ENFORCE) -> Plan:
    return plan(judge(rules, seen), MESSAGES, "pt-BR", ceiling)  # type: ignore[arg-type] # rules


def cure(rule_id: str, *actions: object, **fields: object) -> object:
    return says(rule_id, Violates("violation.x", {"x": "1"}, actions, (CAUSE,)), cites="Z1", **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("mode", "removed", "notes"),
    [(Mode.ENFORCE, {"old"}, 1), (Mode.WARN, set(), 1), (Mode.AUDIT, set(), 0)],
)
def test_what_is_worth_doing_though_all_is_well_goes_as_far_as_the_mode(
    mode: Mode, removed: set[str], notes: int
) -> None:
    verdict = Complies(asides=(RemoveTags(frozenset({"old"})), Note("note.b")), causes=(CAUSE,))
    updates = planned(says("t.a", verdict, cites="Z1"), ceiling=mode).updates

    assert frozenset().union(*(update.remove_tags for update in updates)) == removed
    assert sum(update.comment is not None for update in updates) == notes
    assert [update.told for update in updates] == [{"t.a:comment-10"}] * notes


def test_reply_without_greeting_and_farewell_is_what_it_says() -> None:
    bare = MESSAGES.overridden({"pt-BR": {"reply.greeting": "", "reply.farewell": ""}})
    (update,) = plan(judge([cure("t.a", Reply("reply.a"))], SEEN), bare, "pt-BR").updates  # type: ignore[list-item]
    assert update.comment is not None
    assert update.comment.text == "pt-BR reply"


def test_nothing_violated_plans_nothing() -> None:
    assert planned() == Plan()
    assert planned().is_empty


def test_cures_of_fields_make_one_update() -> None:
    plan = planned(
        cure("a.a", SetGroup("Marketing"), AddTags(frozenset({"new", "old"}))),
        cure("a.b", Assign(JENYFER), SetStatus("open"), SetPriority("high"), RemoveTags(frozenset({"old", "none"}))),
        cure("a.c", AddFollowers(frozenset({BRYAN}))),
    )
    (update,) = plan.updates
    assert update.fields == {"group": "Marketing", "assignee": JENYFER, "status": "open", "priority": "high"}
    assert (update.add_tags, update.remove_tags) == ({"new"}, {"old"})
    assert update.followers == {BRYAN}
    assert update.comment is None
    assert update.rules == ("a.a", "a.b", "a.c")


def test_field_that_is_right_already_is_not_written() -> None:
    assert planned(cure("a.a", SetGroup("Suporte"))).is_empty


def test_two_rules_that_want_different_values_get_neither() -> None:
    plan = planned(cure("a.a", SetGroup("Marketing")), cure("a.b", SetGroup("Financeiro")))
    assert plan == Plan(conflicts=(Conflict("group", ("a.a", "a.b")),))


def test_two_rules_that_want_the_same_value_agree() -> None:
    (update,) = planned(cure("a.a", SetGroup("Marketing")), cure("a.b", SetGroup("Marketing"))).updates
    assert update.fields == {"group": "Marketing"}


def test_all_notes_of_a_look_are_one_that_mentions_once_and_says_how_to_stop_it() -> None:
    note = Note("note.a", {"x": "1"}, mentions=(JENYFER, BRYAN))
    (update,) = planned(cure("a.a", note), cure("a.b", Note("note.b", mentions=(BRYAN,)))).updates
    assert update.comment == NewComment(
        public=False,
        text="@Jenyfer Lima @Bryan\n\npt-BR note 1 (a.a, Z1)\n\npt-BR other note (a.b, Z1)\n\nstop: ronda-exempt-a-a, ronda-exempt-a-b",
        language="pt-BR",
        mentions=(JENYFER, BRYAN),
    )
    assert update.told == {"a.a:comment-10", "a.b:comment-10"}


def test_all_replies_are_one_in_the_requesters_language_and_carry_no_internal_word() -> None:
    seen = Story(requester=CARLA.__class__(7, "Ana", locale="es-419")).seen()
    (update,) = planned(cure("a.a", Reply("reply.a")), cure("a.b", Reply("reply.b")), seen=seen).updates
    assert update.comment == NewComment(public=True, text="hi\n\nes reply\n\nes other reply\n\nbye", language="es")
    assert update.told == {"a.a:comment-10", "a.b:comment-10"}


def test_plan_counts_its_writes_and_those_that_customers_read() -> None:
    both = planned(cure("a.a", Reply("reply.a")), cure("a.b", Note("note.b")))
    assert (both.writes, both.public) == (2, 1)
    assert (Plan().writes, Plan().public) == (0, 0)


def test_a_note_beside_a_reply_is_a_second_update_of_its_own() -> None:
    first, second = planned(
        cure("a.a", Reply("reply.a"), AddTags(frozenset({"t"}))), cure("a.b", Note("note.b"))
    ).updates
    assert first.comment is not None
    assert first.comment.public
    assert (first.add_tags, first.told) == ({"t"}, {"a.a:comment-10"})
    assert second.comment is not None
    assert not second.comment.public
    assert (second.add_tags, second.told, second.rules) == (frozenset(), {"a.b:comment-10"}, ("a.b",))


def test_a_cure_that_tells_nothing_remembers_nothing() -> None:
    (update,) = planned(cure("a.a", SetGroup("Marketing"))).updates
    assert update.told == frozenset()


def test_new_tickets_come_last() -> None:
    ticket = NewTicket(CARLA, "s", "t", "ronda:1:10")
    plan = planned(cure("a.a", ticket))
    assert (plan.updates, plan.tickets) == ((), (ticket,))
    assert not plan.is_empty


@pytest.mark.parametrize(("rule_mode", "ceiling"), [(Mode.AUDIT, Mode.ENFORCE), (Mode.ENFORCE, Mode.AUDIT)])
def test_nothing_is_written_in_audit(rule_mode: Mode, ceiling: Mode) -> None:
    assert planned(cure("a.a", SetGroup("Marketing"), mode=rule_mode), ceiling=ceiling).is_empty


class TestWarn:
    def test_tells_the_agent_and_changes_nothing_else(self) -> None:
        (update,) = planned(cure("a.a", SetGroup("Marketing"), mode=Mode.WARN)).updates
        assert update.comment is not None
        assert update.comment.text.startswith("found 1 (a.a, Z1)")
        assert (update.fields, update.add_tags) == ({}, frozenset())

    def test_uses_the_rules_own_note_where_it_has_one_and_never_its_reply(self) -> None:
        rule = cure("a.a", Reply("reply.a"), Note("note.b"), AddTags(frozenset({"t"})))
        (update,) = planned(rule, ceiling=Mode.WARN).updates
        assert update.comment is not None
        assert not update.comment.public
        assert "pt-BR other note" in update.comment.text

    def test_tells_once(self) -> None:
        told = Story(group="Suporte").then(PAULO, told=frozenset({"a.a:comment-10"}), note="x").seen()
        assert planned(cure("a.a", SetGroup("Marketing"), mode=Mode.WARN), seen=told).is_empty


def test_older_causes_are_never_acted_on() -> None:
    assert planned(cure("a.a", SetGroup("Marketing"), effective_from=OPENED + timedelta(seconds=1))).is_empty
    assert not planned(cure("a.a", SetGroup("Marketing"), effective_from=OPENED)).is_empty


def test_violation_without_cures_only_stands() -> None:
    assert planned(cure("a.a"), seen=Story().seen(after=DAY)).is_empty
