"""The control API: clock, faults, counting, latency (what no Zendesk has)."""

import time

import httpx
import pytest

from tests.emulator.conftest import Desk


def test_the_clock_can_be_set_stopped_and_advanced(desk: Desk) -> None:
    clock = desk.clock(running=False, at="2026-11-21T12:00:00Z")
    assert (clock["now"], clock["seconds"], clock["running"]) == ("2026-11-21T12:00:00Z", 1795262400.0, False)
    ticket = desk.open()
    assert (ticket["created_at"], ticket["generated_timestamp"]) == ("2026-11-21T12:00:00Z", 1795262400)
    assert desk.clock(advance=48 * 3600)["now"] == "2026-11-23T12:00:00Z"
    response = desk.http.get("/api/v2/tickets")
    assert response.headers["Date"] == "Mon, 23 Nov 2026 12:00:00 GMT"


def test_a_running_clock_goes_on(desk: Desk) -> None:
    first = desk.clock(at="2027-01-01T00:00:00Z")["seconds"]

    desk.wait_until(lambda: desk.http.get("/emulator/clock").json()["seconds"] > first)


@pytest.mark.parametrize(
    "said", [{"at": "soon"}, {"advance": 1e300}, {"advance": "x"}, {"to": 1}, {"at": "0001-01-01"}]
)
def test_a_time_that_is_none_is_refused(desk: Desk, said: dict[str, object]) -> None:
    assert desk.http.post("/emulator/clock", json=said).status_code == 422


def test_requests_are_counted_by_method_and_template(desk: Desk) -> None:
    number = desk.open()["id"]
    desk.http.delete("/emulator/requests")

    desk.ticket(number)
    desk.ticket(number)
    desk.put(number, priority="low")
    desk.http.get("/api/v2/nope")

    counted = desk.http.get("/emulator/requests").json()
    assert counted["total"] == 4
    assert counted["by_route"] == {
        "GET /api/v2/tickets/{ticket_id}": 2,
        "GET unknown": 1,
        "PUT /api/v2/tickets/{ticket_id}": 1,
    }
    assert [call["status"] for call in counted["recent"]] == [200, 200, 200, 404]


def test_latency_slows_every_answer_of_the_api(desk: Desk) -> None:
    desk.http.post("/emulator/latency", json={"milliseconds": 40}).raise_for_status()
    began = time.monotonic()

    desk.http.get("/api/v2/tickets")

    assert time.monotonic() - began >= 0.04


class TestFaults:
    """Hostile on demand."""

    def impatient(self, desk: Desk) -> httpx.Client:
        auth = ("ana@loja.example/token", "old-token")
        return desk.keep(httpx.Client(base_url=desk.url, auth=auth, timeout=0.15))

    def test_a_write_can_time_out_before_it_is_stored(self, desk: Desk) -> None:
        number = desk.open()["id"]
        desk.fault(does="time-out-before", method="PUT", ticket=number)

        with pytest.raises(httpx.ReadTimeout):
            self.impatient(desk).put(f"/api/v2/tickets/{number}", json={"ticket": {"priority": "low"}})

        assert desk.ticket(number)["priority"] is None
        assert desk.put(number, priority="low").status_code == 200

    def test_a_write_can_time_out_after_it_is_stored(self, desk: Desk) -> None:
        number = desk.open()["id"]
        desk.fault(does="time-out-after", method="PUT", ticket=number)

        with pytest.raises(httpx.ReadTimeout):
            self.impatient(desk).put(f"/api/v2/tickets/{number}", json={"ticket": {"priority": "low"}})

        assert desk.ticket(number)["priority"] == "low"

    def test_a_422_can_name_a_field(self, desk: Desk) -> None:
        number = desk.open()["id"]
        desk.fault(does="answer", method="PUT", status=422, field="assignee")

        response = desk.put(number, priority="low")

        assert response.status_code == 422
        assert list(response.json()["details"]) == ["assignee"]
        assert desk.put(number, priority="low").status_code == 200

    def test_a_429_can_say_seconds_or_a_date(self, desk: Desk) -> None:
        desk.clock(running=False, at="2026-11-21T12:00:00Z")
        desk.fault(does="answer", status=429, retry_after=7)
        desk.fault(does="answer", status=429, retry_after=7, retry_after_as="date", after=1)

        first, second = desk.http.get("/api/v2/tickets"), desk.http.get("/api/v2/tickets")

        assert (first.status_code, first.headers["Retry-After"]) == (429, "7")
        assert (second.status_code, second.headers["Retry-After"]) == (429, "Sat, 21 Nov 2026 12:00:07 GMT")

    def test_a_5xx_can_come_a_number_of_times(self, desk: Desk) -> None:
        desk.fault(does="answer", status=502, times=2, path="/api/v2/tickets*")

        statuses = [desk.http.get("/api/v2/tickets").status_code for _ in range(3)]

        assert statuses == [502, 502, 200]

    def test_a_person_can_be_faster_than_the_next_update(self, desk: Desk) -> None:
        ticket = desk.open()
        desk.clock(advance=2)
        act = {"by": "paulo", "ticket": ticket["id"], "set": {"priority": "high"}}
        desk.fault(does="act", method="PUT", ticket=ticket["id"], act=act)

        response = desk.put(ticket["id"], priority="low", safe_update=True, updated_stamp=ticket["updated_at"])

        assert response.status_code == 409
        assert desk.ticket(ticket["id"])["priority"] == "high"

    def test_a_probability_with_a_seed_repeats_itself(self, desk: Desk) -> None:
        def statuses() -> list[int]:
            desk.http.delete("/emulator/faults")
            desk.fault(does="answer", status=500, probability=0.5, seed=3)
            return [desk.http.get("/api/v2/tickets").status_code for _ in range(20)]

        first = statuses()

        assert set(first) == {200, 500}
        assert statuses() == first

    def test_faults_can_be_seen_and_cleared(self, desk: Desk) -> None:
        desk.fault(does="slow", seconds=0)
        assert [each["does"] for each in desk.http.get("/emulator/faults").json()["faults"]] == ["slow"]
        desk.http.delete("/emulator/faults")
        assert desk.http.get("/emulator/faults").json() == {"faults": []}

    @pytest.mark.parametrize("fault", [{"does": "explode"}, {"does": "act"}, {"does": "act", "act": {"bye": "x"}}, {}])
    def test_a_fault_that_cannot_happen_is_refused(self, desk: Desk, fault: dict[str, object]) -> None:
        assert desk.http.post("/emulator/faults", json=fault).status_code == 422


def test_switches_can_be_read_and_set_and_unknown_ones_are_refused(desk: Desk) -> None:
    desk.switch(search_lag=3)

    assert desk.http.get("/emulator/switches").json()["switches"]["search_lag"] == 3
    assert desk.http.post("/emulator/switches", json={"serach_lag": 3}).status_code == 422
    assert desk.http.post("/emulator/switches", json={"mention_markup": "bold"}).status_code == 422


def test_a_reset_begins_anew(desk: Desk) -> None:
    desk.open()
    desk.http.post("/emulator/latency", json={"milliseconds": 1})
    desk.clock(running=False, at="2030-01-01T00:00:00Z")

    assert desk.http.post("/emulator/reset").status_code == 204

    overview = desk.http.get("/emulator").json()
    assert overview["tickets"] == 0
    assert not overview["time"].startswith("2030")
    assert desk.http.get("/emulator/latency").json() == {"milliseconds": 0}
    assert desk.http.get("/emulator/clock").json()["running"]


def test_a_reset_with_a_wrong_desk_says_where(desk: Desk) -> None:
    response = desk.http.post("/emulator/reset", content=b"groups: []\npeple: {}")

    assert response.status_code == 422
    assert response.json()["error"] == "body:2:1: unknown key 'peple'; did you mean 'people'?"
