"""What the pack and the ledger know beside the helpdesk: who is away on a day, and how much was sent lately."""

from dataclasses import replace
from zoneinfo import ZoneInfo

from rules.pack import Desk
from rules.snapshot import Sent, Snapshot


def informed(seen: Snapshot, desk: Desk, sent: Sent | None = None) -> Snapshot:
    """The snapshot with what the pack lists of absences, and with what was sent where that is asked for."""
    today = seen.as_of.astimezone(ZoneInfo(desk.zone)).date()
    absent = desk.absent_on(today)
    return replace(seen, absent=absent, absences=desk.absences, sent=seen.sent if sent is None else sent)
