"""The rules that Zendesk applies by itself (facts 2.6 and 2.7)."""

from collections.abc import Callable

import pytest

from tests.emulator.conftest import Desk


def test_a_new_ticket_that_gets_an_assignee_becomes_open(desk: Desk) -> None:
    number = desk.open(set={"group": "Suporte"})["id"]

    ticket = desk.put(number, assignee_id=desk.user("Paulo Dias")).json()["ticket"]

    assert ticket["status"] == "open"


def test_once_out_of_new_a_ticket_never_goes_back(desk: Desk) -> None:
    number = desk.open(set={"status": "open"})["id"]

    assert desk.put(number, status="new").json()["ticket"]["status"] == "open"


def test_back_to_new_can_be_refused_instead(desk: Desk) -> None:
    """Unconfirmed: a switch."""
    desk.switch(back_to_new="refuse")

    assert desk.put(desk.open(set={"status": "open"})["id"], status="new").status_code == 422


@pytest.mark.parametrize("status", ["pending", "hold", "solved"])
def test_a_customers_comment_opens_a_waiting_ticket(desk: Desk, status: str) -> None:
    number = desk.open(set={"assignee": "paulo", "status": status})["id"]

    desk.act(by="carla", ticket=number, reply="Alguma novidade?")

    assert desk.ticket(number)["status"] == "open"


def test_an_agents_comment_leaves_the_status(desk: Desk) -> None:
    number = desk.open(set={"assignee": "paulo", "status": "pending"})["id"]

    desk.act(by="paulo", ticket=number, reply="Ainda vendo.")

    assert desk.ticket(number)["status"] == "pending"


def test_solving_needs_an_assignee_and_changes_nothing_when_refused(desk: Desk) -> None:
    number = desk.open()["id"]

    response = desk.put(number, status="solved", priority="high")

    assert response.status_code == 422
    told = response.json()["details"]["base"][0]
    assert told["description"] == "Assignee: is required when solving a ticket"
    assert (told["error"], told["ticket_field_type"]) == (None, "FieldAssignee")
    assert desk.ticket(number)["priority"] is None


def test_the_solving_agent_becomes_assignee_where_the_account_says_so(reset: Callable[[str], Desk]) -> None:
    desk = reset("settings: {tickets: {assign_tickets_upon_solve: true}}")
    number = desk.open()["id"]

    ticket = desk.put(number, status="solved").json()["ticket"]

    assert (ticket["status"], ticket["assignee_id"]) == ("solved", desk.user("Ana Prado"))


def test_solving_needs_the_required_fields_of_the_form(reset: Callable[[str], Desk]) -> None:
    desk = reset("ticket_fields: {reason: {title: Motivo, type: text, required: true}}")
    number = desk.open(set={"assignee": "paulo"})["id"]

    refused = desk.put(number, status="solved")
    made = desk.put(number, status="solved", custom_fields=[{"id": desk.field("Motivo"), "value": "pronto"}])

    assert refused.json()["details"]["base"][0]["description"].startswith("Motivo: is required")
    assert made.json()["ticket"]["status"] == "solved"


def test_a_priority_cannot_be_cleared(desk: Desk) -> None:
    response = desk.put(desk.open(set={"priority": "low"})["id"], priority=None)

    assert response.status_code == 422
    assert response.json()["details"]["priority"] == [{"description": "Priority: cannot be reset"}]


def test_assigning_alone_moves_the_ticket_to_the_agents_default_group(desk: Desk) -> None:
    """The audit shows assignee, group and status changed from one field."""
    number = desk.open(set={"group": "Suporte"})["id"]

    response = desk.put(number, assignee_id=desk.user("Jenyfer Lima"))

    changed = [event["field_name"] for event in response.json()["audit"]["events"]]
    assert changed == ["group_id", "assignee_id", "status", "custom_status_id"]
    assert response.json()["ticket"]["group_id"] == desk.group("Design / Website")


def test_assigning_alone_can_keep_a_group_that_the_agent_belongs_to(desk: Desk) -> None:
    """Unconfirmed: a switch."""
    desk.switch(assignee_moves_group="unless-member")
    number = desk.open(set={"group": "Financeiro"})["id"]

    assert desk.put(number, assignee_id=desk.user("Paulo Dias")).json()["ticket"]["group_id"] == desk.group(
        "Financeiro"
    )


def test_an_assignee_who_is_no_member_of_the_group_is_422(desk: Desk) -> None:
    number = desk.open()["id"]

    response = desk.put(number, group_id=desk.group("Financeiro"), assignee_id=desk.user("Jenyfer Lima"))

    assert response.status_code == 422
    assert response.json()["details"]["assignee"] == [
        {"description": "Assignee: is invalid", "error": "InvalidValue"},
        {"description": "Assignee: is not a member of the group"},
    ]


@pytest.mark.parametrize("name", ["Carla Souza", "Léa Leve"])
def test_customers_and_light_agents_cannot_be_assigned(desk: Desk, name: str) -> None:
    assert desk.put(desk.open()["id"], assignee_id=desk.user(name)).status_code == 422


def test_a_group_alone_clears_an_assignee_who_is_no_member(desk: Desk) -> None:
    """Unconfirmed: a switch says so, or 422."""
    number = desk.open(set={"group": "Suporte", "assignee": "paulo"})["id"]

    ticket = desk.put(number, group_id=desk.group("Design / Website")).json()["ticket"]
    assert (ticket["assignee_id"], ticket["group_id"]) == (None, desk.group("Design / Website"))

    desk.switch(group_without_assignee="refuse")
    desk.put(number, assignee_id=desk.user("Jenyfer Lima"))
    assert desk.put(number, group_id=desk.group("Financeiro")).status_code == 422


def test_an_organization_with_a_group_starts_its_tickets_there(reset: Callable[[str], Desk]) -> None:
    desk = reset("people: {ana: {name: Ana Prado, role: admin}, eva: {name: Eva Sol, organization: Loja Sol}}")

    assert desk.open(by="eva")["group_id"] == desk.group("Financeiro")


class TestClosed:
    def close(self, desk: Desk) -> int:
        number: int = desk.open(set={"assignee": "paulo"})["id"]
        assert desk.put(number, status="closed").status_code == 200
        return number

    def test_a_closed_ticket_refuses_updates(self, desk: Desk) -> None:
        response = desk.put(self.close(desk), comment={"body": "Oi", "public": False})

        assert response.status_code == 422
        assert response.json()["details"] == {"status": [{"description": "Status: closed prevents ticket update"}]}

    def test_tags_of_closed_tickets_may_be_editable(self, desk: Desk) -> None:
        """Unconfirmed: a switch."""
        desk.switch(closed_accepts="tags-subject-priority")
        number = self.close(desk)

        assert desk.put(number, tags=["x"]).status_code == 200
        assert desk.put(number, assignee_id=None).status_code == 422

    def test_a_customers_reply_to_it_opens_a_follow_up(self, desk: Desk) -> None:
        number = self.close(desk)

        follow_up = desk.act(by="carla", ticket=number, reply="Voltou a acontecer")["ticket"]

        assert follow_up["via"]["source"]["rel"] == "follow_up"
        assert follow_up["via"]["source"]["from"]["ticket_id"] == number
        related = desk.http.get(f"/api/v2/tickets/{follow_up['id']}/related").json()["ticket_related"]
        assert related["followup_source_ids"] == [number]
        assert desk.ticket(number)["followup_ids"] == [follow_up["id"]]

    def test_a_follow_up_by_the_api_inherits_the_tags(self, desk: Desk) -> None:
        number = desk.open(set={"assignee": "paulo", "tags": ["vip"]})["id"]
        desk.put(number, status="closed")
        said = {"comment": {"body": "De novo"}, "via_followup_source_id": number}

        assert desk.http.post("/api/v2/tickets", json={"ticket": said}).json()["ticket"]["tags"] == ["vip"]

    def test_a_solved_ticket_is_closed_after_28_days(self, desk: Desk) -> None:
        number = desk.open(set={"assignee": "paulo", "status": "solved"})["id"]

        desk.clock(advance=27 * 86_400)
        assert desk.ticket(number)["status"] == "solved"
        desk.clock(advance=86_400 + 3600)
        assert desk.ticket(number)["status"] == "closed"
        assert desk.audits(number)[-1]["author_id"] == -1


def test_a_member_who_leaves_a_group_loses_its_working_tickets(desk: Desk) -> None:
    number = desk.open(set={"group": "Financeiro", "assignee": "paulo"})["id"]
    memberships = desk.http.get(f"/api/v2/users/{desk.user('Paulo Dias')}/group_memberships").json()[
        "group_memberships"
    ]
    membership = next(each["id"] for each in memberships if each["group_id"] == desk.group("Financeiro"))

    assert desk.http.delete(f"/api/v2/group_memberships/{membership}").status_code == 204

    ticket = desk.ticket(number)
    assert (ticket["group_id"], ticket["assignee_id"]) == (desk.group("Financeiro"), None)
