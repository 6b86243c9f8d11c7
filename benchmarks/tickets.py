"""Tickets with their histories, as a desk's days would bring them: seeded, so that every run judges the same ones.

None is solved (those cost nothing), each holds about 2 kB of text in its messages, and among them is what rules look
for: wrong groups and assignees, statuses set by outsiders, notes with and without mentions, chats, e-mails with
signatures and quotations, references and attachments. The report says how many get a plan.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.words import mail, note, subject, text
from rules.pack import Desk
from rules.snapshot import Snapshot
from rules.ticket import Attachment, Audit, Change, Comment, Person, Ticket, Value, Via

BEGIN = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DAYS = 60
WAYS_IN = (*[Via("email")] * 12, *[Via("web", "web_widget")] * 5, Via("api"), Via("native_messaging"), Via("voice"))
STATUSES = ("open", "open", "open", "open", "open", "pending", "pending", "hold")
OTHER_GROUPS = ("Atendimento", "Financeiro")
CUSTOMERS = 500
AGENTS_A_GROUP = 6


@dataclass(frozen=True)
class People:
    """Everyone who may touch a ticket. ``groups``: a group's agents."""

    groups: Mapping[str, Sequence[Person]]
    customers: Sequence[Person]
    known: Mapping[str, Person]

    def agent(self, rng: random.Random) -> Person:
        return rng.choice(self.groups[rng.choice(list(self.groups))])


def people_of(desk: Desk, rng: random.Random) -> People:
    """The people a pack names in its teams' groups, invented agents elsewhere, and customers of three languages."""
    rosters = {team.group: team.members for team in desk.teams.values()}
    groups: dict[str, Sequence[Person]] = {}
    for number, group in enumerate(dict.fromkeys((*desk.groups, *OTHER_GROUPS))):
        names = rosters.get(group) or [f"Agente {number}.{each}" for each in range(AGENTS_A_GROUP)]
        at = 1000 * (number + 1)
        groups[group] = [Person(at + each, name, "agent", frozenset({group})) for each, name in enumerate(names)]
    customers = [
        Person(
            100_000 + number,
            f"Cliente {number}",
            locale=rng.choice(("pt-BR", "pt-BR", "pt-BR", "es", "en-US")),
            verified=rng.random() < 0.9,
            organization=f"Loja {number % 97}" if rng.random() < 0.9 else None,
        )
        for number in range(CUSTOMERS)
    ]
    known = {person.name: person for group in desk.groups for person in groups[group]}
    return People(groups, customers, known)


def snapshots(desk: Desk, count: int, seed: int) -> Iterator[Snapshot]:
    """So many looks at different tickets, with everything around them that a rule may ask for."""
    rng = random.Random(seed)
    people = people_of(desk, rng)
    workload = {name: rng.randint(0, 20) for name in people.known}
    for number in range(1, count + 1):
        life = _Life(number, desk, people, rng)
        life.take_in()
        for _ in range(rng.randint(2, 5)):
            life.go_on()
        others = [_other(life.ticket, count + number, rng)] if rng.random() < 0.2 else []
        yield Snapshot(
            as_of=life.at + timedelta(minutes=rng.randint(0, 3 * 24 * 60)),
            ticket=life.ticket,
            history=tuple(life.audits),
            people=people.known,
            requester_tickets=tuple(others),
            workload=workload,
            read_at=life.at + timedelta(days=3),
        )


def _other(ticket: Ticket, number: int, rng: random.Random) -> Ticket:
    """Another ticket of the same requester, opened a little later."""
    later = ticket.created_at + timedelta(hours=rng.randint(1, 100))
    changed: dict[str, Any] = {"subject": subject(rng), "description": text(rng, 200), "via": rng.choice(WAYS_IN)}
    return replace(ticket, id=number, created_at=later, updated_at=later, **changed)


@dataclass
class _Life:
    """A ticket that grows by one audit at a time."""

    number: int
    desk: Desk
    people: People
    rng: random.Random
    audits: list[Audit] = field(default_factory=list)
    at: datetime = BEGIN
    ticket: Ticket = field(init=False)

    def __post_init__(self) -> None:
        rng = self.rng
        self.at = BEGIN + timedelta(minutes=rng.randint(0, DAYS * 24 * 60))
        requester = rng.choice(self.people.customers)
        by = requester if rng.random() < 0.6 else self.people.agent(rng)
        via = rng.choice(WAYS_IN) if by == requester else Via("web")
        self.ticket = Ticket(
            id=self.number,
            created_at=self.at,
            updated_at=self.at,
            requester=requester,
            submitter=by,
            via=via,
            subject=subject(rng),
            description=self._words(by, via, 600),
            organization=requester.organization,
        )
        tags = {name for name in ("website", "urgente", "loja", "vip") if rng.random() < 0.25}
        fields = {"status": "new", "group": self.desk.groups[-1], "tags": frozenset(tags), "priority": None}
        self._update(by, via, fields, self.ticket.description, public=True)

    def take_in(self) -> None:
        """Somebody at the desk reads it first, and mostly gives it to the right group and to somebody there."""
        group = self.rng.choice(self.desk.groups) if self.rng.random() < 0.8 else self.ticket.group
        assignee = self.rng.choice(self.people.groups[group]) if group and self.rng.random() < 0.9 else None
        self.at += timedelta(minutes=self.rng.randint(1, 90))
        given: dict[str, Any] = {"group": group, "assignee": assignee, "status": "open"}
        self._update(self.people.agent(self.rng), Via("web"), given, None, public=False)

    def go_on(self) -> None:
        """The next thing that happens: a message, a note, another status, group or assignee."""
        rng = self.rng
        self.at += timedelta(minutes=rng.randint(1, 900))
        what = rng.random()
        if what < 0.4:
            self._update(
                self.ticket.requester,
                self.ticket.via,
                {"status": "open"},
                self._words(self.ticket.requester, self.ticket.via, 450),
                public=True,
            )
        elif what < 0.65:
            by = self.ticket.assignee or self.people.agent(rng)
            status = {"status": rng.choice(STATUSES)}
            self._update(by, Via("web"), status, text(rng, 400), public=True)
        elif what < 0.8:
            self._update(self.people.agent(rng), Via("web"), {}, f"{note(rng)} {text(rng, 300)}", public=False)
        else:
            self._update(self.people.agent(rng), Via("web"), self._hand_over(), None, public=False)

    def _hand_over(self) -> dict[str, Any]:
        rng = self.rng
        group = self._group()
        assignee = rng.choice(self.people.groups[group]) if group and rng.random() < 0.9 else None
        given: dict[str, Any] = {"group": group, "assignee": assignee, "status": rng.choice(STATUSES)}
        given["priority"] = rng.choice((None, "low", "normal", "high", "urgent"))
        if self.desk.fields and rng.random() < 0.2:
            name = rng.choice(list(self.desk.fields))
            described = self.desk.fields[name]
            given[name] = rng.choice(described.values if described and described.values else ("sim",))
        return given

    def _group(self) -> str | None:
        """Mostly where it is, sometimes another of the desk's own, seldom none of them."""
        rng = self.rng
        if rng.random() < 0.8:
            return self.ticket.group
        return rng.choice((*self.desk.groups, *self.desk.groups, *self.desk.groups, *OTHER_GROUPS, None))

    def _words(self, by: Person, via: Via, length: int) -> str:
        said = text(self.rng, length)
        return mail(said, by.name, self.rng) if via.channel == "email" else said

    def _update(self, by: Person, via: Via, values: Mapping[str, Value], words: str | None, *, public: bool) -> None:
        ticket, number = self.ticket, len(self.audits) + 1
        built_in: dict[str, Any] = {name: value for name, value in values.items() if name not in self.desk.fields}
        custom = {name: value for name, value in values.items() if name in self.desk.fields}
        after = replace(ticket, **built_in, fields={**ticket.fields, **custom}, updated_at=self.at)
        before = {name: getattr(ticket, name) for name in built_in} | {name: ticket.fields.get(name) for name in custom}
        changes = [Change(name, before[name], value) for name, value in values.items() if before[name] != value]
        comment = None
        if words is not None:
            pictures = (Attachment("tela.png", "image/png"),) if self.rng.random() < 0.5 else ()
            comment = Comment(self.number * 100 + number, self.at, by, public, words, via, pictures)
        self.ticket = after
        self.audits.append(Audit(self.number * 100 + number, self.at, by, via, tuple(changes), comment))
