"""The book of rounds: where the last one ended, what an unfinished one has done, what stands now, and how it went.

It is kept in the ledger's database and writes the ledger's verdicts, a page of tickets in one transaction.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, and_, bindparam, delete, distinct, exists, func, insert, select, update

from enforcement.audit import Scope
from enforcement.audit_tables import AUDIT_COUNTS, AUDIT_CURES, AUDITS, QUEUE_FACTS, create_audit_tables
from enforcement.ledger import Ledger
from enforcement.ledger_notes import with_since
from enforcement.ledger_rows import TicketRow, VerdictRow, Word, values_of_verdict
from enforcement.ledger_tables import TICKETS, VERDICTS

CHUNK = 500  # ids in one statement


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One round. ``judged`` and ``compliant`` are known once it has ended."""

    id: int
    scope: Scope
    pack: str
    started_at: datetime
    ended_at: datetime | None = None
    cursor: str = ""
    is_exported: bool = False
    seen: int = 0
    planned: int = 0
    judged: int = 0
    compliant: int = 0


@dataclass(frozen=True, slots=True)
class CureRow:
    """What one ticket's plan would do."""

    ticket_id: int
    requester_id: int
    rules: tuple[str, ...]
    public: int


@dataclass(frozen=True, slots=True)
class FactsRow:
    ticket_id: int
    rule: str
    group: str | None
    opened_at: datetime
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One ticket as a round judged it. ``verdicts``: None where every rule says *does not apply: status*."""

    ticket_id: int
    ticket: TicketRow
    verdicts: tuple[VerdictRow, ...] | None = None
    facts: tuple[FactsRow, ...] = ()
    cure: CureRow | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """What a page of tickets came to. ``read_at``: a look that judged later knows better."""

    entries: Sequence[Entry]
    read_at: datetime
    gone: Collection[int] = ()
    cursor: str | None = None
    is_exported: bool | None = None
    untouched: int = 0  # tickets that were read and are not in the round's scope


@dataclass(frozen=True, slots=True)
class Count:
    """How many tickets violate a rule, by whose they are."""

    rule: str
    group: str
    person: str
    violations: int


@dataclass(frozen=True, slots=True)
class Past:
    """A round that has ended, for the trend."""

    audit: AuditRow
    counts: tuple[Count, ...] = field(default=())


class AuditBook(Ledger):
    """May be shared by threads; every method may raise AgendaError."""

    def create(self) -> None:
        super().create()
        with self._lock, self._explained():
            create_audit_tables(self._engine)

    # A round

    def unfinished(self, scope: Scope, pack: str) -> AuditRow | None:
        """The round of this scope by this pack that was stopped, if there is one."""
        query = select(AUDITS).where(
            AUDITS.c.ended_at.is_(None), AUDITS.c.pack == pack, AUDITS.c.scope == _scope_text(scope)
        )
        return next((_row_of(row) for row in self._rows(query.order_by(AUDITS.c.id.desc()).limit(1))), None)

    def last_cursor(self, pack: str) -> str:
        """Where the next round of everything by this pack begins; empty: nowhere yet."""
        query = select(AUDITS.c.cursor).where(AUDITS.c.moves_on, AUDITS.c.pack == pack, AUDITS.c.ended_at.is_not(None))
        rows = self._rows(query.order_by(AUDITS.c.id.desc()).limit(1))
        return str(rows[0]["cursor"]) if rows else ""

    def begin(self, scope: Scope, pack: str, cursor: str, planned: int, at: datetime) -> AuditRow:
        """Write down that a round has started; what an earlier one of this scope left unfinished is given up."""
        values = {
            "scope": _scope_text(scope),
            "pack": pack,
            "started_at": at,
            "moves_on": scope.moves_on,
            "cursor": cursor,
            "is_exported": False,
            "seen": 0,
            "planned": planned,
            "judged": 0,
            "compliant": 0,
        }
        with self._writing() as connection:
            left = select(AUDITS.c.id).where(AUDITS.c.ended_at.is_(None), AUDITS.c.scope == values["scope"])
            connection.execute(delete(AUDIT_CURES).where(AUDIT_CURES.c.audit_id.in_(left)))
            connection.execute(delete(AUDITS).where(AUDITS.c.ended_at.is_(None), AUDITS.c.scope == values["scope"]))
            number = connection.execute(insert(AUDITS).values(values)).inserted_primary_key
        return AuditRow(int(number[0]) if number else 0, scope, pack, at, cursor=cursor, planned=planned)

    def record_batch(self, audit_id: int, batch: Batch) -> None:
        """Write down what a page came to, and how far the round is by it, in one transaction."""
        with self._writing() as connection:
            moved: dict[str, Any] = {"seen": AUDITS.c.seen + len(batch.entries) + batch.untouched}
            if batch.cursor is not None:
                moved["cursor"] = batch.cursor
            if batch.is_exported is not None:
                moved["is_exported"] = batch.is_exported
            connection.execute(update(AUDITS).where(AUDITS.c.id == audit_id).values(moved))
            for gone in _chunks(list(batch.gone)):
                for table in (VERDICTS, TICKETS, QUEUE_FACTS):
                    connection.execute(delete(table).where(table.c.ticket_id.in_(gone)))
            for entries in _chunks(batch.entries):
                _note_entries(connection, entries, batch.read_at)
                _note_facts(connection, entries)
                _note_cures(connection, audit_id, entries)

    def end(self, audit_id: int, at: datetime) -> None:
        """The round is done: keep how everything stands now."""
        with self._writing() as connection:
            connection.execute(update(AUDITS).where(AUDITS.c.id == audit_id).values(ended_at=at))
            judged, compliant = _shares(connection)
            values = {"judged": judged, "compliant": compliant}
            connection.execute(update(AUDITS).where(AUDITS.c.id == audit_id).values(values))
            if counts := [{"audit_id": audit_id, **asdict(each)} for each in _counts(connection)]:
                connection.execute(insert(AUDIT_COUNTS), counts)

    def due(self, before: datetime, started: datetime) -> list[int]:
        """The tickets whose verdict may have changed by itself, and that no look has judged since the round began."""
        query = (
            select(VERDICTS.c.ticket_id)
            .distinct()
            .join_from(VERDICTS, TICKETS, VERDICTS.c.ticket_id == TICKETS.c.ticket_id)
            .where(VERDICTS.c.look_again_at <= before, TICKETS.c.judged_at < started)
            .order_by(VERDICTS.c.ticket_id)
        )
        return [row["ticket_id"] for row in self._rows(query)]

    def cures(self, audit_id: int) -> list[CureRow]:
        query = select(AUDIT_CURES).where(AUDIT_CURES.c.audit_id == audit_id).order_by(AUDIT_CURES.c.ticket_id)
        return [
            CureRow(row["ticket_id"], row["requester_id"], tuple(json.loads(row["rules"])), row["public"])
            for row in self._rows(query)
        ]

    # What stands, and how it went

    def audit(self, audit_id: int) -> AuditRow:
        return next(_row_of(row) for row in self._rows(select(AUDITS).where(AUDITS.c.id == audit_id)))

    def past(self, *, limit: int = 12) -> list[Past]:
        """The last rounds that have ended and left nothing out, the oldest first."""
        query = select(AUDITS).where(AUDITS.c.ended_at.is_not(None), AUDITS.c.moves_on)
        rows = self._rows(query.order_by(AUDITS.c.id.desc()).limit(limit))
        return [Past(_row_of(row), tuple(self._counts_of(row["id"]))) for row in reversed(rows)]

    def _counts_of(self, audit_id: int) -> Iterator[Count]:
        for row in self._rows(select(AUDIT_COUNTS).where(AUDIT_COUNTS.c.audit_id == audit_id)):
            yield Count(row["rule"], row["group"], row["person"], row["violations"])

    def stands(self, words: Iterable[Word], groups: Collection[str] = ()) -> list[tuple[VerdictRow, TicketRow]]:
        """The verdicts of these words with whose the tickets are, the longest standing first."""
        table, ticket = VERDICTS, TICKETS.c
        query = (
            select(table, ticket.group, ticket.assignee, ticket.assignee_id)
            .join_from(table, TICKETS, table.c.ticket_id == ticket.ticket_id, isouter=True)
            .where(table.c.word.in_(list(words)))
            .order_by(table.c.since, table.c.ticket_id, table.c.rule)
        )
        if groups:
            query = query.where(ticket.group.in_(list(groups)))
        return [
            (_verdict_in(row), TicketRow(row["group"], row["assignee"], row["assignee_id"]))
            for row in self._rows(query)
        ]

    def shares(self, groups: Collection[str] = ()) -> tuple[int, int]:
        """How many tickets a rule has something to say about, and how many of them violate none."""
        with self._explained(), self._engine.connect() as connection:
            return _shares(connection, groups)

    def facts(self, rule: str, opened_since: datetime, groups: Collection[str] = ()) -> Iterator[Mapping[str, Any]]:
        """What is known of each ticket for a rule of queues, one at a time."""
        query = select(QUEUE_FACTS.c.facts).where(QUEUE_FACTS.c.rule == rule, QUEUE_FACTS.c.opened_at >= opened_since)
        if groups:
            query = query.where(QUEUE_FACTS.c.group.in_(list(groups)))
        with self._explained(), self._engine.connect() as connection:
            for row in connection.execution_options(yield_per=1000).execute(query):
                yield json.loads(row[0])


def _scope_text(scope: Scope) -> str:
    since = None if scope.since is None else scope.since.isoformat()
    return json.dumps([since, sorted(scope.groups)], ensure_ascii=False)


def _row_of(row: RowMapping) -> AuditRow:
    since, groups = json.loads(row["scope"])
    scope = Scope(None if since is None else datetime.fromisoformat(since), frozenset(groups))
    names = ("id", "pack", "started_at", "ended_at", "cursor", "is_exported", "seen", "planned", "judged", "compliant")
    return AuditRow(scope=scope, **{name: row[name] for name in names})


def _verdict_in(row: RowMapping) -> VerdictRow:
    values = {column.name: row[column.name] for column in VERDICTS.c}
    return VerdictRow(**{**values, "word": Word(values["word"]), "found": json.loads(values["found"])})


def _chunks(rows: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK))


def _note_entries(connection: Connection, entries: Sequence[Entry], read_at: datetime) -> None:
    """Write the verdicts that differ from what stands. A ticket that a look judged meanwhile is left as it is, and
    of one that no rule has to do with nothing is kept that was not kept before."""
    ids = [entry.ticket_id for entry in entries]
    columns = select(TICKETS.c.ticket_id, TICKETS.c.judged_at, TICKETS.c.digest, TICKETS.c.updated_at)
    known = {row.ticket_id: row for row in connection.execute(columns.where(TICKETS.c.ticket_id.in_(ids)))}
    old: dict[int, dict[str, dict[str, Any]]] = {}
    for row in connection.execute(select(VERDICTS).where(VERDICTS.c.ticket_id.in_(ids))).mappings():
        old.setdefault(row["ticket_id"], {})[row["rule"]] = dict(row)
    stale, fresh, new, moved = [], [], [], []
    for entry in entries:
        stands, ticket = old.get(entry.ticket_id, {}), known.get(entry.ticket_id)
        if ticket is not None and ticket.digest and ticket.judged_at > read_at:
            continue
        verdicts = entry.verdicts
        if verdicts is None:
            verdicts = tuple(_at_rest(row) for row in stands.values())
        values = {
            each.rule: with_since(values_of_verdict(each), stands.get(each.rule), read_at, each.pack)
            for each in verdicts
        }
        stale += [{"t": entry.ticket_id, "r": rule} for rule, row in stands.items() if values.get(rule) != row]
        fresh += [row for rule, row in values.items() if stands.get(rule) != row]
        whose = asdict(entry.ticket)
        if ticket is not None:
            # It changed and no look judged that: its event may be lost, and the next round has to see it.
            digest = ticket.digest if ticket.updated_at == entry.ticket.updated_at else ""
            moved.append(
                {"t": entry.ticket_id, "new_digest": digest, **{f"new_{name}": each for name, each in whose.items()}}
            )
        elif verdicts:
            new.append({"ticket_id": entry.ticket_id, "judged_at": read_at, "pack": "", "digest": "", **whose})
    if stale:
        table = VERDICTS
        gone = delete(table).where(and_(table.c.ticket_id == bindparam("t"), table.c.rule == bindparam("r")))
        connection.execute(gone, stale)
    if fresh:
        connection.execute(insert(VERDICTS), fresh)
    if new:
        connection.execute(insert(TICKETS), new)
    if moved:
        named: dict[Any, Any] = {TICKETS.c[name]: bindparam(f"new_{name}") for name in ("digest", *asdict(TicketRow()))}
        connection.execute(update(TICKETS).where(TICKETS.c.ticket_id == bindparam("t")).values(named), moved)


def _at_rest(row: Mapping[str, Any]) -> VerdictRow:
    """What a rule says of a ticket that is solved."""
    ticket_id, rule, cites, mode = row["ticket_id"], row["rule"], row["cites"], row["mode"]
    return VerdictRow(ticket_id, rule, Word.DOES_NOT_APPLY, "status", cites=cites, mode=mode, pack=row["pack"])


def _note_facts(connection: Connection, entries: Sequence[Entry]) -> None:
    rows = [each for entry in entries for each in entry.facts]
    connection.execute(delete(QUEUE_FACTS).where(QUEUE_FACTS.c.ticket_id.in_([entry.ticket_id for entry in entries])))
    if rows:
        values = [
            {
                "ticket_id": row.ticket_id,
                "rule": row.rule,
                "group": row.group or "",
                "opened_at": row.opened_at,
                "facts": json.dumps(row.facts, separators=(",", ":"), ensure_ascii=False),
            }
            for row in {(row.ticket_id, row.rule): row for row in rows}.values()
        ]
        connection.execute(insert(QUEUE_FACTS), values)


def _note_cures(connection: Connection, audit_id: int, entries: Sequence[Entry]) -> None:
    table = AUDIT_CURES
    ids = [entry.ticket_id for entry in entries]
    connection.execute(delete(table).where(table.c.audit_id == audit_id, table.c.ticket_id.in_(ids)))
    rows = [
        {**asdict(entry.cure), "rules": json.dumps(entry.cure.rules), "audit_id": audit_id}
        for entry in entries
        if entry.cure is not None
    ]
    if rows:
        connection.execute(insert(table), rows)


def _shares(connection: Connection, groups: Collection[str] = ()) -> tuple[int, int]:
    table = VERDICTS
    said = select(func.count(distinct(table.c.ticket_id))).where(table.c.word != Word.DOES_NOT_APPLY)
    wrong = select(func.count(distinct(table.c.ticket_id))).where(table.c.word == Word.VIOLATES)
    if groups:
        theirs = exists().where(TICKETS.c.ticket_id == table.c.ticket_id, TICKETS.c.group.in_(list(groups)))
        said, wrong = said.where(theirs), wrong.where(theirs)
    judged = connection.execute(said).scalar_one()
    return judged, judged - connection.execute(wrong).scalar_one()


def _counts(connection: Connection) -> Iterator[Count]:
    table, ticket = VERDICTS, TICKETS.c
    group, person = func.coalesce(ticket.group, ""), func.coalesce(ticket.assignee, "")
    query = (
        select(table.c.rule, group.label("group"), person.label("person"), func.count().label("violations"))
        .join_from(table, TICKETS, table.c.ticket_id == ticket.ticket_id, isouter=True)
        .where(table.c.word == Word.VIOLATES)
        .group_by(table.c.rule, group, person)
    )
    for row in connection.execute(query):
        yield Count(row.rule, row.group, row.person, row.violations)
