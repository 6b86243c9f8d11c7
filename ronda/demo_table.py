"""The demo's table: what was wrong with each ticket, by which paragraph, and what became of it.

What was wrong is not what the service says of itself: each update of Ronda's is taken back in the ticket's history, and
the ticket as it stood then is judged anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from rich.console import Console
from rich.table import Table

from enforcement.ledger import Ledger
from integration.gateway import Gateway
from rules.actions import Action, FieldAction, NewTicket, Note, Reply, field_of
from rules.judge import judge
from rules.mode import Mode
from rules.pack import Pack
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.ticket import Audit, Person, Value
from rules.verdict import Violates

WIDTHS = (6, 37, 3, 25, 4)


@dataclass(frozen=True)
class Row:
    """One violation: what was wrong, the handbook's paragraph, what was done, and milliseconds from event to cure."""

    wrong: str
    cites: str
    change: str
    milliseconds: float | None


@dataclass
class Tickets:
    """What became of tickets, told once: an update that was told is not told again."""

    gateway: Gateway
    ledger: Ledger
    pack: Pack
    _told: set[tuple[int, int]] = field(default_factory=set)

    def is_settled(self, number: int) -> bool:
        """Whether the service has judged the ticket and, judged here, nothing is left to cure."""
        looks = self.ledger.looks(number, limit=1)
        return bool(looks) and looks[0].outcome in ("judged", "unchanged") and not self.left(number)

    def left(self, number: int) -> list[Row]:
        """What is wrong now."""
        seen = self._seen(number)
        return [self._row(seen, rule, violation, None) for rule, violation in self._curable(seen)]

    def cured(self, number: int) -> list[Row]:
        """What was wrong before each update of Ronda's that was not told yet."""
        seen, rows = self._seen(number), []
        for audit in seen.history:
            if audit.author.is_ronda and (number, audit.id) not in self._told:
                self._told.add((number, audit.id))
                before, took = _before(seen, audit), self._milliseconds(number)
                rows += [self._row(before, rule, violation, took) for rule, violation in self._curable(before)]
        return rows

    def _seen(self, number: int) -> Snapshot:
        seen = self.gateway.fetch(number, self.pack.needs)
        assert isinstance(seen, Snapshot)  # noqa: S101 # no digest was given
        return seen

    def _curable(self, seen: Snapshot) -> Iterator[tuple[Rule, Violates]]:
        for rule, violation in judge(self.pack.rules, seen, self.pack.desk.exemptions).violations:
            if violation.cures and rule.mode is Mode.ENFORCE:
                yield rule, violation

    def _row(self, seen: Snapshot, rule: Rule, violation: Violates, took: float | None) -> Row:
        wrong = self.pack.messages.text(violation.message, self.pack.desk.language, violation.found)
        change = ", ".join(_change(seen, action) for action in violation.cures) if took is not None else "not cured"
        return Row(wrong, rule.cites, change, took)

    def _milliseconds(self, number: int) -> float:
        """From the event's commit to the answer to the last update."""
        action = self.ledger.actions(number, limit=1)[0]
        look = next(look for look in self.ledger.looks(number) if look.at <= action.at)
        return (action.at - (look.due or look.at)).total_seconds() * 1000


def _before(seen: Snapshot, audit: Audit) -> Snapshot:
    """The ticket as it stood before one of its updates: that one and all later ones are taken back."""
    ticket = seen.ticket
    earlier = [each for each in seen.history if each.id < audit.id]
    for later in reversed(seen.history[len(earlier) :]):
        old = {change.field: change.before for change in reversed(later.changes)}
        built_in = {name: value for name, value in old.items() if hasattr(ticket, name)}
        custom = {name: value for name, value in old.items() if not hasattr(ticket, name)}
        ticket = replace(ticket, **built_in, fields={**ticket.fields, **custom})  # type: ignore[arg-type] # as they were
    return replace(seen, as_of=audit.at, ticket=ticket, history=tuple(earlier))


def _change(seen: Snapshot, action: Action) -> str:
    match action:
        case Note():
            return "internal note"
        case Reply():
            return "reply"
        case NewTicket():
            return "new ticket"
        case _ if isinstance(action, FieldAction):
            name, value = field_of(action)
            return f"{_word(getattr(seen.ticket, name))} → {_word(value)}"
        case _:
            return "tags, followers"


def _word(value: Value) -> str:
    return value.name if isinstance(value, Person) else str(value or "–")


def headings() -> Table:
    return _grid("ticket", "what was wrong", "§", "before → after", "ms", style="bold")


def lines_of(number: int, rows: list[Row]) -> Iterator[Table]:
    """A ticket's rows; one that says so where nothing was wrong."""
    if not rows:
        yield _grid(str(number), "[green]complies[/green]", "", "", "")
    for row in rows:
        took = "" if row.milliseconds is None else f"{row.milliseconds:.0f}"
        first = str(number) if row is rows[0] else ""
        yield _grid(first, row.wrong, row.cites, row.change, took, style="" if took else "red")


def _grid(*cells: str, style: str = "") -> Table:
    grid = Table.grid(padding=(0, 1))
    for width, justify in zip(WIDTHS, ("right", "left", "left", "left", "right"), strict=True):
        grid.add_column(width=width, justify=justify, overflow="fold")  # type: ignore[arg-type] # rich's own words
    grid.add_row(*cells, style=style)
    return grid


def print_rows(say: Console, number: int, rows: list[Row]) -> None:
    for line in lines_of(number, rows):
        say.print(line, highlight=False)
