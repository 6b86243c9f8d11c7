"""A gateway that cannot write."""

from datetime import timedelta

import pytest

from enforcement.read_only import ReadOnlyGateway
from integration.gateway import Unchanged
from integration.in_memory import InMemoryHelpdesk
from rules.plan import Update
from rules.snapshot import Need
from tests.enforcement.desk import HOUR, Desk, right, wrong
from tests.rules.tools import OPENED, PAULO


def test_it_reads_and_there_is_nothing_to_write_with(desk: Desk) -> None:
    desk.put(wrong())
    reading = ReadOnlyGateway(desk.helpdesk)

    assert reading.fetch(1, frozenset({Need.HISTORY})).ticket == desk.ticket
    assert not hasattr(reading, "apply")
    assert not hasattr(reading, "open_ticket")


def test_changed_tickets_are_told_once_by_their_latest_change(desk: Desk) -> None:
    desk.helpdesk.page = 1
    desk.put(wrong(), 1)
    desk.put(right(status="solved"), 2)
    desk.put(right(), 3)
    desk.helpdesk.edit(1, PAULO, Update(fields={"priority": "high"}))
    reading = ReadOnlyGateway(desk.helpdesk)

    assert reading.changed_since(OPENED) == {2: True, 3: False, 1: False}
    assert list(reading.changed_since(OPENED)) == [2, 3, 1]
    assert reading.changed_since(OPENED + HOUR - timedelta(minutes=30)) == {1: False}


def test_deleted_tickets_are_left_out(desk: Desk) -> None:
    desk.put(wrong(), 1)
    desk.put(right(), 2)
    desk.helpdesk.delete(1)

    assert ReadOnlyGateway(desk.helpdesk).changed_since(OPENED) == {2: False}


def test_an_answer_without_a_ticket_is_a_defect_of_the_gateways(desk: Desk) -> None:
    class NothingNew(InMemoryHelpdesk):
        def fetch(self, ticket_id: int, needs: frozenset[Need], *, unless: str = "") -> Unchanged:
            return Unchanged(ticket_id, OPENED)

    with pytest.raises(TypeError):
        ReadOnlyGateway(NothingNew(desk.clock.now)).fetch(1, frozenset())
