"""Many tickets at once: what the rules that audits judge take, how a ticket waited in a queue, and what they report."""

from abc import abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeAlias

from rules.business_hours import Schedule
from rules.exemption import Exemption, exemption_of
from rules.mode import Mode
from rules.rule import Rule
from rules.said import is_answer
from rules.snapshot import Need, Snapshot
from rules.ticket import UNTOUCHABLE, Audit, Person, Ticket, Value
from rules.verdict import DoesNotApply, Verdict


@dataclass(frozen=True, slots=True)
class Queue:
    """The tickets of a sector or a desk, each with its history, as they are at one moment."""

    tickets: tuple[Snapshot, ...]
    as_of: datetime
    schedule: Schedule | None = None


class Report(Protocol):
    """What a rule found in a queue."""

    @property
    def values(self) -> Mapping[str, Any]:
        """Numbers, texts, lists and mappings of them: to compare, to print, to write as JSON."""
        ...


Facts: TypeAlias = Mapping[str, Any]  # JSON values; moments as seconds since 1970


class QueueRule(Rule):
    """A rule that no single ticket can break.

    It is judged in two steps, so that rounds can keep what they know of a ticket until the ticket changes: the facts
    of each ticket, and the report of all facts.
    """

    needs: ClassVar[frozenset[Need]] = frozenset({Need.HISTORY, Need.QUEUE})

    def check(self, seen: Snapshot) -> Verdict:  # noqa: ARG002 # one ticket says nothing
        return DoesNotApply("in audits only")

    @abstractmethod
    def facts(self, seen: Snapshot) -> Facts | None:
        """What the report needs of one ticket; None: nothing. Names, ids, keys and times only."""

    @abstractmethod
    def report_of(self, facts: Iterable[Facts], as_of: datetime, schedule: Schedule | None) -> Report:
        """Judge a queue by the facts of its tickets. Pure, whatever their order."""

    def report(self, queue: Queue) -> Report:
        """Judge a queue."""
        facts = (self.facts(seen) for seen in queue.tickets)
        return self.report_of([each for each in facts if each is not None], queue.as_of, queue.schedule)

    def takes(self, seen: Snapshot, exemptions: tuple[Exemption, ...] = ()) -> bool:
        """Whether a ticket counts: the rule applies to it, and nothing excuses it."""
        applies = self.when is None or self.when.failing(seen) is None
        return applies and exemption_of(self.id, seen, exemptions) is None


def judge_queue(rules: Sequence[Rule], queue: Queue, exemptions: tuple[Exemption, ...] = ()) -> Mapping[str, Report]:
    """What each rule of audits that is not off reports, by its id; of the tickets where it applies and none excused."""
    return {
        rule.id: rule.report(replace(queue, tickets=tuple(s for s in queue.tickets if rule.takes(s, exemptions))))
        for rule in rules
        if isinstance(rule, QueueRule) and rule.mode > Mode.OFF
    }


@dataclass(frozen=True, slots=True)
class Wait:
    """A stretch of time in which a ticket was in a queue and nobody had answered it, or not since it was reopened.

    ``arrived``: when it first came to the queue. ``touched_at``: the first update by a person of the desk meanwhile.
    ``answered_by``: who ended the wait with the ticket's first answer.
    """

    seen: Snapshot
    arrived: datetime
    since: datetime
    until: datetime | None = None
    touched_at: datetime | None = None
    answered_by: Person | None = None
    is_reopened: bool = False


def waits(seen: Snapshot, group: str) -> Iterator[Wait]:
    """Every wait of a ticket in a group's queue, oldest first; the last may go on."""
    wait: Wait | None = None
    arrived: datetime | None = None
    was_answered = False
    for audit in seen.history:
        is_opening = audit is seen.history[0]
        answers = is_answer(audit) and not is_opening
        if wait is not None and wait.touched_at is None and audit.author.is_agent:
            wait = replace(wait, touched_at=audit.at)
        in_queue = value_at(seen, "group", audit.at) == group
        in_work = value_at(seen, "status", audit.at) not in UNTOUCHABLE
        if wait is not None and (answers or not in_queue or not in_work):
            yield replace(wait, until=audit.at, answered_by=audit.author if answers and not was_answered else None)
            wait = None
        was_answered = was_answered or answers
        if in_queue and arrived is None:
            arrived = audit.at
        reopens = any(change.field == "status" and change.before in UNTOUCHABLE for change in audit.changes)
        begins = not was_answered or (reopens and not answers)
        if wait is None and in_queue and in_work and arrived is not None and begins:
            wait = Wait(seen, arrived, audit.at, is_reopened=reopens)
    if wait is not None:
        yield wait


def value_at(seen: Snapshot, name: str, at: datetime) -> Value:
    """What a field held at a moment, changes of that very moment included."""
    before: list[Value] = [change.before for audit, change in seen.changes(name) if audit.at > at]
    return before[0] if before else _current(seen.ticket, name)


def _current(ticket: Ticket, name: str) -> Value:
    if name in ticket.fields:
        return ticket.fields[name]
    value: Value = getattr(ticket, name, None)
    return value


def first_answer(seen: Snapshot) -> Audit | None:
    """The first update after the opening by which a person answers the requester."""
    return next((audit for audit in seen.history[1:] if is_answer(audit)), None)
