"""Everything there is to say about one ticket: how the rules see it, now or at a moment, and what was done about it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from enforcement.agenda import Agenda
from enforcement.ledger import Ledger
from enforcement.ledger_rows import ActionRow
from enforcement.read_only import ReadOnlyGateway
from rules.explain import Explained, explained
from rules.handbook import Paragraph, cited_in
from rules.informed import informed
from rules.judge import judge
from rules.mode import Mode
from rules.pack import Pack
from rules.past import as_it_was
from rules.snapshot import Need, Snapshot

EVERYTHING = 1_000_000  # entries: more than any agenda holds


@dataclass(frozen=True)
class Records:
    """What a service has written down beside the helpdesk."""

    ledger: Ledger
    agenda: Agenda


@dataclass(frozen=True, slots=True)
class Explanation:
    """``seen`` is the ticket at the moment in question. ``paragraphs``: by rule, what it cites of the handbook.

    ``actions``: ours, oldest first, until that moment. ``next_look``: when the service will look at the ticket again
    as far as it knows; None where it has no such plan, or none is running.
    """

    pack: Pack
    ceiling: Mode
    seen: Snapshot
    rules: tuple[Explained, ...]
    paragraphs: Mapping[str, tuple[Paragraph, ...]]
    actions: tuple[ActionRow, ...] = ()
    next_look: datetime | None = None

    def of_rule(self, rule_id: str) -> "Explanation":
        """Only what one rule says. Raises KeyError for one that is unknown or off."""
        chosen = tuple(each for each in self.rules if each.rule.id == rule_id)
        if not chosen:
            raise KeyError(rule_id)
        return replace(self, rules=chosen)


def explain_ticket(
    ticket_id: int,
    at: datetime | None,
    *,
    reading: ReadOnlyGateway,
    pack: Pack,
    handbook: Mapping[str, Paragraph],
    ceiling: Mode,
    records: Records | None = None,
) -> Explanation:
    """Read a ticket, judge it as it is, or as it was ``at`` a moment, and gather what is known about it.

    Of people, other tickets and limits, a moment in the past has today's. Raises GatewayError, AgendaError, and
    ValueError for a moment before the ticket's opening.
    """
    seen = reading.fetch(ticket_id, pack.needs | {Need.HISTORY})
    if at is not None:
        seen = as_it_was(seen, at)
    sent = None
    if records is not None and Need.SENT in pack.needs:
        sent = records.ledger.sent(seen.ticket.requester.id, seen.as_of)
    seen = informed(seen, pack.desk, sent)
    judgement = judge(pack.rules, seen, pack.desk.exemptions)
    actions = records.ledger.actions(ticket_id) if records is not None else []
    return Explanation(
        pack=pack,
        ceiling=ceiling,
        seen=seen,
        rules=explained(judgement, pack, ceiling),
        paragraphs={rule.id: _cited(rule.cites, handbook) for rule in pack.rules},
        actions=tuple(action for action in reversed(actions) if at is None or action.at <= at),
        next_look=_next_look(ticket_id, records) if at is None else None,
    )


def _cited(cites: str, handbook: Mapping[str, Paragraph]) -> tuple[Paragraph, ...]:
    return tuple(handbook[paragraph] for paragraph in cited_in(cites) if paragraph in handbook)


def _next_look(ticket_id: int, records: Records | None) -> datetime | None:
    entries = records.agenda.entries(limit=EVERYTHING) if records is not None else ()
    return next((entry.at for entry in entries if entry.ticket_id == ticket_id), None)
