"""What rules may need to know beyond the ticket: the requester's other tickets, the group's workload, office hours."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import structlog

from integration.account import Known
from integration.gateway import AccessDenied
from integration.parse import Json, reading, ticket_from
from integration.rails_zones import iana_zone
from integration.refusal import ABSENT
from integration.wire import Params, Wire, json_of
from rules.business_hours import Schedule
from rules.snapshot import Need, Snapshot
from rules.ticket import Ticket

WORKLOAD_FRESH = timedelta(seconds=60)
SCHEDULE_FRESH = timedelta(hours=1)
PAGES = 10  # of a requester's tickets, a hundred each; more are of no use to a rule
DAY = 24 * 60  # minutes

_log = structlog.get_logger(__name__)


class Surroundings:
    """Reads only what is needed, and keeps for a while what belongs to no ticket. Shared by threads."""

    def __init__(self, wire: Wire, now: Callable[[], datetime]) -> None:
        self._wire = wire
        self._now = now
        self._counted: dict[int, tuple[datetime, int]] = {}
        self._schedule: tuple[datetime, Schedule | None] | None = None
        self._useless = ""  # why there is no schedule though the account may have one

    def added(self, seen: Snapshot, needs: frozenset[Need], known: Known) -> Snapshot:
        """The snapshot with what ``needs`` names beyond the history. Raises TryLater, AccessDenied."""
        if Need.REQUESTER_TICKETS in needs:
            seen = replace(seen, requester_tickets=tuple(self._requested(seen.ticket, known)))
        if Need.WORKLOAD in needs and seen.ticket.group is not None:
            members = seen.members(seen.ticket.group)
            seen = replace(seen, workload={person.name: self._open_tickets(person.id) for person in members})
        if Need.SCHEDULE in needs:
            seen = replace(seen, schedule=self._office_hours())
        return seen

    def _requested(self, ticket: Ticket, known: Known) -> Iterator[Ticket]:
        """The requester's other tickets that are not closed."""
        target = f"/api/v2/users/{ticket.requester.id}/tickets/requested"
        params: dict[str, str | int] = {"page[size]": 100}
        for _ in range(PAGES):
            page = json_of(self._wire.read(target, params))
            with reading("the requester's tickets"):
                others = [each for each in page["tickets"] if each["id"] != ticket.id and each["status"] != "closed"]
                meta = page.get("meta") or {}
                params["page[after]"] = str(meta.get("after_cursor") or "")
            yield from (ticket_from(each, known) for each in others)
            if not meta.get("has_more"):
                return

    def _open_tickets(self, agent_id: int) -> int:
        """How many unsolved tickets an agent has, as search knows it: minutes late at times."""
        found = self._counted.get(agent_id)
        if found is None or self._now() - found[0] > WORKLOAD_FRESH:
            query: Params = {"query": f"type:ticket status<solved assignee:{agent_id}"}
            answer = json_of(self._wire.read("/api/v2/search/count", query))
            with reading("the count of tickets"):
                found = self._counted[agent_id] = self._now(), int(answer["count"])
        return found[1]

    def office_hours_again(self) -> Schedule | None:
        """The schedule as it is now, for the snapshots to come too."""
        self._schedule = self._now(), self._read_schedule()
        return self._schedule[1]

    def _office_hours(self) -> Schedule | None:
        if self._schedule is None or self._now() - self._schedule[0] > SCHEDULE_FRESH:
            return self.office_hours_again()
        return self._schedule[1]

    def _read_schedule(self) -> Schedule | None:
        """The account's first schedule. Nothing where its plan has none, our user may not see it, or nobody knows its
        time zone: rules that count working time then cannot tell, and the others do without.

        https://developer.zendesk.com/api-reference/ticketing/ticket-management/schedules/
        """
        target = "/api/v2/business_hours/schedules"
        try:
            schedules: list[Any] = json_of(self._wire.read(target)).get("schedules") or []
            if not schedules:
                return None
            with reading("the schedules"):
                first = schedules[0]
                holidays = json_of(self._wire.read(f"{target}/{int(first['id'])}/holidays")).get("holidays") or []
                zone = iana_zone(str(first["time_zone"]))
                if zone is None:
                    self._warn(f"its time zone {first['time_zone']!r} is no IANA zone, and none of Rails'")
                    return None
                schedule = schedule_from(first, zone, holidays)
        except ABSENT as absent:
            if isinstance(absent, AccessDenied):
                self._warn(str(absent))
            return None
        self._useless = ""
        return schedule

    def _warn(self, why: str) -> None:
        """Once for each reason: the schedule is read all the time."""
        if why != self._useless:
            _log.warning("schedule not usable", why=why, then="rules that count working time cannot tell")
        self._useless = why


def schedule_from(schedule: Json, zone: str, holidays: list[Json]) -> Schedule:
    """Zendesk counts minutes from Sunday 00:00, local time; an interval may run over midnight. ``zone``: IANA's."""
    hours: dict[int, list[tuple[time, time]]] = {}
    for interval in schedule["intervals"]:
        start, end = int(interval["start_time"]), int(interval["end_time"])
        while start < end:
            midnight = (start // DAY + 1) * DAY
            part = min(end, midnight)
            weekday = (start // DAY + 6) % 7
            closing = time.max if part == midnight else _wall(part)
            hours.setdefault(weekday, []).append((_wall(start), closing))
            start = part
    days = (day for each in holidays for day in _days(each["start_date"], each["end_date"]))
    return Schedule(
        zone=zone,
        hours={weekday: tuple(sorted(intervals)) for weekday, intervals in sorted(hours.items())},
        holidays=frozenset(days),
    )


def _wall(minutes: int) -> time:
    return time(minutes % DAY // 60, minutes % 60)


def _days(first: str, last: str) -> Iterator[date]:
    day = date.fromisoformat(first)
    while day <= date.fromisoformat(last):
        yield day
        day += timedelta(days=1)
