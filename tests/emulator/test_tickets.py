"""Reading, opening and updating tickets (facts 2.1 to 2.5)."""

import httpx
import pytest

from tests.emulator.conftest import Desk

KEYS = {
    "url", "id", "external_id", "via", "created_at", "updated_at", "generated_timestamp", "type", "subject",
    "raw_subject", "description", "priority", "status", "recipient", "requester_id", "submitter_id", "assignee_id",
    "organization_id", "group_id", "collaborator_ids", "follower_ids", "email_cc_ids", "forum_topic_id", "problem_id",
    "has_incidents", "is_public", "due_at", "tags", "custom_fields", "satisfaction_rating", "sharing_agreement_ids",
    "custom_status_id", "encoded_id", "fields", "followup_ids", "ticket_form_id", "brand_id", "allow_channelback",
    "allow_attachments", "from_messaging_channel", "support_type",
}  # fmt: skip


def test_a_ticket_has_every_key_of_a_real_one(desk: Desk) -> None:
    assert set(desk.ticket(desk.open()["id"])) == KEYS


def test_every_custom_field_is_listed_even_when_null(desk: Desk) -> None:
    ticket = desk.open(set={"fields": {"order": "12345"}})

    values = {field["id"]: field["value"] for field in ticket["custom_fields"]}
    assert values == {desk.field("Motivo da espera"): None, desk.field("Pedido"): "12345"}
    assert ticket["fields"] == ticket["custom_fields"]


def test_the_suffix_json_is_optional(desk: Desk) -> None:
    number = desk.open()["id"]

    assert desk.http.get(f"/api/v2/tickets/{number}.json").json() == desk.http.get(f"/api/v2/tickets/{number}").json()


def test_an_opened_ticket_is_201_with_its_location_and_audit(desk: Desk) -> None:
    said = {"subject": "Oi", "comment": {"body": "Olá"}, "requester_id": desk.user("Carla Souza")}

    response = desk.http.post("/api/v2/tickets", json={"ticket": said})

    assert response.status_code == 201
    ticket = response.json()["ticket"]
    assert response.headers["Location"] == ticket["url"]
    assert response.json()["audit"]["events"][0]["type"] == "Comment"
    assert (ticket["via"]["channel"], ticket["status"]) == ("api", "new")
    assert ticket["submitter_id"] == desk.user("Ana Prado")


def test_a_ticket_without_a_description_is_422(desk: Desk) -> None:
    response = desk.http.post("/api/v2/tickets", json={"ticket": {"subject": "Oi"}})

    assert (response.status_code, response.json()["error"]) == (422, "RecordInvalid")


def test_a_requester_who_is_not_known_becomes_an_unverified_customer(desk: Desk) -> None:
    said = {"comment": {"body": "Olá"}, "requester": {"name": "Nova Cliente", "email": "nova@lua.example"}}

    ticket = desk.http.post("/api/v2/tickets", json={"ticket": said}).json()["ticket"]

    user = desk.http.get(f"/api/v2/users/{ticket['requester_id']}").json()["user"]
    assert (user["name"], user["role"], user["verified"]) == ("Nova Cliente", "end-user", False)


def test_show_many_takes_a_hundred_ids(desk: Desk) -> None:
    numbers = [desk.open()["id"] for _ in range(3)]

    found = desk.http.get("/api/v2/tickets/show_many", params={"ids": ",".join(map(str, [*numbers, 999]))}).json()

    assert [ticket["id"] for ticket in found["tickets"]] == numbers
    assert desk.http.get("/api/v2/tickets/show_many", params={"ids": ",".join(["1"] * 101)}).status_code == 400


def test_users_and_groups_can_be_sideloaded(desk: Desk) -> None:
    number = desk.open(set={"group": "Suporte", "assignee": "paulo"})["id"]

    include = "users,groups,organizations,custom_statuses,metric_sets,comment_count"
    body = desk.http.get(f"/api/v2/tickets/{number}", params={"include": include}).json()

    assert {user["name"] for user in body["users"]} == {"Carla Souza", "Paulo Dias"}
    assert [group["name"] for group in body["groups"]] == ["Suporte"]
    assert [organization["name"] for organization in body["organizations"]] == ["Loja Azul"]
    assert [status["status_category"] for status in body["custom_statuses"]] == ["open"]
    assert body["ticket"]["comment_count"] == 1
    assert [metric["ticket_id"] for metric in body["metric_sets"]] == [number]


def test_cursor_pages_say_whether_there_is_more(desk: Desk) -> None:
    for _ in range(3):
        desk.open()

    first = desk.http.get("/api/v2/tickets", params={"page[size]": 2}).json()
    second = desk.http.get(first["links"]["next"]).json()

    assert (first["meta"]["has_more"], second["meta"]["has_more"]) == (True, False)
    assert [ticket["id"] for ticket in first["tickets"] + second["tickets"]] == [1, 2, 3]
    back = desk.http.get(second["links"]["prev"]).json()
    assert [ticket["id"] for ticket in back["tickets"]] == [1, 2]


def test_offset_pages_count_and_link(desk: Desk) -> None:
    for _ in range(3):
        desk.open()

    first = desk.http.get("/api/v2/tickets", params={"per_page": 2}).json()
    second = desk.http.get(first["next_page"]).json()

    assert (first["count"], len(first["tickets"]), len(second["tickets"])) == (3, 2, 1)
    assert second["next_page"] is None


def test_offset_pages_end_at_ten_thousand_records(desk: Desk) -> None:
    response = desk.http.get("/api/v2/tickets", params={"page": 101, "per_page": 100})

    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "InvalidPaginationDepth"


def test_tags_of_an_update_replace_the_whole_list(desk: Desk) -> None:
    number = desk.open(set={"tags": ["a", "b"]})["id"]

    assert desk.put(number, tags=["c"]).json()["ticket"]["tags"] == ["c"]
    assert desk.put(number, additional_tags=["d"]).json()["ticket"]["tags"] == ["c", "d"]


def test_tags_have_their_own_calls(desk: Desk) -> None:
    number = desk.open(set={"tags": ["a"]})["id"]
    path = f"/api/v2/tickets/{number}/tags"

    assert desk.http.put(path, json={"tags": ["b"]}).json() == {"tags": ["a", "b"]}
    assert desk.http.request("DELETE", path, json={"tags": ["a"]}).status_code == 204
    assert desk.http.get(path).json() == {"tags": ["b"]}
    replaced = desk.http.post(path, json={"tags": ["z"]})
    assert (replaced.status_code, replaced.json()) == (201, {"tags": ["z"]})


def test_safe_update_with_the_stamp_that_was_read_is_made(desk: Desk) -> None:
    ticket = desk.open()

    response = desk.put(ticket["id"], priority="low", safe_update=True, updated_stamp=ticket["updated_at"])

    assert (response.status_code, response.json()["ticket"]["priority"]) == (200, "low")


def test_safe_update_after_somebody_elses_change_is_409(desk: Desk) -> None:
    ticket = desk.open()
    desk.clock(advance=2)
    desk.act(by="paulo", ticket=ticket["id"], set={"priority": "high"})

    response = desk.put(ticket["id"], priority="low", safe_update=True, updated_stamp=ticket["updated_at"])

    assert (response.status_code, response.json()["error"]) == (409, "UpdateConflict")
    assert "Safe Update prevented the update due to outdated ticket data" in response.json()["description"]
    assert desk.ticket(ticket["id"])["priority"] == "high"


def test_stamps_have_the_precision_of_a_second(desk: Desk) -> None:
    """Two changes in one second look like one: safe update cannot tell them apart."""
    desk.clock(running=False)
    ticket = desk.open()
    desk.act(by="paulo", ticket=ticket["id"], set={"priority": "high"})

    response = desk.put(ticket["id"], priority="low", safe_update=True, updated_stamp=ticket["updated_at"])

    assert response.status_code == 200


def test_an_update_that_changes_nothing_makes_no_audit(desk: Desk) -> None:
    ticket = desk.open(set={"priority": "low"})
    desk.clock(advance=5)

    response = desk.put(ticket["id"], priority="low")

    assert response.json()["audit"]["events"] == []
    assert response.json()["ticket"]["updated_at"] == ticket["updated_at"]
    assert len(desk.audits(ticket["id"])) == 1


def test_null_clears_the_assignee(desk: Desk) -> None:
    number = desk.open(set={"group": "Suporte", "assignee": "paulo"})["id"]

    ticket = desk.put(number, assignee_id=None).json()["ticket"]

    assert (ticket["assignee_id"], ticket["group_id"]) == (None, desk.group("Suporte"))


def test_ids_may_come_as_texts(desk: Desk) -> None:
    number = desk.open()["id"]

    assert desk.put(number, group_id=str(desk.group("Financeiro"))).json()["ticket"]["group_id"] == desk.group(
        "Financeiro"
    )


@pytest.mark.parametrize("key", ["status", "priority", "type"])
def test_an_unknown_word_is_422_and_names_its_field(desk: Desk, key: str) -> None:
    response = desk.put(desk.open()["id"], **{key: "bananas"})

    assert response.status_code == 422
    assert list(response.json()["details"]) == [key]


def test_a_custom_status_sets_its_category(desk: Desk) -> None:
    statuses = desk.http.get("/api/v2/custom_statuses", params={"status_categories": "hold"}).json()["custom_statuses"]
    waiting = next(status["id"] for status in statuses if status["agent_label"] == "Aguardando TI")
    number = desk.open(set={"assignee": "paulo"})["id"]

    ticket = desk.put(number, custom_status_id=waiting).json()["ticket"]

    assert (ticket["status"], ticket["custom_status_id"]) == ("hold", waiting)


def test_a_deleted_ticket_is_404_until_it_is_restored(desk: Desk) -> None:
    number = desk.open()["id"]

    assert desk.http.delete(f"/api/v2/tickets/{number}").status_code == 204
    assert desk.http.get(f"/api/v2/tickets/{number}").status_code == 404
    assert [each["id"] for each in desk.http.get("/api/v2/deleted_tickets").json()["deleted_tickets"]] == [number]
    assert desk.http.put(f"/api/v2/deleted_tickets/{number}/restore").status_code == 200
    assert desk.ticket(number)["status"] == "new"


def test_the_count_of_tickets_says_when_it_was_taken(desk: Desk) -> None:
    desk.open()

    count = desk.http.get("/api/v2/tickets/count").json()["count"]
    assert (count["value"], set(count)) == (1, {"value", "refreshed_at"})


def test_tickets_are_found_by_external_id(desk: Desk) -> None:
    desk.open(set={"external_id": "x-1"})
    desk.open()

    found = desk.http.get("/api/v2/tickets", params={"external_id": "x-1"}).json()["tickets"]
    assert [ticket["id"] for ticket in found] == [1]


class TestIdempotencyKey:
    """`Idempotency-Key` works for creation only, for two hours (INTRO)."""

    def post(self, desk: Desk, body: str) -> httpx.Response:
        said = {"ticket": {"subject": "Oi", "comment": {"body": body}}}
        return desk.http.post("/api/v2/tickets", json=said, headers={"Idempotency-Key": "k1"})

    def test_the_second_request_finds_the_first_ticket(self, desk: Desk) -> None:
        first, second = self.post(desk, "a"), self.post(desk, "a")

        assert [each.headers["x-idempotency-lookup"] for each in (first, second)] == ["miss", "hit"]
        assert first.json()["ticket"]["id"] == second.json()["ticket"]["id"]
        assert second.status_code == 201

    def test_another_body_under_the_same_key_is_400(self, desk: Desk) -> None:
        self.post(desk, "a")
        other = self.post(desk, "b")

        assert (other.status_code, other.json()["error"]) == (400, "IdempotentRequestError")

    def test_the_key_is_forgotten_after_two_hours(self, desk: Desk) -> None:
        self.post(desk, "a")
        desk.clock(advance=2 * 3600 + 1)

        assert self.post(desk, "b").headers["x-idempotency-lookup"] == "miss"


def test_async_creation_answers_202_with_a_job(desk: Desk) -> None:
    said = {"ticket": {"subject": "Oi", "comment": {"body": "a"}}}

    response = desk.http.post("/api/v2/tickets?async=true", json=said)

    assert response.status_code == 202
    assert desk.job(response)["status"] == "completed"
    assert desk.ticket(1)["subject"] == "Oi"


class TestBulk:
    """update_many and its job (TICKETS, JOBS)."""

    def test_the_same_change_for_many(self, desk: Desk) -> None:
        numbers = [desk.open()["id"] for _ in range(2)]
        ids = ",".join(map(str, numbers))

        response = desk.http.put(f"/api/v2/tickets/update_many?ids={ids}", json={"ticket": {"priority": "urgent"}})
        job = desk.job(response)

        assert job["status"] == "completed"
        assert job["results"] == [
            {"id": number, "action": "update", "success": True, "status": "Updated"} for number in numbers
        ]
        assert [desk.ticket(number)["priority"] for number in numbers] == ["urgent", "urgent"]

    def test_a_conflict_in_a_batch_is_told_by_the_job(self, desk: Desk) -> None:
        ticket = desk.open()
        stale = {"id": ticket["id"], "priority": "low", "safe_update": True, "updated_stamp": "2020-01-01T00:00:00Z"}

        job = desk.job(desk.http.put("/api/v2/tickets/update_many", json={"tickets": [stale]}))

        assert (job["results"][0]["success"], job["results"][0]["error"]) == (False, "UpdateConflict")
        assert desk.ticket(ticket["id"])["priority"] is None

    def test_tags_can_be_added_to_many(self, desk: Desk) -> None:
        desk.open(set={"tags": ["a"]})

        desk.job(desk.http.put("/api/v2/tickets/update_many?ids=1", json={"ticket": {"additional_tags": ["b"]}}))

        assert desk.ticket(1)["tags"] == ["a", "b"]

    def test_at_most_thirty_jobs_are_in_flight(self, desk: Desk) -> None:
        desk.clock(running=False)
        desk.switch(job_seconds=60)
        desk.open()
        put = "/api/v2/tickets/update_many?ids=1"

        answers = [desk.http.put(put, json={"ticket": {"priority": "low"}}) for _ in range(31)]

        assert [answer.status_code for answer in answers] == [200] * 30 + [429]
        assert answers[-1].json()["error"] == "TooManyJobs"
        assert len(answers[-1].json()["current_job_ids"]) == 30

    def test_merging_closes_the_source_and_comments_on_both(self, desk: Desk) -> None:
        target, source = desk.open()["id"], desk.open()["id"]

        job = desk.job(desk.http.post(f"/api/v2/tickets/{target}/merge", json={"ids": [source]}))

        assert job["status"] == "completed"
        assert desk.ticket(source)["status"] == "closed"
        assert f"#{target}" in desk.comments(source)[-1]["body"]
        assert f"#{source}" in desk.comments(target)[-1]["body"]
