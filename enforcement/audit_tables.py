"""The tables of rounds, beside the ledger's. Ids, names, keys and numbers only."""

from sqlalchemy import BigInteger, Boolean, Column, Engine, Index, Integer, String, Table
from sqlalchemy import MetaData as Tables
from sqlalchemy.schema import CreateIndex, CreateTable

from enforcement.ledger_tables import Moment

tables = Tables()


def _numbered() -> Column[int]:
    return Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True)


AUDITS = Table(
    "audits",
    tables,
    _numbered(),
    Column("scope", String, nullable=False),  # JSON: since and groups
    Column("pack", String, nullable=False),  # the version that judges
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment),
    Column("moves_on", Boolean, nullable=False),  # the next round may begin where it ended
    Column("cursor", String, nullable=False),  # of the ticket export
    Column("is_exported", Boolean, nullable=False),
    Column("seen", Integer, nullable=False),  # tickets so far
    Column("planned", Integer, nullable=False),  # tickets, by the plan
    Column("judged", Integer, nullable=False),  # how it stood at its end: tickets a rule has something to say about
    Column("compliant", Integer, nullable=False),
)

# How many tickets violated what when a round ended: the trend.
AUDIT_COUNTS = Table(
    "audit_counts",
    tables,
    Column("audit_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", String, primary_key=True),
    Column("group", String, primary_key=True),
    Column("person", String, primary_key=True),
    Column("violations", Integer, nullable=False),
)

# What a round would have cured, until somebody decides about it.
AUDIT_CURES = Table(
    "audit_cures",
    tables,
    Column("audit_id", BigInteger, primary_key=True, autoincrement=False),
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("requester_id", BigInteger, nullable=False),
    Column("rules", String, nullable=False),  # JSON
    Column("public", Integer, nullable=False),  # messages
)

# What rules of queues need of a ticket.
QUEUE_FACTS = Table(
    "queue_facts",
    tables,
    Column("ticket_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rule", String, primary_key=True),
    Column("group", String, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("facts", String, nullable=False),  # JSON
    Index("queue_facts_by_rule", "rule", "opened_at"),
)


def create_audit_tables(engine: Engine) -> None:
    """Create what is not there yet; several processes may do so at once."""
    with engine.begin() as connection:
        for table in tables.sorted_tables:
            connection.execute(CreateTable(table, if_not_exists=True))
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                connection.execute(CreateIndex(index, if_not_exists=True))
