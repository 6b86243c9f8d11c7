"""Rounds of all tickets, planned: which of them are read, whose histories, by which calls, and how long that takes.

Pure. Times are UTC, durations seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from math import ceil

from enforcement.clock import EPOCH
from integration.gateway import Pace
from rules.mode import Mode
from rules.queue import QueueRule
from rules.rule import Rule
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket

EVER = EPOCH
EXPORT_PAGE = 1000  # tickets, and events
SHOWN_PAGE = 100  # tickets in one show_many
EVENTS_A_TICKET = 8  # about so many updates a ticket has in its life


@dataclass(frozen=True, slots=True)
class Scope:
    """What a round is about. Without a moment: what changed since the last round; ``groups``: all if none is named."""

    since: datetime | None = None
    groups: frozenset[str] = frozenset()

    @property
    def moves_on(self) -> bool:
        """Whether the next round may begin where this one ended: nothing was left out of it."""
        return not self.groups and self.since in (None, EVER)

    def has(self, ticket: Ticket) -> bool:
        return not self.groups or ticket.group in self.groups


@dataclass(frozen=True, slots=True)
class Counted:
    """How much there is to do, as far as is known before it is read: changed tickets, those of them that are not
    solved, tickets whose time has come, and all tickets of the account."""

    tickets: int
    unsolved: int
    due: int
    everything: int


@dataclass(frozen=True, slots=True)
class AuditPlan:
    """Which calls a round makes. ``by_events``: the histories of solved tickets come from the event export.

    ``seconds``: no round of these calls can be faster within our share of the account's limits.
    """

    tickets: int
    exports: int
    histories: int
    others: int
    by_events: bool
    seconds: float

    @property
    def calls(self) -> int:
        return self.exports + self.histories + self.others


def plan_audit(counted: Counted, rules: Iterable[Rule], pace: Pace) -> AuditPlan:
    """The plan with the fewest calls, unless it would take longer than one with more.

    An unsolved ticket is judged by its own audits. A solved one is only counted by rules that judge queues, and the
    event export tells enough for that; it tells of all tickets, since ever.
    """
    awake = [rule for rule in rules if rule.mode > Mode.OFF]
    needs = frozenset[Need]().union(*(rule.needs for rule in awake))
    pages = max(1, ceil(counted.tickets / EXPORT_PAGE))
    shown = ceil(counted.due / SHOWN_PAGE)
    judged = counted.unsolved + counted.due if Need.HISTORY in needs else 0
    counts_queues = any(isinstance(rule, QueueRule) for rule in awake)
    solved = max(counted.tickets - counted.unsolved, 0) if counts_queues else 0
    asked = counted.unsolved + counted.due if Need.REQUESTER_TICKETS in needs else 0
    events = max(1, ceil(counted.everything * EVENTS_A_TICKET / EXPORT_PAGE))

    def of(exports: int, histories: int, *, by_events: bool) -> AuditPlan:
        others = shown + asked
        seconds = shortest(exports, histories, others, pace)
        return AuditPlan(counted.tickets + counted.due, exports, histories, others, by_events, seconds)

    one_by_one = of(pages, judged + solved, by_events=False)
    in_bulk = of(pages + events, judged, by_events=True)
    better = in_bulk.calls < one_by_one.calls and in_bulk.seconds <= one_by_one.seconds
    return in_bulk if solved and better else one_by_one


def shortest(exports: int, histories: int, others: int, pace: Pace) -> float:
    """The shortest time in which our share of the limits lets so many calls through; a minute's worth goes at once."""
    total = exports + histories + others
    return max(_time(exports, pace.exports), _time(histories, pace.audits), _time(total, pace.general))


def _time(calls: int, a_minute: float) -> float:
    return max(calls - a_minute, 0.0) * 60 / a_minute


def needs_history(rules: Iterable[Rule], ticket: Ticket, as_of: datetime) -> bool:
    """Whether the ticket alone is not enough: a rule that may apply to it needs to know more, or may act on it.

    ``when`` goes by the ticket alone, but the rules see it as if the cures of those that route had happened: where
    one of those may act, nothing is certain.
    """
    if ticket.is_untouchable:
        return False
    bare = Snapshot(as_of, ticket)
    judging = [rule for rule in rules if rule.mode > Mode.OFF and not isinstance(rule, QueueRule)]
    applying = [rule for rule in judging if rule.when is None or rule.when.failing(bare) is None]
    if any(rule.routes and rule.mode is Mode.ENFORCE for rule in applying):
        applying = judging
    return any(rule.needs or rule.mode > Mode.AUDIT for rule in applying)


def counted_by(rules: Iterable[Rule], ticket: Ticket, as_of: datetime) -> list[QueueRule]:
    """The rules of queues that may count this ticket."""
    bare = Snapshot(as_of, ticket)
    queues = (rule for rule in rules if isinstance(rule, QueueRule) and rule.mode > Mode.OFF)
    return [rule for rule in queues if rule.when is None or rule.when.failing(bare) is None]
