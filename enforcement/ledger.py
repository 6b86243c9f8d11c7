"""The ledger: what was judged and done, why, before and after, by which version of the pack, and what stands now.

It shares the agenda's SQLite file, or lives in PostgreSQL. Every transaction writes first and reads then: SQLite
locks at the first write, and what is read before it may be old by the time it is used.
Every method may raise AgendaError: the database is full, locked or gone.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from sqlite3 import Error as SqliteError
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    RowMapping,
    Select,
    and_,
    case,
    delete,
    distinct,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from enforcement.agenda import AgendaError
from enforcement.ledger_notes import note_ticket, note_verdicts
from enforcement.ledger_rows import (
    ActionRow,
    Fuse,
    Known,
    LookRow,
    Outcome,
    Pause,
    Pressure,
    Round,
    TicketRow,
    VerdictRow,
    Waiting,
    Word,
    action_of,
    look_of,
    values_of_action,
    values_of_look,
    verdict_of,
)
from enforcement.ledger_tables import (
    ACTIONS,
    FIRST_ENFORCED,
    FUSES,
    LOOKS,
    OFFICE_HOURS,
    PAUSES,
    ROUNDS,
    TICKETS,
    VERDICTS,
    create_tables,
)
from enforcement.store import Store, explain
from rules.mode import Mode
from rules.snapshot import Sent

__all__ = [
    "ActionRow",
    "Fuse",
    "Known",
    "Ledger",
    "LookRow",
    "Outcome",
    "Pause",
    "Pressure",
    "Round",
    "TicketRow",
    "VerdictRow",
    "Waiting",
    "Word",
]

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FUSE_WINDOW = timedelta(minutes=10)


class Ledger:
    """May be shared by threads. ``writing`` is held during each write: the store's lock on SQLite."""

    def __init__(self, engine: Engine, writing: AbstractContextManager[Any] | None = None) -> None:
        self._engine = engine
        self._lock = writing or nullcontext()

    @classmethod
    def open(cls, store: Store) -> "Ledger":
        """The ledger on the agenda's file; its tables are created where they are not. Raises AgendaError."""
        ledger = cls(store.engine(), store.writing)
        ledger.create()
        return ledger

    def create(self) -> None:
        """Create the tables that are not there. Raises LedgerNewer."""
        with self._lock, self._explained():
            create_tables(self._engine)

    def close(self) -> None:
        self._engine.dispose()

    # What happened

    def record(
        self,
        look: LookRow,
        verdicts: Sequence[VerdictRow] | None = None,
        actions: Iterable[ActionRow] = (),
        ticket: TicketRow | None = None,
        *,
        confirms: bool = False,
    ) -> None:
        """Write down a look and what it did, in one transaction.

        ``verdicts`` are all that now stand, and replace the ticket's; None: nothing was judged, and the old ones stand.
        ``ticket`` is whose it was then. ``confirms``: the ticket is as it was last judged.
        """
        with self._writing() as connection:
            connection.execute(insert(LOOKS), values_of_look(look))
            if done := [values_of_action(action) for action in actions]:
                connection.execute(insert(ACTIONS), done)
            if verdicts is not None:
                note_ticket(connection, look, ticket or TicketRow())
                note_verdicts(connection, look, verdicts)
            if confirms:
                at = update(TICKETS).where(TICKETS.c.ticket_id == look.ticket_id).values(judged_at=look.at)
                connection.execute(at)

    def pause(self, reason: str, *, by: str, at: datetime) -> None:
        """Stop writing to Zendesk until ``resume``. The first reason stands."""
        try:
            with self._writing() as connection:
                connection.execute(insert(PAUSES).values(name="writing", reason=reason, by=by, at=at))
        except IntegrityError:
            return

    def resume(self, *, by: str, at: datetime) -> None:
        """Go on writing; earlier updates no longer count against the limits."""
        with self._writing() as connection:
            connection.execute(delete(PAUSES))
            connection.execute(insert(PAUSES).values(name="resumed", reason="", by=by, at=at))

    def trip_fuse(self, ticket_id: int, why: str, *, at: datetime) -> None:
        """Leave the ticket alone until ``reset_fuse``."""
        self._set_fuse(ticket_id, {"tripped_at": at, "why": why})

    def reset_fuse(self, ticket_id: int, *, by: str, at: datetime) -> None:
        """Go on with the ticket; earlier updates no longer count."""
        self._set_fuse(ticket_id, {"tripped_at": None, "reset_at": at, "reset_by": by})

    def _set_fuse(self, ticket_id: int, values: Mapping[str, Any]) -> None:
        with self._writing() as connection:
            changed = connection.execute(update(FUSES).where(FUSES.c.ticket_id == ticket_id).values(values))
            if changed.rowcount == 0:
                connection.execute(insert(FUSES), {"ticket_id": ticket_id, "why": "", "reset_by": "", **values})

    def doubt(self, ticket_id: int, *, at: datetime) -> None:
        """What the last judgement left no longer holds, though the ticket is as it was: something else changed.
        Nor does what a look will leave that started before ``at``."""
        doubted = {"digest": "", "doubted_at": at}
        with self._writing() as connection:
            changed = connection.execute(update(TICKETS).where(TICKETS.c.ticket_id == ticket_id).values(doubted))
            if changed.rowcount == 0:
                connection.execute(insert(TICKETS), {"ticket_id": ticket_id, "judged_at": at, "pack": "", **doubted})

    def prune_looks(self, before: datetime) -> int:
        """Forget looks that started before a moment, and say how many. Verdicts and actions stay."""
        with self._writing() as connection:
            return connection.execute(delete(LOOKS).where(LOOKS.c.at < before)).rowcount

    # What is known

    def known(self, ticket_id: int, pack: str) -> Known | None:
        """What the last judgement left, if it was by this pack."""
        columns = select(TICKETS.c.digest, TICKETS.c.judged_at, TICKETS.c.look_again_at, TICKETS.c.updated_at)
        rows = self._rows(columns.where(TICKETS.c.ticket_id == ticket_id, TICKETS.c.pack == pack))
        return next((Known(**row) for row in rows), None)

    def begin_to_enforce(self, rules: Mapping[str, Mode], at: datetime) -> None:
        """From ``at`` on each rule may act as far as its mode says, for good; unless it may since earlier."""
        known = self.enforced_since()
        for rule, mode in sorted(rules.items()):
            if (rule, mode) not in known:
                with suppress(IntegrityError), self._writing() as connection:  # another process was faster
                    connection.execute(insert(FIRST_ENFORCED).values(rule=rule, mode=mode.word, at=at))

    def enforced_since(self) -> dict[tuple[str, Mode], datetime]:
        """Since when each rule may act in each mode; nothing is noted by asking."""
        rows = self._rows(select(FIRST_ENFORCED))
        return {(row["rule"], Mode[row["mode"].upper()]): row["at"] for row in rows}

    def verdicts(self, ticket_id: int) -> list[VerdictRow]:
        """What stands of a ticket, by rule."""
        return self._verdicts(select(VERDICTS).where(VERDICTS.c.ticket_id == ticket_id).order_by(VERDICTS.c.rule))

    def _verdicts(self, query: Select[*tuple[Any, ...]]) -> list[VerdictRow]:
        return [verdict_of(row) for row in self._rows(query)]

    def counts_by_rule(self) -> dict[str, dict[Word, int]]:
        """How many tickets stand how, for each rule that says anything."""
        counts: dict[str, dict[Word, int]] = {}
        by_word = select(VERDICTS.c.rule, VERDICTS.c.word, func.count().label("tickets"))
        for row in self._rows(by_word.group_by(VERDICTS.c.rule, VERDICTS.c.word).order_by(VERDICTS.c.rule)):
            counts.setdefault(row["rule"], {})[Word(row["word"])] = row["tickets"]
        return counts

    def action_counts(self) -> dict[tuple[str, str], int]:
        """How many changes were made so far, by field and outcome."""
        columns = ACTIONS.c.field, ACTIONS.c.outcome
        rows = self._rows(select(*columns, func.count().label("changes")).group_by(*columns).order_by(*columns))
        return {(row["field"], row["outcome"]): row["changes"] for row in rows}

    def look_counts(self, since: datetime) -> dict[str, int]:
        """How many looks there were since a moment, by outcome."""
        query = select(LOOKS.c.outcome, func.count().label("looks")).where(LOOKS.c.at >= since)
        return {row["outcome"]: row["looks"] for row in self._rows(query.group_by(LOOKS.c.outcome))}

    def looks(self, ticket_id: int, *, limit: int = 100) -> list[LookRow]:
        """The looks at a ticket, latest first."""
        query = select(LOOKS).where(LOOKS.c.ticket_id == ticket_id)
        return [look_of(row) for row in self._rows(query.order_by(LOOKS.c.at.desc(), LOOKS.c.id.desc()).limit(limit))]

    def recent_looks(self, *, limit: int = 100) -> list[LookRow]:
        """The looks at all tickets, latest first."""
        return [
            look_of(row)
            for row in self._rows(select(LOOKS).order_by(LOOKS.c.at.desc(), LOOKS.c.id.desc()).limit(limit))
        ]

    def actions(self, ticket_id: int, *, limit: int = 100) -> list[ActionRow]:
        """What was done to a ticket, latest first."""
        return self._actions(select(ACTIONS).where(ACTIONS.c.ticket_id == ticket_id), limit)

    def recent_actions(self, *, since: datetime | None = None, limit: int = 100) -> list[ActionRow]:
        """What was done to all tickets, latest first."""
        query = select(ACTIONS) if since is None else select(ACTIONS).where(ACTIONS.c.at >= since)
        return self._actions(query, limit)

    def _actions(self, query: Select[*tuple[Any, ...]], limit: int) -> list[ActionRow]:
        latest_first = query.order_by(ACTIONS.c.at.desc(), ACTIONS.c.id.desc()).limit(limit)
        return [action_of(row) for row in self._rows(latest_first)]

    def promises(self) -> list[Waiting]:
        """The tickets with a promise that stands or is broken, the next to be kept first, and whose they are."""
        table, of_ticket = VERDICTS, TICKETS.c
        query = (
            select(table, of_ticket.group, of_ticket.assignee, of_ticket.assignee_id, of_ticket.updated_at)
            .join_from(table, TICKETS, table.c.ticket_id == of_ticket.ticket_id, isouter=True)
            .where(table.c.found.contains('"due_at": '))
            .order_by(table.c.look_again_at, table.c.ticket_id)
        )
        return [_waiting(row) for row in self._rows(query)]

    def promise_messages(self, since: datetime) -> list[ActionRow]:
        """The replies that kept a promise, and the notes in place of one, since a moment; oldest first."""
        told = or_(ACTIONS.c.after.contains(":promise-"), ACTIONS.c.after.contains(":told-"))
        query = select(ACTIONS).where(ACTIONS.c.at >= since, ACTIONS.c.due.is_not(None), told)
        return [action_of(row) for row in self._rows(query.order_by(ACTIONS.c.at, ACTIONS.c.id))]

    def timers(self, *, before: datetime | None = None) -> list[tuple[int, datetime]]:
        """When each ticket is to be looked at again, as its last judgement left it; all, or those before a moment."""
        query = select(TICKETS.c.ticket_id, TICKETS.c.look_again_at).where(TICKETS.c.look_again_at.is_not(None))
        if before is not None:
            query = query.where(TICKETS.c.look_again_at < before)
        return [(row["ticket_id"], row["look_again_at"]) for row in self._rows(query)]

    def standing(self, rules: Iterable[str]) -> list[int]:
        """The tickets on which some rules have something to say."""
        words = [Word.COMPLIES, Word.VIOLATES, Word.COULD_NOT_TELL]
        query = select(VERDICTS.c.ticket_id).where(VERDICTS.c.rule.in_(list(rules)), VERDICTS.c.word.in_(words))
        return [row["ticket_id"] for row in self._rows(query.distinct().order_by(VERDICTS.c.ticket_id))]

    def record_round(self, ended: Round) -> None:
        with self._writing() as connection:
            connection.execute(insert(ROUNDS).values(asdict(ended)))

    def last_round(self) -> Round | None:
        columns = [column for column in ROUNDS.c if column.name != "id"]
        rows = self._rows(select(*columns).order_by(ROUNDS.c.id.desc()).limit(1))
        return next((Round(**row) for row in rows), None)

    def note_office_hours(self, digest: str) -> None:
        """Working hours and holidays by which all timers that count them go from now on."""
        with self._writing() as connection:
            connection.execute(delete(OFFICE_HOURS))
            connection.execute(insert(OFFICE_HOURS).values(digest=digest))

    def office_hours(self) -> str | None:
        return next((row["digest"] for row in self._rows(select(OFFICE_HOURS.c.digest))), None)

    def sent(self, requester_id: int, now: datetime) -> Sent:
        """Public messages of ours: to a requester in the last day, to anybody in the last hour."""
        is_sent = and_(ACTIONS.c.public, ACTIONS.c.outcome.in_([Outcome.APPLIED, Outcome.UNKNOWN]))
        to_requester = and_(ACTIONS.c.requester_id == requester_id, ACTIONS.c.at > now - DAY, is_sent)
        to_anybody = and_(ACTIONS.c.at > now - HOUR, is_sent)
        counts = [select(func.count(distinct(ACTIONS.c.operation))).where(each) for each in (to_requester, to_anybody)]
        return Sent(*(self._rows(query)[0]["count_1"] for query in counts))

    # Brakes

    def paused(self) -> Pause | None:
        query = select(PAUSES.c.reason, PAUSES.c.by, PAUSES.c.at).where(PAUSES.c.name == "writing")
        return next((Pause(**row) for row in self._rows(query)), None)

    def fuses(self) -> list[Fuse]:
        """The tickets whose fuse is tripped, latest first."""
        columns = select(FUSES.c.ticket_id, FUSES.c.tripped_at, FUSES.c.why)
        rows = self._rows(columns.where(FUSES.c.tripped_at.is_not(None)).order_by(FUSES.c.tripped_at.desc()))
        return [Fuse(**row) for row in rows]

    def pressure(self, ticket_id: int, now: datetime) -> Pressure:
        """What the brakes go by, for one ticket."""
        fuse = next(iter(self._rows(select(FUSES).where(FUSES.c.ticket_id == ticket_id))), None)
        count_from = now - FUSE_WINDOW
        if fuse is not None and fuse["reset_at"] is not None:
            count_from = max(count_from, fuse["reset_at"])
        resumed = next(iter(self._rows(select(PAUSES.c.at).where(PAUSES.c.name == "resumed"))), None)
        in_account = ACTIONS.c.at > (now - HOUR if resumed is None else resumed["at"])
        on_ticket = and_(ACTIONS.c.ticket_id == ticket_id, ACTIONS.c.at > count_from)
        counts = select(
            _operations(in_account).label("updates"),
            _operations(and_(in_account, ACTIONS.c.public)).label("public"),
            _operations(on_ticket).label("on_ticket"),
        ).where(ACTIONS.c.at > now - HOUR, ACTIONS.c.outcome.in_([Outcome.APPLIED, Outcome.UNKNOWN]))
        return Pressure(
            **self._rows(counts)[0],
            paused=self.paused(),
            fuse=Fuse(ticket_id, fuse["tripped_at"], fuse["why"]) if fuse is not None and fuse["tripped_at"] else None,
        )

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[RowMapping]:
        with self._explained(), self._engine.connect() as connection:
            return connection.execute(query).mappings().all()

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._lock, self._explained(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except IntegrityError:
            raise
        except DBAPIError as error:
            if isinstance(error.orig, SqliteError):
                raise explain(error.orig, Path(self._engine.url.database or "")) from error
            raise AgendaError(f"the ledger cannot be read or written: {error.orig}") from error
        except SQLAlchemyError as error:
            raise AgendaError(f"the ledger cannot be read or written: {error}") from error


def _operations(condition: ColumnElement[bool]) -> ColumnElement[int]:
    """How many updates there were among the actions of a kind: those of one update have one operation."""
    return func.count(distinct(case((condition, ACTIONS.c.operation))))


def _waiting(row: RowMapping) -> Waiting:
    whose = TicketRow(row["group"], row["assignee"], row["assignee_id"], row["updated_at"])
    return Waiting(verdict_of({column.name: row[column.name] for column in VERDICTS.c}), whose)
