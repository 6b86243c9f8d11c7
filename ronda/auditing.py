"""`ronda audit` apart from its command line: built from settings, made, and what came of it decided."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from config.settings import Settings
from config.writing import write_file
from console.report import Report, build_report
from console.report_files import as_csv, as_json
from console.report_html import ReportWords, as_html
from enforcement.agenda import Agenda
from enforcement.anew import ask_anew
from enforcement.audit import AuditPlan, Scope
from enforcement.audit_book import AuditBook, CureRow
from enforcement.audit_brakes import AuditLimits, passed_limits
from enforcement.audit_run import AuditRun, AuditStopped, Progress
from enforcement.clock import Clock
from enforcement.embedded import EmbeddedAgenda
from enforcement.look import Watch
from enforcement.store import open_store
from integration.account import Account
from integration.zendesk import ZendeskGateway
from ronda.emulated_clock import clock_of
from ronda.packs import load_pack
from ronda.printed import count_of, spelt_seconds
from ronda.wiring import gateway_of, watch_of
from rules.pack import Pack

STEP = 0.5  # seconds in which a sleeper notices that it is to stop


@dataclass(frozen=True)
class Parts:
    """What an audit is made with; it may run beside a service on the same data."""

    settings: Settings
    watch: Watch
    book: AuditBook
    agenda: Agenda
    stop: threading.Event
    account: Callable[[], Account]

    def groups(self) -> list[str]:
        """The names of the account's groups, as the pack writes them."""
        return sorted(self.account().groups.values())

    def link_of(self, ticket: int) -> str:
        """The address of a ticket for agents."""
        return f"{str(self.settings.zendesk_url).rstrip('/')}/agent/tickets/{ticket}"

    def run_of(self, scope: Scope, tell: Callable[[Progress], object]) -> AuditRun:
        return AuditRun(self.watch, self.book, scope, histories_beside(self.settings.data), tell, self.stop)


class StoppableClock:
    """A clock whose sleepers wake up when they are to stop, with AuditStopped."""

    def __init__(self, clock: Clock, stop: threading.Event) -> None:
        self._clock = clock
        self._stop = stop

    def now(self) -> datetime:
        return self._clock.now()

    def sleep(self, seconds: float) -> None:
        left = seconds
        while left > 0:
            if self._stop.is_set():
                raise AuditStopped
            self._clock.sleep(min(left, STEP))
            left -= STEP


@contextmanager
def audit_parts(settings: Settings) -> Iterator[Parts]:
    """Raises Unusable (the pack), GatewayError (the account), AgendaError (the data file), ClockUnreachable."""
    pack = load_pack(settings.pack)
    store = open_store(settings.data)
    stop = threading.Event()
    with ExitStack() as ending:
        clock = StoppableClock(ending.enter_context(clock_of(settings.clock_url)), stop)
        agenda = ending.enter_context(EmbeddedAgenda(store))
        gateway = ending.enter_context(closing(gateway_of(settings, pack, clock)))
        gateway.check()
        book = AuditBook(store.engine(), store.writing)
        book.create()
        ending.enter_context(closing(book))
        watch = watch_of(settings, pack, clock, gateway, book, agenda)
        yield Parts(settings, watch, book, agenda, stop, gateway.account)


@contextmanager
def audits_in_service(
    settings: Settings, pack: Pack, clock: Clock, gateway: ZendeskGateway, agenda: Agenda
) -> Iterator[Parts]:
    """An audit's parts within a service, whose gateway and agenda it shares: one rate limit for both."""
    store = open_store(settings.data)
    book = AuditBook(store.engine(), store.writing)
    book.create()
    with closing(book):
        watch = watch_of(settings, pack, clock, gateway, book, agenda)
        yield Parts(settings, watch, book, agenda, threading.Event(), gateway.account)


def histories_beside(data: Path) -> Path:
    """Where an audit of this data file keeps histories that it reads in bulk, until it has ended."""
    return data.with_name(f"{data.name}-audit")


@dataclass(frozen=True)
class Decision:
    """What would be cured, and the limits that this would pass."""

    cures: tuple[CureRow, ...]
    passed: tuple[str, ...]

    def tickets_by_rule(self) -> dict[str, list[int]]:
        rules = sorted({rule for cure in self.cures for rule in cure.rules})
        return {rule: [cure.ticket_id for cure in self.cures if rule in cure.rules] for rule in rules}


def decide(parts: Parts, audit_id: int) -> Decision:
    """What an audit would have cured, held against the limits. Raises AgendaError."""
    cures, judged = tuple(parts.book.cures(audit_id)), parts.book.audit(audit_id).judged
    settings, now = parts.settings, parts.watch.clock.now()
    limits = AuditLimits(
        settings.audit_max_tickets,
        settings.audit_max_share,
        settings.audit_max_public_messages,
        settings.audit_max_to_requester,
    )
    sent = passed_limits(cures, judged, limits, lambda requester: parts.book.sent(requester, now).to_requester)
    return Decision(cures, tuple(sent))


def ask_for(parts: Parts, cures: tuple[CureRow, ...]) -> None:
    """Put the tickets on the agenda: a running service looks at them, and cures what it still finds."""
    now = parts.watch.clock.now()
    for cure in cures:
        ask_anew(parts.book, parts.agenda, cure.ticket_id, now, "audit")


def report_of(parts: Parts, audit_id: int) -> Report:
    """How everything stands after an audit. Raises TryLater, AccessDenied, AgendaError."""
    hours = parts.watch.gateway.office_hours()
    now, row = parts.watch.clock.now(), parts.book.audit(audit_id)
    return build_report(parts.book, parts.watch.pack, row, now, hours)


def write_report(parts: Parts, report: Report, files: Mapping[str, Path], language: str = "") -> list[Path]:
    """Write the report to a file for each form: json, csv, html. Raises CannotWrite."""
    for form, file in files.items():
        write_file(file, report_in(parts, report, form, language))
    return list(files.values())


def report_in(parts: Parts, report: Report, form: str, language: str = "") -> str:
    """The report as json, csv or html."""
    pack = parts.watch.pack
    words = ReportWords(pack, language or pack.desk.language)
    forms: dict[str, Callable[[], str]] = {
        "json": lambda: as_json(report),
        "csv": lambda: as_csv(report, words.text, parts.link_of, pack.desk.zone),
        "html": lambda: as_html(report, pack, words.language, parts.link_of),
    }
    return forms[form]()


def plan_in_words(plan: AuditPlan) -> str:
    """The plan in a line for people."""
    histories = "from the event export" if plan.by_events else "one by one"
    counted = (
        count_of(plan.exports, "export"),
        count_of(plan.histories, "history", "histories"),
        count_of(plan.others, "other"),
    )
    return (
        f"plan: about {count_of(plan.tickets, 'ticket')}, {count_of(plan.calls, 'call')} ({', '.join(counted)};"
        f" histories of solved tickets {histories}),"
        f" {spelt_seconds(plan.seconds)} or more by the limits as they are known"
    )
