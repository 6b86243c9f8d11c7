"""An account that answers through pytest-httpx, and a clock on which waiting takes no time."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pytest_httpx import HTTPXMock

from integration.auth import ApiToken
from integration.gateway import PackNames
from integration.wire import Wire
from integration.zendesk import ZendeskGateway, connect
from tests.integration import answers
from tests.integration.answers import ORIGIN

TOKEN = ApiToken("ronda@acme.example", "t0ken")
NAMES = PackNames(
    groups=frozenset({"Design / Website"}), people=frozenset({"Anna Reis"}), fields=frozenset({"standby_reason"})
)


class MovedClock:
    """Time passes only by sleeping; ``slept`` holds each wait in seconds."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 21, 12, 0, 30, tzinfo=UTC)
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self.moment

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.moment += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def wire(clock: MovedClock) -> Iterator[Wire]:
    wire = Wire(ORIGIN, TOKEN, now=clock.now, sleep=clock.sleep)
    yield wire
    wire.close()


@pytest.fixture
def gateway(clock: MovedClock) -> Iterator[ZendeskGateway]:
    gateway = connect(ORIGIN, TOKEN, NAMES, now=clock.now, sleep=clock.sleep)
    yield gateway
    gateway.close()


@pytest.fixture
def account(httpx_mock: HTTPXMock) -> None:
    """The reference data that is read at start, whenever it is asked for."""
    answer_account(httpx_mock)


def answer_account(httpx_mock: HTTPXMock, **instead: Any) -> None:
    """Answer for the reference data; ``instead`` replaces a part by its name. A part that is None has no answer."""
    parts: dict[str, Any] = {
        "groups": answers.GROUPS,
        "group_memberships": answers.MEMBERSHIPS,
        "ticket_fields": answers.FIELDS,
        "custom_statuses": answers.STATUSES,
        "agents": answers.AGENTS,
        "admins": answers.ADMINS,
        "me": answers.ADMINS[0],
    } | instead
    add = _answering(httpx_mock)
    add("/api/v2/users/me", {"user": parts["me"]})
    add("/api/v2/groups.json?page[size]=100", page("groups", parts["groups"]))
    if parts["group_memberships"] is not None:
        add("/api/v2/group_memberships.json?page[size]=100", page("group_memberships", parts["group_memberships"]))
    add("/api/v2/users.json?role[]=agent&page[size]=100", page("users", parts["agents"]))
    add("/api/v2/users.json?role[]=admin&page[size]=100", page("users", parts["admins"]))
    add("/api/v2/ticket_fields.json", {"ticket_fields": parts["ticket_fields"]})
    add("/api/v2/custom_statuses.json", {"custom_statuses": parts["custom_statuses"]})
    for absent in ("brands", "ticket_forms"):
        httpx_mock.add_response(
            url=f"{ORIGIN}/api/v2/{absent}.json",
            status_code=404,
            json={"error": "InvalidEndpoint", "description": "Not found"},
            is_optional=True,
            is_reusable=True,
        )


def page(kind: str, values: list[dict[str, Any]]) -> dict[str, Any]:
    return {kind: values, "meta": {"has_more": False, "after_cursor": None}, "links": {"next": None}}


def _answering(httpx_mock: HTTPXMock) -> Callable[[str, dict[str, Any]], None]:
    def add(target: str, body: dict[str, Any]) -> None:
        httpx_mock.add_response(url=f"{ORIGIN}{target}", json=body, is_optional=True, is_reusable=True)

    return add
