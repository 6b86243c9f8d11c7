"""Triggers, automations, their webhooks and mails (facts 1.7 and 9)."""

import json
from typing import Any

import httpx
import pytest

from tests.emulator.conftest import Desk
from tests.emulator.receiver import Receiver

Condition = dict[str, Any]


def is_(field: str, value: Any) -> Condition:
    return {"field": field, "operator": "is", "value": value}


def add(desk: Desk, kind: str, actions: list[dict[str, Any]], *every: Condition, some: Any = ()) -> httpx.Response:
    rule = {"title": f"{kind} rule", "conditions": {"all": list(every), "any": list(some)}, "actions": actions}
    return desk.http.post(f"/api/v2/{kind}s", json={kind: rule})


def trigger(desk: Desk, actions: list[dict[str, Any]], *every: Condition, some: Any = ()) -> int:
    response = add(desk, "trigger", actions, *every, some=some)
    assert response.status_code == 201, response.text
    return int(response.json()["trigger"]["id"])


def do(field: str, value: Any) -> dict[str, Any]:
    return {"field": field, "value": value}


def test_a_trigger_calls_its_webhook_with_the_body_of_the_action(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url)
    body = '{"ticket_id": "{{ticket.id}}", "actor": "{{current_user.email}}", "via": "{{ticket.via}}", "x": "{{nada}}"}'
    trigger(desk, [do("notification_webhook", [webhook["id"], body])], is_("update_type", "Create"))

    number = desk.open()["id"]
    desk.put(number, priority="low")
    desk.idle()

    assert [json.loads(each.body) for each in receiver.deliveries] == [
        {"ticket_id": str(number), "actor": "carla@azul.example", "via": "Mail", "x": ""}
    ]


def test_placeholders_are_put_in_raw(desk: Desk, receiver: Receiver) -> None:
    """A quote in the subject breaks the JSON."""
    webhook = desk.subscribe(receiver.url)
    trigger(
        desk, [do("notification_webhook", [webhook["id"], '{"s": "{{ticket.title}}"}'])], is_("update_type", "Create")
    )

    desk.open(subject='Erro "404"')

    assert receiver.wait_for(1)[0].body.decode() == '{"s": "Erro "404""}'


def test_the_body_tells_the_ticket_after_the_update(desk: Desk, receiver: Receiver) -> None:
    webhook = desk.subscribe(receiver.url)
    body = "{{ticket.updated_at_with_timestamp}} {{ticket.status}} {{ticket.latest_comment}}"
    changed = {"field": "status", "operator": "changed", "value": None}
    trigger(desk, [do("notification_webhook", [webhook["id"], body])], is_("update_type", "Change"), changed)
    number = desk.open()["id"]
    desk.clock(advance=5)

    ticket = desk.put(number, status="open", comment={"body": "Vamos", "public": False}).json()["ticket"]

    assert receiver.wait_for(1)[0].body.decode() == f"{ticket['updated_at']} Open Vamos"


def test_what_a_trigger_changes_is_in_the_same_audit_with_its_own_via(desk: Desk) -> None:
    number = trigger(desk, [do("priority", "high"), do("current_tags", "vip")], is_("update_type", "Create"))

    ticket = desk.open()

    assert (ticket["priority"], ticket["tags"]) == ("high", ["vip"])
    audits = desk.audits(ticket["id"])
    assert len(audits) == 1
    events = [event for event in audits[0]["events"] if event.get("via")]
    assert [event["field_name"] for event in events] == ["priority", "tags"]
    assert events[0]["via"]["channel"] == "rule"
    assert events[0]["via"]["source"]["rel"] == "trigger"
    assert events[0]["via"]["source"]["from"] == {"id": number, "title": "trigger rule"}
    assert audits[0]["author_id"] == ticket["requester_id"]


def test_triggers_run_on_updates_by_the_api_and_can_leave_one_user_out(desk: Desk) -> None:
    not_ana = {"field": "role", "operator": "is_not", "value": str(desk.user("Ana Prado"))}
    trigger(desk, [do("current_tags", "touched")], is_("update_type", "Change"), not_ana)
    number = desk.open()["id"]

    desk.put(number, priority="low")
    assert desk.ticket(number)["tags"] == []
    desk.act(by="paulo", ticket=number, set={"priority": "high"})
    assert desk.ticket(number)["tags"] == ["touched"]


def test_the_list_is_walked_again_after_a_change_each_trigger_once(desk: Desk) -> None:
    """Unconfirmed: a switch."""
    tagged = {"field": "current_tags", "operator": "includes", "value": "b"}
    trigger(desk, [do("current_tags", "a")], tagged)
    trigger(desk, [do("current_tags", "b")], is_("update_type", "Create"))

    assert desk.open()["tags"] == ["b", "a"]
    desk.switch(triggers_fire_again=False)
    assert desk.open()["tags"] == ["b"]


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        (is_("status", "new"), True),
        ({"field": "priority", "operator": "less_than", "value": "high"}, True),
        ({"field": "priority", "operator": "greater_than", "value": "high"}, False),
        ({"field": "current_tags", "operator": "not_includes", "value": "x y"}, False),
        ({"field": "subject_includes_word", "operator": "includes", "value": "BANNER logo"}, True),
        ({"field": "comment_includes_word", "operator": "not_includes", "value": "banner"}, False),
        (is_("comment_is_public", "true"), True),
        (is_("role", "end_user"), True),
        (is_("via_id", "4"), True),
        (is_("current_via_id", "0"), False),
        ({"field": "group_id", "operator": "is_not", "value": ""}, False),
        ({"field": "assignee_id", "operator": "not_present"}, True),
        (is_("phase_of_the_moon", "full"), False),
    ],
)
def test_conditions(desk: Desk, condition: Condition, holds: bool) -> None:
    trigger(desk, [do("type", "task")], condition)

    ticket = desk.open(set={"priority": "normal", "tags": ["x"]})

    assert (ticket["type"] == "task") is holds


def test_a_public_comment_is_mailed_only_where_a_trigger_says_so(desk: Desk) -> None:
    number = desk.open()["id"]
    desk.act(by="paulo", ticket=number, reply="Sem carteiro")
    assert desk.http.get("/emulator/mails").json() == {"mails": []}

    mail = do("notification_user", ["requester_id", "[{{ticket.id}}] {{ticket.title}}", "{{ticket.latest_comment}}"])
    trigger(desk, [mail], is_("update_type", "Change"), is_("comment_is_public", "true"))
    desk.act(by="paulo", ticket=number, reply="Com carteiro")

    mails = desk.http.get("/emulator/mails").json()["mails"]
    assert [(each["recipients"], each["subject"], each["body"]) for each in mails] == [
        (["carla@azul.example"], f"[{number}] Banner", "Com carteiro")
    ]
    event = desk.audits(number)[-1]["events"][-1]
    assert (event["type"], event["recipients"]) == ("Notification", [desk.user("Carla Souza")])


def test_triggers_can_be_changed_listed_and_deleted(desk: Desk) -> None:
    number = trigger(desk, [do("type", "task")], is_("update_type", "Create"))
    path = f"/api/v2/triggers/{number}"

    assert desk.http.put(path, json={"trigger": {"active": False}}).json()["trigger"]["active"] is False
    assert desk.http.get("/api/v2/triggers/active").json()["triggers"] == []
    assert [each["id"] for each in desk.http.get("/api/v2/triggers").json()["triggers"]] == [number]
    assert desk.open()["type"] is None
    assert desk.http.delete(path).status_code == 204
    assert desk.http.get(path).status_code == 404


@pytest.mark.parametrize("actions", [[], "x", [{"value": 1}], None])
def test_a_trigger_without_good_actions_is_422(desk: Desk, actions: Any) -> None:
    assert add(desk, "trigger", actions, is_("update_type", "Create")).status_code == 422


def test_an_odd_action_is_skipped_and_the_ticket_is_stored(desk: Desk) -> None:
    odd = [
        do("group_id", "x"),
        do("notification_webhook", None),
        do("status", "gone"),
        do("nope", 1),
        do("type", "task"),
    ]
    trigger(desk, odd, is_("update_type", "Create"))

    assert desk.open()["type"] == "task"


class TestAutomations:
    """By the emulator's clock, once an hour (HAUTO)."""

    PENDING = ({"field": "PENDING", "operator": "greater_than", "value": "48"}, is_("status", "pending"))

    def test_an_automation_acts_when_its_hours_have_passed(self, desk: Desk) -> None:
        assert add(desk, "automation", [do("status", "solved")], *self.PENDING).status_code == 201
        number = desk.open(set={"assignee": "paulo", "status": "pending"})["id"]

        desk.clock(advance=48 * 3600)
        assert desk.ticket(number)["status"] == "pending"
        desk.clock(advance=2 * 3600)

        assert desk.ticket(number)["status"] == "solved"
        audit = desk.audits(number)[-1]
        assert (audit["via"]["channel"], audit["via"]["source"]["rel"]) == ("rule", "automation")
        assert audit["author_id"] == -1

    def test_it_acts_at_the_hour_and_not_when_the_clock_arrives(self, desk: Desk) -> None:
        add(desk, "automation", [do("status", "solved")], *self.PENDING)
        desk.clock(running=False, at="2026-11-21T12:30:00Z")
        number = desk.open(set={"assignee": "paulo", "status": "pending"})["id"]

        desk.clock(advance=10 * 86_400)

        assert desk.audits(number)[-1]["created_at"] == "2026-11-23T14:00:00Z"

    def test_an_automation_that_does_not_nullify_itself_stops_at_a_hundred_updates(self, desk: Desk) -> None:
        add(desk, "automation", [do("comment_value", "de novo")], is_("status", "new"))
        number = desk.open()["id"]

        desk.clock(advance=120 * 3600)

        comments = desk.http.get(f"/api/v2/tickets/{number}/comments", params={"per_page": 100}).json()
        assert comments["count"] == 101
