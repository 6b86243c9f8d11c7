"""Who checks a simulated year: from the emulator's audits alone, as plainly as possible, and with none of our rules.

The promise: while a ticket waits, its requester hears from the desk within 48 hours of the last time (``Suporte``);
the same, and never at night (``Noite``); within 16 hours of work (``Oficina``). A ticket waits while its reason is set
or it is on hold, unless it is solved or exempt.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

LISBON = ZoneInfo("Europe/Lisbon")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ON_TIME = timedelta(seconds=60)
NIGHT_BEGINS, NIGHT_ENDS = time(21), time(8)
CLOSES = {0: 18, 1: 18, 2: 18, 3: 18, 4: 17}  # the workshop opens at nine
EXEMPT_FOR = 30 * DAY
EXEMPT = {"ronda-exempt"}


@dataclass(frozen=True)
class Disturbance:
    """A time in which the service could not act, and how long it may take afterwards to catch up."""

    begins: datetime
    ends: datetime
    catch_up: timedelta


@dataclass
class Counts:
    """What the oracle counted; the lists say where."""

    tickets: int = 0
    waits: int = 0
    messages: int = 0
    kept_by_people: int = 0
    missed: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    to_nobody_waiting: list[str] = field(default_factory=list)
    at_night: list[str] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.missed or self.doubled or self.to_nobody_waiting or self.at_night)

    def __str__(self) -> str:
        return (
            f"{self.tickets} tickets, {self.waits} waits, {self.messages} messages by Ronda, "
            f"{self.kept_by_people} promises kept by people; promises missed {len(self.missed)}, "
            f"double messages {len(self.doubled)}, messages to tickets not in stand-by {len(self.to_nobody_waiting)}, "
            f"messages at night {len(self.at_night)}"
        )


def check_year(
    histories: dict[int, tuple[str, list[dict[str, Any]]]],
    me: int,
    customers: set[int],
    holidays: set[date],
    disturbances: list[Disturbance],
    end: datetime,
    deleted: dict[int, datetime],
) -> Counts:
    """``histories``: ticket -> its group and its audits as the API answers them, oldest first."""
    counts = Counts(tickets=len(histories))
    for number, (group, audits) in histories.items():
        _check_ticket(counts, number, group, audits, me, customers, holidays, disturbances, deleted.get(number, end))
    return counts


def _check_ticket(
    counts: Counts,
    number: int,
    group: str,
    audits: list[dict[str, Any]],
    me: int,
    customers: set[int],
    holidays: set[date],
    disturbances: list[Disturbance],
    end: datetime,
) -> None:
    fields: dict[str, Any] = {}
    start: datetime | None = None  # of the running period, while the ticket waits
    tagged: datetime | None = None
    for audit in audits:
        at = datetime.fromisoformat(audit["created_at"])
        by_ronda = audit["author_id"] == me
        public = any(event["type"] == "Comment" and event["public"] for event in audit["events"])
        heard = public and audit["author_id"] not in customers
        where = f"ticket {number} ({group}) at {at.isoformat()}"
        if start is None and tagged is not None and at >= tagged + EXEMPT_FOR and is_waiting(fields, exempt=False):
            start = tagged + EXEMPT_FOR  # the exemption ran out, and the wait began anew
        if heard and by_ronda:
            counts.messages += 1
            if start is None:
                counts.to_nobody_waiting.append(where)
            elif at < keep_at(group, start, holidays):
                counts.doubled.append(f"{where}: heard at {start.isoformat()}")
            if group == "Noite" and is_night(at):
                counts.at_night.append(where)
        for event in audit["events"]:
            if event["type"] in ("Create", "Change"):
                fields[event["field_name"]] = event["value"]
        tagged = (tagged or at) if EXEMPT & set(_tags(fields.get("tags"))) else None
        waits = is_waiting(fields, exempt=tagged is not None and at < tagged + EXEMPT_FOR)
        if start is not None and (heard or not waits):
            by = deadline(group, start, holidays, disturbances)
            if at > by:
                counts.missed.append(f"{where}: heard at {start.isoformat()}, due by {by.isoformat()}")
            elif heard and not by_ronda:
                counts.kept_by_people += 1
        if not waits:
            start = None
        elif start is None:
            counts.waits += 1
            start = at
        elif heard:
            start = at
    if start is not None and end > deadline(group, start, holidays, disturbances):
        counts.missed.append(f"ticket {number} ({group}): heard at {start.isoformat()} and never again")


def is_waiting(fields: dict[str, Any], *, exempt: bool) -> bool:
    """The reason's field goes by its id in audits: it is the one whose value is a reason."""
    if fields.get("status") in ("solved", "closed") or exempt:
        return False
    has_reason = any(fields.get(name) for name in fields if name.isdigit())
    return has_reason or fields.get("status") == "hold"


def _tags(value: object) -> Iterable[str]:
    if isinstance(value, str):
        return value.split()
    return value if isinstance(value, list) else []


def due_at(group: str, start: datetime, holidays: set[date]) -> datetime:
    if group != "Oficina":
        return start + 48 * HOUR
    left = 16 * HOUR
    for opens, closes in _work(start, holidays):
        begins = max(opens, start)
        if begins + left <= closes:
            return begins + left
        left -= max(closes - begins, timedelta())
    raise AssertionError("work never ends")


def keep_at(group: str, start: datetime, holidays: set[date]) -> datetime:
    """No message may come before this: with quiet nights, ten minutes before the night if it fell due in it."""
    due = due_at(group, start, holidays)
    if group == "Noite" and is_night(due):
        local = due.astimezone(LISBON)
        evening = local.date() if local.time() >= NIGHT_BEGINS else local.date() - DAY
        return datetime.combine(evening, NIGHT_BEGINS, LISBON).astimezone(UTC) - timedelta(minutes=10)
    return due


def deadline(group: str, start: datetime, holidays: set[date], disturbances: list[Disturbance]) -> datetime:
    """When the requester must have heard: a minute after it is due, or after the service could act again."""
    keep = keep_at(group, start, holidays)
    by = keep + ON_TIME
    for each in disturbances:
        if each.ends >= keep and each.begins <= by:
            by = max(by, each.ends + each.catch_up)
            if group == "Noite" and is_night(by):
                by = _morning(by) + ON_TIME + each.catch_up
    return max(by, due_at(group, start, holidays) + ON_TIME) if group != "Noite" else by


def is_night(at: datetime) -> bool:
    wall = at.astimezone(LISBON).time()
    return wall >= NIGHT_BEGINS or wall < NIGHT_ENDS


def _morning(at: datetime) -> datetime:
    local = at.astimezone(LISBON)
    day = local.date() + DAY if local.time() >= NIGHT_BEGINS else local.date()
    return datetime.combine(day, NIGHT_ENDS, LISBON).astimezone(UTC)


def _work(start: datetime, holidays: set[date]) -> Iterator[tuple[datetime, datetime]]:
    day = start.astimezone(LISBON).date()
    while True:
        if day.weekday() in CLOSES and day not in holidays:
            opens = datetime.combine(day, time(9), LISBON).astimezone(UTC)
            closes = datetime.combine(day, time(CLOSES[day.weekday()]), LISBON).astimezone(UTC)
            if closes > start:
                yield opens, closes
        day += DAY
