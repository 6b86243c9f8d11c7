"""Tags that a rule leaves on a ticket, and those that only came along with a ticket's opening."""

from rules.actions import RemoveTags
from rules.rule import Rule
from rules.snapshot import Snapshot
from rules.ticket import Ticket
from rules.verdict import Exempt

CONTINUED = "ronda-continued"  # on a ticket that we opened for a message which came by another channel


def continued(ticket: Ticket) -> Exempt | None:
    """A ticket that continues another is excused from the rules on how tickets begin, for good."""
    return Exempt(by=CONTINUED) if CONTINUED in ticket.tags else None


def is_follow_up(ticket: Ticket) -> bool:
    """Whether it continues one that was closed."""
    return ticket.followup_of is not None or ticket.via.rel == "follow_up"


def is_marked(seen: Snapshot, tag: str) -> bool:
    """Whether a tag says something of this ticket: a follow-up inherits those of the ticket that it continues."""
    return tag in seen.ticket.tags and not (is_follow_up(seen.ticket) and _came_with_the_opening(seen, tag))


def unmark(seen: Snapshot, *tags: str) -> tuple[RemoveTags, ...]:
    """Takes off those of the marks that stand, now that all is well."""
    standing = seen.ticket.tags & set(tags)
    return (RemoveTags(standing),) if standing else ()


def has_told(rule: Rule, seen: Snapshot, about: str = "") -> bool:
    """Whether an update of ours has told of this rule, or of such a cause of it."""
    return any(told.startswith(f"{rule.id}:{about}") for told in seen.told)


def _came_with_the_opening(seen: Snapshot, tag: str) -> bool:
    change = seen.history[0].change_of("tags") if seen.history else None
    return change is not None and isinstance(change.after, frozenset) and tag in change.after
