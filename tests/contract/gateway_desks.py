"""Two helpdesks behind one port: the twin in memory, and Zendesk's adapter over real HTTP to the emulator.

Each has the same desk: Anna and Davi in ``Site``, Bruno in ``Suporte``, and Carla, a customer.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import httpx

import emulator
from integration.auth import OAuthClient
from integration.gateway import Gateway, PackNames
from integration.in_memory import InMemoryHelpdesk
from integration.zendesk import connect
from rules.plan import NewComment, Update
from rules.ticket import Audit, Comment, Person, Ticket, Via

SITE, SUPPORT = "Site", "Suporte"
DESK = """
subdomain: acme
plan: suite-enterprise-plus
high_volume: true
groups: [Suporte, Site]
organizations: [Loja Azul]
people:
  ronda: {name: Ronda, role: admin, groups: [Suporte]}
  anna: {name: Anna Reis, role: agent, groups: [Site]}
  davi: {name: Davi Luz, role: agent, groups: [Site]}
  bruno: {name: Bruno Sá, role: agent, groups: [Suporte]}
  carla: {name: Carla Souza, locale: pt-BR, organization: Loja Azul}
ticket_fields:
  standby_reason: {title: standby_reason, type: tagger, options: [waiting-it, propagation]}
oauth_clients: [{id: ronda, secret: s3cret, user: ronda}]
"""
NAMES = PackNames(
    groups=frozenset({SITE, SUPPORT}), people=frozenset({"Anna Reis"}), fields=frozenset({"standby_reason"})
)


class HelpdeskUnderTest(Protocol):
    """A gateway, and what people do on the desk behind it. People go by name."""

    gateway: Gateway

    def opened(self, **values: Any) -> int:
        """Carla opens a ticket by e-mail; ``values`` are group, assignee, status, tags and priority."""
        ...

    def edit(self, ticket_id: int, by: str, *, note: str = "", **values: Any) -> None:
        """An agent changes a ticket in the product."""
        ...

    def edit_during_update(self, ticket_id: int, by: str, *, note: str = "", **values: Any) -> None:
        """The same, between the next look's read and its update."""
        ...

    def lose_next_answer(self) -> None:
        """The next update is stored, and its answer never comes."""
        ...

    def person(self, name: str) -> Person: ...

    def advance(self, seconds: float) -> None: ...


@dataclass
class TwinDesk:
    moment: datetime = datetime(2026, 11, 21, 12, tzinfo=UTC)
    people: dict[str, Person] = field(default_factory=dict)

    def __post_init__(self) -> None:
        agents = {"Anna Reis": SITE, "Davi Luz": SITE, "Bruno Sá": SUPPORT}
        for number, (name, group) in enumerate(agents.items(), start=901):
            self.people[name] = Person(number, name, role="agent", groups=frozenset({group}))
        self.carla = Person(950, "Carla Souza", locale="pt-BR", verified=True, organization="Loja Azul")
        self.helpdesk = InMemoryHelpdesk(now=lambda: self.moment, people=dict(self.people))
        self.gateway: Gateway = self.helpdesk

    def opened(self, **values: Any) -> int:
        number = 40_001
        first = Comment(1, self.moment, self.carla, public=True, text="O banner sumiu.", via=Via("email"))
        ticket = Ticket(
            id=number,
            created_at=self.moment,
            updated_at=self.moment,
            requester=self.carla,
            submitter=self.carla,
            via=Via("email"),
            subject="Banner",
            description="O banner sumiu.",
            fields={"standby_reason": None},
        )
        self.helpdesk.put(ticket, [Audit(1, self.moment, self.carla, Via("email"), comment=first)])
        if values:
            self.edit(number, "Anna Reis", **values)
        return number

    def edit(self, ticket_id: int, by: str, *, note: str = "", **values: Any) -> None:
        if "assignee" in values and values["assignee"] is not None:
            values["assignee"] = self.person(values["assignee"])
        tags = values.pop("tags", ())
        comment = NewComment(public=False, text=note, language="pt-BR") if note else None
        values |= values.pop("fields", {})
        update = Update(fields=values, add_tags=frozenset(tags), comment=comment)
        self.helpdesk.edit(ticket_id, self.person(by), update)

    def edit_during_update(self, ticket_id: int, by: str, *, note: str = "", **values: Any) -> None:
        self.helpdesk.before_update = lambda: self.edit(ticket_id, by, note=note, **values)

    def lose_next_answer(self) -> None:
        """The twin's answers come by no wire; an update that is stored and read back is one that is stored."""

    def person(self, name: str) -> Person:
        return self.carla if name == self.carla.name else self.people[name]

    def advance(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)


class EmulatedDesk:
    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, trust_env=False)
        self._zendesk = connect(
            url,
            OAuthClient("ronda", "s3cret", scope="read write"),
            NAMES,
            now=self._now,
            sleep=self.advance,
            timeout=0.5,
        )
        self.gateway: Gateway = self._zendesk
        self.advance(0)

    def close(self) -> None:
        self._zendesk.close()
        self._http.close()

    def opened(self, **values: Any) -> int:
        act = {"by": "carla", "subject": "Banner", "description": "O banner sumiu.", "set": values}
        number: int = self._post("/emulator/act", act)["ticket"]["id"]
        return number

    def edit(self, ticket_id: int, by: str, *, note: str = "", **values: Any) -> None:
        self._post("/emulator/act", _act(ticket_id, by, note, values))

    def edit_during_update(self, ticket_id: int, by: str, *, note: str = "", **values: Any) -> None:
        self._post("/emulator/faults", {"does": "act", "method": "PUT", "act": _act(ticket_id, by, note, values)})

    def lose_next_answer(self) -> None:
        self._post("/emulator/faults", {"does": "time-out-after", "method": "PUT"})

    def person(self, name: str) -> Person:
        agents = self._zendesk.account().agents.values()
        return next(person for person in agents if person.name == name)

    def advance(self, seconds: float) -> None:
        self._post("/emulator/clock", {"advance": seconds})

    def calls(self) -> list[str]:
        """What was called about tickets since the last time this was asked, in order."""
        noted = self._http.get("/emulator/requests").json()["recent"]
        self._http.delete("/emulator/requests")
        return [f"{each['method']} {each['route']}" for each in noted if "/tickets" in each["route"]]

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._http.get("/emulator/clock").json()["seconds"], UTC)

    def _post(self, path: str, document: dict[str, Any]) -> dict[str, Any]:
        answer = self._http.post(path, json=document)
        assert answer.is_success, answer.text
        given: dict[str, Any] = answer.json()
        return given


def _act(ticket_id: int, by: str, note: str, values: dict[str, Any]) -> dict[str, Any]:
    said = {"note": note} if note else {}
    return {"by": by, "ticket": ticket_id, "set": values, **said}


@contextmanager
def twin() -> Iterator[TwinDesk]:
    yield TwinDesk()


@contextmanager
def emulated() -> Iterator[EmulatedDesk]:
    with emulator.serve(DESK) as served, closing(EmulatedDesk(served.url)) as desk:
        yield desk


DESKS: dict[str, Callable[[], Any]] = {"twin": twin, "zendesk": emulated}
