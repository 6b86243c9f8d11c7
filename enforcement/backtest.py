"""A pack on the past of many tickets; and where a service was running then, its verdicts beside the rebuilt ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from enforcement.ledger import Ledger
from enforcement.ledger_rows import VerdictRow
from enforcement.read_only import ReadOnlyGateway
from enforcement.record import verdict_rows
from integration.gateway import TicketNotFound
from rules.backtest import Event, NeverRests, replayed
from rules.informed import informed
from rules.judge import judge
from rules.mode import Mode
from rules.pack import Pack
from rules.past import as_it_was
from rules.rule import Rule
from rules.snapshot import Need, Snapshot

FROM_THE_TICKET = frozenset({Need.HISTORY})  # what a ticket's past tells for certain


@dataclass(frozen=True, slots=True)
class Span:
    """The time in question, both ends included, and how far the pack may go."""

    since: datetime
    until: datetime
    ceiling: Mode


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A verdict of the ledger that the ticket's rebuilt state does not give."""

    ticket_id: int
    rule: str
    at: datetime
    recorded: str
    rebuilt: str


@dataclass
class Backtest:
    """What was found so far. ``agreed`` counts verdicts of the ledger that were rebuilt as they were."""

    looked_at: int = 0
    gone: int = 0
    events: list[Event] = field(default_factory=list)
    agreed: int = 0
    disagreements: list[Disagreement] = field(default_factory=list)
    restless: list[int] = field(default_factory=list)  # tickets whose timers never end


def with_todays_people(rules: Iterable[Rule]) -> frozenset[str]:
    """The rules that need more than the ticket and its history: they are judged with what there is today."""
    return frozenset(rule.id for rule in rules if rule.mode > Mode.OFF and not rule.needs <= FROM_THE_TICKET)


def tickets_of(reading: ReadOnlyGateway, pack: Pack, span: Span) -> list[int]:
    """The tickets of which the past has something to tell: those that changed since it began, and those that waited
    all the time. Raises TryLater, AccessDenied."""
    found = dict.fromkeys(reading.changed_since(span.since))
    for ticket in reading.unsolved():
        if any(rule.watches(ticket) for rule in pack.rules):
            found.setdefault(ticket.id)
    return list(found)


def replay(
    tickets: Iterable[int],
    reading: ReadOnlyGateway,
    pack: Pack,
    span: Span,
    found: Backtest,
    *,
    present: Pack | None = None,
    ledger: Ledger | None = None,
) -> Iterator[int]:
    """Replay one ticket after the other into ``found``; gives each ticket's id once it is done, so that whoever asks
    can stop in between. With ``present``, the pack of the service whose ledger this is, its verdicts are compared.

    Raises GatewayError, AgendaError.
    """
    needs = pack.needs | {Need.HISTORY}
    for number in tickets:
        try:
            seen = reading.fetch(number, needs)
        except TicketNotFound:
            found.gone += 1
        else:
            found.looked_at += 1
            try:
                found.events.extend(replayed(seen, pack, span.since, span.until, span.ceiling))
            except NeverRests:
                found.restless.append(number)
            if ledger is not None and present is not None:
                _compare(seen, present, ledger, span, found)
        yield number


def _compare(seen: Snapshot, present: Pack, ledger: Ledger, span: Span, found: Backtest) -> None:
    """The verdicts that the last look left, beside those of the ticket rebuilt at its end."""
    looks = ledger.looks(seen.ticket.id)
    at = next((look.ended_at for look in looks if look.outcome == "judged"), None)
    if at is None or not span.since <= at <= span.until:
        return
    recorded = {row.rule: row for row in ledger.verdicts(seen.ticket.id) if _is_by(row, present)}
    then = informed(as_it_was(seen, at), present.desk)
    uncertain = with_todays_people(present.rules)
    for row in verdict_rows(judge(present.rules, then, present.desk.exemptions)):
        old = recorded.get(row.rule)
        if old is None or row.rule in uncertain:
            continue
        if (old.word, old.key) == (row.word, row.key):
            found.agreed += 1
        else:
            found.disagreements.append(Disagreement(seen.ticket.id, row.rule, at, _said(old), _said(row)))


def _is_by(row: VerdictRow, pack: Pack) -> bool:
    """Whether this version of the pack gave the verdict."""
    return row.pack.startswith(f"{pack.name} {pack.digest} ")


def _said(row: VerdictRow) -> str:
    return f"{row.word.value} {row.key}".strip()
