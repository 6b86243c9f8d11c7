"""The stock client works unchanged: zenpy 2.0.57 against the emulator."""

from collections.abc import Iterator
from typing import Any

import pytest
from zenpy import Zenpy
from zenpy.lib.api_objects import Automation, Comment, Ticket, Trigger, Webhook
from zenpy.lib.exception import APIException, RecordNotFoundException

from tests.emulator.conftest import Desk


@pytest.fixture
def zenpy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("ZENPY_FORCE_SCHEME", "http")
    monkeypatch.setenv("ZENPY_FORCE_NETLOC", desk.url.removeprefix("http://"))
    client = Zenpy(subdomain="loja", email="ana@loja.example", token="old-token", disable_cache=True)
    yield client
    client.tickets.session.close()


def test_a_ticket_is_created_read_and_updated(desk: Desk, zenpy: Any) -> None:
    audit = zenpy.tickets.create(Ticket(subject="Oi", comment=Comment(body="Olá", public=True)))
    assert audit.ticket.subject == "Oi"

    ticket = zenpy.tickets(id=audit.ticket.id)
    ticket.priority = "high"
    ticket.comment = Comment(body="nota", public=False)
    changed = zenpy.tickets.update(ticket)

    assert changed.ticket.priority == "high"
    assert [event["type"] for event in changed.audit.events] == ["Comment", "Change"]


def test_lists_go_on_over_pages(desk: Desk, zenpy: Any) -> None:
    for _ in range(105):
        desk.open()

    assert [ticket.id for ticket in zenpy.tickets()] == list(range(1, 106))
    assert [ticket.id for ticket in zenpy.tickets(ids=[1, 3])] == [1, 3]


def test_comments_and_audits_are_read(desk: Desk, zenpy: Any) -> None:
    number = desk.open()["id"]
    desk.act(by="paulo", ticket=number, note="nota")

    assert [comment.public for comment in zenpy.tickets.comments(number)] == [True, False]
    assert [audit.author_id for audit in zenpy.tickets.audits(number)] == [
        desk.user("Carla Souza"),
        desk.user("Paulo Dias"),
    ]


def test_tags_are_added_set_and_deleted(desk: Desk, zenpy: Any) -> None:
    number = desk.open()["id"]

    zenpy.tickets.add_tags(number, ["a"])
    assert desk.ticket(number)["tags"] == ["a"]
    zenpy.tickets.set_tags(number, ["b"])
    assert desk.ticket(number)["tags"] == ["b"]
    zenpy.tickets.delete_tags(number, ["b"])
    assert desk.ticket(number)["tags"] == []


def test_update_many_gives_a_job(desk: Desk, zenpy: Any) -> None:
    desk.open()

    job = zenpy.tickets.update([Ticket(id=1, priority="low")])
    desk.wait_until(lambda: zenpy.job_status(id=job.id).status == "completed")

    assert desk.ticket(1)["priority"] == "low"


def test_search_and_its_export(desk: Desk, zenpy: Any) -> None:
    desk.switch(search_lag=0)
    desk.open()

    assert [ticket.id for ticket in zenpy.search(type="ticket", status="new")] == [1]
    assert [ticket.id for ticket in zenpy.search_export(type="ticket", query="status:new")] == [1]


def test_incremental_tickets_and_events(desk: Desk, zenpy: Any) -> None:
    desk.open()
    desk.open()
    desk.clock(advance=61)

    assert [ticket.id for ticket in zenpy.tickets.incremental(start_time=0, paginate_by_time=False)] == [1, 2]
    assert {event.ticket_id for event in zenpy.tickets.events(start_time=0)} == {1, 2}


def test_people_and_groups(desk: Desk, zenpy: Any) -> None:
    carla = desk.user("Carla Souza")

    assert zenpy.users.me().name == "Ana Prado"
    assert zenpy.users(id=carla).organization_id is not None
    assert [identity.value for identity in zenpy.users.identities(id=carla)] == [
        "carla@azul.example",
        "c2@azul.example",
    ]
    assert {group.name for group in zenpy.groups()} == {"Suporte", "Financeiro", "Design / Website"}
    assert len(list(zenpy.group_memberships())) == 7
    desk.open()
    assert [ticket.id for ticket in zenpy.users.requested(carla)] == [1]


def test_configuration(zenpy: Any) -> None:
    assert {field.title for field in zenpy.ticket_fields()} >= {"Motivo da espera", "Pedido"}
    assert [form.name for form in zenpy.ticket_forms()] == ["Default Ticket Form"]
    assert len(list(zenpy.custom_statuses())) == 6
    assert [brand.default for brand in zenpy.brands()] == [True]


def test_webhooks_and_triggers(desk: Desk, zenpy: Any) -> None:
    webhook = zenpy.webhooks.create(
        Webhook(
            name="w",
            endpoint="http://127.0.0.1:9/x",
            http_method="POST",
            request_format="json",
            status="active",
            subscriptions=["conditional_ticket_events"],
        )
    )
    secret = zenpy.webhooks.show_secret(webhook)
    trigger = zenpy.triggers.create(
        Trigger(
            title="t",
            conditions={"all": [{"field": "update_type", "operator": "is", "value": "Create"}], "any": []},
            actions=[{"field": "notification_webhook", "value": [webhook.id, "{}"]}],
        )
    )

    assert secret.secret
    assert [each.id for each in zenpy.triggers()] == [trigger.id]
    assert [each.name for each in zenpy.webhooks.list()] == ["w"]
    desk.open()
    desk.idle()
    (invocation,) = zenpy.webhooks.invocations(webhook)
    assert invocation.status == "failed"
    (attempt,) = zenpy.webhooks.invocation_attempts(webhook.id, invocation.id)
    assert attempt.status == "failed"
    zenpy.webhooks.delete(webhook)


def test_automations(desk: Desk, zenpy: Any) -> None:
    made = zenpy.automations.create(
        Automation(
            title="a",
            conditions={"all": [{"field": "PENDING", "operator": "is", "value": "48"}], "any": []},
            actions=[{"field": "status", "value": "solved"}],
        )
    )

    assert [each.id for each in zenpy.automations()] == [made.id]
    zenpy.automations.delete(made)
    assert desk.http.get("/api/v2/automations").json()["automations"] == []


def test_uploads(desk: Desk, zenpy: Any, tmp_path: Any) -> None:
    path = tmp_path / "a.txt"
    path.write_text("oi")

    upload = zenpy.attachments.upload(str(path), target_name="a.txt")

    number = desk.open()["id"]
    zenpy.tickets.update(Ticket(id=number, comment=Comment(body="Segue", public=False, uploads=[upload.token])))
    assert desk.comments(number)[-1]["attachments"][0]["file_name"] == "a.txt"


def test_refusals_become_its_exceptions(desk: Desk, zenpy: Any) -> None:
    number = desk.open()["id"]

    with pytest.raises(RecordNotFoundException):
        zenpy.tickets(id=99)
    with pytest.raises(APIException, match="Assignee: is required"):
        zenpy.tickets.update(Ticket(id=number, status="solved"))
