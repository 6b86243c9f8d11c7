"""What is sent for an update."""

import html
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration.account import Account, Known, Status
from integration.gateway import UpdateRefused
from integration.parse import plain, ticket_from
from integration.write import LONGEST, html_of, new_ticket_values, update_values
from rules.actions import NewTicket
from rules.plan import NewComment, Update
from rules.snapshot import Snapshot
from rules.ticket import Person
from tests.integration.answers import ANNA, BRUNO, CARLA, DESIGN, STANDBY, SUPPORT, WAITING_PARTS, ticket

ANNA_REIS = Person(ANNA, "Anna Reis", role="agent", groups=frozenset({"Design / Website"}))
BRUNO_SA = Person(BRUNO, "Bruno Sá", role="agent", groups=frozenset({"Suporte"}))
ACCOUNT = Account(
    groups={DESIGN: "Design / Website", SUPPORT: "Suporte"},
    agents={ANNA: ANNA_REIS, BRUNO: BRUNO_SA},
    fields={STANDBY: "standby_reason"},
    statuses={12: Status("open", "Open", default=True), WAITING_PARTS: Status("hold", "Waiting for parts")},
)


def sent(update: Update, **shown: Any) -> dict[str, Any]:
    """The properties that are sent for an update of a ticket, without those that every update has."""
    seen = Snapshot(as_of=datetime(2026, 11, 21, tzinfo=UTC), ticket=ticket_from(ticket(**shown), Known(ACCOUNT)))
    values = update_values(seen, update, "op-1", ACCOUNT)
    return {name: value for name, value in values.items() if name not in ("safe_update", "updated_stamp", "metadata")}


def test_every_update_is_safe_and_carries_its_operation() -> None:
    seen = Snapshot(as_of=datetime(2026, 11, 21, tzinfo=UTC), ticket=ticket_from(ticket(), Known(ACCOUNT)))
    update = Update(told=frozenset({"website.question-notes:comment-8801"}), rules=("website.question-notes",))

    values = update_values(seen, update, "op-1", ACCOUNT)

    assert values["safe_update"] is True
    assert values["updated_stamp"] == "2026-11-21T12:00:00Z"
    assert json.loads(values["metadata"]["ronda"]) == {
        "op": "op-1",
        "told": ["website.question-notes:comment-8801"],
        "rules": ["website.question-notes"],
    }


def test_a_group_goes_with_assignee_and_status() -> None:
    assert sent(Update(fields={"group": "Design / Website"}), group_id=None) == {
        "group_id": DESIGN,
        "assignee_id": ANNA,
        "status": "open",
    }


def test_an_assignee_who_is_not_in_the_new_group_is_sent_as_null() -> None:
    assert sent(Update(fields={"group": "Suporte"})) == {"group_id": SUPPORT, "assignee_id": None, "status": "open"}


def test_an_assignee_whom_the_account_does_not_list_is_left_to_zendesk() -> None:
    assert sent(Update(fields={"group": "Suporte"}), assignee_id=999)["assignee_id"] == 999


def test_a_new_ticket_that_gets_an_assignee_is_sent_as_open() -> None:
    update = Update(fields={"assignee": ANNA_REIS})

    assert sent(update, status="new", assignee_id=None) == {
        "group_id": DESIGN,
        "assignee_id": ANNA,
        "status": "open",
    }


def test_a_new_ticket_that_gets_a_group_stays_new() -> None:
    update = Update(fields={"group": "Suporte"})

    assert sent(update, status="new", assignee_id=None, custom_status_id=11) == {
        "group_id": SUPPORT,
        "assignee_id": None,
        "status": "new",
    }


def test_nobody_is_sent_as_null() -> None:
    assert sent(Update(fields={"assignee": None})) == {"group_id": DESIGN, "assignee_id": None, "status": "open"}


def test_no_group_is_not_sent_because_zendesk_chooses_the_assignees() -> None:
    assert "group_id" not in sent(Update(fields={"assignee": ANNA_REIS}), group_id=None)


def test_a_status_goes_alone() -> None:
    assert sent(Update(fields={"status": "open"}), status="pending") == {"status": "open"}


def test_a_custom_status_is_not_reset_to_its_categorys_default() -> None:
    update = Update(fields={"group": "Suporte"})

    values = sent(update, status="hold", custom_status_id=WAITING_PARTS)

    assert values == {"group_id": SUPPORT, "assignee_id": None, "custom_status_id": WAITING_PARTS}


@pytest.mark.parametrize(
    ("update", "tags"),
    [
        (Update(add_tags=frozenset({"b", "a"})), ["a", "b", "site"]),
        (Update(remove_tags=frozenset({"site"})), []),
        (Update(add_tags=frozenset({"a"}), remove_tags=frozenset({"site"})), ["a"]),
    ],
)
def test_tags_are_sent_as_the_whole_list(update: Update, tags: list[str]) -> None:
    assert sent(update) == {"tags": tags}


def test_tags_that_are_there_already_are_not_sent() -> None:
    assert sent(Update(add_tags=frozenset({"site"}), remove_tags=frozenset({"no"}))) == {}


def test_followers_are_added_one_by_one() -> None:
    assert sent(Update(followers=frozenset({BRUNO_SA, ANNA_REIS}))) == {
        "followers": [{"user_id": "901", "action": "put"}, {"user_id": "902", "action": "put"}]
    }


def test_a_custom_field_goes_by_its_id() -> None:
    assert sent(Update(fields={"standby_reason": "waiting-it"})) == {
        "custom_fields": [{"id": STANDBY, "value": "waiting-it"}]
    }


@pytest.mark.parametrize("fields", [{"group": "Sem nome"}, {"no_such_field": "x"}])
def test_what_the_account_has_not_is_refused_by_name(fields: dict[str, str]) -> None:
    with pytest.raises(UpdateRefused) as caught:
        sent(Update(fields=fields))

    assert caught.value.fields.keys() == fields.keys()


@pytest.mark.parametrize("public", [True, False])
def test_a_comment_always_says_whether_it_is_public(public: bool) -> None:
    values = sent(Update(comment=NewComment(public=public, text="Oi,\n@Anna Reis & cia", language="pt-BR")))

    assert values == {"comment": {"html_body": "<p>Oi,<br>@Anna Reis &amp; cia</p>", "public": public}}


def test_paragraphs_stay_paragraphs() -> None:
    assert html_of("um\n\ndois\ntrês\n\n\nquatro\n") == "<p>um</p><p>dois<br>três</p><p>quatro</p>"


@given(st.text(alphabet="{}%<>&#*_[]() \nab\u00a0\u2060", max_size=40))
def test_no_text_can_become_markup_or_a_placeholder(text: str) -> None:
    shown = html_of(text)

    assert "{{" not in shown
    assert "{%" not in shown
    assert set(re.findall(r"<[^>]*>", shown)) <= {"<p>", "</p>", "<br>"}
    read = re.sub(r"</p><p>", "\n\n", shown).replace("<br>", "\n")
    read = html.unescape(re.sub(r"</?p>", "", read))
    assert plain(read).split() == plain(text).split()


@pytest.mark.parametrize("text", ["á" * 100_000, "<" * 100_000, "a\n\n" * 40_000, "x" * LONGEST])
def test_a_comment_is_cut_where_zendesk_would_cut_it(text: str) -> None:
    shown = html_of(text)

    assert 50_000 < len(shown.encode()) <= LONGEST
    assert shown.endswith("…</p>")


def test_a_new_ticket_is_the_requesters_own_words() -> None:
    new = NewTicket(
        requester=Person(CARLA, "Carla Souza"),
        subject="Frete",
        text="Meu <pedido>",
        external_id="ronda:1:2",
        tags=frozenset({"ronda-continued"}),
    )

    values = new_ticket_values(new, ["up-1"], ACCOUNT)

    assert json.loads(values.pop("metadata")["ronda"])["op"] == "ronda:1:2"
    assert values == {
        "subject": "Frete",
        "requester_id": CARLA,
        "external_id": "ronda:1:2",
        "tags": ["ronda-continued"],
        "comment": {
            "html_body": "<p>Meu &lt;pedido&gt;</p>",
            "public": True,
            "author_id": CARLA,
            "uploads": ["up-1"],
        },
    }


def test_a_new_ticket_is_opened_in_its_group() -> None:
    new = NewTicket(Person(CARLA, "Carla Souza"), "Frete", "E o frete?", "ronda:1:2", group="Suporte")

    assert new_ticket_values(new, [], ACCOUNT)["group_id"] == SUPPORT


def test_a_new_ticket_for_a_group_that_is_gone_is_refused_before_it_is_sent() -> None:
    new = NewTicket(Person(CARLA, "Carla Souza"), "Frete", "E o frete?", "ronda:1:2", group="#4711")

    with pytest.raises(UpdateRefused) as caught:
        new_ticket_values(new, [], ACCOUNT)

    assert set(caught.value.fields) == {"group"}


def test_priority_is_sent_as_it_is() -> None:
    assert sent(Update(fields={"priority": "high"})) == {"priority": "high"}
