"""The report of an audit: how the desk stands, as values from the book and the pack.

Every number in it is the length of a list of tickets, so that whoever shows it can lead there.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from enforcement.audit_book import AuditBook, AuditRow, Past
from enforcement.ledger_rows import Outcome, TicketRow, VerdictRow, Word
from enforcement.promises import BREACH, due_of
from rules.business_hours import Schedule
from rules.catalog.answer_time import AnswerTime, AnswerTimes, NoSchedule
from rules.catalog.first_in_first_out import FirstInFirstOut, Inversion
from rules.duration import spelt
from rules.mode import Mode
from rules.pack import Pack
from rules.queue import QueueRule
from rules.rule import Rule

QUEUE_DAYS = timedelta(days=30)  # tickets opened in them are counted in queues
SHOWN_PAIRS = 500
ENDS_SOON = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands of one ticket by one rule. ``key`` is a message's key, why nothing could be told, or what excuses it;
    ``until``: when that ends."""

    ticket: int
    rule: str
    key: str
    found: Mapping[str, str]
    since: datetime | None
    until: datetime | None
    group: str
    person: str


@dataclass(frozen=True, slots=True)
class Part:
    """The findings of one rule, group or person, with how many there were at the audits before (oldest first)."""

    name: str
    findings: tuple[Finding, ...]
    before: tuple[int, ...]

    @property
    def tickets(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(finding.ticket for finding in self.findings))


@dataclass(frozen=True, slots=True)
class BrokenPromise:
    """``late``: by how much the message came late; one that is not sent yet is late until now."""

    ticket: int
    rule: str
    due: datetime
    late: timedelta
    is_sent: bool


@dataclass(frozen=True, slots=True)
class Share:
    """How many tickets a rule had something to say about at a moment, and how many of them violated none."""

    at: datetime
    judged: int
    compliant: int

    @property
    def share(self) -> float | None:
        return self.compliant / self.judged if self.judged else None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """How often a younger ticket was answered first without a good reason; ``pairs`` are the latest, not all.

    ``legitimate``: how often there was one, by reason.
    """

    count: int
    by_queue: Mapping[str, int]
    by_person: Mapping[str, int]
    legitimate: Mapping[str, int]
    pairs: tuple[Inversion, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``answer_times``: by rule; None where the account has no working hours to count in."""

    pack: str
    as_of: datetime
    groups: tuple[str, ...]
    now: Share
    before: tuple[Share, ...]
    by_rule: tuple[Part, ...]
    by_group: tuple[Part, ...]
    by_person: tuple[Part, ...]
    oldest: tuple[Finding, ...]
    broken_promises: tuple[BrokenPromise, ...]
    inversions: Overtaken
    answer_times: Mapping[str, AnswerTimes | None]
    ending_exemptions: tuple[Finding, ...]
    could_not_tell: tuple[Finding, ...]

    @property
    def violations(self) -> tuple[Finding, ...]:
        return tuple(finding for part in self.by_rule for finding in part.findings)


def build_report(
    book: AuditBook, pack: Pack, row: AuditRow, as_of: datetime, schedule: Schedule | None, oldest: int = 20
) -> Report:
    """How everything stands after an audit. Raises AgendaError."""
    groups = row.scope.groups
    found = [_finding(*each) for each in book.stands([Word.VIOLATES], groups)]
    exempt = [_finding(*each) for each in book.stands([Word.EXEMPT], groups)]
    unclear = [_finding(*each) for each in book.stands([Word.COULD_NOT_TELL], groups)]
    past = [each for each in book.past() if each.audit.id < row.id]
    since = max(row.scope.since or as_of - QUEUE_DAYS, as_of - QUEUE_DAYS)
    judged, compliant = book.shares(groups)
    awake = [rule for rule in pack.rules if rule.mode > Mode.OFF]
    judging = [rule.id for rule in awake if not isinstance(rule, QueueRule)]
    return Report(
        pack=pack.name,
        as_of=as_of,
        groups=tuple(sorted(groups)),
        now=Share(as_of, judged, compliant),
        before=() if groups else tuple(Share(e.audit.started_at, e.audit.judged, e.audit.compliant) for e in past),
        by_rule=_parts(
            found,
            judging,
            lambda f: f.rule,
            _before(past, groups, lambda c: c.rule),
        ),
        by_group=_parts(found, (), lambda f: f.group, _before(past, groups, lambda c: c.group)),
        by_person=_parts(found, (), lambda f: f.person, _before(past, groups, lambda c: c.person)),
        oldest=tuple(found[:oldest]),
        broken_promises=tuple(sorted(_broken_promises(book, since, as_of, groups), key=lambda p: -p.late)),
        inversions=_overtaken(book, awake, since, as_of, groups),
        answer_times={
            rule.id: _answer_times(rule, book, since, as_of, schedule, groups)
            for rule in awake
            if isinstance(rule, AnswerTime)
        },
        ending_exemptions=tuple(each for each in exempt if each.until is not None and each.until <= as_of + ENDS_SOON),
        could_not_tell=tuple(unclear),
    )


def _finding(verdict: VerdictRow, ticket: TicketRow) -> Finding:
    return Finding(
        verdict.ticket_id,
        verdict.rule,
        verdict.key,
        verdict.found,
        verdict.since,
        verdict.look_again_at,
        ticket.group or "",
        ticket.assignee or "",
    )


def _parts(
    found: Iterable[Finding], always: Iterable[str], name_of: Callable[[Finding], str], before: Mapping[str, list[int]]
) -> tuple[Part, ...]:
    """The most violations first; ``always`` are there without any, too."""
    parts: dict[str, list[Finding]] = {name: [] for name in always}
    for finding in found:
        parts.setdefault(name_of(finding), []).append(finding)
    made = (Part(name, tuple(findings), tuple(before.get(name, ()))) for name, findings in parts.items())
    return tuple(sorted(made, key=lambda part: (-len(part.findings), part.name)))


def _before(past: Sequence[Past], groups: frozenset[str], name_of: Callable[..., str]) -> dict[str, list[int]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0] * len(past))
    for number, each in enumerate(past):
        for count in each.counts:
            if not groups or count.group in groups:
                counts[name_of(count)][number] += count.violations
    return counts


def _broken_promises(
    book: AuditBook, since: datetime, as_of: datetime, groups: frozenset[str]
) -> Iterator[BrokenPromise]:
    """Those that nobody has kept yet, and those that were kept late since a moment."""
    for waiting in book.promises():
        due = due_of(waiting)
        if as_of - due.due > BREACH and (not groups or due.group in groups):
            yield BrokenPromise(due.ticket, due.rule, due.due, as_of - due.due, is_sent=False)
    for row in book.promise_messages(since):
        is_sent = row.public and row.outcome is Outcome.APPLIED
        if is_sent and row.due is not None and row.at - row.due > BREACH and not groups:
            yield BrokenPromise(row.ticket_id, row.rules[0], row.due, row.at - row.due, is_sent=True)


def _overtaken(
    book: AuditBook, awake: Iterable[Rule], since: datetime, as_of: datetime, groups: frozenset[str]
) -> Overtaken:
    queues = (rule for rule in awake if isinstance(rule, FirstInFirstOut))
    pairs = [p for rule in queues for p in rule.report_of(book.facts(rule.id, since, groups), as_of, None).pairs]
    wrong = [pair for pair in pairs if pair.cause is None]
    return Overtaken(
        len(wrong),
        dict(Counter(pair.queue for pair in wrong).most_common()),
        dict(Counter(pair.by.name for pair in wrong).most_common()),
        dict(Counter(pair.cause.value for pair in pairs if pair.cause is not None).most_common()),
        tuple(reversed(wrong[-SHOWN_PAIRS:])),
    )


def _answer_times(
    rule: AnswerTime,
    book: AuditBook,
    since: datetime,
    as_of: datetime,
    schedule: Schedule | None,
    groups: frozenset[str],
) -> AnswerTimes | None:
    try:
        return rule.report_of(book.facts(rule.id, since, groups), as_of, schedule)
    except NoSchedule:
        return None


def spelt_out(duration: timedelta | None) -> str:
    """``2d3h``; a dash where there is none."""
    return "–" if duration is None else spelt(timedelta(seconds=round(duration.total_seconds() / 60) * 60))
