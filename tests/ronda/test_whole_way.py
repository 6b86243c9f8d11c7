"""From webhook to cure with real processes: the service, an emulated Zendesk, and signed deliveries between them."""

import json
import math
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from enforcement.agenda import SPACING
from tests.ronda.running import WEBSITE, Service, Zendesk, service_on, wait_until
from tests.webhooks.deliveries import signed

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def service(served: Zendesk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """One service for all tests here: each works on a ticket of its own."""
    with service_on(served, tmp_path_factory.mktemp("service")) as service:
        yield service


def deliver(service: Service, ticket: int, invocation: str, *, age: float = 0.0, secret: str = "") -> httpx.Response:
    """Send what Zendesk would send about a ticket, by the webhook's secret unless another is given."""
    body = json.dumps({"ticket_id": str(ticket)}).encode()
    at = f"{datetime.now(UTC) - timedelta(seconds=age):%Y-%m-%dT%H:%M:%SZ}"
    headers = signed(body, secret or service.environment["RONDA_WEBHOOK_SECRET"], at, invocation)
    return httpx.post(f"{service.url}/webhooks/zendesk", content=body, headers=headers, trust_env=False)


def is_at_rest(service: Service, zendesk: Zendesk, ticket: int) -> bool:
    """No delivery is on its way, and two seconds passed since the last look: what was asked has been looked at."""
    looks = service.looks(ticket)
    pending = zendesk.control("GET", "idle?timeout=1")["pending"]
    return bool(looks) and not pending and datetime.now(UTC) - looks[0].at > timedelta(seconds=2.5)


@pytest.fixture(scope="module")
def at_rest(served: Zendesk, service: Service) -> list[int]:
    """Four tickets that were opened right and one that was opened wrong, when nothing happens to them any more."""
    tickets = [*(served.open_right() for _ in range(4)), served.open_wrong()]
    wait_until(lambda: all(is_at_rest(service, served, number) for number in tickets), "what was opened is looked at")
    return tickets


def test_a_ticket_that_is_opened_wrong_is_cured(served: Zendesk, service: Service) -> None:
    number = served.open_wrong()
    wait_until(lambda: served.is_right(number), "the ticket is cured")

    ticket = served.ticket(number)
    assert (ticket["group"], ticket["assignee"], ticket["status"]) == (WEBSITE, "Jenyfer Lima", "open")


def test_a_ticket_that_an_agent_breaks_is_cured(served: Zendesk, service: Service) -> None:
    number = served.open_right()
    served.act(number, by="rita", set={"assignee": None})
    wait_until(lambda: served.is_right(number), "the ticket is cured")

    assert len(served.updates(number)) == 1


def test_calls_are_few(served: Zendesk, at_rest: list[int]) -> None:
    """Two for a ticket that complies; three for one that does not, and one for the echo of our own update."""
    right, *_, wrong = at_rest

    assert served.calls(right) == [f"GET tickets/{right}", f"GET tickets/{right}/audits"]
    read = [f"GET tickets/{wrong}", f"GET tickets/{wrong}/audits"]
    assert served.calls(wrong) == [*read, f"PUT tickets/{wrong}", f"GET tickets/{wrong}"]


def test_twenty_events_in_one_second_cause_two_looks_at_most(
    served: Zendesk, service: Service, at_rest: list[int]
) -> None:
    number = at_rest[1]
    before = len(service.looks(number))
    began = time.monotonic()
    for each in range(20):
        assert deliver(service, number, f"burst-{each}").status_code == 200
        time.sleep(max(0.0, began + each * 0.05 - time.monotonic()))
    took = time.monotonic() - began
    wait_until(lambda: is_at_rest(service, served, number), "the burst is looked at")

    looks = len(service.looks(number)) - before
    assert 1 <= looks <= 1 + math.ceil(took / SPACING.total_seconds())  # two, unless this machine is very busy


def test_a_forged_delivery_is_refused_and_causes_nothing(served: Zendesk, service: Service, at_rest: list[int]) -> None:
    number = at_rest[2]
    before = len(service.looks(number))

    assert deliver(service, number, "forged", secret="a guess").status_code == 401
    assert deliver(service, number, "new").status_code == 200
    wait_until(lambda: is_at_rest(service, served, number) and len(service.looks(number)) > before, "one look")
    assert len(service.looks(number)) == before + 1


def test_an_old_delivery_is_looked_at_and_a_replayed_one_is_not(
    served: Zendesk, service: Service, at_rest: list[int]
) -> None:
    number = at_rest[3]
    before = len(service.looks(number))

    old = deliver(service, number, "backlog", age=7200)
    assert (old.status_code, old.json()["delivery"]) == (200, "accepted")
    wait_until(lambda: len(service.looks(number)) == before + 1, "the old delivery is looked at")

    again = deliver(service, number, "backlog", age=7200)
    assert (again.status_code, again.json()["delivery"]) == (200, "seen before")
    wait_until(lambda: is_at_rest(service, served, number), "nothing more happens")
    assert len(service.looks(number)) == before + 1


def test_logs_hold_neither_texts_nor_tokens(served: Zendesk, service: Service, tmp_path: Path) -> None:
    number = served.open(by="carla", channel="email", description="segredo do cliente", set={"tags": ["website"]})
    wait_until(lambda: served.is_right(number), "the ticket is cured")
    wait_until(lambda: f"ticket={number}" in service.log.read_text(), "the cure is logged")

    log = service.log.read_text()
    for secret in ("segredo", "O banner", "demo-only", service.environment["RONDA_WEBHOOK_SECRET"], "@"):
        assert secret not in log
