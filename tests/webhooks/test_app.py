"""The routes beside the deliveries' own."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from tests.webhooks.deliveries import NOON, SECRET, saved, signed
from webhooks.app import build_app
from webhooks.counts import Counts
from webhooks.events import TicketEvent
from webhooks.intake import Intake

pytestmark = pytest.mark.anyio


async def ask(event: TicketEvent, delivery: str | None) -> bool:
    return True


@pytest.fixture
def reasons() -> list[str]:
    return []


@pytest.fixture
async def client(reasons: Sequence[str]) -> AsyncIterator[httpx.AsyncClient]:
    app = build_app(
        Intake(secrets=[SECRET], ask=ask, now=lambda: NOON, counts=Counts()),
        ready=lambda: reasons,
        routes=[Route("/console", lambda _request: PlainTextResponse("rounds"))],
    )
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://ronda.example") as client:
        yield client


async def test_service_is_alive_even_when_it_is_not_ready(client: httpx.AsyncClient, reasons: list[str]) -> None:
    reasons.append("the agenda cannot be written")

    answer = await client.get("/healthz")

    assert (answer.status_code, answer.json()) == (200, {"alive": True})


async def test_service_is_ready_when_nothing_speaks_against_it(client: httpx.AsyncClient) -> None:
    answer = await client.get("/readyz")

    assert (answer.status_code, answer.json()) == (200, {"ready": True})


async def test_service_that_is_not_ready_says_why(client: httpx.AsyncClient, reasons: list[str]) -> None:
    reasons.append("the agenda cannot be written")

    answer = await client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json() == {"ready": False, "reasons": ["the agenda cannot be written"]}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
async def test_probes_may_use_head(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.head(path)).status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"])
async def test_deliveries_come_by_post_only(client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/webhooks/zendesk")

    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert answer.text in ('{"error":"Method Not Allowed"}', "")  # a HEAD has no body


@pytest.mark.parametrize("path", ["/", "/webhooks", "/webhooks/zendesk/", "/webhooks/zendesk/x"])
async def test_mistyped_address_is_not_found_and_not_redirected(client: httpx.AsyncClient, path: str) -> None:
    body = saved("status_changed")

    answer = await client.post(path, content=body, headers=signed(body))

    assert (answer.status_code, answer.json()) == (404, {"error": "Not Found"})


async def test_further_routes_are_answered_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/console")).text == "rounds"


async def test_what_the_service_starts_and_ends_runs_around_the_application() -> None:
    happened = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        happened.append("started")
        yield
        happened.append("ended")

    intake = Intake(secrets=[SECRET], ask=ask, now=lambda: NOON, counts=Counts())
    app = build_app(intake, ready=list, lifespan=lifespan)

    async with app.router.lifespan_context(app):
        assert happened == ["started"]
    assert happened == ["started", "ended"]


async def test_same_answer_can_be_given_again(client: httpx.AsyncClient) -> None:
    body = saved("status_changed")

    first, second = [await client.post("/webhooks/zendesk", content=body, headers=signed(body)) for _ in range(2)]

    assert (first.content, first.headers) == (second.content, second.headers)
