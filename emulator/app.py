"""Puts the routes of one emulated Zendesk together."""

import contextlib
import logging
from collections.abc import AsyncIterator

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from emulator.http import Answer, respond
from emulator.page import routes as page
from emulator.page.guard import OwnPagesOnly
from emulator.refusals import Refusal
from emulator.routes import (
    bulk,
    configuration,
    control,
    deletion,
    description,
    groups,
    history,
    incremental,
    oauth,
    redaction,
    requests,
    rules,
    search,
    tags,
    ticket_details,
    tickets,
    uploads,
    user_writing,
    users,
    webhooks,
)
from emulator.zendesk import Call, Zendesk

log = logging.getLogger(__name__)

RESOURCES = (
    tickets, history, redaction, ticket_details, requests, tags, bulk, deletion, uploads, users, user_writing, groups,
    configuration, oauth, webhooks, rules, search, incremental, control, description, page,
)  # fmt: skip


class WithoutSuffix:
    """Zendesk's paths may end in `.json`, and in a slash."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/v2/"):
            scope["path"] = scope["path"].removesuffix("/").removesuffix(".json")
        await self.app(scope, receive, send)


def create_app(zendesk: Zendesk) -> ASGIApp:
    """The ASGI application that answers as this Zendesk; deliveries start and stop with it."""

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        zendesk.start()
        try:
            yield
        finally:
            await zendesk.stop()

    async def unknown(request: Request, _error: Exception) -> Response:
        zendesk.traffic.begin(request.method, "unknown")
        path, now = request.url.path, zendesk.clock.now()
        zendesk.traffic.note(Call(now, request.method, "unknown", path, 404, milliseconds=0))
        refusal = Refusal.not_emulated(f"{request.method} {request.url.path}")
        return respond(Answer(refusal.status, refusal.body), zendesk.clock.now())

    async def broken(request: Request, error: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=error)
        body = {"error": "InternalError", "description": f"the emulator failed: {type(error).__name__}"}
        return respond(Answer(500, body), zendesk.clock.now())

    starlette = Starlette(
        routes=[route for resource in RESOURCES for route in resource.routes],
        lifespan=lifespan,
        exception_handlers={404: unknown, 405: unknown, 500: broken},
    )
    starlette.state.zendesk = zendesk
    return WithoutSuffix(OwnPagesOnly(starlette, zendesk))
