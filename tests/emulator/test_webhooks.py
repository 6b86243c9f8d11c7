"""Webhooks: both kinds, signatures, retries, the log (facts 1)."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable

import pytest

from emulator.behaviours.signing import TEST_SECRET, sign
from emulator.behaviours.ticket_events import TICKET_EVENTS
from tests.emulator.conftest import Desk
from tests.emulator.receiver import Receiver, receiving


@pytest.mark.parametrize(
    ("body", "signature"),
    [
        ('{"ticket_id":"35436","via":"Mail"}', "GYwVVbZy5U/Qdg7z7027YH3OlBqIIQVfLL0c66UD+jA="),
        ("", "1XQ8JbRl2BZ78gCIzGc5I5ycjIo5L42fYld0VOhZK4w="),
        ('{"note":"привет @Иван"}', "oEGydjalBbyl8KnQG0aG7YM7Tu03yJ0BVerzuFiB9Bc="),
    ],
)
def test_a_signature_covers_timestamp_and_body(body: str, signature: str) -> None:
    assert sign(TEST_SECRET, "2026-11-21T12:00:00Z", body.encode()) == signature


def test_a_created_webhook_has_an_id_of_26_characters_and_a_secret(desk: Desk) -> None:
    webhook = desk.subscribe("http://127.0.0.1:9/x", "created")

    assert len(webhook["id"]) == 26
    secret = desk.http.get(f"/api/v2/webhooks/{webhook['id']}/signing_secret")
    assert (secret.status_code, secret.json()["signing_secret"]["algorithm"]) == (200, "SHA256")


def test_one_webhook_cannot_be_of_both_kinds(desk: Desk) -> None:
    both = ["conditional_ticket_events", "zen:event-type:ticket.created"]
    webhook = {"name": "x", "endpoint": "http://a.example", "http_method": "POST", "request_format": "json"}
    said = {"webhook": webhook | {"status": "active", "subscriptions": both}}

    response = desk.http.post("/api/v2/webhooks", json=said)

    assert response.status_code == 400
    assert "errors" in response.json()


def test_the_kind_of_connection_cannot_be_changed(desk: Desk) -> None:
    webhook = desk.subscribe("http://a.example", "created")
    changed = {"webhook": {"subscriptions": ["conditional_ticket_events"]}}

    assert desk.http.patch(f"/api/v2/webhooks/{webhook['id']}", json=changed).status_code == 400
    assert (
        desk.http.patch(f"/api/v2/webhooks/{webhook['id']}", json={"webhook": {"status": "inactive"}}).status_code
        == 204
    )
    assert desk.http.get(f"/api/v2/webhooks/{webhook['id']}").json()["webhook"]["status"] == "inactive"
    assert desk.http.delete(f"/api/v2/webhooks/{webhook['id']}").status_code == 204
    assert desk.http.get(f"/api/v2/webhooks/{webhook['id']}").status_code == 404


def test_webhooks_are_for_admins(desk: Desk) -> None:
    assert desk.client("paulo").get("/api/v2/webhooks").status_code == 403


def test_a_delivery_is_signed_and_names_account_webhook_and_invocation(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")

    desk.open()

    delivery = receiver.wait_for(1)[0]
    stamp = delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    expected = hmac.new(webhook["signing_secret"]["secret"].encode(), stamp.encode() + delivery.body, hashlib.sha256)
    assert base64.b64decode(delivery.headers["X-Zendesk-Webhook-Signature"]) == expected.digest()
    assert delivery.headers["X-Zendesk-Webhook-Id"] == webhook["id"]
    assert delivery.headers["X-Zendesk-Account-Id"] == str(json.loads(delivery.body)["account_id"])
    assert delivery.headers["X-Zendesk-Webhook-Invocation-Id"]
    assert delivery.headers["User-Agent"] == "Zendesk Webhook"


def test_an_event_speaks_the_vocabulary_of_events(desk: Desk, receiver: Receiver) -> None:
    """String ids, UPPERCASE words, the via type's word, null tags, nanoseconds."""
    desk.subscribe(receiver.url, "created")

    ticket = desk.open(set={"priority": "high"})

    event = json.loads(receiver.wait_for(1)[0].body)
    assert event["type"] == "zen:event-type:ticket.created"
    assert event["subject"] == f"zen:ticket:{ticket['id']}"
    assert event["zendesk_event_version"] == "2022-11-06"
    assert len(event["time"]) == len("2026-11-21T12:00:00.123456789Z")
    detail = event["detail"]
    assert set(detail) == {
        "actor_id", "assignee_id", "brand_id", "created_at", "custom_status", "description", "external_id", "form_id",
        "group_id", "id", "is_public", "organization_id", "priority", "requester_id", "status", "subject",
        "submitter_id", "tags", "type", "updated_at", "via",
    }  # fmt: skip
    assert (detail["id"], detail["requester_id"]) == (str(ticket["id"]), str(ticket["requester_id"]))
    assert (detail["status"], detail["priority"], detail["type"]) == ("NEW", "HIGH", None)
    assert (detail["via"], detail["tags"]) == ({"channel": "mail"}, None)
    assert detail["actor_id"] == str(ticket["requester_id"])


def test_one_action_gives_several_deliveries_of_one_sequence(desk: Desk, receiver: Receiver) -> None:
    ticket = desk.open()
    kinds = ("status_changed", "custom_status_changed", "agent_assignment_changed", "group_assignment_changed")
    desk.subscribe(receiver.url, *kinds, "comment_added", "tags_changed")

    desk.put(
        ticket["id"],
        group_id=desk.group("Suporte"),
        assignee_id=desk.user("Paulo Dias"),
        comment={"body": "Vou ver", "public": False},
        tags=["banner"],
    )

    events = {
        json.loads(each.body)["type"].rpartition(".")[2]: json.loads(each.body)["event"]
        for each in receiver.wait_for(6)
    }
    assert set(events) == {*kinds, "comment_added", "tags_changed"}
    assert len({event["meta"]["sequence"]["id"] for event in events.values()}) == 1
    assert sorted(event["meta"]["sequence"]["position"] for event in events.values()) == [1, 2, 3, 4, 5, 6]
    assert (events["status_changed"]["previous"], events["status_changed"]["current"]) == ("NEW", "OPEN")
    assert events["agent_assignment_changed"]["current"] == str(desk.user("Paulo Dias"))
    assert events["tags_changed"]["tags_added"] == ["banner"]
    comment = events["comment_added"]["comment"]
    assert (comment["is_public"], comment["author"]["is_staff"], comment["body"]) == (False, True, "Vou ver")


@pytest.mark.parametrize(("replies", "attempts"), [(2, 3), (9, 4)])
def test_409_is_tried_again_up_to_three_times(desk: Desk, receiver: Receiver, replies: int, attempts: int) -> None:
    desk.switch(retry_delay=0)
    webhook = desk.subscribe(receiver.url, "created")
    receiver.replies = [(409, {})] * replies

    desk.open()
    receiver.wait_for(attempts)
    desk.idle()

    assert len(receiver.deliveries) == attempts
    assert len({each.headers["X-Zendesk-Webhook-Invocation-Id"] for each in receiver.deliveries}) == 1
    log = desk.http.get(f"/api/v2/webhooks/{webhook['id']}/invocations").json()["invocations"]
    assert [entry["status"] for entry in log] == ["success" if replies < 3 else "client error"]
    tried = desk.http.get(f"/api/v2/webhooks/{webhook['id']}/invocations/{log[0]['id']}/attempts").json()["attempts"]
    assert [attempt["response"]["status"] for attempt in tried][:2] == [409, 409]


@pytest.mark.parametrize(
    ("reply", "attempts"),
    [
        ((500, {}), 1),
        ((401, {}), 1),
        ((429, {}), 1),
        ((503, {"Retry-After": "3600"}), 1),
        ((429, {"Retry-After": "0"}), 2),
        ((503, {"Retry-After": "0"}), 2),
    ],
)
def test_other_statuses_are_tried_again_only_with_a_short_retry_after(
    desk: Desk, receiver: Receiver, reply: tuple[int, dict[str, str]], attempts: int
) -> None:
    desk.subscribe(receiver.url, "created")
    receiver.replies = [reply]

    desk.open()
    receiver.wait_for(attempts)
    desk.idle()

    assert len(receiver.deliveries) == attempts


def test_a_retry_waits_on_the_emulators_clock(desk: Desk, receiver: Receiver) -> None:
    desk.clock(running=False)
    desk.switch(retry_delay=30)
    desk.subscribe(receiver.url, "created")
    receiver.replies = [(409, {})]

    desk.open()
    desk.wait_until(lambda: len(desk.deliveries()[0]["attempts"]) == 1)
    desk.clock(advance=29)
    assert len(receiver.deliveries) == 1
    desk.clock(advance=1)
    receiver.wait_for(2)


def test_a_timeout_is_tried_again_up_to_five_times(desk: Desk) -> None:
    desk.switch(retry_delay=0, webhook_timeout=0.03)
    with receiving(hold=lambda: 0.2) as receiver:
        desk.subscribe(receiver.url, "created")
        desk.open()
        desk.idle()

    (delivery,) = desk.deliveries()
    assert delivery["status"] == "timeout"
    assert [attempt["status"] for attempt in delivery["attempts"]] == ["timeout"] * 6


def test_rotation_stops_the_old_secret_at_once(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url, "created")

    rotated = desk.http.post(f"/api/v2/webhooks/{webhook['id']}/signing_secret")
    desk.open()

    assert rotated.status_code == 201
    delivery = receiver.wait_for(1)[0]
    stamp = delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    assert delivery.headers["X-Zendesk-Webhook-Signature"] == sign(
        rotated.json()["signing_secret"]["secret"], stamp, delivery.body
    )


def test_an_authentication_is_sent_and_never_shown(desk: Desk, receiver: Receiver) -> None:
    secret = {"type": "bearer_token", "add_position": "header", "data": {"token": "t0ken"}}
    webhook = desk.subscribe(receiver.url, "created", authentication=secret)

    desk.open()

    assert receiver.wait_for(1)[0].headers["Authorization"] == "Bearer t0ken"
    assert "t0ken" not in desk.http.get(f"/api/v2/webhooks/{webhook['id']}").text


@pytest.mark.parametrize(("does", "number"), [("drop", 0), ("duplicate", 2)])
def test_deliveries_can_be_dropped_and_duplicated(desk: Desk, receiver: Receiver, does: str, number: int) -> None:
    desk.subscribe(receiver.url, "created", "priority_changed")
    desk.fault(does=does, event="*created")

    ticket = desk.open()
    desk.put(ticket["id"], priority="low")
    receiver.wait_for(number + 1)
    desk.idle()

    assert len(receiver.deliveries) == number + 1


def test_deliveries_can_be_late_and_out_of_order(desk: Desk, receiver: Receiver) -> None:
    desk.clock(running=False)
    desk.subscribe(receiver.url, "created")
    desk.fault(does="late", seconds=60)
    desk.fault(does="reorder")

    for _ in range(3):
        desk.open()
    receiver.wait_for(2)
    desk.clock(advance=60)

    order = [json.loads(each.body)["detail"]["id"] for each in receiver.wait_for(3)]
    assert set(order[:2]) == {"2", "3"}
    assert order[2] == "1"


def test_every_one_of_the_37_event_types_can_be_subscribed_to_and_sent(desk: Desk, receiver: Receiver) -> None:
    assert len(TICKET_EVENTS) == 37
    names = [event.rpartition(".")[2] for event in TICKET_EVENTS]
    number = desk.open()["id"]
    desk.subscribe(receiver.url, *names)

    for name in names:
        said = {"ticket": number, "type": name, "event": {"current": None}}
        desk.http.post("/emulator/events", json=said).raise_for_status()

    assert {json.loads(each.body)["type"] for each in receiver.wait_for(37)} == set(TICKET_EVENTS)


def test_what_happens_to_a_ticket_is_told_by_the_type_of_event_that_fits(desk: Desk, receiver: Receiver) -> None:
    target, number = desk.open()["id"], desk.open(attachments=["a.png"])["id"]
    names = [event.rpartition(".")[2] for event in TICKET_EVENTS]
    desk.subscribe(receiver.url, *names)
    path = f"/api/v2/tickets/{number}"
    comment = desk.comments(number)[0]

    desk.put(number, subject="x", type="incident", priority="low", external_id="e", problem_id=target)
    desk.put(number, custom_fields=[{"id": desk.field("Pedido"), "value": "1"}])
    desk.put(number, requester_id=desk.user("Diego Paz"), due_at="2026-12-01T00:00:00Z")
    desk.put(number, email_ccs=[{"user_email": "carla@azul.example"}])
    desk.act(by="paulo", ticket=number, note="@Jenyfer Lima veja", attachments=["b.png"])
    desk.http.put(f"{path}/comments/{comment['id']}/make_private")
    desk.http.put(f"{path}/comments/{comment['id']}/redact", json={"text": "banner"})
    desk.http.put(f"{path}/comments/{comment['id']}/attachments/{comment['attachments'][0]['id']}/redact")
    desk.http.delete(path)
    desk.http.put(f"/api/v2/deleted_tickets/{number}/restore")
    desk.job(desk.http.post(f"/api/v2/tickets/{target}/merge", json={"ids": [number]}))
    desk.http.delete(path)
    desk.job(desk.http.delete(f"/api/v2/deleted_tickets/{number}"))
    desk.http.put(f"/api/v2/tickets/{target}/mark_as_spam")
    desk.idle()

    told = {json.loads(each.body)["type"].rpartition(".")[2] for each in receiver.deliveries}
    assert told == {
        "subject_changed", "type_changed", "priority_changed", "external_id_changed", "problem_link_changed",
        "custom_field_changed", "requester_changed", "organization_changed", "task_due_at_changed",
        "email_ccs_changed", "comment_added", "attachment_linked_to_comment", "followers_changed",
        "comment_made_private", "comment_redacted", "attachment_redacted_from_comment", "soft_deleted", "undeleted",
        "merged", "tags_changed", "status_changed", "custom_status_changed", "permanently_deleted", "marked_as_spam",
    }  # fmt: skip


def test_what_is_said_in_a_messaging_conversation_is_told_as_a_message(desk: Desk, receiver: Receiver) -> None:
    desk.subscribe(receiver.url, subscriptions=["zen:event-type:messaging_ticket.message_added"])

    lines = [{"by": "carla", "says": "Oi"}, {"by": "paulo", "says": "Olá"}]
    number = desk.open(channel="whatsapp", description=None, transcript=lines)["id"]

    events = [json.loads(each.body) for each in receiver.wait_for(2)]
    assert {event["event"]["message"]["body"]: event["event"]["actor"]["type"] for event in events} == {
        "Oi": "end_user",
        "Olá": "agent",
    }
    assert [event["detail"] for event in events] == [{"id": str(number)}] * 2


def test_an_event_may_come_without_meta_and_with_html(desk: Desk, receiver: Receiver) -> None:
    """Unconfirmed: two switches."""
    desk.switch(event_meta=False, event_comment_body="html")
    desk.subscribe(receiver.url, "created", "comment_added")

    desk.act(by="paulo", ticket=desk.open()["id"], note="nota")

    events = {json.loads(each.body)["type"]: json.loads(each.body)["event"] for each in receiver.wait_for(2)}
    assert events["zen:event-type:ticket.created"] == {}
    assert events["zen:event-type:ticket.comment_added"]["comment"]["body"].startswith('<div class="zd-comment"')


def test_a_retry_may_carry_the_first_timestamp_and_another_invocation(desk: Desk, receiver: Receiver) -> None:
    """Unconfirmed: two switches."""
    desk.clock(running=False)
    desk.switch(retry_delay=60, retry_fresh_timestamp=False, retry_same_invocation=False)
    desk.subscribe(receiver.url, "created")
    receiver.replies = [(409, {})]

    desk.open()
    desk.wait_until(lambda: len(desk.deliveries()[0]["attempts"]) == 1)
    desk.clock(advance=60)

    first, second = (each.headers for each in receiver.wait_for(2))
    stamp, invocation = "X-Zendesk-Webhook-Signature-Timestamp", "X-Zendesk-Webhook-Invocation-Id"
    assert first[stamp] == second[stamp]
    assert first[invocation] != second[invocation]


def test_the_circuit_breaker_opens_at_seventy_percent_errors(desk: Desk, receiver: Receiver) -> None:
    """The floor and the pause are switches; the share is documented."""
    desk.clock(running=False)
    desk.switch(breaker_floor=10, breaker_pause=5)
    webhook = desk.subscribe(receiver.url, "created")
    receiver.replies = [(500, {})] * 10

    for _ in range(10):
        desk.open()
        desk.idle()
    desk.open()
    desk.idle()
    desk.clock(advance=6)
    desk.open()
    desk.idle()

    log = desk.http.get(f"/api/v2/webhooks/{webhook['id']}/invocations").json()["invocations"]
    assert [entry["status"] for entry in log[:3]] == ["success", "circuit broken", "server error"]
    assert len(receiver.deliveries) == 11


def test_a_trial_account_has_ten_webhooks(reset: Callable[[str], Desk]) -> None:
    desk = reset("sandbox: true")
    for _ in range(10):
        desk.subscribe("http://a.example", "created")
    webhook = {"name": "x", "endpoint": "http://a.example", "http_method": "POST", "request_format": "json"}

    assert desk.http.post("/api/v2/webhooks", json={"webhook": webhook | {"status": "active"}}).status_code == 403


def test_a_test_delivery_before_the_webhook_exists_is_signed_with_the_public_secret(
    desk: Desk, receiver: Receiver
) -> None:
    said = {"endpoint": receiver.url, "http_method": "POST", "request_format": "json", "payload": '{"a": 1}'}

    assert desk.http.post("/api/v2/webhooks/test", json={"request": said}).status_code == 200

    delivery = receiver.wait_for(1)[0]
    stamp = delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    assert delivery.body == b'{"a": 1}'
    assert delivery.headers["X-Zendesk-Webhook-Signature"] == sign(TEST_SECRET, stamp, delivery.body)


def test_a_webhook_can_be_cloned_filtered_and_paged(desk: Desk) -> None:
    first = desk.subscribe("http://a.example", "created")
    clone = desk.http.post(f"/api/v2/webhooks?clone_webhook_id={first['id']}", json={"webhook": {"name": "clone"}})
    assert clone.json()["webhook"]["endpoint"] == "http://a.example"

    found = desk.http.get("/api/v2/webhooks", params={"filter[name_contains]": "clo"}).json()["webhooks"]
    page = desk.http.get("/api/v2/webhooks", params={"page[size]": 1}).json()
    rest = desk.http.get(page["links"]["next"]).json()

    assert [each["name"] for each in found] == ["clone"]
    assert [each["name"] for each in page["webhooks"] + rest["webhooks"]] == ["test", "clone"]


@pytest.mark.parametrize("method", ["GET", "DELETE"])
def test_without_a_body_only_the_timestamp_is_signed(desk: Desk, receiver: Receiver, method: str) -> None:
    webhook = desk.subscribe(receiver.url, http_method=method)
    rule = {
        "title": "t",
        "conditions": {"all": [{"field": "update_type", "operator": "is", "value": "Create"}], "any": []},
        "actions": [{"field": "notification_webhook", "value": [webhook["id"], "ignored"]}],
    }
    desk.http.post("/api/v2/triggers", json={"trigger": rule}).raise_for_status()

    desk.open()

    delivery = receiver.wait_for(1)[0]
    stamp = delivery.headers["X-Zendesk-Webhook-Signature-Timestamp"]
    assert (delivery.method, delivery.body) == (method, b"")
    assert delivery.headers["X-Zendesk-Webhook-Signature"] == sign(webhook["signing_secret"]["secret"], stamp, b"")


@pytest.mark.parametrize(
    "said",
    [
        {"name": ""},
        {"endpoint": "ftp://a.example"},
        {"endpoint": 5},
        {"http_method": "TRACE"},
        {"request_format": "yaml"},
        {"subscriptions": ["zen:event-type:ticket.updated"]},
        {"subscriptions": []},
        {"subscriptions": ["zen:event-type:ticket.created"], "http_method": "PUT"},
        {"authentication": {"type": "magic"}},
        {"authentication": {"type": "basic_auth", "data": "x"}},
        {"custom_headers": {"a": 1}},
    ],
)
def test_a_wrong_webhook_is_400(desk: Desk, said: dict[str, object]) -> None:
    webhook = {"name": "x", "endpoint": "http://a.example", "http_method": "POST", "request_format": "json"}
    whole = webhook | {"status": "active"} | said

    response = desk.http.post("/api/v2/webhooks", json={"webhook": whole})

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "InvalidWebhook"
