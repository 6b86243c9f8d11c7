"""One delivery's way in: read, verify, parse, have it written down, answer."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from webhooks.counts import Counts
from webhooks.errors import BodyTooLarge, BodyTooSlow, DeliveryRefused, InvalidSignature, UnreadableBody
from webhooks.events import NothingToLookAt, TicketEvent, parse
from webhooks.signature import PUBLIC_TEST_SECRET, Delivery, claimed_invocation, verify

log = structlog.get_logger(__name__)

ACCEPTED = JSONResponse({"delivery": "accepted"})
OLD = JSONResponse({"delivery": "accepted", "note": "signed long ago"})
REPLAYED = JSONResponse({"delivery": "seen before"})
NOTHING_TO_LOOK_AT = JSONResponse({"delivery": "accepted", "note": "names no ticket, nothing to look at"})
TEST = JSONResponse({"delivery": "accepted", "note": "signed with the public test secret, nothing is looked at"})
NOT_STORED = JSONResponse({"delivery": "not stored", "note": "send it again"}, 409)

STATUS: dict[type[DeliveryRefused], int] = {
    UnreadableBody: 400,
    InvalidSignature: 401,
    BodyTooSlow: 408,
    BodyTooLarge: 413,
}


class Ask(Protocol):
    """Write down that a ticket wants a look, and why.

    Returns after the durable commit: True, or False if this ``delivery`` (an invocation id, None if unknown) had been
    written down before and asks for nothing new. Any exception means that it is not stored. Cancelled when the time is
    up: whether it is stored then does not matter, as Zendesk sends it again.
    """

    async def __call__(self, event: TicketEvent, delivery: str | None) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Intake:
    """What deliveries meet. Building it raises ValueError if a secret is missing, empty or public.

    ``secrets``: the webhook's signing secrets, the current one first; two while one is being rotated.
    ``now``: UTC, on the clock that Zendesk signs by.
    ``test_mode``: answer 200 to what Zendesk signs with its public test secret; nothing is looked at.
    ``old_after``: seconds after which a delivery is counted as old. It is looked at like any other.
    ``body_limit``: bytes. ``time_limit``: seconds for reading and storing together; Zendesk gives up after 10.
    """

    secrets: Sequence[str] = field(repr=False)
    ask: Ask
    now: Callable[[], datetime]
    counts: Counts
    test_mode: bool = False
    old_after: float = 300.0
    body_limit: int = 1_000_000
    time_limit: float = 8.0

    def __post_init__(self) -> None:
        if isinstance(self.secrets, str) or not self.secrets or not all(self.secrets):
            raise ValueError("a signing secret is missing or empty: Admin Center shows it on the webhook's page")
        if PUBLIC_TEST_SECRET in self.secrets:
            raise ValueError("Zendesk's public test secret is known to all: switch test_mode on to accept it")

    async def receive(self, request: Request) -> Response:
        """Answer a delivery. The answer is the last thing that happens to it here."""
        deadline = asyncio.get_running_loop().time() + self.time_limit
        try:
            body = await _read(request, self.body_limit, deadline)
            delivery = self._verify(body, request)
            event = parse(body)
        except DeliveryRefused as refused:
            answer = _refusal(refused, claimed_invocation(request.scope["headers"]))
        else:
            answer = await self._answer(event, delivery, deadline)
        self.counts.answers[answer.status_code] += 1
        return answer

    def _verify(self, body: bytes, request: Request) -> Delivery:
        tried = [*self.secrets, PUBLIC_TEST_SECRET] if self.test_mode else self.secrets
        delivery = verify(body, request.scope["headers"], tried)
        self.counts.last_verified_at = self.now()
        self.counts.by_second_secret += 0 < delivery.signer < len(self.secrets)
        return delivery

    async def _answer(self, event: TicketEvent | NothingToLookAt, delivery: Delivery, deadline: float) -> Response:
        if delivery.signer == len(self.secrets):
            self.counts.tests += 1
            return TEST
        if isinstance(event, NothingToLookAt):
            self.counts.without_ticket += 1
            log.info("delivery.nothing_to_look_at", kind=event.kind, invocation=delivery.invocation_id)
            return NOTHING_TO_LOOK_AT
        return await self._store(event, delivery, deadline)

    async def _store(self, event: TicketEvent, delivery: Delivery, deadline: float) -> Response:
        invocation = delivery.invocation_id
        try:
            async with asyncio.timeout_at(deadline):
                is_new = await self.ask(event, invocation)
        except Exception:  # whatever it is, Zendesk shall send it again
            log.exception("delivery.not_stored", ticket=event.ticket_id, invocation=invocation)
            return NOT_STORED
        if not is_new:
            self.counts.replayed += 1
            return REPLAYED
        if delivery.age(self.now()) > self.old_after:
            self.counts.old += 1
            return OLD
        return ACCEPTED


async def _read(request: Request, limit: int, deadline: float) -> bytes:
    """The body, counted as it comes: Content-Length is what the sender says, and may be missing."""
    too_large = BodyTooLarge(f"larger than {limit} bytes")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared[:20]) > limit:
        raise too_large
    body = bytearray()
    try:
        async with asyncio.timeout_at(deadline):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise too_large
    except TimeoutError:
        raise BodyTooSlow("the body did not come in time") from None
    except ClientDisconnect:
        raise BodyTooSlow("the sender hung up before the end of the body") from None
    return bytes(body)


def _refusal(refused: DeliveryRefused, invocation: str) -> Response:
    fact = type(refused).__name__
    log.warning("delivery.refused", fact=fact, reason=refused.reason, invocation=invocation)
    return JSONResponse({"delivery": "refused", "fact": fact, "reason": refused.reason}, STATUS[type(refused)])
