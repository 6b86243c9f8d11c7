"""
Who takes a ticket carries it on: it changes hands within a sector only for a stated reason, or while its owner is away.

The reason is an internal note in the same update or in the next one by the desk, or in the one by which the owner
gave it back to the queue, or a tag. Giving the ticket back to
its owner puts everything right; another sector begins anew.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import dropwhile, islice
from typing import ClassVar
from zoneinfo import ZoneInfo

from rules.actions import Action, Assign, Note
from rules.names import GroupName
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Person
from rules.verdict import Cause, Complies, DoesNotApply, Verdict, Violates


@dataclass(frozen=True, slots=True)
class Takeover:
    """One update that gave the owner's ticket to another of the sector. ``left``: one that took it from the owner."""

    audit: Audit
    owner: Person
    taker: Person
    left: Audit | None = None

    @property
    def cause(self) -> Cause:
        return Cause(f"audit-{self.audit.id}", self.audit.at)


class SameOwner(Rule):
    """``reasons``: tags that state one (``motivo-*``: any ending). ``zone`` is where the pack's absences are days."""

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY})

    sectors: tuple[GroupName, ...]
    reasons: tuple[str, ...] = ()
    restore: bool = False
    zone: str = "America/Sao_Paulo"

    def check(self, seen: Snapshot) -> Verdict:
        if seen.ticket.group not in self.sectors:
            return DoesNotApply("in a sector")
        takeovers = self._unexplained(seen)
        if not takeovers:
            return Complies()
        causes = self.untold(seen, (each.cause for each in takeovers))
        cures: list[Action] = [self._note(each) for each in takeovers if each.cause in causes]
        if self.restore and causes and _is_here(takeovers[0].owner, seen):
            cures.append(Assign(takeovers[0].owner))
        last = takeovers[-1]
        found = {"owner": last.owner.name, "taker": last.taker.name}
        return Violates("violation.same-owner", found, tuple(cures), causes)

    def _note(self, takeover: Takeover) -> Note:
        values = {"owner": takeover.owner.name, "taker": takeover.taker.name, "by": takeover.audit.author.name}
        return Note("note.same-owner", values, mentions=(takeover.owner, takeover.taker))

    def _unexplained(self, seen: Snapshot) -> list[Takeover]:
        """Those that still stand, oldest first."""
        if any(self._is_reason(tag) for tag in seen.ticket.tags):
            return []
        standing: list[Takeover] = []
        for takeover in _takeovers(seen):
            given_back = [place for place, earlier in enumerate(standing) if earlier.owner == takeover.taker]
            if given_back:
                del standing[given_back[0] :]
            elif not self._is_allowed(takeover, seen):
                standing.append(takeover)
        return standing

    def _is_reason(self, tag: str) -> bool:
        return any(tag.startswith(each[:-1]) if each.endswith("*") else tag == each for each in self.reasons)

    def _is_allowed(self, takeover: Takeover, seen: Snapshot) -> bool:
        return (
            not _is_by_a_person(takeover)
            or _has_note(takeover.audit)
            or _has_note(takeover.left)
            or _has_note(_next_by_the_desk(takeover.audit, seen))
            or self._was_away(takeover.owner, takeover.audit, seen)
        )

    def _was_away(self, owner: Person, audit: Audit, seen: Snapshot) -> bool:
        listed = seen.absences.get(owner.name)
        if not listed:
            return not _is_here(owner, seen)
        day = audit.at.astimezone(ZoneInfo(self.zone)).date()
        return not owner.available or any(days.has(day) for days in listed)


def _takeovers(seen: Snapshot) -> Iterator[Takeover]:
    """Every change from one member of the ticket's present group to another, since it came there."""
    if len(seen.changes("assignee")) < 2:
        return
    group = seen.ticket.group
    arrivals = [place for place, audit in enumerate(seen.history) if audit.change_of("group") is not None]
    owner: Person | None = None
    left: Audit | None = None
    for audit in seen.history[arrivals[-1] if arrivals else 0 :]:
        for change in audit.changes:
            taker = change.after
            if change.field == "assignee" and taker is None:
                left = audit
            if change.field != "assignee" or not isinstance(taker, Person) or group not in taker.groups:
                continue
            if owner is not None and taker != owner:
                yield Takeover(audit, owner, taker, left)
            owner, left = taker, None


def _is_by_a_person(takeover: Takeover) -> bool:
    author, audit = takeover.audit.author, takeover.audit
    by_rule = any(change.field == "assignee" and change.by_rule for change in audit.changes)
    return author.is_agent and not audit.routed and not by_rule


def _is_here(person: Person, seen: Snapshot) -> bool:
    return person.available and person.name not in seen.absent


def _next_by_the_desk(audit: Audit, seen: Snapshot) -> Audit | None:
    since = dropwhile(lambda each: each is not audit, seen.history)
    return next((each for each in islice(since, 1, None) if each.author.is_agent), None)


def _has_note(audit: Audit | None) -> bool:
    if audit is None or audit.comment is None:
        return False
    return audit.comment.author.is_agent and not audit.comment.public
