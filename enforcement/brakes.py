"""The brakes: when not to write, even though a rule says so."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from enforcement.ledger_rows import Pressure
from rules.plan import Plan
from rules.snapshot import Snapshot

UPDATES_ON_ONE_TICKET = 5  # in ten minutes; one more means that something fights us


@dataclass(frozen=True, slots=True)
class Limits:
    """Rolling, for one hour and the whole account."""

    updates: int = 500
    public_messages: int = 60


class Hold(Enum):
    """What to do instead of writing."""

    WAIT = "writing is paused"
    PAUSE = "a limit is reached: pause all writing until a person resumes it"
    TRIP = "something undoes our updates of this ticket: leave it alone until a person steps in"
    LEAVE = "this ticket's fuse is tripped"


def hold(plan: Plan, pressure: Pressure, limits: Limits) -> tuple[Hold, str] | None:
    """Whether and why not to write this plan now."""
    if pressure.paused is not None:
        return Hold.WAIT, pressure.paused.reason
    if pressure.fuse is not None:
        return Hold.LEAVE, pressure.fuse.why
    if pressure.on_ticket + len(plan.updates) > UPDATES_ON_ONE_TICKET:
        return Hold.TRIP, f"{pressure.on_ticket} updates of ours in ten minutes, and still not right"
    if pressure.updates + plan.writes > limits.updates:
        return Hold.PAUSE, f"more than {limits.updates} updates in an hour"
    if plan.public and pressure.public + plan.public > limits.public_messages:
        return Hold.PAUSE, f"more than {limits.public_messages} public messages in an hour"
    return None


def was_edited_since(moment: datetime, seen: Snapshot) -> bool:
    """Whether a person of the desk changed the ticket after a moment (by Zendesk's clock): that resets its fuse.

    A customer's mail does not: it may be the automatic answer to what we wrote.
    """
    return any(audit.at > moment and audit.author.is_agent for audit in seen.history)
