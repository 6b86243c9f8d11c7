"""What every route of the API shares: credentials, scopes, limits, faults, latency, counting, answers."""

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.account import Account
from emulator.behaviours.acting import Act, ActError
from emulator.behaviours.authentication import Caller, authenticate, check_scope
from emulator.behaviours.faults import Fault
from emulator.json_text import read_json, write_json
from emulator.model import Json, User
from emulator.refusals import Refusal
from emulator.zendesk import Call as Noted
from emulator.zendesk import Zendesk

LARGEST_BODY = 50 * 1024 * 1024
LARGEST_ID = 2**63


@dataclass(slots=True)
class Answer:
    status: int
    body: Json = None
    headers: dict[str, str] = field(default_factory=dict)
    content: bytes | None = None  # instead of JSON
    media_type: str = "application/json; charset=utf-8"


def ok(body: Json) -> Answer:
    return Answer(200, body)


def created(body: Json, location: str | None = None) -> Answer:
    return Answer(201, body, {} if location is None else {"Location": location})


def no_content() -> Answer:
    return Answer(204)


class Call:
    """One request as a handler sees it."""

    def __init__(self, zendesk: Zendesk, request: Request, content: bytes, caller: Caller | None) -> None:
        self.zendesk = zendesk
        self.request = request
        self.content = content
        self.caller = caller

    @property
    def account(self) -> Account:
        return self.zendesk.account

    @property
    def user(self) -> User:
        """The authenticated user. Raises Refusal (401) if there is none."""
        if self.caller is None:
            raise Refusal.unauthenticated()
        return self.caller.user

    @property
    def query(self) -> Mapping[str, str]:
        return self.request.query_params

    def path(self, name: str) -> Any:
        return self.request.path_params[name]

    def json(self) -> dict[str, Json]:
        """The body as a JSON object. Raises Refusal (400)."""
        try:
            body = read_json(self.content or b"{}")
        except ValueError as error:
            raise Refusal.unreadable() from error
        if not isinstance(body, dict):
            raise Refusal.unreadable("The body must be a JSON object")
        return body

    def document(self, name: str) -> dict[str, Json]:
        """The object under `name`, such as `ticket`. Raises Refusal (400)."""
        document = self.json().get(name)
        if not isinstance(document, dict):
            raise Refusal.missing_parameter(name)
        return document

    def number(self, name: str, default: int, most: int | None = None) -> int:
        """A number of the query, at least 1. Raises Refusal (400)."""
        text = self.query.get(name)
        if text is None:
            return default
        if not text.isascii() or not text.isdecimal() or int(text[:19]) < 1:
            raise Refusal.malformed("Invalid parameter", f"{name} must be a positive integer")
        number = int(text[:19])
        return number if most is None else min(number, most)

    def ids(self, name: str = "ids") -> list[int]:
        """A list such as `1,2,3`, at most 100. Raises Refusal (400)."""
        words = [word.strip() for word in self.query.get(name, "").split(",") if word.strip()]
        if len(words) > 100:
            raise Refusal(400, {"error": "TooManyValues", "description": "Exceeded the 100 ids limit"})
        if not all(word.isascii() and word.isdecimal() for word in words):
            raise Refusal.malformed("Invalid parameter", f"{name} must be a list of ids")
        return [int(word[:19]) for word in words]


Handler = Callable[[Call], Answer]


def api(
    method: str,
    path: str,
    handler: Handler,
    scope: str | None,
    *,
    who: str = "agent",
    bucket: str | None = None,
) -> Route:
    """A route of the API. `scope` is what an OAuth token needs (None: no login), `who` agent or admin."""

    route = path.replace(":int}", "}")

    async def serve(request: Request) -> Response:
        zendesk: Zendesk = request.app.state.zendesk
        began = time.perf_counter()
        zendesk.traffic.begin(method, route)
        if zendesk.latency:
            await asyncio.sleep(zendesk.latency)
        try:
            answer = await _answer(zendesk, request, handler, scope, who, bucket)
        except Refusal as refusal:
            plain = isinstance(refusal.body, str)
            content = refusal.body.encode() if plain else None
            answer = Answer(refusal.status, refusal.body, refusal.headers, content, "text/plain; charset=utf-8")
        milliseconds = round((time.perf_counter() - began) * 1000, 3)
        zendesk.traffic.note(Noted(zendesk.clock.now(), method, route, request.url.path, answer.status, milliseconds))
        return respond(answer, zendesk.clock.now())

    return Route(path, serve, methods=[method], name=f"{method} {path}")


async def _answer(
    zendesk: Zendesk, request: Request, handler: Handler, scope: str | None, who: str, bucket: str | None
) -> Answer:
    content = await read_body(request)
    faults = zendesk.faults.meet_request(request.method, request.url.path, request.path_params)
    for fault in faults:
        await _before(zendesk, request, fault)
    caller = _caller(zendesk, request, scope, who)
    user_id = None if caller is None else caller.user.id
    headers = {}
    if scope is not None:
        headers = zendesk.limits.take(bucket, user_id, request.path_params.get("ticket_id"))
    try:
        answer = handler(Call(zendesk, request, content, caller))
    except Refusal as refusal:
        refusal.headers = headers | refusal.headers
        raise
    answer.headers = headers | answer.headers
    if request.method != "GET":
        zendesk.save()
    for fault in faults:
        if fault.does == "time-out-after":
            await hold(request, fault.seconds)
    return answer


async def _before(zendesk: Zendesk, request: Request, fault: Fault) -> None:
    match fault.does:
        case "time-out-before":
            await hold(request, fault.seconds)
            raise Refusal(504, "Gateway Timeout")
        case "slow":
            await asyncio.sleep(fault.seconds)
        case "answer":
            raise zendesk.faults.refusal(fault)
        case "act":
            try:
                zendesk.act(Act.model_validate(fault.act))
            except ActError as error:
                raise Refusal(500, {"error": "BadFault", "description": str(error)}) from error


def _caller(zendesk: Zendesk, request: Request, scope: str | None, who: str) -> Caller | None:
    """Who calls, if they may. Raises Refusal (401, 403)."""
    authorization = request.headers.get("Authorization")
    if scope is None:
        return None
    caller = authenticate(zendesk.account, authorization)
    if caller is None:
        raise Refusal.unauthenticated()
    check_scope(caller, scope)
    if (who == "agent" and not caller.user.is_staff) or (who == "admin" and caller.user.role != "admin"):
        raise Refusal.forbidden()
    return caller


async def read_body(request: Request) -> bytes:
    """The whole body. Raises Refusal (413)."""
    content = bytearray()
    try:
        async for chunk in request.stream():
            content += chunk
            if len(content) > LARGEST_BODY:
                raise Refusal(413, {"error": "RequestEntityTooLarge", "description": "The body is too large"})
    except ClientDisconnect as error:
        raise Refusal(400, {"error": "ClientDisconnect", "description": "The client left"}) from error
    return bytes(content)


async def hold(request: Request, seconds: float) -> None:
    """Say nothing for so many real seconds, or until the client leaves."""

    async def client_left() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    try:
        await asyncio.wait_for(client_left(), seconds)
    except TimeoutError:
        return


def respond(answer: Answer, now: float) -> Response:
    """The HTTP response; its Date is the emulator's time."""
    headers = {
        "Date": formatdate(now, usegmt=True),
        "Cache-Control": "max-age=0, private, must-revalidate",
        "X-Request-Id": str(uuid.uuid4()),
        "X-Zendesk-API-Version": "v2",
    }
    headers |= answer.headers
    if answer.status == 204:
        return Response(status_code=204, headers=headers)
    if answer.content is not None:
        return Response(answer.content, answer.status, headers, answer.media_type)
    return Response(write_json(answer.body), answer.status, headers, "application/json; charset=utf-8")
