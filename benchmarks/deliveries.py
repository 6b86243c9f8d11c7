"""Webhook deliveries as Zendesk sends them: signed requests, ready to be written to a connection.

One action of a person on a ticket sends several events, each in a delivery of its own. The ids of invocations are
ULIDs: they begin with the time, so that those of one moment stand together in an index.
"""

import hmac
import json
import random
import time
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime

TICKETS = 5_000  # those of a busy desk that are not solved
EVENTS = ("status_changed", "agent_assignment_changed", "comment_added")  # of one action
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def signed_requests(host: str, secret: str, count: int, seed: int) -> Iterator[bytes]:
    """So many different deliveries, action after action on tickets at random: whole HTTP requests that keep their
    connection open."""
    rng = random.Random(seed)
    signed_at = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    ticket = 0
    for number in range(count):
        what = EVENTS[number % len(EVENTS)]
        ticket = rng.randint(1, TICKETS) if what == EVENTS[0] else ticket
        body = json.dumps(_event(rng, str(ticket), what, signed_at)).encode()
        signature = b64encode(hmac.digest(secret.encode(), signed_at.encode() + body, "sha256")).decode()
        head = (
            "POST /webhooks/zendesk HTTP/1.1",
            f"Host: {host}",
            "User-Agent: Zendesk Webhook",
            "Content-Type: application/json; charset=utf-8",
            f"Content-Length: {len(body)}",
            "X-Zendesk-Account-Id: 22129848",
            "X-Zendesk-Webhook-Id: 01GX0Y2BAQ2ABW1V1QTVPP8RNX",
            f"X-Zendesk-Webhook-Invocation-Id: {_ulid(rng)}",
            f"X-Zendesk-Webhook-Signature: {signature}",
            f"X-Zendesk-Webhook-Signature-Timestamp: {signed_at}",
        )
        yield "\r\n".join((*head, "", "")).encode() + body


def _event(rng: random.Random, ticket: str, what: str, at: str) -> dict[str, object]:
    """The shape of https://developer.zendesk.com/api-reference/webhooks/event-types/ticket-events"""
    detail = {
        "actor_id": str(rng.randint(10**12, 10**13)),
        "assignee_id": str(rng.randint(10**12, 10**13)),
        "brand_id": "14781190",
        "created_at": "2026-03-10T14:00:00Z",
        "custom_status": "15600475",
        "description": "O formulário do site não envia as mensagens. " * 4,
        "external_id": None,
        "form_id": "14781191",
        "group_id": str(rng.randint(10**12, 10**13)),
        "id": ticket,
        "is_public": True,
        "organization_id": None,
        "priority": "NORMAL",
        "requester_id": str(rng.randint(10**12, 10**13)),
        "status": "OPEN",
        "subject": "Formulário de contato",
        "submitter_id": str(rng.randint(10**12, 10**13)),
        "tags": ["website"],
        "type": "QUESTION",
        "updated_at": at,
        "via": {"channel": "web_service"},
    }
    return {
        "account_id": 22129848,
        "detail": detail,
        "event": {"current": "OPEN", "previous": "PENDING"},
        "id": f"{rng.getrandbits(128):032x}",
        "subject": f"zen:ticket:{ticket}",
        "time": at,
        "type": f"zen:event-type:ticket.{what}",
        "zendesk_event_version": "2022-11-06",
    }


def _ulid(rng: random.Random) -> str:
    number = (time.time_ns() // 1_000_000 << 80) | rng.getrandbits(80)
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))
