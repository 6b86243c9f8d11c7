"""One emulator a test module, with a fresh desk for each test, and a client for the desk's admin."""

import ssl
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

import emulator
from emulator.recordings import Recording, compare, is_described
from tests.emulator.receiver import Receiver, receiving

DESK = """
subdomain: loja
rate_limits: false
groups: [Suporte, Financeiro, Design / Website]
people:
  ana: {name: Ana Prado, role: admin, groups: [Suporte]}
  paulo: {name: Paulo Dias, role: agent, groups: [Suporte, Financeiro]}
  jenyfer: {name: Jenyfer Lima, role: agent, groups: [Design / Website]}
  bryan: {name: Bryan Rocha, role: agent, groups: [Design / Website, Suporte]}
  leve: {name: Léa Leve, role: light-agent, groups: [Suporte]}
  carla:
    {name: Carla Souza, email: carla@azul.example, organization: Loja Azul, locale: pt-BR, emails: [c2@azul.example]}
  diego: {name: Diego Paz, email: diego@sol.example, locale: es, verified: false}
organizations:
  - {name: Loja Azul}
  - {name: Loja Sol, group: Financeiro}
ticket_fields:
  standby_reason: {title: Motivo da espera, type: tagger, options: [waiting-it, propagation]}
  order: {title: Pedido, type: text}
custom_statuses:
  - {label: Aguardando TI, category: hold}
oauth_clients: [{id: service, secret: s3cret, user: ana}]
api_tokens: [old-token]
"""


NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading the certificates takes longer than most tests


def conforms(response: httpx.Response) -> None:
    """Every answer that any of these tests gets is as described; a fault's own answer and unknown calls aside."""
    response.read()
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    body = response.json() if kind == "application/json" else response.text
    request = response.request
    recording = Recording(request.method, str(request.url), response.status_code, response.headers, body)
    if is_described(recording) and response.status_code < 500:
        assert compare(recording) == []


class Desk:
    """The emulator as a test sees it: its admin's client, and shorthands for acts and reads."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._clients: list[httpx.Client] = []
        self.http = self.client("ana")

    def client(self, who: str, domain: str = "loja.example") -> httpx.Client:
        auth = (f"{who}@{domain}/token", "old-token")
        hooks = {"response": [conforms]}
        return self.keep(httpx.Client(base_url=self.url, auth=auth, timeout=10, verify=NO_TLS, event_hooks=hooks))

    def keep(self, client: httpx.Client) -> httpx.Client:
        """Have a client closed when the test ends."""
        self._clients.append(client)
        return client

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def act(self, **document: Any) -> dict[str, Any]:
        response = self.http.post("/emulator/act", json=document)
        assert response.status_code == 200, response.text
        result: dict[str, Any] = response.json()
        return result

    def open(self, by: str = "carla", **document: Any) -> dict[str, Any]:
        """Open a ticket and return it."""
        said = {"subject": "Banner", "description": "O banner não aparece."} | document
        ticket: dict[str, Any] = self.act(by=by, **said)["ticket"]
        return ticket

    def ticket(self, number: int) -> dict[str, Any]:
        ticket: dict[str, Any] = self.http.get(f"/api/v2/tickets/{number}").raise_for_status().json()["ticket"]
        return ticket

    def put(self, number: int, **ticket: Any) -> httpx.Response:
        return self.http.put(f"/api/v2/tickets/{number}", json={"ticket": ticket})

    def audits(self, number: int) -> list[dict[str, Any]]:
        audits: list[dict[str, Any]] = self.http.get(f"/api/v2/tickets/{number}/audits").json()["audits"]
        return audits

    def comments(self, number: int) -> list[dict[str, Any]]:
        comments: list[dict[str, Any]] = self.http.get(f"/api/v2/tickets/{number}/comments").json()["comments"]
        return comments

    def user(self, name: str) -> int:
        return self._id("users", "name", name)

    def _id(self, resource: str, key: str, value: str) -> int:
        rows = self.http.get(f"/api/v2/{resource}").json()[resource]
        return int(next(row["id"] for row in rows if row[key] == value))

    def group(self, name: str) -> int:
        return self._id("groups", "name", name)

    def field(self, title: str) -> int:
        return self._id("ticket_fields", "title", title)

    def switch(self, **switches: Any) -> None:
        self.http.post("/emulator/switches", json=switches).raise_for_status()

    def clock(self, **setting: Any) -> dict[str, Any]:
        clock: dict[str, Any] = self.http.post("/emulator/clock", json=setting).raise_for_status().json()
        return clock

    def fault(self, **fault: Any) -> None:
        self.http.post("/emulator/faults", json=fault).raise_for_status()

    def subscribe(self, endpoint: str, *kinds: str, **more: Any) -> dict[str, Any]:
        """Create an active webhook for these event types (`status_changed`), or for triggers if there are none."""
        names = [f"zen:event-type:ticket.{kind}" for kind in kinds] or ["conditional_ticket_events"]
        webhook = {"name": "test", "endpoint": endpoint, "http_method": "POST", "request_format": "json"}
        said = webhook | {"status": "active", "subscriptions": names} | more
        response = self.http.post("/api/v2/webhooks", json={"webhook": said})
        assert response.status_code == 201, response.text
        created: dict[str, Any] = response.json()["webhook"]
        return created

    def deliveries(self) -> list[dict[str, Any]]:
        deliveries: list[dict[str, Any]] = self.http.get("/emulator/deliveries").json()["deliveries"]
        return deliveries

    def wait_until(self, holds: Callable[[], bool], deadline: float = 5.0) -> None:
        until = time.monotonic() + deadline
        while not holds():
            assert time.monotonic() < until, "it never came to be"
            time.sleep(0.002)

    def job(self, response: httpx.Response) -> dict[str, Any]:
        """The job that an answer names, once it is done."""
        assert response.status_code in (200, 202), response.text
        path = f"/api/v2/job_statuses/{response.json()['job_status']['id']}"
        self.wait_until(lambda: self.http.get(path).json()["job_status"]["status"] in ("completed", "failed"))
        job: dict[str, Any] = self.http.get(path).json()["job_status"]
        return job

    def idle(self) -> None:
        assert self.http.get("/emulator/idle").json() == {"pending": 0}


@pytest.fixture(scope="module")
def served() -> Iterator[emulator.Served]:
    with emulator.serve(DESK) as served:
        yield served


@pytest.fixture
def desk(served: emulator.Served) -> Iterator[Desk]:
    desk = Desk(served.url)
    desk.http.post("/emulator/reset", content=DESK.encode()).raise_for_status()
    yield desk
    desk.close()


@pytest.fixture
def reset(desk: Desk) -> Callable[[str], Desk]:
    """Begin anew with more lines in the desk file; keys that are said again replace those of the usual desk."""

    def begin(lines: str) -> Desk:
        keys = [line.partition(":")[0] for line in lines.splitlines() if line and not line.startswith((" ", "-"))]
        kept, skipping = [], False
        for line in DESK.splitlines():
            if line and not line.startswith((" ", "-")):
                skipping = line.partition(":")[0] in keys
            if not skipping:
                kept.append(line)
        text = "\n".join([*kept, lines])
        response = desk.http.post("/emulator/reset", content=text.encode())
        assert response.status_code == 204, response.text
        return desk

    return begin


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver
