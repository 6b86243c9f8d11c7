"""Who sent these bytes: the signature on every Zendesk delivery. Bytes and headers in, a value or an exception out.

Zendesk signs ``timestamp header + raw body`` with HMAC-SHA256 and sends it in base64. The key is the text of the
secret: it looks like base64 and is not decoded.
https://developer.zendesk.com/documentation/webhooks/verifying/
"""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest, digest

from webhooks.errors import InvalidSignature

# Anyone can read it in the manual: Zendesk signs with it when "Test webhook" is pressed before the webhook exists.
PUBLIC_TEST_SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="  # noqa: S105  # public by design

_SIGNATURE = b"x-zendesk-webhook-signature"
_TIMESTAMP = b"x-zendesk-webhook-signature-timestamp"
_INVOCATION = b"x-zendesk-webhook-invocation-id"

# Timestamp and body are signed without anything between them, so bytes could be moved from one to the other. No text
# of this form is the beginning of another one, therefore the signed bytes can be cut in one place only.
_UTC_SECOND = re.compile(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z")
_VISIBLE = re.compile(rb"[!-~]{1,128}")

Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A delivery whose sender knows a secret.

    ``invocation_id`` comes from a header the signature does not cover: good for spotting a repetition, no proof of
    anything. None if it is missing or no plain short text. ``signer`` is the place of the secret among those tried.
    """

    signed_at: datetime
    invocation_id: str | None
    signer: int

    def age(self, now: datetime) -> float:
        """Seconds from signing until ``now`` (UTC); negative if Zendesk's clock is ahead of ours."""
        return (now - self.signed_at).total_seconds()


def verify(body: bytes, headers: Headers, secrets: Sequence[str]) -> Delivery:
    """Tell which of the secrets signed this body: one of them, or two while one is being rotated.

    ``headers`` are name and value pairs as the server got them (the shape of ASGI), names in any case. How old a
    delivery may be is the caller's decision: see ``Delivery.age``.

    Raises InvalidSignature.
    """
    sent = _only(headers)
    timestamp, signature = sent.get(_TIMESTAMP), sent.get(_SIGNATURE)
    if timestamp is None:
        raise InvalidSignature("the header X-Zendesk-Webhook-Signature-Timestamp is missing")
    if signature is None:
        raise InvalidSignature("the header X-Zendesk-Webhook-Signature is missing")
    signed_at = _utc(timestamp)

    # All secrets are tried, each in constant time: the time taken says nothing about a secret.
    matches = [compare_digest(_sign(secret, timestamp + body), signature) for secret in secrets]
    if not any(matches):
        raise InvalidSignature("no secret of ours gives this signature: forged, altered on the way, or rotated")
    return Delivery(signed_at, _invocation_id(sent), matches.index(True))


def claimed_invocation(headers: Headers) -> str:
    """What an unverified sender says its invocation is, made safe for a log: visible ASCII, at most 64 characters."""
    said = next((value for name, value in headers if name.lower() == _INVOCATION), b"")
    return re.sub(rb"[^!-~]", b"?", said[:64]).decode("ascii")


def _sign(secret: str, message: bytes) -> bytes:
    return b64encode(digest(secret.encode(), message, "sha256"))


def _only(headers: Headers) -> dict[bytes, bytes]:
    """Our headers by name. One that comes twice has two meanings, and somebody may have chosen the second."""
    found: dict[bytes, bytes] = {}
    for name, value in headers:
        key = name.lower()
        if key in (_SIGNATURE, _TIMESTAMP, _INVOCATION):
            if key in found:
                raise InvalidSignature(f"the header {key.decode('ascii')} comes twice")
            found[key] = value
    return found


def _utc(timestamp: bytes) -> datetime:
    try:
        if _UTC_SECOND.fullmatch(timestamp):
            return datetime.fromisoformat(timestamp.decode("ascii"))
    except ValueError:  # a 13th month, a 61st second
        pass
    raise InvalidSignature("the signature's timestamp is not a UTC time such as 2026-11-21T12:00:00Z")


def _invocation_id(sent: dict[bytes, bytes]) -> str | None:
    said = sent.get(_INVOCATION, b"")
    return said.decode("ascii") if _VISIBLE.fullmatch(said) else None
