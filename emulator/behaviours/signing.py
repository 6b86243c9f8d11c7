"""Signs deliveries: base64(HMAC-SHA256(secret text, timestamp + body)) (WHVER)."""

import base64
import hashlib
import hmac

TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105  (Zendesk publishes it)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The value of X-Zendesk-Webhook-Signature. The secret is used as text, not decoded."""
    digest = hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()
    return base64.b64encode(digest).decode()
