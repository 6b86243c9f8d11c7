"""`ronda audit`: the rounds over all tickets, and what came of them, for people, for spreadsheets and for CI."""

import re
import signal
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from datetime import datetime, timedelta
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from ronda.exits import BAD_INPUT, BRAKED, FINE, FOUND, INTERRUPTED
from ronda.printed import count_of, spelt_seconds
from rules.messages import LANGUAGES
from rules.names import nearest

if TYPE_CHECKING:
    from console.report import Report
    from enforcement.audit_run import Progress as Step
    from ronda.auditing import Parts

STDOUT = Path("-")
SHARE = re.compile(r"(\d+(?:\.\d+)?)%")
WORDS = {"histories": "histories", "tickets": "tickets", "due": "their time has come"}


def register(app: typer.Typer) -> None:
    """Mount `audit`."""

    @app.command()
    def audit(
        since: Annotated[str, typer.Option(help="Tickets that changed in this time, such as 90d.")] = "",
        everything: Annotated[bool, typer.Option("--all", help="All tickets, not only those changed lately.")] = False,
        group: Annotated[list[str] | None, typer.Option(help="Only tickets of this group; may be repeated.")] = None,
        fail_on: Annotated[
            list[str] | None, typer.Option(help="Exit 1 if this RULE is violated, or by more than N% of tickets.")
        ] = None,
        json_file: Annotated[
            Path | None, typer.Option("--json", help="Write the report as JSON here; - is standard output.")
        ] = None,
        csv_file: Annotated[Path | None, typer.Option("--csv", help="Write the findings as CSV here.")] = None,
        html_file: Annotated[Path | None, typer.Option("--html", help="Write it as one HTML file here.")] = None,
        language: Annotated[str, typer.Option(help="pt-BR, en or es; left out: the pack's.")] = "",
        yes: Annotated[bool, typer.Option("--yes", help="Have what was found cured, without asking.")] = False,
        env_file: Annotated[Path, typer.Option(help="Settings beside the environment.")] = Path(".env"),
    ) -> None:
        """Judge all tickets, or those that changed since the last audit, and report. Stopped, it goes on where it was.

        It writes nothing to Zendesk. What rules in warn or enforce mode would cure is put on the agenda, for the
        running service, if you say so and if that passes no limit (exit code 5).
        """
        files = {"json": json_file, "csv": csv_file, "html": html_file}
        wanted = {form: file for form, file in files.items() if file is not None}
        raise typer.Exit(
            run_audit(
                env_file, since, group or [], fail_on or [], wanted, language, everything=everything, yes=yes,
            )
        )  # fmt: skip


def run_audit(
    env_file: Path,
    since: str,
    groups: list[str],
    fail_on: list[str],
    files: Mapping[str, Path],
    language: str,
    *,
    everything: bool,
    yes: bool,
) -> int:
    """The command without its command line; the exit code."""
    from config.settings import read_settings
    from config.writing import check_writable
    from enforcement.audit import EVER, Scope
    from enforcement.audit_run import AuditStopped
    from ronda.auditing import audit_parts, plan_in_words, report_in, report_of, write_report
    from rules.duration import parse_duration

    settings = read_settings(env_file)
    try:
        span = parse_duration(since) if since else None
    except ValueError as error:
        return _bad(f"--since: {error}")
    if since and everything:
        return _bad("--since and --all exclude each other")
    if language and language not in LANGUAGES:
        return _bad(f"--language: {language!r} is none of {', '.join(LANGUAGES)}")
    on_disk = {form: file for form, file in files.items() if file != STDOUT}
    if len(files) - len(on_disk) > 1:
        return _bad("only one report can be written to standard output (-)")
    for file in on_disk.values():  # before the calls that it takes
        check_writable(file)
    with audit_parts(settings) as parts:
        wrong = _unknown(parts, groups, fail_on)
        if wrong:
            return _bad(wrong)
        start = EVER if everything else None if span is None else _moment(parts, span)
        bar = _Bar()
        with _stopping(parts), bar.progress:
            run = parts.run_of(Scope(start, frozenset(groups)), bar)
            try:
                plan = run.plan()
                bar.planned(plan.seconds)
                typer.echo(plan_in_words(plan), err=True)
                if run.unfinished() is not None:
                    typer.echo("an audit of this was stopped: going on where it was", err=True)
                row = run.run(plan)
            except AuditStopped:
                typer.echo("stopped; the same command goes on where it was", err=True)
                return INTERRUPTED
        report = report_of(parts, row.id)
        for file in write_report(parts, report, on_disk, language):
            typer.echo(f"report: {file}", err=True)
        for form in files.keys() - on_disk.keys():
            typer.echo(report_in(parts, report, form, language), nl=False)
        with redirect_stdout(sys.stderr if len(on_disk) < len(files) else sys.stdout):
            _print_summary(report)
            braked = _cure(parts, row.id, yes=yes)
        return BRAKED if braked else FOUND if any(_fails(report, each) for each in fail_on) else FINE


def _bad(message: str) -> int:
    typer.echo(message, err=True)
    return BAD_INPUT


def _moment(parts: "Parts", span: timedelta) -> datetime:
    """So long ago, by the whole day or hour: given again after it was stopped, the command is about the same time."""
    moment = (parts.watch.clock.now() - span).replace(minute=0, second=0, microsecond=0)
    return moment.replace(hour=0) if span >= timedelta(days=2) else moment


def _unknown(parts: "Parts", groups: list[str], fail_on: list[str]) -> str:
    """What is wrong with the groups and rules that are named, if anything."""
    pack = parts.watch.pack
    rules = [rule.id for rule in pack.rules]
    for each in fail_on:
        if not SHARE.fullmatch(each) and each not in rules:
            return f"--fail-on: {each!r} is neither a rule of {pack.name} nor a share such as 5%{nearest(each, rules)}"
    known = parts.groups()
    wrong = next((each for each in groups if each not in known), None)
    return "" if wrong is None else f"--group: the account has no group {wrong!r}{nearest(wrong, known)}"


def _fails(report: "Report", condition: str) -> bool:
    share = SHARE.fullmatch(condition)
    if share is None:
        return any(part.name == condition and part.findings for part in report.by_rule)
    return report.now.share is not None and (1 - report.now.share) * 100 > float(share[1])


def _print_summary(report: "Report") -> None:
    """How the desk stands, in some lines."""
    share = "" if report.now.share is None else f", {report.now.share:.1%}"
    typer.echo(f"{report.now.compliant} of {report.now.judged} tickets follow every rule{share}")
    for part in report.by_rule:
        if part.findings:
            typer.echo(f"  {part.name}: violated on {count_of(len(part.tickets), 'ticket')}")
    if report.could_not_tell:
        typer.echo(f"  could not tell {count_of(len(report.could_not_tell), 'time')}")
    if report.inversions.count or report.broken_promises:
        typer.echo(f"  inversions {report.inversions.count}, broken promises {len(report.broken_promises)}")


def _cure(parts: "Parts", audit_id: int, *, yes: bool) -> bool:
    """Ask for what would be cured, if that is wanted and no limit is passed; whether one is."""
    from ronda.auditing import ask_for, decide

    decision = decide(parts, audit_id)
    if not decision.cures:
        return False
    public = sum(cure.public for cure in decision.cures)
    typer.echo(
        f"to cure: {count_of(len(decision.cures), 'ticket')}, {count_of(public, 'message')} to customers among it"
    )
    for rule, tickets in decision.tickets_by_rule().items():
        typer.echo(f"  {rule}: {', '.join(f'#{number}' for number in tickets)}")
    if decision.passed:
        for reason in decision.passed:
            typer.echo(f"stopped before the first write: {reason}", err=True)
        return True
    if yes or (sys.stdin.isatty() and typer.confirm("have the running service look at them now?")):
        ask_for(parts, decision.cures)
        due, them = ("is", "it") if len(decision.cures) == 1 else ("are", "them")
        typer.echo(f"{count_of(len(decision.cures), 'ticket')} {due} due now; `ronda serve` looks at {them}")
    else:
        typer.echo("nothing was asked; --yes has the service look at them")
    return False


@contextmanager
def _stopping(parts: "Parts") -> Iterator[None]:
    """Ctrl-C and SIGTERM stop the audit where it can go on."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        parts.stop.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Bar:
    """How far it is and how long it takes still: by its pace so far, and never less than the limits allow."""

    def __init__(self) -> None:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
        )
        console = Console(stderr=True)
        self.progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._plan_seconds = 0.0
        self._tasks: dict[str, tuple[TaskID, float]] = {}

    def planned(self, seconds: float) -> None:
        self._plan_seconds = seconds

    def __call__(self, now: "Step") -> None:
        if now.phase not in self._tasks:
            task = self.progress.add_task(WORDS[now.phase], total=now.of, left="")
            self._tasks[now.phase] = task, time.monotonic()
        task, began = self._tasks[now.phase]
        left = remaining(now.done, now.of, time.monotonic() - began, self._plan_seconds)
        self.progress.update(task, completed=now.done, total=now.of, left=f"{spelt_seconds(left)} left")


def remaining(done: int, of: int, elapsed: float, shortest: float) -> float:
    """Seconds still to go: as it went so far, and never less than the share of the shortest time that is left."""
    if done >= of or done == 0:
        return 0.0 if done >= of else shortest
    return max(elapsed * (of - done) / done, shortest * (of - done) / of - elapsed)
