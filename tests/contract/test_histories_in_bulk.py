"""What counts of a solved ticket is the same by the event export and by its own audits, on an invented desk."""

from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime

import pytest

import emulator
from emulator.generator import built_in_desk, last_midnight
from emulator.server import fill
from enforcement.audit import EVER, counted_by
from enforcement.clock import SystemClock
from integration.auth import OAuthClient
from integration.gateway import PackNames
from integration.zendesk import ZendeskGateway, connect
from ronda.packs import load_pack
from rules.snapshot import Need
from rules.ticket import Audit

PACK = load_pack("commerce")
CLOCK = SystemClock()
TICKETS = 120


@pytest.fixture(scope="module")
def gateway() -> Iterator[ZendeskGateway]:
    with emulator.serve(built_in_desk()) as served:
        fill(served.zendesk, TICKETS, 7, last_midnight())
        credentials = OAuthClient("ronda", "demo-only")
        names = PackNames(groups=frozenset(PACK.desk.groups), fields=frozenset(PACK.desk.fields))
        with closing(connect(served.url, credentials, names, now=CLOCK.now, sleep=CLOCK.sleep)) as gateway:
            yield gateway


def test_the_facts_of_a_solved_ticket_are_the_same_either_way(gateway: ZendeskGateway) -> None:
    histories: dict[int, list[Audit]] = defaultdict(list)
    page = gateway.events(EVER)
    assert page.is_last
    for number, audit in page.audits:
        histories[number].append(audit)
    now, compared = datetime.now(UTC), 0

    for ticket in gateway.changed(EVER).tickets:
        if not ticket.is_untouchable or ticket.id in page.unclear:
            continue
        whole = gateway.around(ticket, frozenset({Need.HISTORY}))
        told = gateway.around(ticket, frozenset(), tuple(histories[ticket.id]))
        for rule in counted_by(PACK.rules, ticket, now):
            compared += 1
            assert rule.takes(told) == rule.takes(whole)
            assert rule.facts(told) == rule.facts(whole)

    assert compared > TICKETS
