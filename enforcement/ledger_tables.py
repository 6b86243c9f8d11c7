"""The ledger's tables, for SQLite and PostgreSQL. Ids, names and keys only: no comment, subject or address is kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    TypeDecorator,
    insert,
    select,
)
from sqlalchemy.schema import CreateIndex, CreateTable

from enforcement.agenda import AgendaError
from enforcement.clock import from_microseconds, microseconds

VERSION = 1

metadata = MetaData()


class LedgerNewer(AgendaError):
    """A later Ronda wrote the ledger: run that one."""


class Moment(TypeDecorator[datetime]):
    """An aware moment as microseconds since 1970: exact, sortable, and the same on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- SQLAlchemy's
        return None if value is None else microseconds(value)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 -- SQLAlchemy's
        return None if value is None else from_microseconds(int(value))


def _numbered() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)  # SQLite counts INTEGERs only


VERSIONS = Table("ledger_versions", metadata, Column("version", Integer, primary_key=True))

# What is known of a ticket as a whole since it was last judged.
TICKETS = Table(
    "tickets",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("judged_at", Moment, nullable=False),
    Column("pack", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("look_again_at", Moment),
    Column("doubted_at", Moment),  # a look that started before it leaves no digest
    Column("group", String),
    Column("assignee", String),
    Column("assignee_id", BigInteger),
    Column("updated_at", Moment),  # of the ticket as it was judged, by Zendesk's clock
)

VERDICTS = Table(
    "verdicts",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", String, primary_key=True),
    Column("word", String, nullable=False),
    Column("key", String, nullable=False),
    Column("found", String, nullable=False),  # JSON
    Column("cites", String, nullable=False),
    Column("mode", String, nullable=False),
    Column("look_again_at", Moment),
    Column("since", Moment, nullable=False),
    Column("pack", String, nullable=False),
    Index("verdicts_by_rule", "rule", "word"),
)

LOOKS = Table(
    "looks",
    metadata,
    _numbered(),
    Column("ticket_id", BigInteger, nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", String, nullable=False),
    Column("pack", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("ended_at", Moment),
    Column("due", Moment),
    Column("attempts", Integer, nullable=False),
    Column("digest", String, nullable=False),
    Column("look_again_at", Moment),
    Index("looks_by_ticket", "ticket_id", "at"),
    Index("looks_by_age", "at"),
)

ACTIONS = Table(
    "actions",
    metadata,
    _numbered(),
    Column("ticket_id", BigInteger, nullable=False),
    Column("rules", String, nullable=False),  # JSON
    Column("operation", String, nullable=False),
    Column("field", String, nullable=False),
    Column("before", String),
    Column("after", String),
    Column("at", Moment, nullable=False),
    Column("outcome", String, nullable=False),
    Column("public", Boolean, nullable=False),
    Column("detail", String, nullable=False),
    Column("due", Moment),  # when what it answers fell due, or happened
    Column("requester_id", BigInteger),  # who could read it, if it is public
    Index("actions_by_ticket", "ticket_id", "at"),
    Index("actions_by_requester", "requester_id", "at"),
    Index("actions_by_age", "at"),
)

ROUNDS = Table(
    "rounds",
    metadata,
    _numbered(),
    Column("at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=False),
    Column("kind", String, nullable=False),
    Column("read", Integer, nullable=False),
    Column("asked", Integer, nullable=False),
    Column("messages_a_minute", Float),  # what the rate limit let through
)

# The working hours that the timers go by: one row.
OFFICE_HOURS = Table(
    "office_hours",
    metadata,
    Column("digest", String, primary_key=True),
)

FIRST_ENFORCED = Table(
    "first_enforced",
    metadata,
    Column("rule", String, primary_key=True),
    Column("mode", String, primary_key=True),  # warn or enforce: what happened while a rule only told is no backlog
    Column("at", Moment, nullable=False),
)

PAUSES = Table(
    "pauses",
    metadata,
    Column("name", String, primary_key=True),  # "writing": it is paused, one row; "resumed": when it last was
    Column("reason", String, nullable=False),
    Column("by", String, nullable=False),
    Column("at", Moment, nullable=False),
)

FUSES = Table(
    "fuses",
    metadata,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("tripped_at", Moment),
    Column("why", String, nullable=False),
    Column("reset_at", Moment),  # updates before it no longer count
    Column("reset_by", String, nullable=False),
)


def create_tables(engine: Engine) -> None:
    """Create what is not there yet; several processes may do so at once. Raises LedgerNewer."""
    with engine.begin() as connection:
        connection.execute(CreateTable(VERSIONS, if_not_exists=True))
        found = connection.execute(select(VERSIONS.c.version)).scalars().all()
        if any(version > VERSION for version in found):
            raise LedgerNewer(
                f"the ledger was written by a later Ronda (version {max(found)}, known {VERSION}); update"
            )
        if found:
            return
        for table in metadata.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))
        connection.execute(insert(VERSIONS).values(version=VERSION))
