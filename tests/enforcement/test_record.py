"""What goes into the ledger of a look: names, ids and keys, and the same operation for the same update."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enforcement.ledger_rows import Outcome, Word
from enforcement.record import action_rows, new_ticket_row, operation_id, text_of, verdict_rows
from rules.actions import NewTicket
from rules.judge import Judged, Judgement, judge
from rules.plan import NewComment, Update
from rules.ticket import Value
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Exempt, Verdict, Violates
from tests.enforcement.desk import GROUP, MOVES, NOW, SECOND, right, wrong
from tests.rules.tools import CARLA, JENYFER, PAULO, TEAM

SEEN = wrong().seen()
SECRET = "o cliente disse um segredo"
REPLY = NewComment(public=True, text=SECRET, language="pt-BR")
WHOLE = Update(
    fields={"group": TEAM.group, "assignee": JENYFER, "order": None},
    add_tags=frozenset({"late"}),
    remove_tags=frozenset({"website"}),
    followers=frozenset({PAULO}),
    comment=REPLY,
    told=frozenset({"desk.tells:comment-10"}),
    rules=("desk.group",),
)


def test_each_change_of_an_update_is_a_row_with_before_and_after() -> None:
    rows = action_rows(SEEN, WHOLE, "op-1", NOW, Outcome.APPLIED)

    assert {row.field: (row.before, row.after) for row in rows} == {
        "group": ("Suporte", TEAM.group),
        "assignee": (None, "Jenyfer Lima"),
        "order": (None, None),
        "tags": ("website", "late"),
        "followers": ("", "Paulo Dias"),
        "reply": (None, "desk.tells:comment-10"),
    }
    assert {(row.ticket_id, row.operation, row.rules, row.at) for row in rows} == {(1, "op-1", ("desk.group",), NOW)}
    assert [row.field for row in rows if row.public] == ["reply"]


def test_what_a_comment_says_is_not_written_down() -> None:
    assert SECRET not in repr(action_rows(SEEN, WHOLE, "op-1", NOW, Outcome.APPLIED))


def test_an_internal_comment_is_a_note() -> None:
    update = Update(comment=replace(REPLY, public=False))
    assert [(row.field, row.public) for row in action_rows(SEEN, update, "op", NOW, Outcome.APPLIED)] == [
        ("note", False)
    ]


def test_a_new_ticket_is_a_row_of_the_ticket_it_came_from() -> None:
    judgement = judge([MOVES], right(by=CARLA).seen())
    (new,) = (cure for _, violation in judgement.violations for cure in violation.cures if isinstance(cure, NewTicket))

    row = new_ticket_row(judgement, new, 77, NOW)
    assert (row.ticket_id, row.after, row.rules, row.outcome) == (1, "77", ("desk.moves",), Outcome.APPLIED)
    refused = new_ticket_row(judgement, new, None, NOW, "requester")
    assert (refused.after, refused.outcome, refused.detail) == (None, Outcome.REFUSED, "requester")


def test_the_same_update_of_the_same_state_is_the_same_operation() -> None:
    assert operation_id(SEEN, WHOLE) == operation_id(wrong().seen(after=9 * SECOND), replace(WHOLE))


@pytest.mark.parametrize(
    "other",
    [
        replace(WHOLE, fields={"group": TEAM.group}),
        replace(WHOLE, add_tags=frozenset()),
        replace(WHOLE, remove_tags=frozenset()),
        replace(WHOLE, followers=frozenset({JENYFER})),
        replace(WHOLE, told=frozenset()),
        replace(WHOLE, comment=None),
        replace(WHOLE, comment=replace(REPLY, public=False)),
    ],
)
def test_another_update_is_another_operation(other: Update) -> None:
    assert operation_id(SEEN, other) != operation_id(SEEN, WHOLE)


def test_the_same_update_of_a_ticket_that_changed_is_another_operation() -> None:
    later = replace(SEEN, ticket=replace(SEEN.ticket, updated_at=SEEN.ticket.updated_at + SECOND))
    assert operation_id(later, WHOLE) != operation_id(SEEN, WHOLE)


@pytest.mark.parametrize(
    ("verdict", "word", "key"),
    [
        (Complies(), Word.COMPLIES, ""),
        (Violates("violation.group", {"found": "–"}), Word.VIOLATES, "violation.group"),
        (DoesNotApply("status"), Word.DOES_NOT_APPLY, "status"),
        (Exempt("ronda-exempt", until=NOW), Word.EXEMPT, "ronda-exempt"),
        (CouldNotTell("no history"), Word.COULD_NOT_TELL, "no history"),
    ],
)
def test_every_verdict_is_a_row(verdict: Verdict, word: Word, key: str) -> None:
    (row,) = verdict_rows(Judgement(SEEN, (Judged(GROUP, verdict),)))

    assert (row.ticket_id, row.rule, row.word, row.key) == (1, "desk.group", word, key)
    assert (row.cites, row.mode) == ("A1", "enforce")
    assert row.look_again_at == (NOW if isinstance(verdict, Exempt) else None)
    assert dict(row.found) == ({"found": "–"} if isinstance(verdict, Violates) else {})


@given(st.none() | st.text() | st.booleans() | st.integers() | st.frozensets(st.text()))
def test_every_value_of_a_field_has_a_text_and_null_has_none(value: Value) -> None:
    assert (text_of(value) is None) == (value is None)
