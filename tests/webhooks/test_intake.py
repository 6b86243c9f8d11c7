"""What deliveries are answered, through the real application, with real signatures and saved bodies."""

import asyncio
from collections.abc import AsyncIterator, Iterator, MutableMapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.webhooks.deliveries import NOON, SECRET, saved, signed
from webhooks.app import build_app
from webhooks.counts import Counts
from webhooks.events import TicketEvent
from webhooks.intake import Ask, Intake
from webhooks.signature import PUBLIC_TEST_SECRET

pytestmark = pytest.mark.anyio
BODY = saved("status_changed")
ACCEPTED = {"delivery": "accepted"}


@dataclass
class Memory:
    """The store's twin: what was asked, and which deliveries it knows."""

    asked: list[tuple[int, str | None]] = field(default_factory=list)
    events: list[TicketEvent] = field(default_factory=list)

    async def __call__(self, event: TicketEvent, delivery: str | None) -> bool:
        if delivery is not None and delivery in {known for _, known in self.asked}:
            return False
        self.asked.append((event.ticket_id, delivery))
        self.events.append(event)
        return True


class Desk:
    """An application that remembers, its clock at noon, and a client for it."""

    def __init__(self, ask: Ask | None = None, **settings: Any) -> None:
        self.store = Memory()
        self.counts = Counts()
        self.now = NOON
        self.app = build_app(
            Intake(secrets=settings.pop("secrets", [SECRET]), ask=ask or self.store, now=self.clock, counts=self.counts,
                   **settings),
            ready=list,
        )  # fmt: skip

    def clock(self) -> datetime:
        return self.now

    @asynccontextmanager
    async def client(self) -> AsyncIterator[httpx.AsyncClient]:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://ronda.example") as client:
            yield client

    async def send(
        self, body: Any = BODY, headers: dict[str, str] | None = None, method: str = "POST"
    ) -> httpx.Response:
        async with self.client() as client:
            given = signed(body) if headers is None else headers
            return await client.request(method, "/webhooks/zendesk", content=body, headers=given)


async def test_delivery_is_stored_and_accepted() -> None:
    desk = Desk()

    answer = await desk.send()

    assert (answer.status_code, answer.json()) == (200, ACCEPTED)
    assert desk.store.asked == [(40211, "01HINVOCATION1")]
    assert desk.counts == Counts(answers=desk.counts.answers, last_verified_at=NOON)
    assert desk.counts.answers == {200: 1}


@pytest.mark.parametrize("name", ["comment_added", "merged", "messaging_message_added", "trigger_made"])
async def test_saved_delivery_asks_for_a_look(name: str) -> None:
    desk = Desk()

    answer = await desk.send(saved(name))

    assert answer.status_code == 200
    assert len(desk.store.asked) == 1


async def test_hints_of_the_event_are_passed_on() -> None:
    desk = Desk()

    await desk.send()

    assert desk.store.events == [TicketEvent(40211, "ticket.status_changed", NOON - timedelta(seconds=2))]


async def test_answer_comes_after_the_commit() -> None:
    commit = asyncio.Event()

    async def ask(event: TicketEvent, delivery: str | None) -> bool:
        return await commit.wait()

    sending = asyncio.create_task(Desk(ask).send())
    for _ in range(50):
        await asyncio.sleep(0)
    assert not sending.done()

    commit.set()
    assert (await sending).status_code == 200


async def test_replayed_delivery_is_accepted_and_does_nothing() -> None:
    desk = Desk()
    await desk.send()

    answer = await desk.send()

    assert (answer.status_code, answer.json()) == (200, {"delivery": "seen before"})
    assert len(desk.store.asked) == 1
    assert desk.counts.replayed == 1


async def test_deliveries_without_an_invocation_id_are_all_stored() -> None:
    desk = Desk()
    headers = signed(BODY)
    del headers["X-Zendesk-Webhook-Invocation-Id"]

    await desk.send(headers=headers)
    await desk.send(headers=headers)

    assert desk.store.asked == [(40211, None), (40211, None)]


@pytest.mark.parametrize(("age", "old"), [(0, 0), (300, 0), (301, 1), (86_400, 1), (-60, 0)])
async def test_old_delivery_is_looked_at_and_counted(age: int, old: int) -> None:
    desk = Desk()
    desk.now = NOON + timedelta(seconds=age)

    answer = await desk.send()

    assert answer.status_code == 200
    assert answer.json()["delivery"] == "accepted"
    assert len(desk.store.asked) == 1
    assert desk.counts.old == old


@pytest.mark.parametrize("name", ["unknown_type", "user_event", "trigger_test_delivery"])
async def test_delivery_without_a_ticket_is_accepted_and_counted(name: str) -> None:
    desk = Desk()

    answer = await desk.send(saved(name))

    assert answer.status_code == 200
    assert desk.store.asked == []
    assert desk.counts.without_ticket == 1


async def test_forged_delivery_is_refused() -> None:
    desk = Desk()

    answer = await desk.send(headers=signed(BODY, "a guess"))

    assert answer.status_code == 401
    assert answer.json()["fact"] == "InvalidSignature"
    assert desk.store.asked == []
    assert desk.counts == Counts(answers=desk.counts.answers)
    assert desk.counts.answers == {401: 1}


async def test_unsigned_delivery_is_refused_before_it_is_read() -> None:
    answer = await Desk().send(b"not JSON", headers={})

    assert answer.status_code == 401


async def test_both_secrets_are_accepted_while_one_is_rotated() -> None:
    desk = Desk(secrets=["new", "old"])

    answers = [await desk.send(headers=signed(BODY, secret, invocation=secret)) for secret in ("new", "old")]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert desk.store.asked == [(40211, "new"), (40211, "old")]
    assert desk.counts.by_second_secret == 1


async def test_public_test_secret_is_refused() -> None:
    assert (await Desk().send(headers=signed(BODY, PUBLIC_TEST_SECRET))).status_code == 401


async def test_public_test_secret_in_test_mode_is_accepted_and_causes_no_look() -> None:
    desk = Desk(test_mode=True)

    answer = await desk.send(headers=signed(BODY, PUBLIC_TEST_SECRET))

    assert answer.status_code == 200
    assert desk.store.asked == []
    assert (desk.counts.tests, desk.counts.by_second_secret) == (1, 0)


async def test_test_mode_changes_nothing_for_real_deliveries() -> None:
    desk = Desk(test_mode=True)

    assert (await desk.send()).json() == ACCEPTED
    assert (await desk.send(headers=signed(BODY, "a guess"))).status_code == 401
    assert len(desk.store.asked) == 1


@pytest.mark.parametrize(
    "secrets", [[], [""], [SECRET, ""], [PUBLIC_TEST_SECRET], [SECRET, PUBLIC_TEST_SECRET], SECRET]
)
async def test_secret_that_protects_nothing_stops_the_start(secrets: Any) -> None:
    with pytest.raises(ValueError, match="secret"):
        Desk(secrets=secrets)


async def test_intake_does_not_show_its_secrets() -> None:
    assert SECRET not in repr(Intake(secrets=[SECRET], ask=Memory(), now=lambda: NOON, counts=Counts()))


@pytest.mark.parametrize("name", ["missing_key", "trigger_with_broken_json"])
async def test_unreadable_delivery_says_what_is_wrong_and_not_what_was_sent(name: str) -> None:
    desk = Desk()

    answer = await desk.send(saved(name))

    assert answer.status_code == 400
    assert answer.json()["fact"] == "UnreadableBody"
    assert "Aurora" not in answer.text
    assert desk.store.asked == []


class TestTooLarge:
    limit = len(BODY)

    async def test_body_at_the_limit_is_accepted(self) -> None:
        assert (await Desk(body_limit=self.limit).send()).status_code == 200

    async def test_body_past_the_limit_is_refused(self) -> None:
        desk = Desk(body_limit=self.limit - 1)

        answer = await desk.send()

        assert (answer.status_code, answer.json()["fact"]) == (413, "BodyTooLarge")
        assert desk.store.asked == []

    async def test_declared_size_past_the_limit_is_refused_without_reading(self) -> None:
        nothing_comes: Iterator[dict[str, Any]] = iter([])

        assert await answer_to(Desk(), nothing_comes, {"Content-Length": "1000001"}) == 413

    @pytest.mark.parametrize(
        "headers", [{}, {"Content-Length": "1"}, {"Content-Length": "one"}, {"Content-Length": "²"}]
    )
    async def test_body_is_counted_as_it_comes_whatever_was_declared(self, headers: dict[str, str]) -> None:
        sent = 0

        def two_megabytes() -> Iterator[dict[str, Any]]:
            nonlocal sent
            while sent < 20:
                sent += 1
                yield {"type": "http.request", "body": b"x" * 100_000, "more_body": sent < 20}

        status = await answer_to(Desk(), two_megabytes(), headers)

        assert (status, sent) == (413, 11)


async def test_sender_that_stops_in_the_middle_is_not_waited_for() -> None:
    desk = Desk(time_limit=0.01)

    assert await answer_to(desk, iter([{"type": "http.request", "body": b"{", "more_body": True}])) == 408
    assert desk.counts.answers == {408: 1}


async def test_sender_that_hangs_up_in_the_middle_leaves_nothing() -> None:
    desk = Desk()

    await answer_to(
        desk, iter([{"type": "http.request", "body": BODY, "more_body": True}, {"type": "http.disconnect"}])
    )

    assert desk.counts.answers == {408: 1}
    assert desk.store.asked == []


@pytest.mark.parametrize("failure", [OSError("disk full"), RuntimeError("closed"), TimeoutError("busy")])
async def test_delivery_that_cannot_be_stored_is_asked_for_again(failure: Exception) -> None:
    async def ask(event: TicketEvent, delivery: str | None) -> bool:
        raise failure

    desk = Desk(ask)

    with capture_logs() as log:
        answer = await desk.send()

    assert answer.status_code == 409
    assert [(entry["event"], entry["ticket"], entry["invocation"]) for entry in log] == [
        ("delivery.not_stored", 40211, "01HINVOCATION1")
    ]
    assert desk.counts.answers == {409: 1}


async def test_store_that_takes_too_long_is_not_waited_for() -> None:
    ended = []

    async def ask(event: TicketEvent, delivery: str | None) -> bool:
        try:
            return await asyncio.Event().wait()
        finally:
            ended.append(event.ticket_id)

    answer = await Desk(ask, time_limit=0.01).send()

    assert answer.status_code == 409
    assert ended == [40211]


async def test_delivery_sent_again_after_a_failure_is_stored() -> None:
    working = Memory()
    failing = iter([True, False])

    async def ask(event: TicketEvent, delivery: str | None) -> bool:
        if next(failing):
            raise OSError
        return await working(event, delivery)

    desk = Desk(ask)

    assert [(await desk.send()).status_code for _ in range(2)] == [409, 200]
    assert working.asked == [(40211, "01HINVOCATION1")]


async def test_forged_delivery_is_logged_with_its_reason_and_never_its_body() -> None:
    body = saved("comment_added")
    headers = signed(body, "a guess", invocation="x\x1b[2J" + "y" * 500)

    with capture_logs() as log:
        await Desk().send(body, headers)

    [entry] = log
    assert entry["fact"] == "InvalidSignature"
    assert entry["reason"].startswith("no secret of ours gives this signature")
    assert entry["invocation"] == "x?[2J" + "y" * 59
    assert "cliente.example" not in repr(log)
    assert "Obrigada" not in repr(log)


@pytest.mark.parametrize("name", ["user_event", "missing_key", "trigger_with_broken_json", "trigger_made"])
async def test_log_holds_no_words_of_a_body(name: str) -> None:
    with capture_logs() as log:
        await Desk().send(saved(name))

    assert not any(word in repr(log) for word in ("example", "Aurora", "Bom dia", "Tamanho"))


async def answer_to(desk: Desk, messages: Iterator[dict[str, Any]], headers: dict[str, str] | None = None) -> int:
    """The status given to a sender that a proper client cannot play: it stops, hangs up or lies."""
    statuses = []

    async def receive() -> MutableMapping[str, Any]:
        for message in messages:
            return message
        return await asyncio.Future()

    async def send(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])

    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in (headers or {}).items()]
    scope = {"type": "http", "method": "POST", "path": "/webhooks/zendesk", "root_path": "", "query_string": b"",
             "scheme": "http", "http_version": "1.1", "headers": raw, "server": None, "client": None}  # fmt: skip
    await desk.app(scope, receive, send)
    [status] = statuses
    return int(status)
