"""The control API at `/emulator`: what no Zendesk has. It needs no login; the emulator listens on the loopback only."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from emulator.behaviours.acting import Act, ActError, find_user
from emulator.behaviours.faults import Fault
from emulator.behaviours.ticket_events import TICKET_EVENTS
from emulator.clock import parse_time, stamp
from emulator.desk_file import DeskError, parse_desk
from emulator.http import Answer, created, no_content, ok, read_body, respond
from emulator.json_text import read_json
from emulator.model import Token
from emulator.refusals import Refusal
from emulator.routes.webhooks import attempt_json, invocation_json, rotate_secret
from emulator.shapes.history import audit_json
from emulator.shapes.tickets import ticket_json
from emulator.switches import Switches
from emulator.zendesk import Zendesk

LATEST = 4_102_444_800  # 2100

Control = Callable[[Zendesk, Request, bytes], Awaitable[Answer]]


class ClockSetting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    at: str | None = None
    until: str | None = None
    advance: float | None = None
    running: bool | None = None


class LatencySetting(BaseModel):
    model_config = ConfigDict(extra="forbid")

    milliseconds: float


class EventWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    ticket: int
    type: str
    event: dict[str, Any] = {}


class TokenWish(BaseModel):
    model_config = ConfigDict(extra="forbid")

    user: str | int
    scope: str = "read write"
    expires_in: float | None = None


def _wrong(status: int, text: str) -> Refusal:
    return Refusal(status, {"error": text})


def _document(content: bytes) -> dict[str, Any]:
    try:
        document = read_json(content or b"{}")
    except ValueError as error:
        raise _wrong(400, f"not JSON: {error}") from error
    if not isinstance(document, dict):
        raise _wrong(400, "the body must be a JSON object")
    return document


async def overview(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    account = zendesk.account
    return ok(
        {
            "emulator": "Zendesk",
            "subdomain": account.subdomain,
            "address": account.address,
            "time": stamp(zendesk.clock.now()),
            "tickets": len(account.tickets),
            "people": len(account.users),
            "webhooks": len(account.webhooks),
            "deliveries_pending": zendesk.deliveries.pending,
            "control": sorted({route.path for route in routes}),
        }
    )


def possible_time(at: float) -> float:
    """The time, if it can be written as one. Raises ValueError and OverflowError."""
    if not 0 <= at < LATEST:
        raise ValueError(at)
    return at


def clock_json(zendesk: Zendesk) -> Answer:
    now = zendesk.clock.now()
    return ok({"now": stamp(now), "seconds": now, "running": zendesk.clock.running, "moves": zendesk.clock.moves})


async def clock(zendesk: Zendesk, request: Request, _content: bytes) -> Answer:
    """With `after=MOVES`, answers once the clock was moved again, or after a real second."""
    after = request.query_params.get("after", "")
    if after.isascii() and after.isdigit():
        await zendesk.clock.moved(int(after[:12]), 1.0)
    return clock_json(zendesk)


async def set_clock(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    """`{"at": ISO time, "until": ISO time, "advance": seconds, "running": bool}`, each optional, in this order.

    `until` never moves the clock back: several may wait for a moment on a clock that stands still.
    """
    wanted = ClockSetting.model_validate(_document(content))
    if wanted.running is False:
        zendesk.clock.stop()
    try:
        if wanted.at is not None:
            zendesk.set_time(possible_time(parse_time(wanted.at)))
        if wanted.until is not None:
            zendesk.set_time(max(possible_time(parse_time(wanted.until)), zendesk.clock.now()))
        if wanted.advance is not None:
            zendesk.set_time(possible_time(zendesk.clock.now() + wanted.advance))
    except (ValueError, OverflowError) as error:
        raise _wrong(422, f"not a time: {error}") from error
    if wanted.running:
        zendesk.clock.start()
    return clock_json(zendesk)


async def traffic(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    return ok(zendesk.traffic.shown())


async def reset_traffic(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    zendesk.traffic.reset()
    return no_content()


async def latency(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    return ok({"milliseconds": zendesk.latency * 1000})


async def set_latency(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    zendesk.latency = max(0.0, LatencySetting.model_validate(_document(content)).milliseconds / 1000)
    return ok({"milliseconds": zendesk.latency * 1000})


async def act(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    """Somebody on the desk does something; see `Act`."""
    written = zendesk.act(Act.model_validate(_document(content)))
    if written is None:
        return ok({"ticket": None, "audit": None})
    account = zendesk.account
    return ok({"ticket": ticket_json(account, written.ticket), "audit": audit_json(account, written.audit)})


async def tell_event(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    """Send an event of any type for a ticket, as if it had happened."""
    wish = EventWish.model_validate(_document(content))
    type_ = f"zen:event-type:ticket.{wish.type.rpartition('.')[2]}"
    ticket = zendesk.account.tickets.get(wish.ticket)
    if ticket is None:
        raise _wrong(422, f"there is no ticket {wish.ticket}")
    if type_ not in TICKET_EVENTS:
        raise _wrong(422, f"there is no event type {wish.type!r}")
    zendesk.deliveries.tell_event(ticket, type_, wish.event)
    return no_content()


async def faults(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    waiting = zendesk.faults.waiting.items()
    return ok({"faults": [{"id": number} | fault.model_dump(exclude_none=True) for number, fault in waiting]})


async def add_fault(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    document = _document(content)
    seed = document.pop("seed", None)
    if isinstance(seed, int):
        zendesk.faults.seed(seed)
    fault = Fault.model_validate(document)
    if fault.act is not None:
        Act.model_validate(fault.act)
    return created({"id": zendesk.faults.add(fault)})


async def clear_faults(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    zendesk.faults.clear()
    return no_content()


async def remove_fault(zendesk: Zendesk, request: Request, _content: bytes) -> Answer:
    zendesk.faults.remove(request.path_params["fault_id"])
    return no_content()


async def switches(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    return ok({"switches": zendesk.account.switches.model_dump()})


async def set_switches(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    current = zendesk.account.switches
    changed = Switches.model_validate(current.model_dump() | _document(content))
    for name in Switches.model_fields:
        setattr(current, name, getattr(changed, name))
    return ok({"switches": current.model_dump()})


async def deliveries(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    """Every invocation with its attempts, oldest first."""
    rows = [
        invocation_json(each)
        | {"webhook_id": each.webhook_id, "attempts": [attempt_json(one) for one in each.attempts]}
        for each in zendesk.account.invocations.values()
    ]
    return ok({"deliveries": rows, "pending": zendesk.deliveries.pending})


async def idle(zendesk: Zendesk, request: Request, _content: bytes) -> Answer:
    """Answers once no delivery is under way, or after `timeout` real seconds (5)."""
    try:
        timeout = float(request.query_params.get("timeout", "5"))
    except ValueError as error:
        raise _wrong(422, "timeout must be a number of seconds") from error
    deadline = asyncio.get_running_loop().time() + timeout
    while zendesk.deliveries.pending and asyncio.get_running_loop().time() < deadline:
        await asyncio.sleep(0.002)
    return ok({"pending": zendesk.deliveries.pending})


async def mails(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    return ok({"mails": [asdict(mail) | {"at": stamp(mail.at)} for mail in zendesk.account.mails]})


async def mint(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    """An OAuth token of anyone on the desk."""
    wanted = TokenWish.model_validate(_document(content))
    user = find_user(zendesk.account, wanted.user)
    value, now = secrets.token_hex(32), zendesk.clock.now()
    ends = None if wanted.expires_in is None else now + wanted.expires_in
    zendesk.account.tokens[value] = Token(value, user.id, tuple(wanted.scope.split()), ends)
    return created({"access_token": value, "user_id": user.id})


async def expire_tokens(zendesk: Zendesk, _request: Request, _content: bytes) -> Answer:
    """Every OAuth token ends now."""
    zendesk.account.tokens.clear()
    return no_content()


async def set_scopes(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    """`{"remove": "write"}`: take scopes away from all tokens that were granted."""
    removed = str(_document(content).get("remove", "")).split()
    for token in zendesk.account.tokens.values():
        token.scopes = tuple(scope for scope in token.scopes if scope not in removed)
    return no_content()


async def rotate(zendesk: Zendesk, request: Request, _content: bytes) -> Answer:
    webhook = zendesk.account.webhooks.get(request.path_params["webhook_id"])
    if webhook is None:
        raise _wrong(404, "there is no such webhook")
    rotate_secret(zendesk.account, webhook)
    return ok({"secret": webhook.secret})


async def reset(zendesk: Zendesk, _request: Request, content: bytes) -> Answer:
    """Begin anew, with the desk in the body (YAML or JSON) or with the same one."""
    desk = parse_desk(content.decode(errors="replace"), "body") if content.strip() else zendesk.desk
    await zendesk.reset(desk)
    return no_content()


def _route(method: str, path: str, control: Control) -> Route:
    async def serve(request: Request) -> Response:
        zendesk: Zendesk = request.app.state.zendesk
        try:
            answer = await control(zendesk, request, await read_body(request))
            if method != "GET":
                zendesk.save()
        except Refusal as refusal:
            answer = Answer(refusal.status, refusal.body)
        except ValidationError as error:
            found = [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()]
            answer = Answer(422, {"error": "; ".join(found)})
        except (ActError, DeskError) as error:
            answer = Answer(422, {"error": str(error)})
        return respond(answer, zendesk.clock.now())

    return Route(path, serve, methods=[method], name=f"{method} {path}")


routes = [
    _route("GET", "/emulator", overview),
    _route("GET", "/emulator/clock", clock),
    _route("POST", "/emulator/clock", set_clock),
    _route("GET", "/emulator/requests", traffic),
    _route("DELETE", "/emulator/requests", reset_traffic),
    _route("GET", "/emulator/latency", latency),
    _route("POST", "/emulator/latency", set_latency),
    _route("POST", "/emulator/act", act),
    _route("POST", "/emulator/events", tell_event),
    _route("GET", "/emulator/faults", faults),
    _route("POST", "/emulator/faults", add_fault),
    _route("DELETE", "/emulator/faults", clear_faults),
    _route("DELETE", "/emulator/faults/{fault_id:int}", remove_fault),
    _route("GET", "/emulator/switches", switches),
    _route("POST", "/emulator/switches", set_switches),
    _route("GET", "/emulator/deliveries", deliveries),
    _route("GET", "/emulator/idle", idle),
    _route("GET", "/emulator/mails", mails),
    _route("POST", "/emulator/tokens", mint),
    _route("DELETE", "/emulator/tokens", expire_tokens),
    _route("POST", "/emulator/scopes", set_scopes),
    _route("POST", "/emulator/webhooks/{webhook_id}/rotate", rotate),
    _route("POST", "/emulator/reset", reset),
]
