"""What the twin has beyond the port: hooks by which a test says what goes wrong at the next update."""

import pytest

from integration.gateway import OutcomeUnknown, RateLimited, TicketNotFound
from rules.plan import NewComment, Update
from rules.snapshot import Need, Snapshot
from tests.contract.gateway_desks import TwinDesk

HISTORY = frozenset({Need.HISTORY})
NOTE = Update(comment=NewComment(public=False, text="Nota", language="pt-BR"))


def read(desk: TwinDesk) -> Snapshot:
    seen = desk.gateway.fetch(desk.opened(), HISTORY)
    assert isinstance(seen, Snapshot)
    return seen


def test_a_failure_is_raised_once_and_nothing_is_stored() -> None:
    desk = TwinDesk()
    seen = read(desk)
    desk.helpdesk.fail_update = RateLimited("too fast", 3)

    with pytest.raises(RateLimited):
        desk.gateway.apply(seen, NOTE, "op-1")

    assert desk.helpdesk.stored == []
    assert len(desk.gateway.apply(seen, NOTE, "op-1").comments) == 2


def test_an_answer_can_be_lost_though_the_update_is_stored() -> None:
    desk = TwinDesk()
    seen = read(desk)
    desk.helpdesk.lose_answer = True

    with pytest.raises(OutcomeUnknown):
        desk.gateway.apply(seen, NOTE, "op-1")

    assert [(each.operation, each.update) for each in desk.helpdesk.stored] == [("op-1", NOTE)]


def test_an_update_that_changes_nothing_leaves_no_trace() -> None:
    desk = TwinDesk()
    seen = read(desk)
    desk.advance(5)

    after = desk.gateway.apply(seen, Update(add_tags=frozenset()), "op-1")

    assert after.ticket == seen.ticket
    assert after.history == seen.history


def test_a_deleted_ticket_is_gone() -> None:
    desk = TwinDesk()
    seen = read(desk)
    desk.helpdesk.delete(seen.ticket.id)

    with pytest.raises(TicketNotFound):
        desk.gateway.apply(seen, NOTE, "op-1")
