"""The OpenAPI description: every emulated call is in it, and answers as it says, whatever it is asked."""

import re
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis import checks

import emulator
from emulator.app import RESOURCES
from emulator.description import describe
from emulator.description.calls import CALLS
from emulator.description.differences import differences
from emulator.recordings import Recording, compare
from tests.emulator.conftest import DESK, Desk

HOOK = {
    "name": "w", "endpoint": "http://127.0.0.1:9/x", "http_method": "POST", "request_format": "json",
    "status": "active", "subscriptions": ["conditional_ticket_events"],
}  # fmt: skip
RULE = {
    "title": "t",
    "conditions": {"all": [{"field": "status", "operator": "is", "value": "hold"}]},
    "actions": [{"field": "priority", "value": "low"}],
}
COMMENT = {"body": "Olá", "public": True}
# what a call needs to go well, by method and path; the others need nothing
BODIES: dict[str, Any] = {
    "POST /api/v2/tickets": {"ticket": {"comment": COMMENT}},
    "PUT /api/v2/tickets/{ticket_id}": {"ticket": {"comment": COMMENT, "tags": ["a"]}},
    "PUT /api/v2/tickets/update_many": {"ticket": {"priority": "low"}},
    "POST /api/v2/tickets/create_many": {"tickets": [{"comment": COMMENT}]},
    "POST /api/v2/tickets/{ticket_id}/merge": {"ids": [2]},
    "PUT /api/v2/tickets/{ticket_id}/comments/{comment_id}/redact": {"text": "banner"},
    "PUT /api/v2/tickets/{ticket_id}/tags": {"tags": ["x"]},
    "POST /api/v2/tickets/{ticket_id}/tags": {"tags": ["y"]},
    "DELETE /api/v2/tickets/{ticket_id}/tags": {"tags": ["y"]},
    "POST /api/v2/requests": {"request": {"subject": "s", "comment": COMMENT}},
    "PUT /api/v2/requests/{request_id}": {"request": {"comment": COMMENT}},
    "POST /api/v2/users": {"user": {"name": "Nova", "email": "nova@lua.example"}},
    "PUT /api/v2/users/{user_id}": {"user": {"alias": "n"}},
    "POST /api/v2/users/{user_id}/identities": {"identity": {"type": "email", "value": "outra@lua.example"}},
    "POST /api/v2/ticket_fields": {"ticket_field": {"title": "Loja", "type": "text"}},
    "PUT /api/v2/ticket_fields/{id}": {"ticket_field": {"title": "Loja 2"}},
    "POST /api/v2/webhooks": {"webhook": HOOK},
    "PUT /api/v2/webhooks/{webhook_id}": {"webhook": HOOK},
    "PATCH /api/v2/webhooks/{webhook_id}": {"webhook": {"name": "v"}},
    "POST /api/v2/webhooks/test": {"request": HOOK},
    "POST /api/v2/triggers": {"trigger": RULE},
    "PUT /api/v2/triggers/{rule_id}": {"trigger": {"title": "u"}},
    "POST /api/v2/automations": {"automation": RULE},
    "PUT /api/v2/automations/{rule_id}": {"automation": {"title": "u"}},
}
QUERIES: dict[str, str] = {
    "/api/v2/tickets": "include=users,groups,organizations,custom_statuses,metric_sets,comment_count",
    "/api/v2/tickets/show_many": "ids=1,2",
    "/api/v2/tickets/update_many": "ids=1",
    "/api/v2/tickets/destroy_many": "ids=3",
    "/api/v2/tickets/{ticket_id}/comments": "include=users&page[size]=5",
    "/api/v2/tickets/{ticket_id}/audits": "page[size]=5",
    "/api/v2/users": "include=organizations",
    "/api/v2/uploads": "filename=a.png",
    "/api/v2/search": "query=banner",
    "/api/v2/search/count": "query=banner",
    "/api/v2/search/export": "query=banner&filter[type]=ticket",
    "/api/v2/incremental/tickets/cursor": "start_time=0&include=users",
    "/api/v2/incremental/tickets": "start_time=0",
    "/api/v2/incremental/tickets/sample": "start_time=0",
    "/api/v2/incremental/ticket_events": "start_time=0&include=comment_events",
}
RICH = """
ticket_forms: [Padrão]
brands: [Loja]
schedules:
  - {name: Comercial, hours: {monday: "09:00-18:00"}, holidays: [{name: Natal, start: 2026-12-25}]}
triggers:
  - {title: marca, all: [{field: update_type, operator: is, value: Create}], actions: [{field: current_tags, value: t}]}
automations:
  - {title: espera, all: [{field: PENDING, operator: is, value: "2"}], actions: [{field: current_tags, value: velho}]}
tickets:
  - {by: carla, channel: email, subject: Banner, description: O banner não aparece, attachments: [a.png], recipient: x@loja.example}
  - {by: paulo, ticket: 1, note: "@Bryan Rocha veja", set: {group: Suporte, assignee: paulo, status: pending, fields: {order: "1"}}}
  - {by: carla, channel: chat, transcript: [{by: carla, says: Oi}, {by: paulo, says: Olá}], end_chat: true}
  - {by: diego, channel: web, subject: Fatura, description: Duas faturas, set: {type: problem, due_at: 2026-12-01}}
  - {by: ana, requester: ana, subject: Meu, description: Meu pedido}
  - {by: carla, subject: Antigo, description: Antigo}
"""


def test_every_call_that_is_emulated_is_described_and_no_other() -> None:
    emulated = {
        (method, route.path.replace(":int}", "}").rstrip("/"))
        for resource in RESOURCES
        for route in resource.routes
        for method in route.methods
        if route.path.startswith(("/api/", "/oauth/", "/attachments/", "/ips"))
    }

    assert {(method, path) for method, path in emulated if method != "HEAD"} == {(c.method, c.path) for c in CALLS}


def test_it_is_served_with_the_emulators_address(desk: Desk) -> None:
    document = desk.http.get("/emulator/openapi.json").json()

    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": desk.url}]
    assert document["paths"].keys() == describe()["paths"].keys()


@pytest.fixture(scope="module")
def rich() -> Iterator[Desk]:
    with emulator.serve(DESK + RICH) as served:
        desk = Desk(served.url)
        desk.http.delete("/api/v2/tickets/5")
        desk.clock(advance=120)
        yield desk
        desk.close()


class _World:
    """Finds the ids that a path needs on the rich desk, making what is not there or was used up."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def fill(self, call: str) -> str:
        return re.sub(r"{(\w+)}", lambda match: str(self._id(match[1], call)), call.partition(" ")[2])

    def _first(self, resource: str, name: str | None = None) -> Any:
        rows = self.desk.http.get(f"/api/v2/{resource}").json()[name or resource.partition("?")[0].rpartition("/")[2]]
        return rows[-1]["id"]

    def _made(self, resource: str, name: str, said: dict[str, Any]) -> Any:
        return self.desk.http.post(f"/api/v2/{resource}", json={name: said}).json()[name]["id"]

    def _id(self, name: str, call: str) -> Any:
        http = self.desk.http
        match name:
            case "ticket_id" if "deleted_tickets" in call:
                number = self.desk.open()["id"]
                http.delete(f"/api/v2/tickets/{number}")
                return number
            case "ticket_id" if call.startswith("DELETE") or "spam" in call or "merge" in call:
                return self.desk.open()["id"]
            case "ticket_id" | "request_id":
                return 4 if name == "request_id" else 1
            case "user_id" if call.startswith("DELETE /api/v2/users/{user_id}") and "identities" not in call:
                return self._made("users", "user", {"name": "Quem sai"})
            case "identity_id" if call.startswith("DELETE"):
                said = {"type": "phone_number", "value": "+55 11 5555-0199"}
                return self._made(f"users/{self.desk.user('Carla Souza')}/identities", "identity", said)
            case "id" if "ticket_fields" in call:
                return self._made("ticket_fields", "ticket_field", {"title": "Outra", "type": "text"})
            case "user_id":
                return self.desk.user("Carla Souza" if "identities" in call else "Paulo Dias")
            case "group_id":
                return self.desk.group("Suporte")
            case "membership_id":
                owner = self.desk.user("Paulo Dias")
                return self._first(f"users/{owner}/group_memberships")
            case "identity_id":
                return self._first(f"users/{self.desk.user('Carla Souza')}/identities")
            case "comment_id":
                return self.desk.comments(1)[0]["id"]
            case "audit_id":
                return self.desk.audits(1)[0]["id"]
            case "attachment_id":
                return self.desk.comments(1)[0]["attachments"][0]["id"]
            case "rule_id":
                kind = "triggers" if "triggers" in call else "automations"
                return self._made(kind, kind[:-1], RULE)
            case "webhook_id":
                return self._made("webhooks", "webhook", HOOK)
            case "job_id":
                return http.put("/api/v2/tickets/update_many?ids=1", json={"ticket": {}}).json()["job_status"]["id"]
            case "token":
                return http.post("/api/v2/uploads?filename=b.txt", content=b"b").json()["upload"]["token"]
            case "invocation_id":
                return self._invoked(call)
        resource = call.partition("/api/v2/")[2].partition("/{")[0]
        return self._first(resource)

    def _invoked(self, call: str) -> str:
        """An invocation of the webhook that `fill` has just made."""
        webhook = self.desk.http.get("/api/v2/webhooks").json()["webhooks"][-1]["id"]
        self.desk.http.post(f"/api/v2/webhooks/test?webhook_id={webhook}", json={"request": {"payload": "{}"}})
        self.desk.idle()
        return str(self.desk.http.get(f"/api/v2/webhooks/{webhook}/invocations").json()["invocations"][0]["id"])


@pytest.mark.parametrize("call", [f"{each.method} {each.path}" for each in CALLS])
def test_a_good_request_is_answered_as_described(rich: Desk, call: str) -> None:
    """`Desk`'s client holds the answer against the description; here we see that it is the good one."""
    described = next(each for each in CALLS if f"{each.method} {each.path}" == call)
    path, sent = _World(rich).fill(call), dict[str, Any]()
    if "/oauth/tokens/current" in call:
        token = rich.http.post("/emulator/tokens", json={"user": "ana"}).json()["access_token"]
        sent = {"auth": None, "headers": {"Authorization": f"Bearer {token}"}}
    body = _body(rich, call)
    if call == "POST /api/v2/uploads":
        sent["content"] = b"x"
    elif body is not None:
        sent["json"] = body

    query = QUERIES.get(described.path, "")
    response = rich.http.request(described.method, f"{path}?{query}" if query else path, **sent)

    assert response.status_code in described.answers, response.text


def _body(desk: Desk, call: str) -> Any:
    if call == "POST /oauth/tokens":
        return {"grant_type": "client_credentials", "client_id": "service", "client_secret": "s3cret", "scope": "read"}
    if call == "POST /api/v2/group_memberships":
        said = {"user_id": desk.user("Jenyfer Lima"), "group_id": desk.group("Financeiro")}
        return {"group_membership": said}
    return BODIES.get(call)


REFUSED = [
    ("GET", "/api/v2/tickets/99999", 404, {}),
    ("PUT", "/api/v2/tickets/1", 422, {"json": {"ticket": {"status": "solved", "assignee_id": 1}}}),
    ("PUT", "/api/v2/tickets/1", 400, {"content": b"{"}),
    ("PUT", "/api/v2/tickets/1", 409, {"json": {"ticket": {"safe_update": True, "updated_stamp": "2020-01-01T00:00:00Z"}}}),
    ("GET", "/api/v2/tickets?page[size]=x", 400, {}),
    ("GET", "/api/v2/tickets", 401, {"auth": ("x", "y")}),
    ("GET", "/api/v2/search?query=x&page=11", 422, {}),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "status", "sent"), REFUSED)
def test_a_refusal_is_answered_as_described(
    rich: Desk, method: str, path: str, status: int, sent: dict[str, Any]
) -> None:
    response = rich.http.request(method, path, **sent)

    assert response.status_code == status
    assert compare(Recording(method, path, status, response.headers, response.json())) == []


class TestDifferences:
    """The small comparer says the same as a full validator of JSON Schema, and says where."""

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({}, []),
            ({"tags": None}, ["body.tags: null, described as array"]),
            ({"subject": None}, []),
            ({"id": "7"}, ["body.id: string, described as integer"]),
            ({"id": True}, ["body.id: boolean, described as integer"]),
            ({"new_key": 1}, ["body.new_key: not described"]),
            ({"created_at": "yesterday"}, ["body.created_at: 'yesterday' is no time"]),
            ({"via": {"channel": "web"}}, ["body.via.source: missing"]),
            ({"custom_fields": [{"id": 1, "value": {}}]}, ["body.custom_fields[0].value: object, described as string or number or boolean or null"]),
        ],
    )  # fmt: skip
    def test_of_a_ticket(self, rich: Desk, change: dict[str, Any], said: list[str]) -> None:
        document, ticket = describe(), rich.ticket(1) | change
        schema = document["components"]["schemas"]["Ticket"]

        assert differences(document, schema, ticket) == said
        validator = jsonschema_rs.Draft202012Validator(
            {"components": document["components"], "$ref": "#/components/schemas/Ticket"}, validate_formats=True
        )
        assert validator.is_valid(ticket) == (not said)

    def test_a_missing_key_is_told(self, rich: Desk) -> None:
        document, ticket = describe(), rich.ticket(1)
        del ticket["encoded_id"]

        assert differences(document, document["components"]["schemas"]["Ticket"], ticket) == [
            "body.encoded_id: missing"
        ]


CHECKS = [
    checks.not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]


fuzzed = schemathesis.openapi.from_dict(describe())
fuzzed.config.phases.coverage.enabled = (
    False  # five thousand requests more, of the kind that test_never_breaks.py makes
)


@fuzzed.parametrize()
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_whatever_is_asked_is_answered_as_described(case: Any, rich: Desk, session: requests.Session) -> None:
    auth = ("ana@loja.example/token", "old-token")
    case.call_and_validate(base_url=rich.url, session=session, auth=auth, checks=CHECKS)


@pytest.fixture(scope="module")
def session() -> Iterator[requests.Session]:
    with requests.Session() as session:
        yield session
