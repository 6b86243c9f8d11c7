"""Sends webhooks: both kinds, signed, with the documented retries, from tasks of the server's own loop."""

import asyncio
import base64
import logging
import uuid
from collections import defaultdict

import httpx

from emulator.account import Account, Written
from emulator.behaviours.breaker import Breaker
from emulator.behaviours.faults import Faults
from emulator.behaviours.signing import sign
from emulator.behaviours.ticket_events import MESSAGE_ADDED, Told, events_of, message_payload, payload
from emulator.clock import stamp
from emulator.json_text import write_json
from emulator.model import SYSTEM_USER, Attempt, Audit, Invocation, Json, Ticket, User, Webhook
from emulator.shapes.tickets import MESSAGING_CHANNELS

CONDITIONAL = "conditional_ticket_events"
CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "xml": "application/xml; charset=utf-8",
    "form_encoded": "application/x-www-form-urlencoded",
}
MOST_RETRIES = {"conflict": 3, "throttled": 3, "timeout": 5}
TRIAL_INVOCATIONS_A_MINUTE = 60
KEPT_INVOCATIONS = 10_000  # Zendesk keeps seven days; this bounds what a benchmark leaves behind

log = logging.getLogger(__name__)


def new_client() -> httpx.AsyncClient:
    """The client that deliveries go by; no proxy, no redirects, no credentials of the environment."""
    limits = httpx.Limits(max_connections=100, max_keepalive_connections=50)
    return httpx.AsyncClient(verify=httpx.create_ssl_context(trust_env=False), trust_env=False, limits=limits)


class Deliveries:
    """The sending half of webhooks. Everything it does runs in the loop in which `start` was awaited."""

    def __init__(self, account: Account, faults: Faults) -> None:
        self.account = account
        self.faults = faults
        self._client: httpx.AsyncClient | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._waiting: dict[asyncio.Task[None] | None, float] = {}
        self._breakers: defaultdict[str, Breaker] = defaultdict(Breaker)
        self._held: list[tuple[Webhook, str, bytes]] = []
        account.listeners.append(self.tell)
        account.message_listeners.append(self.tell_message)

    @property
    def pending(self) -> int:
        """Deliveries that are under way or wait for their next attempt."""
        return len(self._tasks)

    @property
    def waiting_until(self) -> list[float]:
        """When, by the emulator's clock, each of those goes on that are not under way."""
        return list(self._waiting.values())

    def start(self, client: httpx.AsyncClient) -> None:
        self._client = client

    async def stop(self) -> None:
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._client = None

    def tell(self, written: Written) -> None:
        """Send what this update has to tell to every webhook that wants it; returns at once."""
        if self._client is None:
            return
        active = [webhook for webhook in self.account.webhooks.values() if webhook.status == "active"]
        subscribed = [webhook for webhook in active if CONDITIONAL not in webhook.subscriptions]
        if subscribed:
            self._tell_events(written, events_of(self.account, written), subscribed)
        for webhook_id, body in written.calls:
            called = self.account.webhooks.get(webhook_id)
            if called is not None and called in active:
                self._plan(called, CONDITIONAL, body.encode())

    def tell_event(self, ticket: Ticket, type_: str, event: dict[str, Json]) -> None:
        """Send an event that nothing in the emulator causes by itself, such as an SLA that is changed."""
        audit = Audit(0, ticket.id, ticket.updated_at, SYSTEM_USER, ticket.via, ())
        active = [webhook for webhook in self.account.webhooks.values() if webhook.status == "active"]
        if self._client is not None:
            self._tell_events(Written(ticket, ticket, audit), [(type_, event)], active)

    def tell_message(self, ticket: Ticket, user: User, text: str) -> None:
        """Send what somebody said in a messaging conversation to the webhooks that subscribed to it."""
        if self._client is None or ticket.via.channel not in MESSAGING_CHANNELS:
            return
        for webhook in list(self.account.webhooks.values()):
            if webhook.status == "active" and MESSAGE_ADDED in webhook.subscriptions:
                self._plan(webhook, MESSAGE_ADDED, write_json(message_payload(self.account, ticket, user, text)))

    def _tell_events(self, written: Written, told: list[Told], webhooks: list[Webhook]) -> None:
        sequence = uuid.uuid4().hex.upper()[:26]
        for position, each in enumerate(told, start=1):
            wanting = [webhook for webhook in webhooks if each[0] in webhook.subscriptions]
            if wanting:
                body = write_json(payload(self.account, written, each, position, sequence))
                for webhook in wanting:
                    self._plan(webhook, each[0], body)

    def _plan(self, webhook: Webhook, event_type: str, body: bytes) -> None:
        """Let the faults say how often and how late, and whether behind the next one."""
        plan = self.faults.plan_delivery(webhook.id, event_type)
        if plan.hold:
            self._held.append((webhook, event_type, body))
            return
        for delay in plan.delays:
            self.send(webhook, event_type, body, delay)
        held, self._held = self._held, []
        for earlier in held:
            self.send(*earlier)

    def send(self, webhook: Webhook, event_type: str, body: bytes, delay: float = 0.0) -> Invocation:
        """Start one invocation: its attempts run in the background, after `delay` seconds of the emulator's clock."""
        invocation = Invocation(ulid(self.account), webhook.id, event_type, self.account.clock.now())
        self.account.invocations[invocation.id] = invocation
        while len(self.account.invocations) > KEPT_INVOCATIONS:
            del self.account.invocations[next(iter(self.account.invocations))]
        task = asyncio.get_running_loop().create_task(self._deliver(webhook, invocation, body, delay))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return invocation

    async def _deliver(self, webhook: Webhook, invocation: Invocation, body: bytes, delay: float) -> None:
        clock, switches = self.account.clock, self.account.switches
        if delay:
            await self._wait(delay)
        breaker = self._breakers[webhook.id]
        if breaker.is_open(clock.now()):
            invocation.status = "circuit broken"
        elif self.account.sandbox and self._sent_last_minute() > TRIAL_INVOCATIONS_A_MINUTE:
            invocation.status = "throttled"
        else:
            signed_at = stamp(clock.now())
            retries: defaultdict[str, int] = defaultdict(int)
            while True:
                if switches.retry_fresh_timestamp:
                    signed_at = stamp(clock.now())
                attempt, retry_after = await self._attempt(webhook, invocation, body, signed_at)
                invocation.attempts.append(attempt)
                invocation.status = attempt.status
                reason = retry_reason(attempt, retry_after, switches.retry_after_ceiling)
                if reason is None or retries[reason] >= MOST_RETRIES[reason]:
                    break
                retries[reason] += 1
                await self._wait(switches.retry_delay if retry_after is None else retry_after)
            breaker.record(clock.now(), failed=invocation.status != "success", switches=switches)
        invocation.completed_at = clock.now()
        log.info("webhook %s invocation %s: %s", webhook.id, invocation.id, invocation.status)

    async def _wait(self, seconds: float) -> None:
        clock, task = self.account.clock, asyncio.current_task()
        self._waiting[task] = until = clock.now() + seconds
        try:
            await clock.sleep_until(until)
        finally:
            del self._waiting[task]

    def _sent_last_minute(self) -> int:
        since = self.account.clock.now() - 60
        return sum(invocation.created_at > since for invocation in self.account.invocations.values())

    async def _attempt(
        self, webhook: Webhook, invocation: Invocation, body: bytes, signed_at: str
    ) -> tuple[Attempt, float | None]:
        clock, switches = self.account.clock, self.account.switches
        invocation_id = invocation.id
        if invocation.attempts and not switches.retry_same_invocation:
            invocation_id = ulid(self.account)
        content = body if webhook.http_method not in ("GET", "DELETE") else b""
        headers = self._headers(webhook, invocation_id, signed_at, content)
        status, payload_back, response = "failed", "", None
        client = self._client
        if client is None:
            raise asyncio.CancelledError
        try:
            # the limit is for the whole request, which httpx's own timeouts are not
            async with asyncio.timeout(switches.webhook_timeout):
                response = await client.request(
                    webhook.http_method, webhook.endpoint, content=content, headers=headers, timeout=None
                )
            status, payload_back = _outcome(response.status_code), response.text[:1000]
        except TimeoutError:
            status = "timeout"
        except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
            payload_back = type(error).__name__
        attempt = Attempt(
            id=ulid(self.account),
            status=status,
            completed_at=clock.now(),
            invocation_id=invocation_id,
            request_headers=headers,
            request_payload=content.decode(errors="replace"),
            response_status=None if response is None else response.status_code,
            response_payload=payload_back,
        )
        return attempt, None if response is None else _retry_after(response)

    def _headers(self, webhook: Webhook, invocation_id: str, signed_at: str, content: bytes) -> dict[str, str]:
        old = webhook.old_secret is not None and self.account.clock.now() < webhook.old_secret_until
        secret = webhook.old_secret if old and webhook.old_secret else webhook.secret
        headers = {
            "User-Agent": "Zendesk Webhook",
            "X-Zendesk-Account-Id": str(self.account.number),
            "X-Zendesk-Webhook-Id": webhook.id,
            "X-Zendesk-Webhook-Invocation-Id": invocation_id,
            "X-Zendesk-Webhook-Signature": sign(secret, signed_at, content),
            "X-Zendesk-Webhook-Signature-Timestamp": signed_at,
        }
        if content:
            headers["Content-Type"] = CONTENT_TYPES[webhook.request_format]
        return headers | (webhook.custom_headers or {}) | _authorization(webhook.authentication)


def _authorization(authentication: dict[str, Json] | None) -> dict[str, str]:
    """The header by which a webhook proves itself; what it may hold was checked when it was created."""
    if not authentication:
        return {}
    data = authentication["data"]
    match authentication["type"]:
        case "bearer_token":
            return {"Authorization": f"Bearer {data['token']}"}
        case "basic_auth":
            pair = base64.b64encode(f"{data['username']}:{data['password']}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case _:
            return {data["name"]: data["value"]}


def _outcome(status: int) -> str:
    if status < 300:
        return "success"
    if status in (429, 503):
        return "throttled"
    return "server error" if status >= 500 else "client error"


def _retry_after(response: httpx.Response) -> float | None:
    try:
        return float(response.headers.get("Retry-After", ""))
    except ValueError:
        return None


def retry_reason(attempt: Attempt, retry_after: float | None, ceiling: int) -> str | None:
    """Why an attempt is repeated: 409 always, 429 and 503 after a short Retry-After, a time-out; else None."""
    if attempt.status == "timeout":
        return "timeout"
    if attempt.response_status == 409:
        return "conflict"
    if attempt.response_status in (429, 503) and retry_after is not None and retry_after <= ceiling:
        return "throttled"
    return None


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(account: Account) -> str:
    """26 characters that begin with the time, like the ids of webhooks and invocations."""
    number = (int(account.clock.now() * 1000) << 80) | (uuid.uuid4().int >> 48)
    letters = ""
    for _ in range(26):
        number, digit = divmod(number, 32)
        letters = _CROCKFORD[digit] + letters
    return letters
