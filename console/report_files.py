"""The report for programs and spreadsheets: JSON, and a CSV that opens in Excel as it is in Portuguese."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from console.report import Finding, Report
from console.spreadsheet import csv_of
from rules.catalog.answer_time import AnswerTimes

COLUMNS = ("kind", "ticket", "link", "rule", "what", "since", "until", "group", "person", "other_ticket")

LinkOf = Callable[[int], str]


def as_json(report: Report) -> str:
    """All of the report; times in ISO 8601 (UTC), durations in seconds."""
    values = asdict(report) | {
        "answer_times": {rule: times and dict(times.values) for rule, times in report.answer_times.items()},
        "share": report.now.share,
    }
    return json.dumps(values, default=_plain, ensure_ascii=False, indent=2) + "\n"


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return value.total_seconds()
        case frozenset():
            return sorted(value)
        case _:
            return dict(value)


def as_csv(report: Report, text_of: Callable[[Finding], str], link_of: LinkOf, zone: str) -> str:
    """One row a finding, times as in the zone."""
    rows = _rows(report, text_of, link_of, ZoneInfo(zone))
    return csv_of([COLUMNS, *([row.get(column) for column in COLUMNS] for row in rows)])


def _rows(
    report: Report, text_of: Callable[[Finding], str], link_of: LinkOf, zone: ZoneInfo
) -> Iterator[dict[str, Any]]:
    def local(at: datetime | None) -> str:
        return "" if at is None else f"{at.astimezone(zone):%Y-%m-%d %H:%M}"

    kinds = {
        "violation": report.violations,
        "exemption": report.ending_exemptions,
        "could-not-tell": report.could_not_tell,
    }
    for kind, findings in kinds.items():
        for each in findings:
            yield {
                "kind": kind,
                "ticket": each.ticket,
                "link": link_of(each.ticket),
                "rule": each.rule,
                "what": text_of(each),
                "since": local(each.since),
                "until": local(each.until) if kind == "exemption" else "",
                "group": each.group,
                "person": each.person,
            }
    for promise in report.broken_promises:
        facts = {"ticket": promise.ticket, "link": link_of(promise.ticket), "rule": promise.rule}
        yield {"kind": "broken-promise", **facts, "since": local(promise.due)}
    for pair in report.inversions.pairs:
        facts = {"ticket": pair.older, "link": link_of(pair.older), "other_ticket": pair.younger}
        yield {"kind": "inversion", **facts, "since": local(pair.at), "group": pair.queue, "person": pair.by.name}
    for rule, times in report.answer_times.items():
        for number in times.unanswered if isinstance(times, AnswerTimes) else ():
            yield {"kind": "unanswered", "ticket": number, "link": link_of(number), "rule": rule}
