"""Audits read as history."""

import json
from typing import Any

import pytest

from integration.account import Account, Known, Status
from integration.gateway import UnreadableAnswer
from integration.history import comments_of, history_from, operation_of, people_in
from integration.parse import person_from
from rules.ticket import NOBODY, Audit, Change, Person
from tests.integration.answers import (
    AGENTS,
    ANNA,
    BRUNO,
    CARLA,
    CUSTOMER,
    DESIGN,
    OPEN,
    RONDA,
    STANDBY,
    SUPPORT,
    WAITING_PARTS,
    audit,
    change,
    comment,
    user,
)

BARE = Known(Account(me=RONDA))
KNOWN = Known(
    Account(
        me=RONDA,
        groups={DESIGN: "Design / Website", SUPPORT: "Suporte"},
        agents={person.id: person for person in (person_from(each, BARE) for each in AGENTS)},
        fields={STANDBY: "standby_reason"},
        statuses={OPEN: Status("open", "Open", default=True), WAITING_PARTS: Status("hold", "Waiting for parts")},
        brands={1: "Loja"},
        forms={2: "Padrão"},
        addresses={"anna@acme.example": ANNA, "bruno@acme.example": BRUNO, "gone@acme.example": 999},
    ),
    people={CARLA: person_from(CUSTOMER, BARE), RONDA: person_from(user(RONDA, "Ronda", role="admin"), BARE)},
    organizations={5: "Loja Azul"},
)
ANNA_REIS, BRUNO_SA = Person(ANNA, "Anna Reis"), Person(BRUNO, "Bruno Sá")


def one(*events: dict[str, Any], **more: Any) -> Audit:
    (read,) = history_from([audit(1, *events, **more)], KNOWN)
    return read


@pytest.mark.parametrize(
    ("event", "read"),
    [
        (change("group_id", None, str(DESIGN)), Change("group", None, "Design / Website")),
        (change("group_id", DESIGN, 999), Change("group", "Design / Website", "#999")),
        (change("assignee_id", str(ANNA), str(BRUNO)), Change("assignee", ANNA_REIS, BRUNO_SA)),
        (change("assignee_id", ANNA, None), Change("assignee", ANNA_REIS, None)),
        (change("assignee_id", "", "999"), Change("assignee", None, Person(999, "#999"))),
        (change("requester_id", CARLA, ANNA), Change("requester", Person(CARLA, ""), ANNA_REIS)),
        (change("status", "open", "PENDING"), Change("status", "open", "pending")),
        (change("priority", None, "high"), Change("priority", None, "high")),
        (change("tags", ["a"], ["a", "b"]), Change("tags", frozenset("a"), frozenset("ab"))),
        (change("tags", None, "a b"), Change("tags", frozenset(), frozenset("ab"))),
        (change(str(STANDBY), None, "waiting-it"), Change("standby_reason", None, "waiting-it")),
        (change("4711", False, True), Change("4711", False, True)),
        (change("organization_id", None, 5), Change("organization", None, "Loja Azul")),
        (change("brand_id", None, "1"), Change("brand", None, "Loja")),
        (change("ticket_form_id", None, "2"), Change("form", None, "Padrão")),
        (change("subject", "a", "b"), Change("subject", "a", "b")),
        ({"type": "Create", "field_name": "status", "value": "new"}, Change("status", None, "new")),
    ],
)
def test_a_change_is_in_the_rules_words(event: dict[str, Any], read: Change) -> None:
    assert one(event).changes == (read,)


def test_a_custom_status_of_another_category_changes_the_status() -> None:
    read = one(change("custom_status_id", str(OPEN), str(WAITING_PARTS)))

    assert read.change_of("status") == Change("status", "open", "hold")
    assert read.change_of("custom_status") == Change("custom_status", "Open", "Waiting for parts")


def test_a_status_that_was_told_is_not_told_twice() -> None:
    read = one(change("status", "open", "hold"), change("custom_status_id", OPEN, WAITING_PARTS))

    assert [each.field for each in read.changes] == ["status", "custom_status"]


def test_a_triggers_change_inside_a_persons_update_is_the_rules() -> None:
    trigger = {"channel": "rule", "source": {"rel": "trigger", "from": {"id": 1}}}
    read = one(change("status", "new", "open"), change("priority", None, "low", via=trigger), author=ANNA)

    assert [each.by_rule for each in read.changes] == [False, True]


def test_all_of_an_automations_update_is_the_rules() -> None:
    rule = {"channel": "rule", "source": {"rel": "automation"}}
    read = one(change("status", "pending", "solved"), author=-1, via=rule)

    assert read.author == NOBODY
    assert read.changes[0].by_rule
    assert not read.routed


@pytest.mark.parametrize(("author", "channel"), [(-1, "web"), (ANNA, "omnichannel")])
def test_zendesks_routing_is_nobodys_choice(author: int, channel: str) -> None:
    assert one(change("assignee_id", None, ANNA), author=author, via={"channel": channel}).routed


def test_a_comment_has_its_author_time_channel_and_attachments() -> None:
    said = comment(
        8801,
        "Oi&nbsp;Anna,\u00a0tudo bem? \r\n\u200bCarla  ",
        author_id=CARLA,
        attachments=[{"id": 1, "file_name": "print.png", "content_type": "image/png", "content_url": "https://x/"}],
        via={"channel": "mail"},
    )
    read = one(said, author=ANNA, metadata={"flags": [4, 17]}).comment

    assert read is not None
    assert read.author.name == "Carla Souza"
    assert read.text == "Oi Anna, tudo bem?\nCarla"
    assert read.via.channel == "email"
    assert [(each.name, each.content_type) for each in read.attachments] == [("print.png", "image/png")]
    assert read.flags == {4, 17}
    assert str(read.at) == "2026-11-20 09:00:00+00:00"


def test_a_comment_made_private_later_is_a_note_now() -> None:
    made_private = {"id": 3, "type": "CommentPrivacyChange", "comment_id": 8801, "public": False}
    first, _ = history_from([audit(1, comment(8801)), audit(2, made_private)], KNOWN)

    assert first.comment is not None
    assert not first.comment.public


def test_a_redacted_attachment_is_gone() -> None:
    said = comment(8801, attachments=[{"id": 1, "file_name": "a.png"}, {"id": 2, "file_name": "b.png"}])
    redaction = {"id": 3, "type": "AttachmentRedactionEvent", "attachment_id": 1, "comment_id": 8801}
    first, _ = history_from([audit(1, said), audit(2, redaction)], KNOWN)

    assert first.comment is not None
    assert [each.name for each in first.comment.attachments] == ["b.png"]


def test_a_chat_is_read_as_its_lines() -> None:
    history = [
        {"type": "ChatJoin", "chat_index": 0, "actor_id": 951, "actor_name": "Visitante", "timestamp": 1795262400000},
        {
            "type": "ChatMessage",
            "chat_index": 1,
            "actor_id": 951,
            "actor_name": "Visitante",
            "actor_type": "end-user",
            "message": "Oi, meu site",
            "timestamp": 1795262460500,
        },
        {
            "type": "ChatMessage",
            "chat_index": 2,
            "actor_id": ANNA,
            "actor_type": "agent",
            "message": "Olá!",
            "timestamp": 1795262461000,
        },
        {"type": "ChatMessage", "actor_id": "", "actor_type": "system", "message": "fim", "timestamp": 1795262462000},
    ]
    started = {"type": "ChatStartedEvent", "id": 1, "value": {"chat_id": "c", "history": history}}

    read, ended = history_from([audit(1, started), audit(2, {"type": "ChatEndedEvent", "id": 2, "value": {}})], KNOWN)

    assert [(line.author.name, line.author.role, line.text) for line in read.transcript] == [
        ("Visitante", "end-user", "Oi, meu site"),
        ("Anna Reis", "agent", "Olá!"),
        ("Zendesk", "system", "fim"),
    ]
    assert str(read.transcript[0].at) == "2026-11-21 12:01:00.500000+00:00"
    assert (read.transcript_ended, ended.transcript_ended) == (False, True)


def test_what_our_update_told_is_found_again() -> None:
    said = {"ronda": json.dumps({"op": "op-1", "told": ["r:comment-1"], "rules": ["r"]})}
    ours = audit(1, author=RONDA, metadata={"system": {}, "custom": said})

    assert operation_of(ours) == "op-1"
    (read,) = history_from([ours], KNOWN)
    assert read.told == {"r:comment-1"}
    assert read.author.is_ronda


def test_a_customer_cannot_speak_as_us() -> None:
    said = {"ronda": json.dumps({"told": ["r:comment-1"]})}

    assert one(author=CARLA, metadata={"custom": said}).told == frozenset()


@pytest.mark.parametrize(
    "custom", [None, [], {}, {"ronda": None}, {"ronda": "{"}, {"ronda": "[]"}, {"ronda": '{"told": 7}'}, {"ronda": {}}]
)
def test_other_programs_metadata_is_passed_over(custom: Any) -> None:
    foreign = audit(1, author=ANNA, metadata={"custom": custom})

    assert operation_of(foreign) is None
    assert history_from([foreign], KNOWN)[0].told == frozenset()


def test_unknown_events_are_passed_over() -> None:
    assert one({"id": 1, "type": "SomethingNew", "value": {"deep": []}}).changes == ()


@pytest.mark.parametrize(
    "broken",
    [
        audit(1, {"id": 1}),
        audit(1, {"id": 1, "type": "Change"}),
        audit(1, change("group_id", None, "many")),
        audit(1, comment("x")),  # type: ignore[arg-type] # what a broken answer may hold
        audit(1, {"type": "ChatStartedEvent", "value": {"history": [{"type": "ChatMessage", "message": "a"}]}}),
        audit(1, created_at=None),
        audit(1) | {"events": None},
        audit(1) | {"author_id": "Anna"},
    ],
)
def test_a_broken_audit_is_named_and_not_quoted(broken: dict[str, Any]) -> None:
    with pytest.raises(UnreadableAnswer) as caught:
        history_from([broken], KNOWN)

    assert "audit" in caught.value.where
    assert "banner" not in str(caught.value)


def test_everyone_an_audit_mentions_is_known_beforehand() -> None:
    audits = [audit(1, comment(author_id=951), change("assignee_id", "952", None), author=-1)]

    assert people_in(audits) == {951, 952}


def test_comments_are_counted_as_zendesk_counts_them() -> None:
    assert comments_of(audit(1, comment(1), change("status", "a", "b"), comment(2) | {"type": "VoiceComment"})) == 2


def test_followers_are_told_by_address_and_read_as_people() -> None:
    event = {
        "type": "FollowerChange",
        "previous_followers": ["Anna@acme.example"],
        "current_followers": ["anna@acme.example", "bruno@acme.example", "gone@acme.example", "never@acme.example"],
    }

    assert one(event).changes == (Change("followers", frozenset({ANNA_REIS}), frozenset({ANNA_REIS, BRUNO_SA})),)
