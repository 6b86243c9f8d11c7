"""Running scenarios: passed, failed with what differs in words, still to do."""

from datetime import timedelta
from typing import Any

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
from rules.mode import Mode
from rules.outcome import Difference, Outcome, Result
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.ticket import Person
from rules.verdict import CouldNotTell, Verdict
from tests.rules.desk import WaitsADay, on_tag, results, scenario, tiny_pack
from tests.rules.tools import messages

CARLA = Person(901, "Carla Souza", locale="es-MX")
BRYAN = Person(7, "Bryan", "agent")


def one(text: str, *rules: Rule) -> Result:
    (result,) = results(tiny_pack(*rules), scenario(text))
    return result


def failing(
    expect: str, *actions: object, opened: str = "by: carla, tags: [a]", **fields: Any
) -> tuple[Difference, ...]:
    """What differs where one rule with these actions is violated and that is expected."""
    expect = f"violations: [tiny.a], {expect}" if expect else "violations: [tiny.a]"
    result = one(f"opened: {{{opened}}}\nexpect: {{{expect}}}", on_tag("tiny.a", *actions, **fields))
    assert result.outcome is (Outcome.FAILED if result.differences else Outcome.PASSED)
    return result.differences


def test_nothing_expected_and_nothing_found_passes() -> None:
    assert one("opened: {by: carla}\nexpect:", on_tag("tiny.a", SetGroup("Suporte"))) == Result(
        "one", 7, Outcome.PASSED
    )


def test_violation_that_nobody_expected_fails_and_says_what_the_rule_said() -> None:
    result = one("opened: {by: carla, tags: a}", on_tag("tiny.a"), on_tag("tiny.b"))
    assert result.outcome is Outcome.FAILED
    assert result.is_failure
    assert result.differences == (Difference("violations", "none", "tiny.a"),)
    assert result.said == (("tiny.a", "violates: O grupo é x; o ticket pertence ao grupo ."),)


@pytest.mark.parametrize(
    ("opened", "rule", "said"),
    [
        ("", on_tag("tiny.a"), "does not apply: tag"),
        ("tags: [a, ronda-exempt]", on_tag("tiny.a"), "exempt by ronda-exempt"),
        ("", on_tag("tiny.a", mode=Mode.OFF), "off"),
        ("", WaitsADay(id="tiny.a"), "complies"),
    ],
)
def test_expected_violation_that_was_not_found_says_why(opened: str, rule: Rule, said: str) -> None:
    result = one(f"opened: {{by: carla, {opened}}}\nexpect: {{violations: tiny.a}}", rule)
    assert result.differences == (Difference("violations", "tiny.a", "none"),)
    assert result.said == (("tiny.a", said),)


class Broken(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        raise ValueError(seen.ticket.id)


class Unsure(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        return CouldNotTell("no idea")


@pytest.mark.filterwarnings("ignore")
def test_rule_that_breaks_down_fails_the_scenario() -> None:
    result = one("opened: {by: carla}", Broken(id="tiny.a", mode=Mode.ENFORCE))
    assert result.differences == (Difference("tiny.a", "a verdict", "the rule itself failed: ValueError"),)


def test_rule_that_cannot_tell_is_no_violation() -> None:
    assert one("opened: {by: carla}", Unsure(id="tiny.a", mode=Mode.ENFORCE)).outcome is Outcome.PASSED
    result = one("opened: {by: carla}\nexpect: {violations: [tiny.a]}", Unsure(id="tiny.a", mode=Mode.ENFORCE))
    assert result.said == (("tiny.a", "could not tell: no idea"),)


UPDATE = (
    SetGroup("Suporte"),
    Assign(BRYAN),
    SetStatus("open"),
    SetPriority("high"),
    AddTags(frozenset({"x", "y"})),
    RemoveTags(frozenset({"a"})),
)
EXACTLY = "update: {group: Suporte, assignee: Bryan, status: open, priority: high, add_tags: [y, x], remove_tags: a}"


def test_update_is_exactly_what_is_expected() -> None:
    assert failing(EXACTLY, *UPDATE) == ()


def test_every_field_that_differs_is_said() -> None:
    assert failing("update: {assignee: null, type: task, add_tags: [x], fields: {note: 1}}", *UPDATE) == (
        Difference("update.add_tags", "x", "x, y"),
        Difference("update.assignee", "nobody, nothing", "Bryan"),
        Difference("update.fields.note", "1", "unchanged"),
        Difference("update.group", "unchanged", "Suporte"),
        Difference("update.priority", "unchanged", "high"),
        Difference("update.remove_tags", "unchanged", "a"),
        Difference("update.status", "unchanged", "open"),
        Difference("update.type", "task", "unchanged"),
    )


def test_assignee_is_cleared_by_null() -> None:
    opened = "by: carla, assignee: paulo, tags: [a]"
    assert (
        failing("update: {assignee: null}", Assign(None), RemoveTags(frozenset("a")), opened=opened)[0].key
        == "update.remove_tags"
    )


def test_empty_update_is_no_update() -> None:
    assert failing("update: null, followers: null, new_ticket: null, notes: null") == ()


@pytest.mark.parametrize(
    "expect",
    [
        "notes: 1",
        "notes: [{}]",
        "notes: {mentions: Bryan}",
        "notes: [{contains: ['RESPONSÁVEL  é BRYAN'], mentions: [Bryan]}]",
    ],
)
def test_note_as_expected(expect: str) -> None:
    note = Note("violation.analyst", {"found": "Bryan", "expected": "x"}, (BRYAN, CARLA))
    assert failing(expect, note) == ()


def test_note_that_differs_shows_its_text() -> None:
    note = Note("violation.analyst", {"found": "Bryan", "expected": "x"}, (BRYAN,))
    text = results_text(note)
    assert failing("", note) == (Difference("notes", "0", f"1: {text!r}"),)
    assert failing("notes: 2", note) == (Difference("notes", "2", f"1: {text!r}"),)
    assert failing("replies: 1") == (Difference("replies", "1", "0"),)
    assert failing("notes: [{contains: [Bryan, zebra], mentions: [carla], language: en}]", note) == (
        Difference("notes.contains", "zebra", text),
        Difference("notes.mentions", "Carla Souza", "Bryan"),
        Difference("notes.language", "en", "pt-BR"),
    )
    assert failing("notes: [{mentions: []}]", note) == (Difference("notes.mentions", "none", "Bryan"),)


def results_text(note: Note) -> str:
    body = messages().text(note.message, "pt-BR", note.values)
    return f"@Bryan\n\n{body} (tiny.a, Z1)\n\n{messages().text('note.footer', 'pt-BR', {'tag': 'ronda-exempt-tiny-a'})}"


def test_reply_is_in_the_requesters_language() -> None:
    assert failing("replies: [{language: es}]", Reply("violation.group", {})) == ()
    assert failing("replies: [{language: en}]", Reply("violation.group", {})) == (
        Difference("replies.language", "en", "es"),
    )


def test_note_and_reply_count_over_the_whole_plan() -> None:
    assert failing("replies: 1, notes: 1", Reply("violation.group", {}), Note("violation.group", {})) == ()


def test_followers_are_exactly_those() -> None:
    add, off = AddFollowers(frozenset({BRYAN})), RemoveTags(frozenset({"a"}))
    assert failing("followers: [Bryan], update: {remove_tags: [a]}", add, off) == ()
    assert failing("update: {remove_tags: [a]}", add, off) == (Difference("followers", "none", "Bryan"),)


def new_ticket(requester: Person = CARLA) -> tuple[object, ...]:
    return NewTicket(requester, "About the banner", "Where is it?", "ronda:1:2"), RemoveTags(frozenset({"a"}))


@pytest.mark.parametrize("expected", ["{requester: carla, contains: ['where is']}", "{}", "[{contains: banner}]"])
def test_new_ticket_as_expected(expected: str) -> None:
    assert failing(f"new_ticket: {expected}, update: {{remove_tags: a}}", *new_ticket()) == ()


def test_new_ticket_that_differs() -> None:
    assert failing("update: {remove_tags: a}", *new_ticket()) == (
        Difference("new_ticket", "0", "a new ticket for Carla Souza: 'Where is it?'"),
    )
    assert failing("new_ticket: {requester: paulo, contains: [zebra]}, update: {remove_tags: a}", *new_ticket()) == (
        Difference("new_ticket.requester", "Paulo Dias", "Carla Souza"),
        Difference("new_ticket.contains", "zebra", "About the banner\nWhere is it?"),
    )


@pytest.mark.parametrize("expected", ["2026-03-11T11:00:00-03:00", "in 23h59m"])
def test_look_again_as_a_moment_or_a_wait(expected: str) -> None:
    assert (
        one(f"opened: {{by: carla}}\nexpect: {{look_again: {expected}}}", WaitsADay(id="tiny.a")).outcome
        is Outcome.PASSED
    )


def test_look_again_that_differs_is_said_as_both() -> None:
    result = one("opened: {by: carla}\nexpect: {look_again: in 1h}", WaitsADay(id="tiny.a"))
    assert result.differences == (
        Difference("look_again", "2026-03-10T12:01:00-03:00 (in 1h)", "2026-03-11T11:00:00-03:00 (in 23h59m)"),
    )
    result = one("opened: {by: carla}\nexpect: {look_again: null}", WaitsADay(id="tiny.a"))
    assert result.differences[0].expected == "none"
    assert one("opened: {by: carla}\nexpect: {look_again: null}").outcome is Outcome.PASSED


def test_look_again_is_what_stands_after_the_plan_is_done() -> None:
    rule = on_tag("tiny.a", RemoveTags(frozenset("a")), again=timedelta(hours=1))
    text = (
        "opened: {by: carla, tags: [a]}\nexpect: {violations: [tiny.a], update: {remove_tags: [a]}, look_again: null}"
    )
    assert one(text, rule).outcome is Outcome.PASSED


def test_plan_that_does_not_converge_fails_whatever_is_expected_of_the_first() -> None:
    rules = on_tag("tiny.a", SetStatus("pending")), on_tag("tiny.b", AddFollowers(frozenset({BRYAN})))
    chase = on_tag("tiny.a", RemoveTags(frozenset({"a"})), AddTags(frozenset({"b"})))
    text = "opened: {by: carla, tags: a}\nexpect: {violations: tiny.a, update: {remove_tags: a, add_tags: b}}"
    assert one(text, chase, rules[1]).differences == (
        Difference("converges", "true", "another look plans followers: Bryan"),
    )
    assert one(text.replace("expect: {", "expect: {converges: false, "), chase, rules[1]).outcome is Outcome.PASSED
    assert failing("converges: false", opened="by: carla, tags: a") == (
        Difference("converges", "false", "another look plans none"),
    )


@pytest.mark.parametrize(
    ("action", "words"),
    [
        (Note("violation.group", {}), "note: 'O grupo é"),
        (Reply("violation.group", {}), "reply: '"),
        (SetStatus("pending"), "status: pending"),
        (new_ticket()[0], "a new ticket for Carla Souza"),
    ],
)
def test_what_another_look_would_plan_is_said(action: object, words: str) -> None:
    chase = on_tag("tiny.a", RemoveTags(frozenset({"a"})), AddTags(frozenset({"b"})))
    text = "opened: {by: carla, tags: a}\nexpect: {violations: tiny.a, update: {remove_tags: a, add_tags: b}}"
    assert words in one(text, chase, on_tag("tiny.b", action)).differences[0].found


def test_conflict_is_said_where_a_scenario_fails() -> None:
    rules = on_tag("tiny.a", SetStatus("open")), on_tag("tiny.b", SetStatus("pending"))
    result = one("opened: {by: carla, tags: [a, b]}", *rules)
    assert result.said[-1] == ("tiny.a and tiny.b", "want different values of status: neither is written")


def test_modes() -> None:
    rules = (
        on_tag("tiny.a", RemoveTags(frozenset({"a"})), mode=Mode.AUDIT),
        on_tag("tiny.b", RemoveTags(frozenset({"b"})), mode=Mode.OFF),
    )
    opened = "opened: {by: carla, tags: [a, b]}\n"

    def passes(text: str, modes: str = "") -> bool:
        found = results(tiny_pack(*rules), modes + scenario(opened + text))
        return found[0].outcome is Outcome.PASSED

    assert passes("expect: {violations: [tiny.a]}")
    assert passes("modes: enforce\nexpect: {violations: [tiny.a], update: {remove_tags: [a]}}")
    assert passes("expect: {violations: [tiny.a], update: {remove_tags: [a]}}", "modes: enforce\n")
    assert passes("modes: audit\nexpect: {violations: [tiny.a]}", "modes: enforce\n")
    assert passes("modes: off\n")
    assert passes("modes: {tiny.b: audit}\nexpect: {violations: [tiny.a, tiny.b], update: {remove_tags: [a]}}")
    assert passes(
        "modes: {tiny.b: enforce, tiny.a: warn}\nexpect: {violations: [tiny.a, tiny.b], update: {remove_tags: [b]}, notes: 1}"
    )


def test_todo_must_fail_and_counts_apart() -> None:
    text = "todo: not yet\nopened: {by: carla}\nexpect: {notes: %d}"
    later, done = one(text % 1), one(text % 0)
    assert (later.outcome, later.todo, later.is_failure) == (Outcome.TODO, "not yet", False)
    assert (done.outcome, done.is_failure) == (Outcome.DONE, True)


def test_only_some_scenarios_by_name() -> None:
    text = "scenarios:\n  - {name: First one, opened: {by: carla}}\n  - {name: second, opened: {by: carla}}\n"
    assert [result.name for result in results(tiny_pack(), text, "FIRST")] == ["First one"]
    assert [result.line for result in results(tiny_pack(), text)] == [7, 8]


def test_new_ticket_is_seen_by_another_look() -> None:
    class OpensOnce(Rule):
        def check(self, seen: Snapshot) -> Verdict:
            if any(ticket.external_id == "ronda:1:2" for ticket in seen.requester_tickets):
                return on_tag("tiny.x").check(seen)
            return on_tag("tiny.a", *new_ticket()[:1]).check(seen)

    expect = "expect: {violations: [tiny.a], new_ticket: {requester: carla}}"
    rule = OpensOnce(id="tiny.a", mode=Mode.ENFORCE)
    assert one(f"opened: {{by: carla, tags: [a]}}\n{expect}", rule).outcome is Outcome.PASSED
