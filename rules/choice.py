"""Who chose the assignee: a person's choice is kept; a trigger, Zendesk's routing and Ronda choose nothing."""

from rules.snapshot import Snapshot
from rules.ticket import Audit, Change


def is_a_persons(audit: Audit, change: Change) -> bool:
    """Whether an agent made this change, rather than a trigger, Zendesk's routing, Ronda or a customer's message."""
    return audit.author.is_agent and not change.by_rule and not audit.routed


def was_chosen(seen: Snapshot, *, at_creation: bool) -> bool:
    """Whether a person chose the present assignee. ``at_creation``: the one set when the ticket was opened counts."""
    last = seen.last_change("assignee")
    if last is None:
        return False
    audit, change = last
    if audit is seen.history[0]:
        return at_creation and not change.by_rule and not audit.routed
    return is_a_persons(audit, change)
