"""What a look leaves in the ledger of a ticket: when it was judged, whose it was, and how it stands by each rule."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from enforcement.ledger_rows import LookRow, TicketRow, VerdictRow, values_of_verdict
from enforcement.ledger_tables import TICKETS, VERDICTS


def note_ticket(connection: Connection, look: LookRow, ticket: TicketRow) -> None:
    values = {"judged_at": look.at, "pack": look.pack, "digest": look.digest, "look_again_at": look.look_again_at}
    values |= asdict(ticket)
    table = TICKETS
    doubted = connection.execute(select(table.c.doubted_at).where(table.c.ticket_id == look.ticket_id)).scalar()
    if doubted is not None and look.at <= doubted:
        values["digest"] = ""
    if connection.execute(update(table).where(table.c.ticket_id == look.ticket_id).values(values)).rowcount == 0:
        connection.execute(insert(table), {"ticket_id": look.ticket_id, **values})


def note_verdicts(connection: Connection, look: LookRow, verdicts: Sequence[VerdictRow]) -> None:
    """Write what differs from what stands, so that a look which finds nothing new writes next to nothing."""
    table = VERDICTS
    rows = connection.execute(select(table).where(table.c.ticket_id == look.ticket_id)).mappings()
    old = {row["rule"]: dict(row) for row in rows}
    new = {
        verdict.rule: with_since(values_of_verdict(verdict), old.get(verdict.rule), look.at, look.pack)
        for verdict in verdicts
    }
    stale = [rule for rule, row in old.items() if new.get(rule) != row]
    fresh = [values for rule, values in new.items() if rule not in old or rule in stale]
    if stale:
        connection.execute(delete(table).where(table.c.ticket_id == look.ticket_id, table.c.rule.in_(stale)))
    if fresh:
        connection.execute(insert(table), fresh)


def with_since(values: dict[str, Any], old: dict[str, Any] | None, at: datetime, pack: str) -> dict[str, Any]:
    """A verdict's values, with since when its word and key are the same."""
    is_same = old is not None and (old["word"], old["key"]) == (values["word"], values["key"])
    return {**values, "pack": pack, "since": old["since"] if old is not None and is_same else at}
