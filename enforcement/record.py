"""Verdicts and updates as rows of the ledger: names, ids and keys, never what a comment says."""

import hashlib
from collections.abc import Iterator
from datetime import datetime

from enforcement.ledger_rows import ActionRow, Outcome, TicketRow, VerdictRow, Word
from rules.actions import NewTicket
from rules.judge import Judged, Judgement
from rules.plan import Update
from rules.snapshot import Snapshot
from rules.ticket import Person, Value
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Exempt, Verdict, Violates


def operation_id(seen: Snapshot, update: Update) -> str:
    """The same update of the same state of a ticket has the same id, in whichever process it is tried."""
    said = (
        seen.ticket.id,
        seen.ticket.updated_at.isoformat(),
        sorted((name, text_of(value)) for name, value in update.fields.items()),
        sorted(update.add_tags),
        sorted(update.remove_tags),
        sorted(update.told),
        sorted(person.id for person in update.followers),
        update.comment.public if update.comment else None,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()[:20]


def verdict_rows(judgement: Judgement) -> list[VerdictRow]:
    return [_verdict_row(judgement.seen.ticket.id, each) for each in judgement.all]


def _verdict_row(ticket_id: int, judged: Judged) -> VerdictRow:
    rule, verdict = judged.rule, judged.verdict
    again = verdict.until if isinstance(verdict, Exempt) else verdict.look_again_at
    found = verdict.found if isinstance(verdict, Violates | Complies) else {}
    word, key = _word_and_key(verdict)
    return VerdictRow(ticket_id, rule.id, word, key, found, rule.cites, rule.mode.word, again)


def _word_and_key(verdict: Verdict) -> tuple[Word, str]:
    match verdict:
        case Complies():
            return Word.COMPLIES, ""
        case Violates(message=message):
            return Word.VIOLATES, message
        case DoesNotApply(condition=condition):
            return Word.DOES_NOT_APPLY, condition
        case Exempt(by=by):
            return Word.EXEMPT, by
        case CouldNotTell(why=why):
            return Word.COULD_NOT_TELL, why


def action_rows(
    seen: Snapshot,
    update: Update,
    operation: str,
    at: datetime,
    outcome: Outcome,
    detail: str = "",
    due: datetime | None = None,
) -> list[ActionRow]:
    """One row a change of an update, with what the ticket held before."""

    def row(field: str, before: str | None, after: str | None, *, public: bool = False) -> ActionRow:
        requester = seen.ticket.requester.id if public else None
        return ActionRow(
            seen.ticket.id, update.rules, operation, field, before, after, at, outcome, public, detail, due, requester
        )

    return [row(field, before, after, public=public) for field, before, after, public in _changes(seen, update)]


def due_of(update: Update, judgement: Judgement) -> datetime | None:
    """The earliest cause that an update tells about."""
    causes = (
        (f"{each.rule.id}:{cause.key}", cause.at)
        for each in judgement.all
        if isinstance(each.verdict, Violates | Complies)
        for cause in each.verdict.causes
    )
    return min((at for told, at in causes if told in update.told), default=None)


def ticket_row(seen: Snapshot) -> TicketRow:
    ticket, assignee = seen.ticket, seen.ticket.assignee
    name, number = (assignee.name, assignee.id) if assignee else (None, None)
    return TicketRow(ticket.group, name, number, ticket.updated_at)


def _changes(seen: Snapshot, update: Update) -> Iterator[tuple[str, str | None, str | None, bool]]:
    ticket = seen.ticket
    for name, value in update.fields.items():
        before = getattr(ticket, name) if hasattr(ticket, name) else ticket.fields.get(name)
        yield name, text_of(before), text_of(value), False
    if update.add_tags or update.remove_tags:
        after = (ticket.tags | update.add_tags) - update.remove_tags
        yield "tags", text_of(ticket.tags), text_of(after), False
    if update.followers:
        yield "followers", text_of(ticket.followers), text_of(ticket.followers | update.followers), False
    if update.comment is not None:
        kind = "reply" if update.comment.public else "note"
        yield kind, None, " ".join(sorted(update.told)), update.comment.public


def new_ticket_row(
    judgement: Judgement, ticket: NewTicket, number: int | None, at: datetime, detail: str = ""
) -> ActionRow:
    """The row of a new ticket: ``number`` is the ticket that is there now, None where Zendesk refused to open it."""
    rules = tuple(rule.id for rule, violation in judgement.violations if ticket in violation.cures)
    after = None if number is None else str(number)
    outcome = Outcome.REFUSED if number is None else Outcome.APPLIED
    seen = judgement.seen
    return ActionRow(seen.ticket.id, rules, ticket.external_id, "new ticket", None, after, at, outcome, detail=detail)


def text_of(value: Value | frozenset[Person]) -> str | None:
    """A field's value for people: names, sorted where there are several."""
    match value:
        case None:
            return None
        case Person(name=name):
            return name
        case frozenset():
            return " ".join(sorted(each.name if isinstance(each, Person) else each for each in value))
        case _:
            return str(value)
