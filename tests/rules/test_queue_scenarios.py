"""Scenarios about a queue: what the rules of audits report, compared where something is expected."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from rules.business_hours import Schedule
from rules.outcome import Difference, Outcome, Result
from rules.queue import Facts, QueueRule
from rules.scenario import START
from rules.snapshot import Snapshot
from rules.surroundings import OFFICE_HOURS
from tests.rules.desk import on_tag, results, tiny_pack
from tests.rules.tools import MINUTE


@dataclass(frozen=True)
class Told:
    values: Mapping[str, Any]


class Counts(QueueRule):
    """Reports what it was shown."""

    def facts(self, seen: Snapshot) -> Facts:
        return {"id": seen.ticket.id, "as_of": seen.as_of, "channel": seen.ticket.via.channel}

    def report_of(self, facts: Iterable[Facts], as_of: datetime, schedule: Schedule | None) -> Told:
        told = list(facts)
        return Told(
            {
                "count": len(told),
                "ids": [each["id"] for each in told],
                "pairs": [{"older": 1, "younger": 2, "by": "Bryan"}],
                "by": {"Bryan": {"share": 0.5}},
                "seen": {"Paulo Dias": 1, "Carla Souza": 2},
                "minutes": (as_of - START) / MINUTE,
                "zone": schedule.zone if schedule else None,
                "alike": all(each["as_of"] == as_of for each in told) and told[0]["channel"],
            }
        )


QUEUE = """\
queue:
  - {as: old, opened: {by: carla}}
  - {opened: {by: paulo, at: 2026-03-10T13:00:00-03:00}, then: [{after: 5m, by: paulo, note: x}]}
"""


def judged(report: str, more: str = "") -> Result:
    pack = tiny_pack(on_tag("tiny.a"), Counts(id="tiny.counts"))
    (result,) = results(pack, QUEUE + f"expect: {{report: {report}}}\n" + more)
    return result


@pytest.mark.parametrize(
    "report",
    [
        "{tiny.counts: {count: 2, minutes: 126}}",
        "{count: 2, alike: email, zone: America/Sao_Paulo}",
        "{ids: [1, 2], by: {Bryan: {share: 0.5}}}",
        "{ids: [2, old]}",
        "{ids: [old, 2], pairs: [{older: old, by: Bryan}]}",
        "{seen: {paulo: 1, carla: 2}, pairs: [{older: 1, younger: 2}]}",
    ],
)
def test_what_is_named_is_as_expected(report: str) -> None:
    assert judged(report) == Result("the queue", 6, Outcome.PASSED)


def test_what_differs_is_said_at_its_key() -> None:
    assert judged("{ids: [1, 1]}").differences == (Difference("report.ids", "[1, 1]", "[1, 2]"),)
    assert judged("{tiny.counts: {by: {Bryan: {share: 0.7}}, nothing: 1}, ids: [1], zebra: 2}").differences == (
        Difference("report.tiny.counts.by.Bryan.share", "0.7", "0.5"),
        Difference("report.tiny.counts.nothing", "1", "None"),
        Difference("report.ids", "[1]", "[1, 2]"),
        Difference("report.zebra", "2", "None"),
    )
    assert judged("{pairs: [{older: old, younger: old}]}").outcome is Outcome.FAILED


def test_queue_may_have_hours_of_its_own_and_be_to_do() -> None:
    result = judged(
        "{zone: Europe/Lisbon}", "schedule: {zone: Europe/Lisbon, hours: {mon: 09:00-18:00}}\ntodo: later\n"
    )
    assert result.outcome is Outcome.DONE
    assert judged("{count: 3}", "todo: later\n").outcome is Outcome.TODO


def test_office_hours_are_those_of_a_working_week() -> None:
    assert isinstance(OFFICE_HOURS, Schedule)
    assert set(OFFICE_HOURS.hours) == {0, 1, 2, 3, 4}


def test_queue_and_story_may_stand_in_one_file() -> None:
    text = """\
scenarios:
  - {name: story, opened: {by: carla}}
  - {name: queue, queue: [{opened: {by: carla}}], expect: {report: {count: 1}}}
"""
    found = results(tiny_pack(Counts(id="tiny.counts")), text)
    assert [result.outcome for result in found] == [Outcome.PASSED, Outcome.PASSED]
