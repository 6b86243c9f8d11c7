"""One ticket explained from what can be read: the helpdesk, the ledger and the agenda."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import pytest

from enforcement.explain import Explanation, Records, explain_ticket
from enforcement.read_only import ReadOnlyGateway
from rules.explain import Doing
from rules.handbook import Paragraph
from rules.mode import Mode
from rules.verdict import DoesNotApply, Violates
from tests.enforcement.desk import GROUP, HOUR, NOW, TELLS, Desk, right, wrong
from tests.rules.tools import OPENED, PAULO

HANDBOOK = {"A1": Paragraph("A1", "The group", "First of all.")}


def why(desk: Desk, at: datetime | None = None, *, kept: bool = True, **more: Any) -> Explanation:
    values: Mapping[str, Any] = {"handbook": HANDBOOK, "ceiling": Mode.ENFORCE, **more}
    return explain_ticket(
        1,
        at,
        reading=ReadOnlyGateway(desk.helpdesk),
        pack=desk.watch.pack,
        records=Records(desk.ledger, desk.agenda) if kept else None,
        **values,
    )


def test_a_violated_rule_comes_with_its_paragraph(desk: Desk) -> None:
    desk.put(wrong())
    found = why(desk)

    assert isinstance(found.rules[0].verdict, Violates)
    assert found.rules[0].doing is Doing.ACTS
    assert found.paragraphs["desk.group"] == (HANDBOOK["A1"],)


def test_what_ronda_did_is_told_from_the_ledger(desk: Desk) -> None:
    desk.put(wrong())
    desk.look()

    assert [(action.field, action.before) for action in why(desk).actions] == [("group", "Suporte")]


def test_the_service_tells_when_it_looks_next(desk: Desk) -> None:
    desk.put(right())
    desk.agenda.ask(1, NOW + HOUR, "timer")

    assert why(desk).next_look == NOW + HOUR


def test_without_a_service_there_is_nothing_but_the_ticket(desk: Desk) -> None:
    desk.put(right())
    found = why(desk, kept=False)

    assert (found.actions, found.next_look) == ((), None)


def test_at_a_moment_the_ticket_is_as_it_was(desk: Desk) -> None:
    story = wrong().then(PAULO, group="Design / Website")
    desk.put(story)
    desk.agenda.ask(1, NOW + HOUR, "timer")
    found = why(desk, OPENED)

    assert isinstance(found.rules[0].verdict, Violates)
    assert (found.seen.as_of, found.actions, found.next_look) == (OPENED, (), None)


def test_before_the_opening_there_is_nothing_to_explain(desk: Desk) -> None:
    desk.put(right())

    with pytest.raises(ValueError, match="opened only at"):
        why(desk, OPENED - HOUR)


def test_one_rule_can_be_asked_for(open_desk: Callable[..., Desk]) -> None:
    desk = open_desk(GROUP, TELLS)
    desk.put(wrong())

    assert [each.rule.id for each in why(desk).of_rule("desk.tells").rules] == ["desk.tells"]
    with pytest.raises(KeyError):
        why(desk).of_rule("desk.nothing")


def test_a_ticket_of_others_is_told_by_the_condition_that_failed(desk: Desk) -> None:
    desk.put(wrong(tags=set()))

    assert why(desk).rules[0].verdict == DoesNotApply("addressed to the team")
