"""Only Zendesk's signature, over timestamp then body, lets a delivery in."""

import base64
import hashlib
import hmac
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webhooks.deliveries import NOON, NOON_TEXT, SECRET, pairs, saved, signature, signed
from webhooks.errors import InvalidSignature
from webhooks.signature import PUBLIC_TEST_SECRET, claimed_invocation, verify

PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a machine that is busy
BODY = saved("status_changed")

PUBLISHED = [
    (b'{"ticket_id":"35436","via":"Mail"}', "GYwVVbZy5U/Qdg7z7027YH3OlBqIIQVfLL0c66UD+jA="),
    (b"", "1XQ8JbRl2BZ78gCIzGc5I5ycjIo5L42fYld0VOhZK4w="),
    ('{"note":"привет @Иван"}'.encode(), "oEGydjalBbyl8KnQG0aG7YM7Tu03yJ0BVerzuFiB9Bc="),
]


@pytest.mark.parametrize(("body", "expected"), PUBLISHED)
def test_known_signature_is_accepted(body: bytes, expected: str) -> None:
    headers = pairs(signed(body) | {"X-Zendesk-Webhook-Signature": expected})

    delivery = verify(body, headers, [PUBLIC_TEST_SECRET])

    assert (delivery.signed_at, delivery.invocation_id, delivery.signer) == (NOON, "01HINVOCATION1", 0)


def test_signature_over_body_then_timestamp_is_refused() -> None:
    mac = hmac.new(SECRET.encode(), BODY + NOON_TEXT.encode(), hashlib.sha256).digest()
    headers = signed(BODY) | {"X-Zendesk-Webhook-Signature": base64.b64encode(mac).decode()}

    with pytest.raises(InvalidSignature, match="no secret of ours"):
        verify(BODY, pairs(headers), [SECRET])


def test_secret_is_not_decoded_from_base64() -> None:
    mac = hmac.new(base64.b64decode(PUBLIC_TEST_SECRET), NOON_TEXT.encode() + BODY, hashlib.sha256).digest()
    headers = signed(BODY) | {"X-Zendesk-Webhook-Signature": base64.b64encode(mac).decode()}

    with pytest.raises(InvalidSignature, match="no secret of ours"):
        verify(BODY, pairs(headers), [PUBLIC_TEST_SECRET])


@pytest.mark.parametrize(("signer", "place"), [("new", 0), ("old", 1)])
def test_both_secrets_are_accepted_while_one_is_rotated(signer: str, place: int) -> None:
    assert verify(BODY, pairs(signed(BODY, signer)), ["new", "old"]).signer == place


def test_third_secret_is_refused() -> None:
    with pytest.raises(InvalidSignature, match="no secret of ours"):
        verify(BODY, pairs(signed(BODY, "a guess")), ["new", "old"])


@pytest.mark.parametrize("name", ["X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Signature-Timestamp"])
def test_missing_header_is_named(name: str) -> None:
    headers = signed(BODY)
    del headers[name]

    with pytest.raises(InvalidSignature, match=f"the header {name} is missing"):
        verify(BODY, pairs(headers), [SECRET])


@pytest.mark.parametrize(
    "name",
    ["X-Zendesk-Webhook-Signature", "X-Zendesk-Webhook-Signature-Timestamp", "x-zendesk-webhook-invocation-ID"],
)
def test_header_that_comes_twice_is_refused(name: str) -> None:
    headers = pairs(signed(BODY))

    with pytest.raises(InvalidSignature, match="comes twice"):
        verify(BODY, [*headers, (name.encode(), b"again")], [SECRET])


@pytest.mark.parametrize(
    "timestamp",
    ["", "now", "1795262400", "2026-11-21", "2026-11-21T12:00:00", "2026-11-21T12:00:00+00:00",
     "2026-13-21T12:00:00Z", "0000-11-21T12:00:00Z", "2026-11-21T12:00:00Z ", "2026-11-21T12:00:00Z\n"],
)  # fmt: skip
def test_timestamp_of_another_form_is_refused_though_signed(timestamp: str) -> None:
    with pytest.raises(InvalidSignature, match="not a UTC time"):
        verify(BODY, pairs(signed(BODY, timestamp=timestamp)), [SECRET])


def test_fractions_of_a_second_are_accepted() -> None:
    delivery = verify(BODY, pairs(signed(BODY, timestamp="2026-11-21T12:00:00.123456789Z")), [SECRET])

    assert delivery.signed_at == datetime(2026, 11, 21, 12, 0, 0, 123456, tzinfo=UTC)


@PATIENTLY
@given(st.integers(-len(NOON_TEXT), len(BODY)))
def test_signed_bytes_cannot_be_cut_elsewhere(shift: int) -> None:
    stream = NOON_TEXT.encode() + BODY
    cut = len(NOON_TEXT) + shift
    headers = dict(pairs(signed(BODY))) | {b"X-Zendesk-Webhook-Signature-Timestamp": stream[:cut]}

    if shift == 0:
        assert verify(stream[cut:], headers.items(), [SECRET]).signed_at == NOON
    else:
        with pytest.raises(InvalidSignature):
            verify(stream[cut:], headers.items(), [SECRET])


@PATIENTLY
@given(st.binary(max_size=200), st.integers(0, 199), st.integers(1, 255))
def test_one_changed_byte_is_noticed(body: bytes, place: int, change: int) -> None:
    headers = pairs(signed(body))
    altered = bytearray(body or b"\0")
    altered[place % len(altered)] ^= change

    with pytest.raises(InvalidSignature):
        verify(bytes(altered), headers, [SECRET])


@PATIENTLY
@given(
    st.binary(max_size=50),
    st.lists(
        st.tuples(
            st.one_of(st.sampled_from([name for name, _ in pairs(signed(b""))]), st.binary(max_size=20)),
            st.one_of(st.sampled_from([NOON_TEXT.encode(), signature(b"").encode()]), st.binary(max_size=40)),
        ),
        max_size=6,
    ),
)
def test_hostile_headers_give_a_value_or_our_exception(body: bytes, headers: list[tuple[bytes, bytes]]) -> None:
    assert claimed_invocation(headers).isascii()
    with suppress(InvalidSignature):
        verify(body, headers, [SECRET])
        assert (b"X-Zendesk-Webhook-Signature", signature(body).encode()) in headers


@pytest.mark.parametrize("said", ["", "two words", "é", "a\x1b[31mred", "x" * 129])
def test_invocation_id_that_is_no_plain_text_is_unknown(said: str) -> None:
    assert verify(BODY, pairs(signed(BODY, invocation=said)), [SECRET]).invocation_id is None


def test_missing_invocation_id_is_unknown() -> None:
    headers = signed(BODY)
    del headers["X-Zendesk-Webhook-Invocation-Id"]

    assert verify(BODY, pairs(headers), [SECRET]).invocation_id is None
    assert claimed_invocation(pairs(headers)) == ""


def test_claimed_invocation_is_safe_to_log() -> None:
    headers = pairs(signed(BODY, invocation="a\x1b[31m b\r\nforged=no é" + "x" * 500))

    assert claimed_invocation(headers) == "a?[31m?b??forged=no??" + "x" * 43


def test_age_is_in_seconds() -> None:
    delivery = verify(BODY, pairs(signed(BODY)), [SECRET])

    assert delivery.age(NOON + timedelta(minutes=5)) == 300
    assert delivery.age(NOON - timedelta(seconds=3)) == -3


def test_delivery_does_not_show_the_secret() -> None:
    assert SECRET not in repr(verify(BODY, pairs(signed(BODY)), [SECRET]))
