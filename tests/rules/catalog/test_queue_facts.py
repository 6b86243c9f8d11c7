"""What rounds keep of a ticket is JSON, and says the same as the ticket itself."""

import json
from datetime import timedelta

import pytest

from rules.business_hours import Schedule
from rules.queue import Queue, QueueRule
from rules.surroundings import OFFICE_HOURS
from tests.rules.catalog.test_first_in_first_out import answered, shipping, told
from tests.rules.commerce import asked, shipped
from tests.rules.tools import DAY, HOUR, MINUTE, OPENED

TICKETS = (
    told(1, shipping()),
    told(2, answered(HOUR), MINUTE),
    told(3, answered(2 * HOUR, priority="high"), 2 * MINUTE),
)


@pytest.mark.parametrize("name", ["first-in-first-out", "answer-time"])
@pytest.mark.parametrize("hours", [OFFICE_HOURS])
def test_facts_that_were_written_and_read_give_the_same_report(name: str, hours: Schedule) -> None:
    rule = shipped(name)
    assert isinstance(rule, QueueRule)
    kept = [json.loads(json.dumps(rule.facts(seen))) for seen in TICKETS]

    as_of = OPENED + 9 * DAY + timedelta(seconds=1)
    again = rule.report_of(reversed(kept), as_of, hours)

    assert again.values == rule.report(Queue(TICKETS, as_of, hours)).values


def test_ticket_that_never_was_in_a_queue_leaves_no_facts_of_it() -> None:
    rule = shipped("first-in-first-out")
    assert isinstance(rule, QueueRule)
    assert rule.facts(told(4, asked(group="Vendas"))) is None
