"""What was promised to whom and by when, how late it was kept so far, and what is coming: by the ledger alone."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles

from enforcement.ledger_rows import ActionRow, Outcome, Waiting
from rules.duration import parse_duration, spelt

BREACH = timedelta(seconds=60)  # kept later than this is broken


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
    """The messages to come if nobody writes before. ``seconds``: what the rate limit takes for the busiest minute."""

    until: datetime
    messages: int
    tickets: int
    notes: int
    busiest_minute: datetime | None
    in_busiest_minute: int
    in_busiest_hour: int
    seconds: float


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


def forecast(dues: Iterable[Due], now: datetime, within: timedelta, a_minute: float) -> Forecast:
    """What is to be sent until ``now + within``, where ``a_minute`` messages can be written in a minute."""
    until = now + within
    moments = [(due, moment) for due in dues for moment in _moments(due, now, until)]
    sent = [moment for due, moment in moments if not due.is_note]
    minutes = Counter(moment.replace(second=0, microsecond=0) for moment in sent)
    hours = Counter(moment.replace(minute=0, second=0, microsecond=0) for moment in sent)
    busiest = min(minutes, key=lambda minute: (-minutes[minute], minute), default=None)
    most = minutes[busiest] if busiest is not None else 0
    return Forecast(
        until=until,
        messages=len(sent),
        tickets=len({due.ticket for due, _ in moments if not due.is_note}),
        notes=len(moments) - len(sent),
        busiest_minute=busiest,
        in_busiest_minute=most,
        in_busiest_hour=max(hours.values(), default=0),
        seconds=most / a_minute * 60,
    )


def _moments(due: Due, now: datetime, until: datetime) -> Iterable[datetime]:
    """When it is kept, and kept again a period later as long as nobody writes; what is overdue is due now."""
    moment = max(due.keep, now)
    while moment <= until:
        yield moment
        moment += due.every
