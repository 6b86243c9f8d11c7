"""A ticket rebuilt from its audits, beside what it was: on a seeded history, at random moments, without exception."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

import emulator
from integration.auth import OAuthClient
from integration.gateway import PackNames
from integration.zendesk import ZendeskGateway, connect
from rules.past import as_it_was, moments_of
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket

DESK = """
subdomain: acme
plan: suite-enterprise-plus
high_volume: true
rate_limits: false
groups: [Suporte, Site, Financeiro]
organizations: [Loja Azul, Padaria Sol]
people:
  ronda: {name: Ronda, role: admin, groups: [Suporte]}
  anna: {name: Anna Reis, role: agent, groups: [Site]}
  davi: {name: Davi Luz, role: agent, groups: [Site, Suporte]}
  bruno: {name: Bruno Sá, role: agent, groups: [Suporte, Financeiro]}
  carla: {name: Carla Souza, locale: pt-BR, organization: Loja Azul}
  marina: {name: Marina Reis, locale: es, organization: Padaria Sol}
  joao: {name: João Pinto}
ticket_fields:
  standby_reason: {title: standby_reason, type: tagger, options: [waiting-it, propagation]}
  phone_reason: {title: phone_reason, type: text}
  urgent: {title: urgent, type: checkbox}
ticket_forms: [{name: Padrão, fields: [standby_reason]}, {name: Loja, fields: [phone_reason]}]
custom_statuses: [{label: Aguardando TI, category: hold}, {label: Com o cliente, category: pending}]
brands: [Loja, Atacado]
oauth_clients: [{id: ronda, secret: s3cret, user: ronda}]
triggers:
  - {title: mark, all: [{field: priority, operator: is, value: urgent}], actions: [{field: current_tags, value: marcado}]}
"""
NAMES = PackNames(
    groups=frozenset({"Suporte", "Site", "Financeiro"}),
    fields=frozenset({"standby_reason", "phone_reason", "urgent"}),
)
TICKETS, ACTS, MOMENTS = 12, 25, 40


@dataclass
class Desk:
    """An account on a clock that stands still unless it is moved."""

    http: httpx.Client
    gateway: ZendeskGateway

    def post(self, path: str, **document: Any) -> Any:
        answer = self.http.post(f"/emulator/{path}", json=document)
        return answer.json() if answer.is_success else None

    def now(self) -> datetime:
        return datetime.fromtimestamp(int(self.http.get("/emulator/clock").json()["seconds"]), UTC)

    def seen(self, number: int, *needs: Need) -> Snapshot:
        seen = self.gateway.fetch(number, frozenset(needs))
        assert isinstance(seen, Snapshot)
        return seen


@contextmanager
def desk() -> Iterator[Desk]:
    with (
        emulator.serve(DESK) as served,
        httpx.Client(base_url=served.url, trust_env=False) as http,
        closing(
            connect(served.url, OAuthClient("ronda", "s3cret", scope="read"), NAMES, now=lambda: datetime.now(UTC))
        ) as gateway,
    ):
        here = Desk(http, gateway)
        here.post("clock", running=False)
        yield here


def opening(rng: random.Random) -> dict[str, Any]:
    by = rng.choice(["carla", "marina", "joao", "bruno"])
    chosen = {} if by != "bruno" else {"requester": rng.choice(["carla", "joao"])}
    return {
        "by": by,
        "subject": f"Assunto {rng.randint(1, 99)}",
        "description": "Sobre o frete.",
        "channel": rng.choice(["email", "web"]),
        "set": change(rng) if by == "bruno" else {},
        **chosen,
    }


def change(rng: random.Random) -> dict[str, Any]:
    """One to three things that an agent sets."""
    choices: dict[str, list[Any]] = {
        "status": ["open", "pending", "hold", "solved"],
        "custom_status": ["Aguardando TI", "Com o cliente"],
        "priority": ["low", "normal", "high", "urgent"],
        "type": ["question", "problem", "incident"],
        "subject": ["Outro assunto", "Frete", "Banner"],
        "group": ["Suporte", "Site", "Financeiro"],
        "assignee": ["anna", "davi", "bruno", None],
        "requester": ["carla", "marina", "joao"],
        "add_tags": [["a"], ["b", "c"], ["d"]],
        "remove_tags": [["a"], ["b"]],
        "tags": [["x"], []],
        "fields": [{"standby_reason": "waiting-it"}, {"standby_reason": None}, {"phone_reason": "x"}, {"urgent": True}],
        "form": ["Padrão", "Loja"],
        "brand": ["Loja", "Atacado"],
        "external_id": ["A-1", "A-2"],
        "followers": [["anna"], ["davi", "bruno"], []],
    }
    return {name: rng.choice(choices[name]) for name in rng.sample(sorted(choices), rng.randint(1, 3))}


def act(rng: random.Random) -> dict[str, Any]:
    kind = rng.random()
    if kind < 0.15:
        return {"by": rng.choice(["carla", "joao"]), "reply": "Alguma novidade?"}
    if kind < 0.3:
        return {"by": rng.choice(["anna", "bruno"]), "note": "@Davi Luz, pode ver?"}
    told = {"reply": "Vejo já."} if kind > 0.8 else {}
    return {"by": rng.choice(["anna", "davi", "bruno"]), "set": change(rng), **told}


def lived(here: Desk, rng: random.Random) -> dict[int, list[tuple[datetime, Ticket]]]:
    """Tickets and all their states, each with the moment at which it began."""
    numbers = [here.post("act", **opening(rng))["ticket"]["id"] for _ in range(TICKETS)]
    states = {number: [(here.now(), here.seen(number).ticket)] for number in numbers}
    for _ in range(TICKETS * ACTS):
        here.post("clock", advance=rng.choice([1, 7, 3600, 50_000]))
        number = rng.choice(numbers)
        if here.post("act", ticket=number, **act(rng)) is not None:
            states[number].append((here.now(), here.seen(number).ticket))
    return states


def differing(rebuilt: Ticket, was: Ticket) -> dict[str, tuple[object, object]]:
    """The fields of the ticket that are not what they were; names of people count."""
    pairs = {each.name: (getattr(rebuilt, each.name), getattr(was, each.name)) for each in fields(Ticket)}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


@pytest.mark.parametrize("seed", [7, 42])
def test_every_state_is_rebuilt_as_it_was(seed: int) -> None:
    rng = random.Random(seed)
    with desk() as here:
        states = lived(here, rng)
        wrong = []
        compared = 0
        for number, known in states.items():
            seen = here.seen(number, Need.HISTORY)
            begin, end = known[0][0], here.now()
            moments = [begin + rng.random() * (end - begin) for _ in range(MOMENTS)]
            for moment in [*moments, *moments_of(seen, begin, end)]:
                was = [ticket for at, ticket in known if at <= moment][-1]
                compared += 1
                if found := differing(as_it_was(seen, moment).ticket, was):
                    wrong.append((number, moment, found))
    assert compared > TICKETS * MOMENTS
    assert wrong == []
