"""Tickets, people and text as values; digests."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.account import Account, Known
from integration.channels import rest_word
from integration.gateway import UnreadableAnswer
from integration.parse import comments_in, digest_of, person_from, plain, ticket_from
from rules.ticket import Ticket, Via
from tests.integration.answers import CARLA, RONDA, STANDBY, ticket, user

KNOWN = Known(Account(me=RONDA, fields={STANDBY: "standby_reason"}))


def read(**more: Any) -> Ticket:
    return ticket_from(ticket(**more), KNOWN)


@pytest.mark.parametrize(
    ("channel", "word"),
    [("mail", "email"), (4, "email"), ("4", "email"), ("email", "email"), ("web_service", "api"), ("Web_Form", "web"),
     ("whatsapp", "whatsapp"), ("native_messaging", "native_messaging"), (29, "chat"), (999, "via-999"), (None, ""),
     ("phone_call_inbound", "voice"), (0, "web"), (8, "rule")],
)  # fmt: skip
def test_three_vocabularies_of_channels_are_one(channel: str | int | None, word: str) -> None:
    assert rest_word(channel) == word


def test_a_ticket_knows_to_which_address_it_was_sent() -> None:
    to = {"channel": "email", "source": {"from": {}, "to": {"address": "loja@acme.example"}, "rel": None}}

    assert read(recipient=None, via=to).via == Via("email", recipient="loja@acme.example")
    assert read(recipient="ajuda@acme.example", via=to).via == Via("email", recipient="ajuda@acme.example")


def test_a_follow_up_knows_its_parent() -> None:
    via = {"channel": "web", "source": {"from": {"ticket_id": 40000, "subject": "x"}, "to": {}, "rel": "follow_up"}}

    assert read(via=via).followup_of == 40000
    assert read().followup_of is None


def test_only_the_packs_fields_are_shown_by_its_names() -> None:
    values = [{"id": STANDBY, "value": "waiting-it"}, {"id": 9, "value": "x"}]

    assert read(custom_fields=values).fields == {"standby_reason": "waiting-it"}


@pytest.mark.parametrize(("value", "shown"), [(["a", "b"], frozenset("ab")), (1.5, "1.5"), (None, None), (True, True)])
def test_a_fields_value_is_a_plain_one(value: Any, shown: Any) -> None:
    assert read(custom_fields=[{"id": STANDBY, "value": value}]).fields == {"standby_reason": shown}


def test_who_is_not_known_goes_by_the_id_and_is_not_available() -> None:
    person = read(assignee_id=999).assignee

    assert person is not None
    assert (person.name, person.available) == ("#999", False)


@pytest.mark.parametrize(("more", "available"), [({}, True), ({"suspended": True}, False), ({"active": False}, False)])
def test_who_is_suspended_or_deleted_is_not_available(more: dict[str, Any], available: bool) -> None:
    assert person_from(user(1, "Anna", **more), KNOWN).available is available


def test_a_customer_is_read_with_all_that_rules_ask() -> None:
    carla = user(
        CARLA, "Carla", role="end-user", organization_id=5, external_id="c-1", tags=["vip"], verified=False, locale="es"
    )
    person = person_from(carla, Known(Account(), organizations={5: "Loja Azul"}))

    assert (person.role, person.locale, person.verified) == ("end-user", "es", False)
    assert (person.organization, person.external_id, person.tags) == ("Loja Azul", "c-1", frozenset({"vip"}))


def test_our_own_user_is_ronda() -> None:
    assert person_from(user(RONDA, "Ronda", role="admin"), KNOWN).is_ronda


def test_an_unknown_role_is_no_agents() -> None:
    assert person_from(user(1, "x", role="owner"), KNOWN).role == "end-user"


@pytest.mark.parametrize("missing", ["id", "status", "created_at", "updated_at", "requester_id"])
def test_a_missing_key_is_named(missing: str) -> None:
    answer = ticket()
    del answer[missing]

    with pytest.raises(UnreadableAnswer, match=missing):
        ticket_from(answer, KNOWN)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(sorted(ticket())), json_values)
def test_whatever_a_field_holds_it_is_read_or_refused(name: str, value: Any) -> None:
    with suppress(UnreadableAnswer):
        assert isinstance(ticket_from(ticket(**{name: value}), KNOWN), Ticket)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a&nbsp;b", "a b"), ("a\u00a0b", "a b"), ("a \r\nb\t\n", "a\nb"), ("{\u2060{x}}", "{{x}}"), (None, ""), ("", "")],
)
def test_text_is_as_people_see_it(text: str | None, shown: str) -> None:
    assert plain(text) == shown


def test_a_digest_tells_the_comment_count() -> None:
    assert comments_in(digest_of(ticket(), 17)) == 17
    assert comments_in("") == 0


@pytest.mark.parametrize(
    "same",
    [{"tags": ["b", "a"]}, {"generated_timestamp": 5}, {"url": "x"}, {"custom_fields": [{"id": 9, "value": None}]}],
)
def test_a_digest_does_not_depend_on_order_or_on_what_no_rule_reads(same: dict[str, Any]) -> None:
    plain_one = ticket(tags=["a", "b"], custom_fields=[])

    assert digest_of(plain_one, 1) == digest_of(plain_one | same, 1)


def test_a_digest_changes_with_the_comments() -> None:
    assert digest_of(ticket(), 1) != digest_of(ticket(), 2)
