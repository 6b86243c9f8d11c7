"""Deliveries as Zendesk would send them: saved bodies and real signatures."""

import base64
import hashlib
import hmac
from datetime import UTC, datetime
from pathlib import Path

SECRET = "an invented secret of the website's webhook"
NOON = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
NOON_TEXT = "2026-11-21T12:00:00Z"

FIXTURES = Path(__file__).parent / "fixtures"


def saved(name: str) -> bytes:
    return (FIXTURES / f"{name}.json").read_bytes()


def signature(body: bytes, secret: str = SECRET, timestamp: str = NOON_TEXT) -> str:
    """Written a second time on purpose: the code under test does not sign its own tests."""
    mac = hmac.new(secret.encode("utf-8"), timestamp.encode("ascii") + body, hashlib.sha256)
    return base64.b64encode(mac.digest()).decode("ascii")


def signed(
    body: bytes, secret: str = SECRET, timestamp: str = NOON_TEXT, invocation: str = "01HINVOCATION1"
) -> dict[str, str]:
    return {
        "X-Zendesk-Account-Id": "111",
        "X-Zendesk-Webhook-Id": "01F1KRWEBSITE",
        "X-Zendesk-Webhook-Invocation-Id": invocation,
        "X-Zendesk-Webhook-Signature": signature(body, secret, timestamp),
        "X-Zendesk-Webhook-Signature-Timestamp": timestamp,
    }


def pairs(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as a server has them."""
    return [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
