"""What was promised to whom and by when, how late it was kept so far, and what is coming: by the ledger alone."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from enforcement.ledger_rows import ActionRow, Outcome, Waiting
from integration.gateway import Pace
from rules.duration import parse_duration, spelt

BREACH = timedelta(seconds=60)  # kept later than this is broken
HOUR = timedelta(hours=1)
CALLS_A_MESSAGE = 4  # the ticket, its audits, the update, and the ticket again for the update's own event


@dataclass(frozen=True, slots=True)
class Due:
    """A promise to the requester of one ticket. ``due``: when it would break; ``keep``: when the message is sent.

    ``why`` says what stands between the start and ``keep``, for people. ``is_note``: the assignee is told instead of
    the requester.
    """

    ticket: int
    rule: str
    group: str | None
    assignee: str | None
    assignee_id: int | None
    start: datetime
    due: datetime
    keep: datetime
    every: timedelta
    why: tuple[str, ...]
    is_note: bool


@dataclass(frozen=True, slots=True)
class KeptSoFar:
    """Promise against message, in seconds; a message that comes before its promise breaks is not late at all.

    ``withheld``: notes to people that took the place of a message. ``unknown``: written without an answer.
    """

    messages: int = 0
    p50: float = 0.0
    p99: float = 0.0
    worst: float = 0.0
    breaches: int = 0
    withheld: int = 0
    unknown: int = 0


@dataclass(frozen=True, slots=True)
class Forecast:
    """The messages to come if nobody writes before.

    ``seconds``: what the rate limit takes for the busiest minute; None: no round of the service has told it yet.
    ``busiest_hour`` is when any hour begins, not one of the clock.
    """

    until: datetime
    messages: int
    tickets: int
    notes: int
    busiest_minute: datetime | None
    in_busiest_minute: int
    seconds: float | None
    busiest_hour: datetime | None
    in_busiest_hour: int


def due_of(waiting: Waiting) -> Due:
    """One row of the ledger."""
    verdict, whose, found = waiting.verdict, waiting.ticket, waiting.verdict.found
    start, due, keep = (datetime.fromisoformat(found[name]) for name in ("start_at", "due_at", "keep_at"))
    every = parse_duration(found["every"])
    return Due(
        ticket=verdict.ticket_id,
        rule=verdict.rule,
        group=whose.group,
        assignee=whose.assignee,
        assignee_id=whose.assignee_id,
        start=start,
        due=due,
        keep=keep,
        every=every,
        why=tuple(_why(found, due - start, due - keep)),
        is_note="instead" in found,
    )


def _why(found: Mapping[str, str], length: timedelta, ahead: timedelta) -> Iterator[str]:
    every, lead, quiet = found["every"], found.get("lead"), found.get("quiet")
    if found["clock"] == "business":
        yield f"{every} of working time"
        yield f"{spelt(length - parse_duration(every))} outside working hours skipped"
    else:
        yield every
    if lead:
        yield f"{lead} ahead"
    if quiet:
        pulled = ahead - (parse_duration(lead) if lead else timedelta())
        yield f"{spelt(pulled)} earlier, before the quiet hours {quiet}"


def of(dues: Iterable[Due], group: str | None, assignee: str | None) -> list[Due]:
    """Those of a group and of an assignee, by name (or by id), case apart; the next to be kept first."""
    wanted_group, wanted = group and group.casefold(), assignee and assignee.casefold()
    return sorted(
        (
            due
            for due in dues
            if (not wanted_group or (due.group or "").casefold() == wanted_group)
            and (not wanted or wanted in ((due.assignee or "").casefold(), str(due.assignee_id)))
        ),
        key=lambda due: (due.keep, due.ticket),
    )


def kept_so_far(rows: Sequence[ActionRow]) -> KeptSoFar:
    """How late the messages of promises were."""
    late = sorted(
        max((row.at - row.due).total_seconds(), 0.0)
        for row in rows
        if row.public and row.due is not None and row.outcome is Outcome.APPLIED
    )
    withheld = sum(row.field == "note" and row.outcome is Outcome.APPLIED for row in rows)
    unknown = sum(row.public and row.outcome is Outcome.UNKNOWN for row in rows)
    if not late:
        return KeptSoFar(withheld=withheld, unknown=unknown)
    hundredths = quantiles(late, n=100, method="inclusive") if len(late) > 1 else late * 99
    breaches = sum(seconds > BREACH.total_seconds() for seconds in late)
    return KeptSoFar(len(late), hundredths[49], hundredths[98], late[-1], breaches, withheld, unknown)


def messages_a_minute(pace: Pace) -> float:
    """How many promises the rate limit lets us keep in a minute, with nothing else to do."""
    return min(pace.updates, pace.audits, pace.general / CALLS_A_MESSAGE)


def forecast(dues: Iterable[Due], now: datetime, within: timedelta, a_minute: float | None) -> Forecast:
    """What is to be sent until ``now + within``, where ``a_minute`` messages can be written in a minute."""
    until = now + within
    moments = [(due, moment) for due in dues for moment in _moments(due, now, until)]
    sent = sorted(moment for due, moment in moments if not due.is_note)
    minutes = Counter(moment.replace(second=0, microsecond=0) for moment in sent)
    hours = {begins: bisect_left(sent, begins + HOUR) - first for first, begins in _firsts(sent)}
    busiest_hour = min(hours, key=lambda begins: (-hours[begins], begins), default=None)
    busiest = min(minutes, key=lambda minute: (-minutes[minute], minute), default=None)
    most = minutes[busiest] if busiest is not None else 0
    return Forecast(
        until=until,
        messages=len(sent),
        tickets=len({due.ticket for due, _ in moments if not due.is_note}),
        notes=len(moments) - len(sent),
        busiest_minute=busiest,
        in_busiest_minute=most,
        seconds=most / a_minute * 60 if a_minute else None,
        busiest_hour=busiest_hour,
        in_busiest_hour=max(hours.values(), default=0),
    )


def past_the_brake(dues: Iterable[Due], now: datetime, within: timedelta, brake: int) -> datetime | None:
    """When, until ``now + within``, the messages of these promises alone would be more than ``brake`` in an hour."""
    sent = sorted(moment for due in dues if not due.is_note for moment in _moments(due, now, now + within))
    return next((last for first, last in zip(sent, sent[brake:], strict=False) if last - first < HOUR), None)


def _firsts(moments: Sequence[datetime]) -> Iterator[tuple[int, datetime]]:
    """Each moment once, with the place of its first in the sorted list."""
    return ((place, moment) for place, moment in enumerate(moments) if place == 0 or moments[place - 1] < moment)


def _moments(due: Due, now: datetime, until: datetime) -> Iterable[datetime]:
    """When it is kept, and kept again a period later as long as nobody writes; what is overdue is due now."""
    moment = max(due.keep, now)
    while moment <= until:
        yield moment
        moment += due.every
