"""Search and the incremental exports (facts 5)."""

import pytest

from tests.emulator.conftest import Desk

CURSOR = "/api/v2/incremental/tickets/cursor"


class TestIncremental:
    def test_the_last_minute_is_never_told(self, desk: Desk) -> None:
        desk.clock(running=False, at="2026-11-21T12:00:00Z")
        desk.open()

        assert desk.http.get(CURSOR, params={"start_time": 0}).json()["tickets"] == []
        desk.clock(advance=59)
        assert desk.http.get(CURSOR, params={"start_time": 0}).json()["tickets"] == []
        desk.clock(advance=1)
        assert [each["id"] for each in desk.http.get(CURSOR, params={"start_time": 0}).json()["tickets"]] == [1]

    def test_a_start_in_the_last_minute_is_422(self, desk: Desk) -> None:
        now = int(desk.http.get("/emulator/clock").json()["seconds"])

        assert desk.http.get(CURSOR, params={"start_time": now - 30}).status_code == 422
        assert desk.http.get(CURSOR).status_code == 400

    def test_a_cursor_goes_on_where_it_was_and_tells_each_ticket_once(self, desk: Desk) -> None:
        for _ in range(5):
            desk.open()
        desk.clock(advance=61)

        first = desk.http.get(CURSOR, params={"start_time": 0, "per_page": 3}).json()
        second = desk.http.get(first["after_url"]).json()

        assert [each["id"] for each in first["tickets"] + second["tickets"]] == [1, 2, 3, 4, 5]
        assert (first["end_of_stream"], second["end_of_stream"]) == (False, True)
        desk.put(2, priority="low")
        desk.clock(advance=61)
        third = desk.http.get(CURSOR, params={"cursor": second["after_cursor"]}).json()
        assert [each["id"] for each in third["tickets"]] == [2]
        assert (
            desk.http.get(CURSOR, params={"cursor": third["after_cursor"]}).json()["after_cursor"]
            == third["after_cursor"]
        )

    def test_deleted_tickets_are_told_as_deleted(self, desk: Desk) -> None:
        desk.open()
        desk.http.delete("/api/v2/tickets/1")
        desk.clock(advance=61)

        told = desk.http.get(CURSOR, params={"start_time": 0}).json()["tickets"]
        without = desk.http.get(CURSOR, params={"start_time": 0, "exclude_deleted": "true"}).json()["tickets"]

        assert ([each["status"] for each in told], without) == (["deleted"], [])

    def test_a_broken_cursor_is_400(self, desk: Desk) -> None:
        assert desk.http.get(CURSOR, params={"cursor": "!!"}).status_code == 400

    def test_the_time_based_export_names_the_next_page(self, desk: Desk) -> None:
        desk.clock(running=False)
        for _ in range(3):
            desk.open()
            desk.clock(advance=10)
        desk.clock(advance=61)

        first = desk.http.get("/api/v2/incremental/tickets", params={"start_time": 0, "per_page": 2}).json()
        second = desk.http.get(first["next_page"]).json()

        assert [each["id"] for each in first["tickets"]] == [1, 2]
        assert [each["id"] for each in second["tickets"]] == [2, 3], "tickets repeat at the edges of pages"
        assert (first["end_of_stream"], second["end_of_stream"], first["count"]) == (False, True, 2)

    def test_ticket_events_name_the_updater(self, desk: Desk) -> None:
        desk.open()
        desk.put(1, status="open", comment={"body": "nota", "public": False})
        desk.clock(advance=61)
        path = "/api/v2/incremental/ticket_events"

        plain = desk.http.get(path, params={"start_time": 0}).json()
        full = desk.http.get(path, params={"start_time": 0, "include": "comment_events"}).json()

        assert [each["updater_id"] for each in plain["ticket_events"]] == [
            desk.user("Carla Souza"),
            desk.user("Ana Prado"),
        ]
        comment = plain["ticket_events"][1]["child_events"][0]
        assert (comment["comment_present"], comment["comment_public"]) == (True, False)
        assert full["ticket_events"][1]["child_events"][0]["body"] == "nota"
        status = plain["ticket_events"][1]["child_events"][1]
        assert (status["event_type"], status["status"], status["previous_value"]) == ("Change", "open", "new")
        assert plain["end_of_stream"]


class TestSearch:
    @pytest.fixture
    def tickets(self, desk: Desk) -> Desk:
        desk.switch(search_lag=0)
        desk.clock(running=False, at="2026-11-01T12:00:00Z")
        desk.open(subject="Banner quebrado", set={"group": "Suporte", "assignee": "paulo", "tags": ["vip"]})
        desk.clock(at="2026-11-10T12:00:00Z")
        desk.open(by="diego", subject="Fatura", set={"priority": "urgent", "fields": {"order": "777"}})
        desk.open(by="diego", channel="web", subject="Login", set={"group": "Financeiro", "status": "hold"})
        return desk

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("type:ticket", [1, 2, 3]),
            ("type:ticket status:open", [1]),
            ("type:ticket status<solved", [1, 2, 3]),
            ("type:ticket status>open", [3]),
            ("type:ticket -status:open", [2, 3]),
            ("type:ticket status:open status:hold", [1, 3]),
            ("type:ticket assignee:none", [2, 3]),
            ('type:ticket assignee:"Paulo Dias"', [1]),
            ("type:ticket requester:diego@sol.example", [2, 3]),
            ("type:ticket group:Financeiro", [3]),
            ("type:ticket tags:vip", [1]),
            ("type:ticket priority>=high", [2]),
            ("type:ticket subject:banner", [1]),
            ("type:ticket quebra", [1]),
            ("type:ticket uebrado", []),
            ('type:ticket "banner quebrado"', [1]),
            ("type:ticket via:web", [3]),
            ("type:ticket fieldvalue:777", [2]),
            ("type:ticket created<2026-11-05", [1]),
            ("type:ticket created>=2026-11-10", [2, 3]),
            ("type:ticket created:2026-11-10", [2, 3]),
            ("type:ticket created>9days", [2, 3]),
            ("type:ticket nope:1", []),
            ("type:ticket order_by:created sort:asc status<solved", [1, 2, 3]),
        ],
    )
    def test_the_documented_subset_of_the_language(self, tickets: Desk, query: str, found: list[int]) -> None:
        body = tickets.http.get(
            "/api/v2/search", params={"query": query, "sort_by": "created_at", "sort_order": "asc"}
        ).json()

        assert [each["id"] for each in body["results"]] == found
        assert body["count"] == len(found)
        assert {each["result_type"] for each in body["results"]} <= {"ticket"}

    def test_without_a_type_people_and_groups_are_found_too(self, tickets: Desk) -> None:
        kinds = [each["result_type"] for each in tickets.http.get("/api/v2/search?query=Suporte").json()["results"]]
        assert kinds == ["group"]

    def test_the_index_lags_and_holds_stale_values(self, tickets: Desk) -> None:
        tickets.switch(search_lag=60)
        tickets.clock(advance=3600)
        tickets.put(1, status="pending")

        def found(query: str) -> int:
            count: int = tickets.http.get("/api/v2/search/count", params={"query": f"type:ticket {query}"}).json()[
                "count"
            ]
            return count

        assert (found("status:open"), found("status:pending")) == (1, 0)
        tickets.open()
        assert found("") == 3
        tickets.clock(advance=61)
        assert (found("status:open"), found("status:pending"), found("")) == (0, 1, 4)

    def test_search_has_no_cursor_pagination(self, desk: Desk) -> None:
        assert desk.http.get("/api/v2/search?query=x&page[size]=10").status_code == 400

    def test_no_more_than_a_thousand_results_can_be_paged(self, desk: Desk) -> None:
        response = desk.http.get("/api/v2/search", params={"query": "x", "page": 11})

        assert (response.status_code, response.json()["error"]) == (422, "invalid")

    def test_a_date_that_is_none_is_422(self, desk: Desk) -> None:
        assert desk.http.get("/api/v2/search", params={"query": "type:ticket created>x"}).status_code == 422

    def test_an_export_goes_by_cursor_in_order_of_creation(self, tickets: Desk) -> None:
        said = {"query": "status<solved", "filter[type]": "ticket", "page[size]": "2"}

        first = tickets.http.get("/api/v2/search/export", params=said).json()
        second = tickets.http.get(first["links"]["next"]).json()

        assert [each["id"] for each in first["results"] + second["results"]] == [1, 2, 3]
        assert (first["meta"]["has_more"], second["meta"]["has_more"]) == (True, False)

    def test_the_cursor_of_an_export_dies_after_an_hour(self, tickets: Desk) -> None:
        said = {"query": "status<solved", "filter[type]": "ticket", "page[size]": "2"}
        first = tickets.http.get("/api/v2/search/export", params=said).json()

        tickets.clock(advance=3601)

        assert tickets.http.get(first["links"]["next"]).status_code == 400

    def test_the_type_of_an_export_is_a_filter(self, desk: Desk) -> None:
        assert desk.http.get("/api/v2/search/export?query=type:user&filter[type]=ticket").status_code == 422
        assert desk.http.get("/api/v2/search/export?query=x").status_code == 400
