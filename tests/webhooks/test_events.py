"""What a body says: a ticket to look at, nothing to look at, or that it cannot be read."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webhooks.deliveries import saved
from webhooks.errors import UnreadableBody
from webhooks.events import Event, NothingToLookAt, TicketEvent, parse

PATIENTLY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # on a machine that is busy
UPDATED = datetime(2026, 11, 21, 11, 59, 58, tzinfo=UTC)

SAVED_TICKET_EVENTS = {
    "status_changed": TicketEvent(40211, "ticket.status_changed", UPDATED),
    "created_without_meta": TicketEvent(40211, "ticket.created", UPDATED),
    "comment_added": TicketEvent(40211, "ticket.comment_added", UPDATED),
    "merged": TicketEvent(40211, "ticket.merged", UPDATED),
    "soft_deleted": TicketEvent(40211, "ticket.soft_deleted", UPDATED),
    "ticket_type_of_tomorrow": TicketEvent(40211, "ticket.teleported", UPDATED),
    "messaging_message_added": TicketEvent(40212, "messaging_ticket.message_added"),
    "trigger_made": TicketEvent(40213, "trigger.updated", UPDATED),
}


def body(**fields: Any) -> bytes:
    return json.dumps(fields).encode()


def shortly(value: object) -> str:
    return ascii(value)[:24]


def ticket_event(**fields: Any) -> bytes:
    return body(**{"type": "zen:event-type:ticket.status_changed", "subject": "zen:ticket:7"} | fields)


@pytest.mark.parametrize("name", SAVED_TICKET_EVENTS)
def test_event_about_a_ticket_names_it(name: str) -> None:
    assert parse(saved(name)) == SAVED_TICKET_EVENTS[name]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("unknown_type", "ring_size.measured"),
        ("user_event", "user.active_changed"),
        ("trigger_test_delivery", "trigger.updated"),
    ],
)
def test_known_form_without_a_ticket_is_nothing_to_look_at(name: str, kind: str) -> None:
    assert parse(saved(name)) == NothingToLookAt(kind)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("missing_key", "without the ticket's id in subject or detail.id"),
        ("trigger_with_broken_json", "not JSON at line 2, column 18.*send ids only"),
    ],
)
def test_unreadable_body_says_where_and_how_to_mend_it(name: str, reason: str) -> None:
    with pytest.raises(UnreadableBody, match=reason):
        parse(saved(name))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"\xff\xfe{}", b'{"ticket_id": "\xc3("}', b"\xef\xbb\xbf{}", b"null", b"[]", b"7", b'"text"', b"{}",
        b'{"ticket_id": 7', b'{"ticket_id": 7} {}', b'{"ticket_id": 7, "size": NaN}',
        b'{"ticket_id": 7, "size": -Infinity}', b'{"type": "ticket.created"}',
        b'{"type": null, "subject": "zen:ticket:7"}', '{"ticket_id": 7}'.encode("utf-16"),
    ],
)  # fmt: skip
def test_bytes_that_are_no_delivery_are_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableBody):
        parse(raw)


@pytest.mark.parametrize(
    "ticket_id",
    ["", " 7", "007", "-7", "+7", "7.0", "1e3", "٧", "7\n", "\ud800", "x" * 10_000_000, "9" * 19, str(2**63),
     "{{ticket.id", 0, -7, 7.0, 1e300, True, None, [7], {"id": 7}, 2**63],
    ids=shortly,
)  # fmt: skip
def test_ticket_id_that_is_none_is_unreadable_wherever_it_stands(ticket_id: object) -> None:
    with pytest.raises(UnreadableBody, match="is not the id of a ticket"):
        parse(body(ticket_id=ticket_id))
    with pytest.raises(UnreadableBody, match="without the ticket's id"):
        parse(ticket_event(subject=None, detail={"id": ticket_id}))
    with pytest.raises(UnreadableBody, match="without the ticket's id"):
        parse(ticket_event(subject=f"zen:ticket:x{ticket_id}"))


@pytest.mark.parametrize("ticket_id", [1, 40211, 2**63 - 1])
def test_ticket_id_may_be_text_or_a_number(ticket_id: int) -> None:
    assert parse(body(ticket_id=ticket_id)) == TicketEvent(ticket_id, "trigger")
    assert parse(body(ticket_id=str(ticket_id))) == TicketEvent(ticket_id, "trigger")
    assert parse(ticket_event(subject=None, detail={"id": ticket_id})) == TicketEvent(
        ticket_id, "ticket.status_changed"
    )
    assert parse(ticket_event(subject=f"zen:ticket:{ticket_id}")) == TicketEvent(ticket_id, "ticket.status_changed")


@pytest.mark.parametrize("named", ["{{ticket.id}}", " {{ ticket.id }}\n"])
def test_placeholder_that_nobody_filled_in_is_a_test(named: str) -> None:
    assert parse(body(ticket_id=named)) == NothingToLookAt("trigger")


def test_two_tickets_in_one_event_are_unreadable() -> None:
    with pytest.raises(UnreadableBody, match="two different tickets"):
        parse(ticket_event(detail={"id": "8"}))


@pytest.mark.parametrize(
    "raw",
    [
        b'{"ticket_id": "7", "title": "", "ticket_id": "8"}',
        b'{"type": "zen:event-type:ticket.created", "subject": "zen:ticket:7", "detail": {"id": "7", "id": "8"}}',
    ],
)
def test_key_that_comes_twice_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableBody, match="a key twice"):
        parse(raw)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("2026-11-21T11:59:58Z", UPDATED),
        ("2026-11-21T08:59:58-03:00", UPDATED),
        ("2026-11-21 11:59:58.000000000Z", UPDATED),
    ],
)
def test_time_of_the_update_is_utc(said: str, read: datetime) -> None:
    assert parse(body(ticket_id=7, updated_at=said)) == TicketEvent(7, "trigger", updated_at=read)


@pytest.mark.parametrize(
    "hint",
    ["", "yesterday", "2026-11-21T11:59:58", "2026-02-31T00:00:00Z", "0001-01-01T00:00:00+14:00",
     "9999-12-31T23:59:59-14:00", "٢٠٢٦-11-21T11:59:58Z", "\udfff", "0", "-1", "zd:answerBot", "x" * 10_000_000,
     0, -1, 1.5, 2**63, 10**4000, True, None, [], {}],
    ids=shortly,
)  # fmt: skip
def test_hint_that_cannot_be_read_is_none(hint: object) -> None:
    assert parse(body(ticket_id=7, updated_at=hint)) == TicketEvent(7, "trigger")
    assert parse(ticket_event(detail={"updated_at": hint})) == TicketEvent(7, "ticket.status_changed")


@pytest.mark.parametrize("of_another_type", [None, 7, "text", [], [{}], True])
def test_hints_under_a_value_of_another_type_are_none(of_another_type: object) -> None:
    assert parse(ticket_event(detail=of_another_type)) == TicketEvent(7, "ticket.status_changed")


@pytest.mark.parametrize("word", ["Two Words", "a\nb", "é", "x" * 65, "", 7, None])
def test_words_of_a_body_reach_the_log_only_if_they_are_plain(word: object) -> None:
    assert parse(body(ticket_id=7, event=word)) == TicketEvent(7, "trigger")
    assert parse(ticket_event(type=f"zen:event-type:ticket.{word}\n")) == TicketEvent(7, "unreadable")
    assert parse(body(type=f"zen:event-type:user.{word}\n")) == NothingToLookAt("unreadable")


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 1_000_000,
        b'{"detail":' * 200_000,
        b'{"ticket_id": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"ticket_id": ' + b"9" * 100_000 + b"}",
        b'{"ticket_id": 1e' + b"9" * 100_000 + b"}",
        b'"' + b"x" * 10_000_000 + b'"',
        b'{"ticket_id": "' + b"{" * 1_000_000 + b'"}',
        b'{"ticket_id": "' + b" " * 1_000_000 + b'"}',
    ],
    ids=["brackets", "objects", "closed brackets", "digits", "exponent", "text", "braces", "blanks"],
)
def test_body_made_to_hurt_is_unreadable(raw: bytes) -> None:
    with pytest.raises(UnreadableBody):
        parse(raw)


def test_long_text_beside_the_ticket_is_no_obstacle() -> None:
    assert parse(body(ticket_id=7, title="x" * 10_000_000)) == TicketEvent(7, "trigger")


def read(raw: bytes) -> None:
    """A value of ours or our exception, and nothing in either that the sender could write at will."""
    event, reason = outcome(raw)
    assert reason.isascii()
    assert len(reason) < 200
    assert event.kind.isascii()
    assert len(event.kind) < 140
    if isinstance(event, TicketEvent):
        assert 0 < event.ticket_id < 2**63
        assert event.updated_at is None or event.updated_at.tzinfo is UTC


def outcome(raw: bytes) -> tuple[Event, str]:
    try:
        return parse(raw), ""
    except UnreadableBody as refused:
        return NothingToLookAt(""), refused.reason


OFFSETS = st.integers(-23, 23).map(lambda hours: timezone(timedelta(hours=hours)))
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters())
    | st.from_regex("zen:ticket:[0-9]*"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=8,
)
KEYS = ["type", "subject", "detail", "event", "ticket_id", "id", "updated_at"]
BODIES = st.dictionaries(
    st.sampled_from(KEYS),
    JSON_VALUES
    | st.dictionaries(st.sampled_from(KEYS), JSON_VALUES, max_size=5)
    | st.sampled_from(["zen:event-type:ticket.created", "zen:event-type:user.created", "zen:ticket:7"])
    | st.datetimes(timezones=OFFSETS).map(datetime.isoformat),
)


@PATIENTLY
@given(st.binary())
def test_any_bytes_give_a_value_or_our_exception(raw: bytes) -> None:
    read(raw)


@PATIENTLY
@given(BODIES)
def test_any_json_gives_a_value_or_our_exception(said: dict[str, Any]) -> None:
    read(json.dumps(said).encode())


@PATIENTLY
@given(st.sampled_from(sorted(SAVED_TICKET_EVENTS)), st.integers(0), st.binary(max_size=6))
def test_saved_body_with_a_changed_place_gives_a_value_or_our_exception(name: str, place: int, put: bytes) -> None:
    raw = saved(name)
    place %= len(raw)

    read(raw[:place] + put + raw[place + len(put) :])
