"""Credentials, scopes, roles and the envelopes of errors (facts 2.7 and 7)."""

import httpx
import pytest

from tests.emulator.conftest import Desk


def grant(desk: Desk, **said: object) -> httpx.Response:
    usual = {
        "grant_type": "client_credentials",
        "client_id": "service",
        "client_secret": "s3cret",
        "scope": "read write",
    }
    return desk.http.post("/oauth/tokens", json=usual | said)


def bearer(desk: Desk, token: str) -> httpx.Client:
    return desk.keep(httpx.Client(base_url=desk.url, headers={"Authorization": f"Bearer {token}"}))


def test_an_old_token_works_with_the_email_of_any_agent(desk: Desk) -> None:
    assert desk.client("paulo").get("/api/v2/users/me").json()["user"]["name"] == "Paulo Dias"
    assert desk.client("paulo").get("/api/v2/tickets").status_code == 200


@pytest.mark.parametrize(
    "auth", [("ana@loja.example/token", "wrong"), ("nobody@loja.example/token", "old-token"), None]
)
def test_without_good_credentials_tickets_are_401(desk: Desk, auth: tuple[str, str] | None) -> None:
    response = httpx.get(f"{desk.url}/api/v2/tickets", auth=auth)

    assert (response.status_code, response.json()) == (401, {"error": "Couldn't authenticate you"})


def test_users_me_is_200_and_anonymous_without_good_credentials(desk: Desk) -> None:
    for auth in (None, ("ana@loja.example/token", "wrong")):
        response = httpx.get(f"{desk.url}/api/v2/users/me", auth=auth)
        assert (response.status_code, response.json()["user"]["id"]) == (200, None)
        assert response.json()["user"]["name"] == "Anonymous user"


def test_a_password_is_no_token(desk: Desk) -> None:
    assert httpx.get(f"{desk.url}/api/v2/tickets", auth=("ana@loja.example", "old-token")).status_code == 401


def test_client_credentials_give_a_token_of_the_clients_user(desk: Desk) -> None:
    response = grant(desk, expires_in=3600)

    assert response.status_code == 201
    told = response.json()
    assert (told["token_type"], told["scope"], told["expires_in"]) == ("bearer", "read write", 3600)
    assert "refresh_token" not in told
    assert bearer(desk, told["access_token"]).get("/api/v2/users/me").json()["user"]["name"] == "Ana Prado"


def test_a_token_ends_by_the_emulators_clock(desk: Desk) -> None:
    client = bearer(desk, grant(desk, expires_in=300).json()["access_token"])

    assert client.get("/api/v2/tickets").status_code == 200
    desk.clock(advance=301)
    ended = client.get("/api/v2/tickets")
    assert (ended.status_code, ended.json()["error"]) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("said", "status", "error"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"client_id": "nobody"}, 401, "invalid_client"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"expires_in": 299}, 400, "invalid_request"),
        ({"expires_in": 172_801}, 400, "invalid_request"),
    ],
)
def test_a_wrong_request_for_a_token_says_what_is_wrong(
    desk: Desk, said: dict[str, object], status: int, error: str
) -> None:
    response = grant(desk, **said)

    assert (response.status_code, response.json()["error"]) == (status, error)


def test_a_misspelt_scope_yields_a_token_that_opens_nothing(desk: Desk) -> None:
    token = grant(desk, scope="raed")

    assert token.status_code == 201
    assert bearer(desk, token.json()["access_token"]).get("/api/v2/tickets").status_code == 403


def test_audits_need_the_global_scope(desk: Desk) -> None:
    number = desk.open()["id"]
    narrow = bearer(desk, grant(desk, scope="tickets:read tickets:write").json()["access_token"])
    wide = bearer(desk, grant(desk, scope="read").json()["access_token"])

    assert narrow.get(f"/api/v2/tickets/{number}").status_code == 200
    assert narrow.get(f"/api/v2/tickets/{number}/audits").status_code == 403
    assert wide.get(f"/api/v2/tickets/{number}/audits").status_code == 200
    assert wide.put(f"/api/v2/tickets/{number}", json={"ticket": {"priority": "low"}}).status_code == 403


def test_scopes_can_be_taken_away_and_tokens_ended(desk: Desk) -> None:
    client = bearer(desk, grant(desk).json()["access_token"])

    desk.http.post("/emulator/scopes", json={"remove": "read"}).raise_for_status()
    assert client.get("/api/v2/tickets").status_code == 403
    desk.http.delete("/emulator/tokens").raise_for_status()
    assert client.get("/api/v2/tickets").status_code == 401


def test_anyone_on_the_desk_can_be_given_a_token(desk: Desk) -> None:
    minted = desk.http.post("/emulator/tokens", json={"user": "bryan"})

    client = bearer(desk, minted.json()["access_token"])
    assert client.get("/api/v2/users/me").json()["user"]["name"] == "Bryan Rocha"


def test_customers_cannot_use_the_agents_api(desk: Desk) -> None:
    response = desk.client("carla", "azul.example").get("/api/v2/tickets")

    assert response.status_code == 403
    assert response.json()["error"]["title"] == "Forbidden"


def test_incremental_exports_are_for_admins(desk: Desk) -> None:
    path = "/api/v2/incremental/tickets/cursor?start_time=0"

    assert desk.client("paulo").get(path).status_code == 403
    assert desk.http.get(path).status_code == 200


def test_what_is_not_there_is_record_not_found(desk: Desk) -> None:
    for path in ("tickets/99", "users/99", "groups/99", "tickets/99/comments", "ticket_fields/99", "triggers/99"):
        response = desk.http.get(f"/api/v2/{path}")
        assert (response.status_code, response.json()) == (
            404,
            {"error": "RecordNotFound", "description": "Not found"},
        )


@pytest.mark.parametrize("path", ["/api/v2/views", "/api/v2/tickets/1/nope", "/nope", "/api/v2/tickets/abc"])
def test_what_is_not_emulated_says_so(desk: Desk, path: str) -> None:
    response = desk.http.get(path)

    assert response.status_code == 404
    assert "is not emulated" in response.json()["description"]


@pytest.mark.parametrize(
    "body", [b"{", b"[]", b'"x"', b"\xff", b'{"ticket": 5}', b"{}", b'{"ticket": NaN}', b"[" * 9000]
)
def test_an_unreadable_body_is_400(desk: Desk, body: bytes) -> None:
    number = desk.open()["id"]

    for method, path in (("POST", "/api/v2/tickets"), ("PUT", f"/api/v2/tickets/{number}")):
        response = desk.http.request(method, path, content=body, headers={"Content-Type": "application/json"})
        assert response.status_code == 400
        assert "error" in response.json()


@pytest.mark.parametrize(
    "ticket",
    [
        {"assignee_id": {"a": 1}},
        {"custom_fields": "x"},
        {"custom_fields": [1, {"id": None}]},
        {"tags": {"a": 1}},
        {"comment": {"body": 5}},
        {"due_at": "never"},
        {"requester": {"email": 5}},
        {"followers": [{"user_id": []}]},
        {"metadata": 5},
        {"subject": {"a": "b"}},
        {"group_id": 10**30},
    ],
)
def test_odd_values_never_break_it(desk: Desk, ticket: dict[str, object]) -> None:
    number = desk.open()["id"]

    assert desk.put(number, **ticket).status_code in (200, 422)
    assert desk.http.get(f"/api/v2/tickets/{number}").status_code == 200
    assert desk.http.get(f"/api/v2/tickets/{number}/audits").status_code == 200


def test_half_a_character_becomes_the_replacement_sign(desk: Desk) -> None:
    number = desk.open()["id"]

    desk.http.put(f"/api/v2/tickets/{number}", content=b'{"ticket": {"subject": "\\ud800"}}').raise_for_status()

    assert desk.ticket(number)["subject"] == "\ufffd"
    assert desk.http.get("/api/v2/search?query=x").status_code == 200


def test_a_misspelt_key_of_an_act_or_an_unknown_name_is_told(desk: Desk) -> None:
    unknown = desk.http.post("/emulator/act", json={"by": "carl", "description": "x"})
    misspelt = desk.http.post("/emulator/act", json={"by": "carla", "descripton": "x"})

    assert (unknown.status_code, misspelt.status_code) == (422, 422)
    assert "did you mean 'carla'" in unknown.json()["error"]
    assert "descripton" in misspelt.json()["error"]
