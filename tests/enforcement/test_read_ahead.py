"""Histories that were read before their turn: which of them still hold."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from enforcement.read_ahead import Ahead, history_of, read_ahead
from integration.gateway import TicketNotFound
from rules.snapshot import Snapshot
from rules.ticket import Ticket
from tests.enforcement.desk import wrong

SEEN = wrong().seen()
SEEN = replace(SEEN, as_of=SEEN.ticket.updated_at + timedelta(hours=1))


def ahead_of(read: Callable[[Ticket], Snapshot]) -> Ahead:
    with ThreadPoolExecutor(1) as readers:
        return read_ahead([SEEN.ticket], read, readers)


def test_a_history_holds_while_the_ticket_is_as_it_was_and_is_given_once() -> None:
    ahead = ahead_of(lambda _: SEEN)

    assert history_of(SEEN.ticket, ahead) == SEEN.history
    assert history_of(SEEN.ticket, ahead) is None


@pytest.mark.parametrize("after", [timedelta(seconds=1), timedelta(hours=2)])
def test_what_happened_since_makes_it_worthless(after: timedelta) -> None:
    changed = replace(SEEN.ticket, updated_at=SEEN.ticket.updated_at + after)

    assert history_of(changed, ahead_of(lambda _: SEEN)) is None


def test_what_was_read_within_the_minute_of_a_change_may_not_be_all_of_it() -> None:
    fresh = replace(SEEN, as_of=SEEN.ticket.updated_at + timedelta(seconds=59))

    assert history_of(SEEN.ticket, ahead_of(lambda _: fresh)) is None


def test_what_could_not_be_read_is_not_there() -> None:
    def gone(ticket: Ticket) -> Snapshot:
        raise TicketNotFound(ticket.id)

    assert history_of(SEEN.ticket, ahead_of(gone)) is None
