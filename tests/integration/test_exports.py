"""Listing every unsolved ticket of an account whose answers pytest-httpx gives."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from pytest_httpx import HTTPXMock

from integration.gateway import UnreadableAnswer
from integration.zendesk import ZendeskGateway
from tests.integration.answers import ORIGIN, ticket
from tests.integration.conftest import MovedClock

SEARCH = f"{ORIGIN}/api/v2/search/export?query={quote('status<solved')}&filter%5Btype%5D=ticket&page%5Bsize%5D=100"

pytestmark = pytest.mark.usefixtures("account")


def changed_lately(clock: MovedClock, httpx_mock: HTTPXMock, *tickets: dict[str, Any]) -> None:
    start = int((clock.now() - timedelta(minutes=15)).timestamp())
    httpx_mock.add_response(
        url=f"{ORIGIN}/api/v2/incremental/tickets/cursor?start_time={start}&per_page=1000",
        json={"tickets": list(tickets), "after_cursor": None, "end_of_stream": True},
    )


def test_pages_are_followed_and_what_changed_lately_is_told_as_it_is(
    gateway: ZendeskGateway, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    now = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    changed_lately(
        clock,
        httpx_mock,
        ticket(id=1, status="hold", updated_at=now),
        ticket(id=2, status="solved", updated_at=now),
        ticket(id=3, status="deleted", updated_at=now),
    )
    first = {"results": [ticket(id=1, status="open"), ticket(id=2, status="open"), ticket(id=4, status="open")]}
    httpx_mock.add_response(url=SEARCH, json=first | {"meta": {"has_more": True, "after_cursor": "c1"}})
    httpx_mock.add_response(url=f"{SEARCH}&page%5Bafter%5D=c1", json={"results": [ticket(id=4), ticket(id=5)]})

    found = {each.id: each.status for each in gateway.unsolved()}

    assert sorted(found) == [1, 4, 5]
    assert found[1] == "hold"


def test_an_export_that_says_more_and_leads_nowhere_is_unreadable(
    gateway: ZendeskGateway, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    changed_lately(clock, httpx_mock)
    httpx_mock.add_response(url=SEARCH, json={"results": [], "meta": {"has_more": True}})

    with pytest.raises(UnreadableAnswer):
        list(gateway.unsolved())


@pytest.mark.parametrize("cursor", [None, "c1"])
def test_changes_that_say_more_and_lead_nowhere_are_unreadable(
    cursor: str | None, gateway: ZendeskGateway, clock: MovedClock, httpx_mock: HTTPXMock
) -> None:
    start = int((clock.now() - timedelta(hours=1)).timestamp())
    export = f"{ORIGIN}/api/v2/incremental/tickets/cursor"
    stuck: dict[str, Any] = {"tickets": [], "after_cursor": cursor, "end_of_stream": False}
    httpx_mock.add_response(url=f"{export}?start_time={start}&per_page=1000", json=stuck)
    httpx_mock.add_response(url=f"{export}?cursor=c1&per_page=1000", json=stuck, is_optional=True)

    with pytest.raises(UnreadableAnswer, match="no way to it"):
        list(gateway.updated_since(clock.now() - timedelta(hours=1)))
