"""A desk to look at: the helpdesk's twin, a real agenda and ledger on one file, a clock that stands still, small rules."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from enforcement.agenda import Claim, Next
from enforcement.brakes import Limits
from enforcement.clock import SettableClock
from enforcement.embedded import EmbeddedAgenda
from enforcement.ledger import Ledger
from enforcement.ledger_rows import VerdictRow
from enforcement.look import Watch
from enforcement.store import open_store
from integration.in_memory import InMemoryHelpdesk
from rules.actions import Action, NewTicket, Note, Reply, SetPriority
from rules.catalog.default_group import DefaultGroup
from rules.mode import Mode
from rules.pack import Desk as PackDesk
from rules.pack import Pack
from rules.plan import Update
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.ticket import NOBODY, RONDA, Person, Ticket
from rules.verdict import Cause, Complies, CouldNotTell, Verdict, Violates
from tests.rules.tools import PEOPLE, TEAM, Story, messages

NOW = datetime.fromisoformat("2026-03-10T15:00:00Z")
SECOND, MINUTE, HOUR = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1)

GROUP = DefaultGroup(id="desk.group", cites="A1", mode=Mode.ENFORCE, team=TEAM)
FOUND = {"found": "–", "expected": "–"}


class Tells(Rule):
    """Every message of the requester is answered once: by an internal note, or in public."""

    public: bool = False

    def check(self, seen: Snapshot) -> Verdict:
        said = [comment for comment in seen.comments if comment.author.is_customer]
        causes = self.untold(seen, (Cause(f"comment-{comment.id}", comment.at) for comment in said))
        action: Action = Reply("reply.greeting") if self.public else Note("violation.group", FOUND)
        return Violates("violation.group", FOUND, cures=(action,) if causes else (), causes=causes)


class Moves(Rule):
    """The requester's first message becomes a ticket of its own, and a note tells of it."""

    def check(self, seen: Snapshot) -> Verdict:
        causes = self.untold(seen, [Cause("moved", seen.ticket.created_at)])
        new = NewTicket(seen.ticket.requester, "Outro assunto", "Texto", external_id=f"ronda:{seen.ticket.id}:1")
        cures = (Note("violation.group", FOUND), new) if causes else ()
        return Violates("violation.group", FOUND, cures=cures, causes=causes)


class Relates(Rule):
    """Priority high; another ticket has something to say about that."""

    other: int

    def check(self, seen: Snapshot) -> Verdict:
        if seen.ticket.priority == "high":
            return Complies()
        return Violates("violation.group", FOUND, cures=(SetPriority("high"),), look_also=frozenset({self.other}))


class Waits(Rule):
    """All is well until a moment."""

    until: datetime

    def check(self, seen: Snapshot) -> Verdict:
        return Complies(look_again_at=self.until if seen.as_of < self.until else None)


class Breaks(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        raise ZeroDivisionError


class Unsure(Rule):
    def check(self, seen: Snapshot) -> Verdict:
        return CouldNotTell("nobody is available", alarm=True)


TELLS = Tells(id="desk.tells", cites="T1", mode=Mode.ENFORCE)
REPLIES = Tells(id="desk.replies", cites="T2", mode=Mode.ENFORCE, public=True)
MOVES = Moves(id="desk.moves", cites="T3", mode=Mode.ENFORCE)
BREAKS = Breaks(id="desk.breaks", cites="T4", mode=Mode.ENFORCE)
UNSURE = Unsure(id="desk.unsure", cites="T5", mode=Mode.ENFORCE)


def pack_of(*rules: Rule) -> Pack:
    return Pack(desk=PackDesk(pack="desk"), rules=rules, messages=messages(), digest="d1")


def right(**fields: Any) -> Story:
    """A ticket of the team, in its group."""
    return Story(**{"group": TEAM.group, **fields})


def wrong(**fields: Any) -> Story:
    """A ticket that is addressed to the team and lies elsewhere."""
    return Story(**{"group": "Suporte", "tags": {"website"}, **fields})


class Desk:
    """Ticket 1 is the one that tests are about."""

    def __init__(self, path: Path, *rules: Rule, ceiling: Mode = Mode.ENFORCE, limits: Limits | None = None) -> None:
        self.clock = SettableClock(NOW)
        self.helpdesk = InMemoryHelpdesk(self.clock.now, people=PEOPLE)
        store = open_store(path)
        self.ledger = Ledger.open(store)
        self.agenda = EmbeddedAgenda(store)
        self.watch = Watch(
            gateway=self.helpdesk,
            pack=pack_of(*(rules or (GROUP,))),
            ledger=self.ledger,
            clock=self.clock,
            ceiling=ceiling,
            limits=limits or Limits(),
            version="pack-1",
            ask_related=self.ask_related,
        )
        self.related: list[int] = []

    def close(self) -> None:
        self.agenda.close()
        self.ledger.close()

    def put(self, story: Story, number: int = 1) -> None:
        values = {name: getattr(story.ticket, name) for name in Ticket.__dataclass_fields__}
        self.helpdesk.put(Ticket(**{**values, "id": number}), story.audits)

    def ask_related(self, ticket_id: int) -> None:
        self.related.append(ticket_id)
        self.ledger.doubt(ticket_id, at=self.clock.now())
        self.agenda.ask(ticket_id, self.clock.now(), "related")

    def claim(self, ticket_id: int = 1, *, event_at: datetime | None = None) -> Claim:
        """An event about the ticket, and the right to look."""
        self.agenda.ask(ticket_id, self.clock.now(), "event", event_at=event_at)
        claim = next(claim for claim in self.agenda.claim(self.clock.now(), limit=9) if claim.ticket_id == ticket_id)
        assert claim.entry.at <= self.clock.now()
        return claim

    def look(self, ticket_id: int = 1, *, event_at: datetime | None = None) -> Next | None:
        """An event about the ticket and the look it causes, three seconds after whatever was before."""
        self.clock.advance(3 * SECOND)
        claim = self.claim(ticket_id, event_at=event_at)
        again = self.watch.look(claim)
        self.agenda.finish(claim, again, now=self.clock.now())
        return again

    def undo(self, by: Person = NOBODY) -> None:
        """Somebody, or Zendesk's own automation, moves ticket 1 out of the team's group."""
        self.clock.advance(3 * SECOND)
        self.helpdesk.edit(1, by, Update(fields={"group": "Suporte"}))

    @property
    def ticket(self) -> Ticket:
        return self.helpdesk.ticket(1)

    def verdict(self, rule: str) -> VerdictRow:
        return next(row for row in self.ledger.verdicts(1) if row.rule == rule)

    def outcomes(self) -> list[str]:
        """Those of the looks at ticket 1, oldest first."""
        return [look.outcome for look in reversed(self.ledger.looks(1))]

    def notes(self) -> int:
        """How many comments of ours ticket 1 has."""
        seen = self.helpdesk.fetch(1, self.watch.pack.needs)
        assert isinstance(seen, Snapshot)
        return sum(comment.author == RONDA for comment in seen.comments)


@contextmanager
def desk_of(path: Path, *rules: Rule, **more: Any) -> Iterator[Desk]:
    with closing(Desk(path, *rules, **more)) as desk:
        yield desk
