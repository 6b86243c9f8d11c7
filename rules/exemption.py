"""Excuses, visible and ending: by a tag on the ticket, or by an entry in the pack with reason, owner and expiry."""

from datetime import datetime, timedelta
from functools import cache

from pydantic import AwareDatetime, BaseModel, ConfigDict

from rules.snapshot import Snapshot
from rules.verdict import Exempt

TAG = "ronda-exempt"
TAG_LASTS = timedelta(days=30)


class Exemption(BaseModel):
    """Excuses tickets from rules (all of them if none is named) until ``expires``."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: str
    owner: str
    expires: AwareDatetime
    tickets: frozenset[int] = frozenset()
    organizations: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()

    def covers(self, rule_id: str, seen: Snapshot) -> bool:
        return (
            seen.as_of < self.expires
            and (not self.rules or rule_id in self.rules)
            and (seen.ticket.id in self.tickets or seen.ticket.organization in self.organizations)
        )


@cache
def exempting_tags(rule_id: str) -> tuple[str, str]:
    """The tag that excuses a ticket from all rules, and the one that excuses it from this rule."""
    return TAG, f"{TAG}-{rule_id.replace('.', '-')}"


def exemption_of(rule_id: str, seen: Snapshot, listed: tuple[Exemption, ...]) -> Exempt | None:
    """What excuses this ticket from this rule now, if anything does."""
    for tag in exempting_tags(rule_id):
        if tag in seen.ticket.tags:
            ends = _set_at(tag, seen) + TAG_LASTS
            if seen.as_of < ends:
                return Exempt(by=tag, until=ends)
    for exemption in listed:
        if exemption.covers(rule_id, seen):
            return Exempt(by=f"{exemption.owner}: {exemption.reason}", until=exemption.expires)
    return None


def _set_at(tag: str, seen: Snapshot) -> datetime:
    """When the tag was last set; the opening if the history does not say."""
    for audit, change in reversed(tuple(seen.changes("tags"))):
        before = change.before if isinstance(change.before, frozenset) else frozenset()
        if isinstance(change.after, frozenset) and tag in change.after and tag not in before:
            return audit.at
    return seen.ticket.created_at
