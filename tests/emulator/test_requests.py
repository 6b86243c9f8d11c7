"""Customers with their own credential: the requests API."""

from tests.emulator.conftest import Desk


def test_a_customer_opens_reads_and_answers_their_own_requests(desk: Desk) -> None:
    carla = desk.client("carla", "azul.example")

    opened = carla.post("/api/v2/requests", json={"request": {"subject": "Oi", "comment": {"body": "Olá"}}})
    number = opened.json()["request"]["id"]

    assert (opened.status_code, opened.json()["request"]["status"]) == (201, "open")
    assert desk.ticket(number)["requester_id"] == desk.user("Carla Souza")
    desk.act(by="paulo", ticket=number, note="nota", set={"assignee": "paulo", "status": "pending"})
    desk.act(by="paulo", ticket=number, reply="Pode mandar um print?")
    seen = carla.get(f"/api/v2/requests/{number}/comments").json()["comments"]
    assert [comment["body"] for comment in seen] == ["Olá", "Pode mandar um print?"]
    answered = carla.put(
        f"/api/v2/requests/{number}", json={"request": {"comment": {"body": "Segue", "public": False}}}
    )
    assert answered.json()["request"]["status"] == "open"
    assert (desk.comments(number)[-1]["body"], desk.comments(number)[-1]["public"]) == ("Segue", True)
    assert [request["id"] for request in carla.get("/api/v2/requests").json()["requests"]] == [number]


def test_other_peoples_requests_are_not_there(desk: Desk) -> None:
    number = desk.open(by="carla")["id"]
    diego = desk.client("diego", "sol.example")

    assert diego.get(f"/api/v2/requests/{number}").status_code == 404
    assert diego.get("/api/v2/requests").json()["requests"] == []


def test_an_empty_request_is_422(desk: Desk) -> None:
    carla = desk.client("carla", "azul.example")

    assert carla.post("/api/v2/requests", json={"request": {"subject": "Oi"}}).status_code == 422
