"""Audits that the service makes by itself: a report in a folder, the trend in the ledger, and somebody who is told."""

import threading
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import structlog
from cronsim import CronSim

from config.writing import CannotWrite
from console.report import Report
from console.report_html import ReportWords
from enforcement.agenda import AgendaError
from enforcement.audit import Scope
from enforcement.audit_book import AuditRow
from enforcement.audit_run import AuditStopped
from integration.gateway import GatewayError
from ronda.auditing import Decision, Parts, ask_for, decide, report_of, write_report
from rules.actions import NewTicket
from rules.exemption import TAG
from rules.ticket import Person

log = structlog.get_logger(__name__)

NOTICE = 1.0  # real seconds in which a clock that was moved is noticed
TOLD_WITHIN = 10.0  # seconds for the answer of who is told


@dataclass
class ScheduledAudits:
    """A thread that waits for the moments of ``expression`` (cron, in the pack's zone) and audits then."""

    parts: Parts
    expression: str
    _thread: threading.Thread | None = None
    _moved: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        due = self.next_after(self.parts.watch.clock.now())
        self._thread = threading.Thread(target=self._go, args=(due,), name="audits", daemon=True)
        self._thread.start()

    def wake(self) -> None:
        """The clock was moved."""
        self._moved.set()

    def stop(self, timeout: float) -> None:
        """An audit under way stops where it can go on: it does at its next moment."""
        self.parts.stop.set()
        self._moved.set()
        if self._thread is not None:
            self._thread.join(timeout)

    def next_after(self, moment: datetime) -> datetime:
        """The next moment of the expression, UTC."""
        zone = ZoneInfo(self.parts.watch.pack.desk.zone)
        return next(CronSim(self.expression, moment.astimezone(zone))).astimezone(moment.tzinfo)

    def _go(self, due: datetime) -> None:
        while not self.parts.stop.is_set():
            if self.parts.watch.clock.now() < due:
                self._moved.wait(NOTICE)
                self._moved.clear()
                continue
            try:
                self.audit()
            except AuditStopped:
                return
            except (GatewayError, AgendaError, CannotWrite) as error:
                log.warning("audit.failed", why=str(error), error=type(error).__name__)
            except Exception:  # whatever it is may pass; the next audit goes on where this one was
                log.exception("audit.broke")
            due = self.next_after(self.parts.watch.clock.now())

    def audit(self) -> Report:
        """One audit of what changed, with all that follows. Raises AuditStopped, GatewayError, AgendaError,
        CannotWrite."""
        run = self.parts.run_of(Scope(), lambda _: None)
        row = run.run(run.plan())
        report = report_of(self.parts, row.id)
        folder = self.parts.settings.audit_folder
        folder.mkdir(parents=True, exist_ok=True)
        name = f"audit-{row.started_at:%Y-%m-%d-%H%M}"
        write_report(self.parts, report, {form: folder / f"{name}.{form}" for form in ("html", "csv", "json")})
        decision = decide(self.parts, row.id)
        if decision.passed:
            log.error("audit.braked", reasons=list(decision.passed), tickets=len(decision.cures))
        else:
            ask_for(self.parts, decision.cures)
        log.info("audit.ended", judged=report.now.judged, compliant=report.now.compliant, asked=len(decision.cures))
        self._tell(report, decision, row, folder / f"{name}.html")
        return report

    def _tell(self, report: Report, decision: Decision, row: AuditRow, file: Path) -> None:
        """The lead by a ticket, and an address by JSON, where the settings name them. Who cannot be told is logged."""
        settings = self.parts.settings
        if settings.audit_ticket_for:
            lead = self._lead(settings.audit_ticket_for)
            if lead is None:
                log.error("audit.untold", why="RONDA_AUDIT_TICKET_FOR names no agent of the account")
            else:
                self.parts.watch.gateway.open_ticket(_ticket(report, lead, row, self._words(), file))
        if settings.audit_webhook is not None:
            _post(str(settings.audit_webhook), summary_of(report, decision, file))

    def _lead(self, name: str) -> Person | None:
        agents = self.parts.account().agents.values()
        return next((agent for agent in agents if agent.name == name), None)

    def _words(self) -> ReportWords:
        pack = self.parts.watch.pack
        return ReportWords(pack, pack.desk.language)


def summary_of(report: Report, decision: Decision, file: Path) -> dict[str, Any]:
    """What a webhook is told: numbers, rules, and where the report is; no ticket's text and no person."""
    return {
        "pack": report.pack,
        "as_of": report.as_of.isoformat(),
        "judged": report.now.judged,
        "compliant": report.now.compliant,
        "share": report.now.share,
        "violations": {part.name: len(part.findings) for part in report.by_rule if part.findings},
        "broken_promises": len(report.broken_promises),
        "inversions": report.inversions.count,
        "could_not_tell": len(report.could_not_tell),
        "to_cure": len(decision.cures),
        "stopped_by": list(decision.passed),
        "report": str(file),
    }


def _ticket(report: Report, lead: Person, row: AuditRow, words: ReportWords, file: Path) -> NewTicket:
    values = {
        "day": words.day(report.as_of),
        "share": words.percent(report.now.share),
        "pack": report.pack,
        "compliant": report.now.compliant,
        "judged": report.now.judged,
        "violations": len(report.violations),
        "promises": len(report.broken_promises),
        "inversions": report.inversions.count,
        "file": file.name,
    }
    return NewTicket(
        lead,
        words("ticket-subject", **values),
        words("ticket-text", **values),
        external_id=f"ronda-audit:{row.started_at.isoformat()}",
        tags=frozenset({TAG}),  # no rule is about it
    )


def _post(url: str, told: dict[str, Any]) -> None:
    try:
        httpx.post(url, json=told, timeout=TOLD_WITHIN, trust_env=False).raise_for_status()
    except httpx.HTTPError as error:
        log.warning("audit.untold", why=type(error).__name__)
