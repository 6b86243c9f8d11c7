"""The routes of the page: forms that work without scripts, and answers that no other site can make use of."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from heapq import nlargest
from typing import Any, get_args
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from emulator.behaviours.acting import ActError
from emulator.behaviours.faults import Fault
from emulator.clock import parse_time, stamp
from emulator.http import read_body
from emulator.model import PRIORITIES, STATUSES, TYPES
from emulator.page import forms, views
from emulator.refusals import Refusal
from emulator.routes.control import possible_time
from emulator.shapes.tickets import CHAT_CHANNELS
from emulator.switches import Switches
from emulator.zendesk import Zendesk

ROWS = 50
CHANNELS = ("web", "email", "api", "chat", "native_messaging", "whatsapp", "voice", "mobile_sdk")
PROBLEMS = (ActError, Refusal, ValidationError, ValueError, OverflowError)


@cache
def _templates() -> Environment:
    environment = Environment(
        loader=PackageLoader("emulator"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["time"] = lambda at: "" if at is None else stamp(at)
    return environment


def _page(request: Request, name: str, status: int = 200, **values: Any) -> Response:
    """The template as a page that runs only our own script and cannot be framed."""
    zendesk: Zendesk = request.app.state.zendesk
    nonce = secrets.token_urlsafe(16)
    values = {
        "now": stamp(zendesk.clock.now()),
        "here": request.url.path,
        "account": zendesk.account,
        "nonce": nonce,
        "problem": None,
    } | values
    policy = (
        f"default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cache-Control": "no-store",
    }
    text = _templates().get_template(name).render(views=views, **values)
    return Response(text.encode("utf-8", "replace"), status, headers, "text/html; charset=utf-8")


def _explained(error: Exception) -> str:
    match error:
        case Refusal():
            return f"Zendesk would answer {error.status}: {error.body}"
        case ValidationError():
            return "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
    return str(error)


async def _said(request: Request) -> dict[str, str]:
    return forms.read_form(await read_body(request))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 1


async def tickets(request: Request) -> Response:
    account = request.app.state.zendesk.account
    query = request.query_params
    chosen = {name: query.get(name, "") for name in ("words", "status", "group")}
    page = max(1, _number(query.get("page", "1")))
    found = list(views.matching(account, **chosen))
    newest = nlargest(page * ROWS, found, key=lambda ticket: (ticket.generated_timestamp, ticket.id))
    rows = newest[(page - 1) * ROWS :]
    return _page(
        request, "tickets.html", rows=rows, chosen=chosen, page=page, count=len(found),
        more=page * ROWS < len(found), statuses=STATUSES,
    )  # fmt: skip


async def new_ticket(request: Request) -> Response:
    zendesk: Zendesk = request.app.state.zendesk
    form = await _said(request) if request.method == "POST" else {}
    problem = None
    if request.method == "POST":
        try:
            written = zendesk.act(forms.opening(form))
            zendesk.save()
        except PROBLEMS as error:
            problem = _explained(error)
        else:
            number = max(zendesk.account.tickets) if written is None else written.ticket.id
            return _to(f"/agent/tickets/{number}", form.get("by", ""))
    return _page(request, "new.html", 422 if problem else 200, said=form.get, problem=problem, channels=CHANNELS)


async def ticket(request: Request) -> Response:
    zendesk: Zendesk = request.app.state.zendesk
    account = zendesk.account
    number = request.path_params["ticket_id"]
    found = account.tickets.get(number)
    if found is None or found.scrubbed:
        return _page(request, "missing.html", 404, what=f"ticket {number}")
    form, problem = {"by": request.query_params.get("as", "")}, None
    if request.method == "POST":
        form = await _said(request)
        try:
            zendesk.act(forms.act_on(account, found, form))
            zendesk.save()
        except PROBLEMS as error:
            problem = _explained(error)
        else:
            return _to(f"/agent/tickets/{number}", form.get("by", ""))
    return _page(
        request, "ticket.html", 422 if problem else 200, ticket=account.tickets[number], said=form.get, problem=problem,
        entries=views.history(account, account.tickets[number]), values=forms.current_values(account, found),
        fields=account.custom_fields(), is_chat=found.via.channel in CHAT_CHANNELS, statuses=STATUSES,
        priorities=PRIORITIES, types=TYPES,
    )  # fmt: skip


def _to(path: str, who: str) -> Response:
    """See the result; 303, so that a reload does not act again."""
    return RedirectResponse(f"{path}?as={quote(who)}" if who else path, 303)


async def deliveries(request: Request) -> Response:
    zendesk: Zendesk = request.app.state.zendesk
    rows = list(zendesk.account.invocations.values())[: -4 * ROWS - 1 : -1]
    count = len(zendesk.account.invocations)
    return _page(request, "deliveries.html", rows=rows, count=count, pending=zendesk.deliveries.pending)


async def delivery(request: Request) -> Response:
    account = request.app.state.zendesk.account
    found = account.invocations.get(request.path_params["invocation_id"])
    if found is None:
        return _page(request, "missing.html", 404, what="such delivery")
    return _page(request, "delivery.html", invocation=found, webhook=account.webhooks.get(found.webhook_id))


async def mails(request: Request) -> Response:
    return _page(request, "mails.html", rows=request.app.state.zendesk.account.mails[: -4 * ROWS - 1 : -1])


async def control(request: Request, problem: str | None = None) -> Response:
    zendesk: Zendesk = request.app.state.zendesk
    kinds = get_args(Fault.model_fields["does"].annotation)
    options = {name: get_args(each.annotation) for name, each in Switches.model_fields.items()}
    return _page(
        request, "control.html", 422 if problem else 200, problem=problem, zendesk=zendesk, kinds=kinds,
        switches=Switches.model_fields, options=options, counts=sorted(zendesk.traffic.counts.items()),
    )  # fmt: skip


def _ordered(order: Callable[[Zendesk, dict[str, str]], None]) -> Callable[[Request], Any]:
    """A route for a form of the control page."""

    async def route(request: Request) -> Response:
        try:
            order(request.app.state.zendesk, await _said(request))
            request.app.state.zendesk.save()
        except PROBLEMS as error:
            return await control(request, _explained(error))
        return RedirectResponse("/agent/control", 303)

    return route


def _set_clock(zendesk: Zendesk, form: dict[str, str]) -> None:
    if form.get("hours", "").strip():
        zendesk.set_time(possible_time(zendesk.clock.now() + float(form["hours"]) * 3600))
    if form.get("at", "").strip():
        zendesk.set_time(possible_time(parse_time(form["at"])))
    if form.get("to_now"):
        zendesk.set_time(datetime.now(UTC).timestamp())
    if form.get("running") in ("yes", "no"):
        (zendesk.clock.start if form["running"] == "yes" else zendesk.clock.stop)()


def _change_faults(zendesk: Zendesk, form: dict[str, str]) -> None:
    if form.get("clear"):
        zendesk.faults.clear()
    else:
        zendesk.faults.add(forms.fault(form))


def _change_switches(zendesk: Zendesk, form: dict[str, str]) -> None:
    changed = forms.switches(form, zendesk.account.switches)
    for name in Switches.model_fields:
        setattr(zendesk.account.switches, name, getattr(changed, name))


def _set_latency(zendesk: Zendesk, form: dict[str, str]) -> None:
    zendesk.latency = min(max(0.0, float(form.get("milliseconds") or 0) / 1000), 600.0)


routes = [
    Route("/", tickets, methods=["GET"]),
    Route("/agent/tickets/new", new_ticket, methods=["GET", "POST"]),
    Route("/agent/tickets/{ticket_id:int}", ticket, methods=["GET", "POST"]),
    Route("/agent/deliveries", deliveries, methods=["GET"]),
    Route("/agent/deliveries/{invocation_id}", delivery, methods=["GET"]),
    Route("/agent/mails", mails, methods=["GET"]),
    Route("/agent/control", control, methods=["GET"]),
    Route("/agent/control/clock", _ordered(_set_clock), methods=["POST"]),
    Route("/agent/control/faults", _ordered(_change_faults), methods=["POST"]),
    Route("/agent/control/switches", _ordered(_change_switches), methods=["POST"]),
    Route("/agent/control/latency", _ordered(_set_latency), methods=["POST"]),
]
