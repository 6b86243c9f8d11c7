"""A pack on a ticket's past: judged at every moment something happened or a timer came, and what it would have done.

What was told would have been heard and remembered, so each comment is put into the past as it would have been written.
Fields stay what people made of them: what would have been cured is told once for each cause.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from rules.condition_parts import text_of
from rules.informed import informed
from rules.judge import Judgement, causes_of, judge
from rules.mode import Mode
from rules.pack import Pack
from rules.past import as_it_was, moments_of
from rules.plan import NewComment, Update
from rules.planner import plan
from rules.preview import field_changes
from rules.snapshot import Snapshot
from rules.ticket import RONDA, Audit, Comment, Via

MOST_LOOKS = 10_000  # at one ticket between two moments: more is a rule that never comes to rest
_API = Via("api")


class Kind(StrEnum):
    CURED = "cured"  # fields or tags are set
    TOLD = "told"  # an internal note
    SENT = "sent"  # a public reply
    OPENED = "opened"  # a new ticket


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that would have happened, at a moment. ``text``: the comment in full, or the change in words."""

    ticket_id: int
    at: datetime
    kind: Kind
    rules: tuple[str, ...]
    text: str = field(repr=False)


class NeverRests(Exception):
    """Timers follow timers without end."""


def replayed(seen: Snapshot, pack: Pack, since: datetime, until: datetime, ceiling: Mode) -> Iterator[Event]:
    """What a pack would have done with a ticket between two moments (both included), oldest first.

    ``seen`` is the ticket as it is now, with its whole history. Raises NeverRests.
    """
    past = _Past(seen, pack, ceiling)
    begin = max(since, seen.ticket.created_at)
    moments = [begin, *(moment for moment in moments_of(seen, since, until) if moment > begin)]
    for moment, following in pairwise([*moments, None]):
        looks, at = 0, moment
        while at is not None and at <= until and (following is None or at < following):
            looks += 1
            if looks > MOST_LOOKS:
                raise NeverRests(f"ticket {seen.ticket.id}: looked at again and again from {moment} to {at}")
            yield from past.look(at)
            again = past.look_again_at
            at = again if again is not None and again > at else None


class _Past:
    """One ticket's past, with what we would have written into it so far."""

    def __init__(self, seen: Snapshot, pack: Pack, ceiling: Mode) -> None:
        self._seen = seen
        self._pack = pack
        self._ceiling = ceiling
        self._ours: list[Audit] = []
        self._done: set[tuple[str, str, str]] = set()  # rule, what it cures, cause
        self.look_again_at: datetime | None = None

    def look(self, at: datetime) -> Iterator[Event]:
        """Judge the ticket as it was and do what the plan says."""
        judgement = self._judged(at)
        planned = plan(judgement, self._pack.messages, self._pack.desk.language, self._ceiling)
        number = judgement.seen.ticket.id
        for change in field_changes(planned, judgement):
            curing = tuple(rule for rule in change.rules if self._is_new(rule, change.field, judgement))
            if curing:
                told = f"{change.field}: {text_of(change.before)} → {text_of(change.after)}"
                yield Event(number, at, Kind.CURED, curing, told)
        for ticket in planned.tickets:
            if ("", ticket.external_id, "") not in self._done:
                self._done.add(("", ticket.external_id, ""))
                wanting = tuple(rule.id for rule, violation in judgement.violations if ticket in violation.cures)
                yield Event(number, at, Kind.OPENED, wanting, ticket.external_id)
        for update in planned.updates:
            if update.comment is not None:
                kind = Kind.SENT if update.comment.public else Kind.TOLD
                speaking = tuple(sorted({told.partition(":")[0] for told in update.told}))
                yield Event(number, at, kind, speaking, update.comment.text)
                self._write(update, update.comment, at)
                judgement = self._judged(at)
        self.look_again_at = judgement.look_again_at

    def _judged(self, at: datetime) -> Judgement:
        then = as_it_was(self._seen, at)
        if self._ours:
            then = replace(then, history=tuple(sorted((*then.history, *self._ours), key=lambda audit: audit.at)))
        return judge(self._pack.rules, informed(then, self._pack.desk), self._pack.desk.exemptions)

    def _is_new(self, rule_id: str, field: str, judgement: Judgement) -> bool:
        """Whether a rule cures a field for a cause for the first time; then it is noted."""
        keys = {(rule_id, field, cause) for cause in _causes(rule_id, field, judgement)}
        is_new = not keys <= self._done
        self._done |= keys
        return is_new

    def _write(self, update: Update, comment: NewComment, at: datetime) -> None:
        number = -1 - len(self._ours)  # no audit of the account has such an id
        said = Comment(number, at, RONDA, comment.public, comment.text, _API)
        self._ours.append(Audit(number, at, RONDA, _API, comment=said, told=update.told))


def _causes(rule_id: str, field: str, judgement: Judgement) -> set[str]:
    """What made a rule want to set a field: its violation's causes, or the last change of a field it clears."""
    for rule, violation in judgement.violations:
        if rule.id == rule_id:
            return {cause.key for cause in causes_of(violation, judgement.seen)}
    last = judgement.seen.last_change(field)
    return {f"audit-{last[0].id}" if last is not None else "opened"}
