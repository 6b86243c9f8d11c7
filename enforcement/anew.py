"""Having a ticket looked at now and judged anew, even if it is as it was."""

from datetime import datetime

from enforcement.agenda import Agenda
from enforcement.ledger import Ledger


def ask_anew(ledger: Ledger, agenda: Agenda, ticket_id: int, now: datetime, reason: str) -> None:
    """Doubt what the last judgement left, then ask for a look. Raises AgendaError."""
    ledger.doubt(ticket_id, at=now)
    agenda.ask(ticket_id, now, reason)
