"""What rounds read of a helpdesk: the same by the twin and by Zendesk's adapter."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta

import pytest

from rules.snapshot import Need, Snapshot
from rules.ticket import Audit
from tests.contract.gateway_desks import DESKS, SITE, HelpdeskUnderTest

HISTORY = frozenset({Need.HISTORY})
EVER = datetime(2000, 1, 1, tzinfo=UTC)
ANNA = "Anna Reis"


@pytest.fixture(params=sorted(DESKS))
def desk(request: pytest.FixtureRequest) -> Iterator[HelpdeskUnderTest]:
    with DESKS[request.param]() as desk:
        yield desk


def read(desk: HelpdeskUnderTest, number: int) -> Snapshot:
    seen = desk.gateway.fetch(number, HISTORY)
    assert isinstance(seen, Snapshot)
    return seen


def test_changed_tickets_are_told_as_a_look_reads_them(desk: HelpdeskUnderTest) -> None:
    number = desk.opened(group=SITE, assignee=ANNA, tags=["um"])
    desk.advance(120)

    page = desk.gateway.changed(EVER)

    assert page.tickets == (read(desk, number).ticket,)
    assert page.tickets[0].requester.organization == "Loja Azul"
    assert (page.is_last, page.gone) == (True, frozenset())


def test_a_cursor_leads_to_what_changed_after_it_and_to_nothing_else(desk: HelpdeskUnderTest) -> None:
    number = desk.opened()
    desk.advance(120)
    first = desk.gateway.changed(EVER)

    nothing = desk.gateway.changed(EVER, first.cursor)
    desk.edit(number, ANNA, group=SITE)
    desk.advance(120)
    more = desk.gateway.changed(EVER, nothing.cursor)

    assert nothing.tickets == ()
    assert [(ticket.id, ticket.group) for ticket in more.tickets] == [(number, SITE)]


def test_tickets_are_read_by_their_numbers_those_that_are_there(desk: HelpdeskUnderTest) -> None:
    number = desk.opened()

    assert list(desk.gateway.tickets([number, 999_999])) == [read(desk, number).ticket]


def test_what_is_read_around_a_ticket_is_what_a_look_reads(desk: HelpdeskUnderTest) -> None:
    number = desk.opened(group=SITE, assignee=ANNA, status="pending")
    desk.advance(5)
    desk.edit(number, "Bruno Sá", note="E então?")
    seen = read(desk, number)

    around = desk.gateway.around(seen.ticket, HISTORY)

    assert (around.ticket, around.history, around.people) == (seen.ticket, seen.history, seen.people)
    assert desk.gateway.around(seen.ticket, frozenset()).history == ()
    assert desk.gateway.around(seen.ticket, HISTORY, seen.history[:1]).history == seen.history[:1]


def test_the_events_tell_who_changed_what_and_which_comments_were_public(desk: HelpdeskUnderTest) -> None:
    number = desk.opened(group=SITE, assignee=ANNA)
    desk.advance(60)
    desk.edit(number, ANNA, note="Vou ver.", status="solved", tags=["x"], fields={"standby_reason": "waiting-it"})
    desk.advance(120)

    page = desk.gateway.events(EVER)

    def outline(history: Iterable[Audit]) -> list[object]:
        return [
            (
                audit.at,
                audit.author,
                {(change.field, change.before, change.after) for change in audit.changes if change.field in KNOWN},
                None if audit.comment is None else (audit.comment.author, audit.comment.public),
            )
            for audit in history
        ]

    assert {ticket for ticket, _ in page.audits} == {number}
    assert outline([audit for _, audit in page.audits]) == outline(read(desk, number).history)
    assert all(audit.comment is None or audit.comment.text == "" for _, audit in page.audits)
    assert (page.unclear, page.is_last) == (frozenset(), True)


KNOWN = ("group", "assignee", "status", "tags", "priority", "standby_reason")


def test_tickets_are_counted_about(desk: HelpdeskUnderTest) -> None:
    number = desk.opened(group=SITE, assignee=ANNA)
    desk.edit(number, ANNA, status="solved")
    changed_at = read(desk, number).ticket.updated_at
    desk.advance(1800)

    assert desk.gateway.count(EVER) == 1
    assert desk.gateway.count(EVER, unsolved=True) == 0
    assert desk.gateway.count(changed_at + timedelta(minutes=1)) == 0


def test_it_says_how_fast_it_may_be_read(desk: HelpdeskUnderTest) -> None:
    pace = desk.gateway.pace()
    assert 0 < pace.exports < pace.audits <= pace.general
