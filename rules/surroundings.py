"""From a scenario to what a look or an audit would see: the story told, and everything around it at that moment."""

from dataclasses import replace
from datetime import datetime, time
from zoneinfo import ZoneInfo

from rules.business_hours import Schedule
from rules.cast import Cast
from rules.judge import judge
from rules.pack import Pack
from rules.past import after_updates
from rules.planner import plan
from rules.queue import Queue
from rules.scenario import Opened, Scenario
from rules.scenario_schedule import DEFAULT_ZONE
from rules.snapshot import Snapshot
from rules.story import Life, lived

OFFICE_HOURS = Schedule(DEFAULT_ZONE, dict.fromkeys(range(5), ((time(9), time(18)),)))  # where a queue names none


def snapshot_of(scenario: Scenario, opened: Opened, pack: Pack, cast: Cast) -> Snapshot:
    """What a look would see at the moment the scenario is judged."""
    others = [lived(other.opened, other.then, number) for number, other in enumerate(scenario.others, 1)]
    life = lived(opened, scenario.then, 100 + len(others))
    return _seen(life, life.at + scenario.judged, scenario, pack, cast, others)


def queue_of(scenario: Scenario, pack: Pack, cast: Cast) -> Queue:
    """What an audit would see: every ticket of the queue at the moment after the last line of them all.

    Tickets have the ids 1, 2, 3 in the order they are written.
    """
    lives = [lived(other.opened, other.then, number) for number, other in enumerate(scenario.queue, 1)]
    as_of = max(life.at for life in lives) + scenario.judged
    tickets = tuple(_seen(life, as_of, scenario, pack, cast, []) for life in lives)
    return Queue(tickets, as_of, scenario.schedule.schedule if scenario.schedule else OFFICE_HOURS)


def _seen(life: Life, as_of: datetime, scenario: Scenario, pack: Pack, cast: Cast, others: list[Life]) -> Snapshot:
    schedule = scenario.schedule.schedule if scenario.schedule else None
    today = as_of.astimezone(ZoneInfo(schedule.zone if schedule else DEFAULT_ZONE)).date()
    counted = {person.name: count for person, count in scenario.workload.items()}
    seen = Snapshot(
        as_of=as_of,
        ticket=life.ticket,
        history=life.history,
        people=cast.known,
        requester_tickets=tuple(
            other.ticket
            for other in others
            if other.ticket.requester == life.ticket.requester and other.ticket.status != "closed"
        ),
        workload={**dict.fromkeys(cast.known, 0), **counted},
        absent=pack.desk.absent_on(today) | {person.name for person in scenario.absent},
        absences=pack.desk.absences,
        schedule=schedule,
        read_at=as_of,
    )
    for place, audit in enumerate(seen.history):
        if audit.author.is_ronda and audit.comment is not None and not audit.comment.public:
            told = replace(audit, told=_told_by_now(after_updates(seen, place, audit.at), pack))
            seen = replace(seen, history=(*seen.history[:place], told, *seen.history[place + 1 :]))
    return seen


def _told_by_now(seen: Snapshot, pack: Pack) -> frozenset[str]:
    """What a note by Ronda told about at that moment: a story holds what people read of it, not what it remembers."""
    judgement = judge(pack.rules, seen, pack.desk.exemptions)
    updates = plan(judgement, pack.messages, pack.desk.language).updates
    return frozenset().union(*(each.told for each in updates if each.comment and not each.comment.public))
