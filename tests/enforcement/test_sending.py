"""What is on its way counts: several workers together keep the limits, and what took long to read is judged again."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from enforcement.agenda import Next
from enforcement.brakes import Limits
from enforcement.look import OTHERS
from integration.in_memory import InMemoryHelpdesk
from rules.snapshot import Need
from tests.enforcement.desk import REPLIES, Desk, right
from tests.enforcement.test_promise import DUE, RULE, messages, sent_by_many_workers, waiting
from tests.rules.tools import CARLA

OpenDesk = Callable[..., Desk]


def test_a_limit_counts_what_another_worker_is_about_to_write(open_desk: OpenDesk) -> None:
    desk = open_desk(REPLIES, limits=Limits(public_messages=1))
    for number in (1, 2):
        desk.put(right(by=CARLA), number)
    meanwhile: list[Next | None] = []
    desk.helpdesk.before_update = lambda: meanwhile.append(desk.watch.look(desk.claim(2)))

    desk.look(1)

    assert meanwhile == [Next(desk.clock.now() + OTHERS, "event")]
    assert [stored.ticket_id for stored in desk.helpdesk.stored] == [1]
    assert desk.ledger.paused() is None  # the other update might have failed


def test_many_workers_at_once_keep_the_limit_of_public_messages(open_desk: OpenDesk) -> None:
    desk = open_desk(RULE, limits=Limits(public_messages=3))
    assert sent_by_many_workers(desk, tickets=12) == 3
    assert desk.ledger.paused() is not None


class Slow:
    """The desk's helpdesk, where a read with its history takes a while after the ticket itself was read."""

    def __init__(self, desk: Desk, takes: timedelta) -> None:
        self.helpdesk: InMemoryHelpdesk = desk.helpdesk
        self.clock = desk.clock
        self.takes = takes

    def __getattr__(self, name: str) -> Any:
        return getattr(self.helpdesk, name)

    def fetch(self, ticket_id: int, needs: frozenset[Need], *, unless: str = "") -> Any:
        seen = self.helpdesk.fetch(ticket_id, needs, unless=unless)
        self.clock.advance(self.takes)
        return seen


@pytest.mark.parametrize(("takes", "sent"), [(timedelta(seconds=10), True), (timedelta(seconds=25), False)])
def test_what_took_until_the_quiet_hours_to_read_waits_for_their_end(
    open_desk: OpenDesk, takes: timedelta, sent: bool
) -> None:
    evening = datetime.fromisoformat("2026-03-12T20:59:45Z")
    quiet = {"from": "21:00", "to": "08:00", "zone": "UTC"}
    desk = open_desk(RULE.model_validate({**RULE.model_dump(by_alias=True), "quiet": quiet}))
    desk.put(waiting())
    desk.clock.set(evening)
    assert evening > DUE
    desk.watch = replace(desk.watch, gateway=Slow(desk, takes))

    again = desk.watch.look(desk.claim())

    assert messages(desk) == ([evening + takes] if sent else [])
    assert again is not None
    assert sent or again.at == evening.replace(day=13, hour=8, minute=0, second=0)
