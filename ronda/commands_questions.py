"""The commands that answer questions and change nothing: why a ticket stands as it does, what a new pack would do
now, and what it would have done.

What a command needs is imported when it runs, so that the others do not wait for it.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ronda.exits import BAD_INPUT, FINE, INTERRUPTED

ENV_FILE = Path(".env")
EnvFile = Annotated[Path, typer.Option(help="Settings beside the environment; see config/example.env.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, times in ISO 8601.")]


class Ceiling(StrEnum):
    AUDIT = "audit"
    WARN = "warn"
    ENFORCE = "enforce"


class Language(StrEnum):
    PORTUGUESE = "pt-BR"
    ENGLISH = "en"
    SPANISH = "es"


def explain(
    ticket: int,
    *,
    env_file: Path,
    rule: str | None = None,
    at: str | None = None,
    pack: str | None = None,
    language: str | None = None,
    as_json: bool = False,
) -> int:
    """Print why a ticket stands as it does. 2: no such rule, or a moment that is none or before the opening."""
    from console.explain import as_json as to_json
    from console.explain import lines_of
    from enforcement.explain import explain_ticket
    from ronda.packs import find_pack, load_handbook
    from ronda.reading import reading
    from ronda.wiring import ceiling_of
    from rules.names import nearest

    with reading(env_file, pack) as here:
        try:
            moment = moment_of(at, here.pack.desk.zone) if at is not None else None
            explanation = explain_ticket(
                ticket,
                moment,
                reading=here.gateway,
                pack=here.pack,
                handbook=load_handbook(here.pack, find_pack(pack or here.settings.pack)) or {},
                ceiling=ceiling_of(here.settings),
                records=here.records,
            )
            if rule is not None:
                explanation = explanation.of_rule(rule)
        except ValueError as error:
            typer.echo(str(error), err=True)
            return BAD_INPUT
        except KeyError:
            known = nearest(str(rule), [each.id for each in here.pack.rules])
            typer.echo(f"no rule that is awake has the id {rule!r}{known}", err=True)
            return BAD_INPUT
    spoken = language or here.pack.desk.language
    if as_json:
        typer.echo(json.dumps(to_json(explanation, spoken), ensure_ascii=False, indent=2))
    else:
        for line in lines_of(explanation, spoken, is_past=moment is not None):
            typer.echo(line)
    return FINE


def preview(
    new: str,
    *,
    env_file: Path,
    since: timedelta = timedelta(days=30),
    tickets: str | None = None,
    mode: str = "enforce",
    as_json: bool = False,
    as_csv: bool = False,
) -> int:
    """Print what a new pack would do otherwise than the settings' one. 2: `tickets` is no list. 130: it was stopped."""
    from console import preview as shown
    from enforcement.in_force import in_force
    from enforcement.preview import Packs, Preview, look_through
    from ronda.reading import reading
    from rules.mode import Mode

    with reading(env_file, None, new) as here:
        begin, ceiling = here.clock.now() - since, Mode[mode.upper()]
        present, other = (in_force(pack, here.enforced, ceiling, begin) for pack in (here.pack, *here.packs))
        packs, found = Packs(present, other, ceiling), Preview()
        try:
            numbers = numbers_in(tickets) if tickets else unsolved_in(here.gateway.changed_since(begin))
        except ValueError as error:
            typer.echo(str(error), err=True)
            return BAD_INPUT
        ledger = here.records.ledger if here.records is not None else None
        was_stopped = followed(look_through(numbers, here.gateway, packs, ledger, found), len(numbers))
    if as_json:
        typer.echo(json.dumps(shown.as_json(found, packs), ensure_ascii=False, indent=2))
    elif as_csv:
        typer.echo(shown.as_csv(found), nl=False)
    else:
        typer.echo(f"rules that were never enforced count as in force since {begin:%Y-%m-%d %H:%MZ}")
        for line in shown.lines_of(found, packs):
            typer.echo(line)
    return INTERRUPTED if was_stopped else FINE


def backtest(
    pack: str, begin: str, end: str | None, *, env_file: Path, mode: str = "enforce", as_json: bool = False
) -> int:
    """Print what a pack would have done in the past. 2: a time that is none. 130: it was stopped."""
    from console import backtest as shown
    from enforcement.backtest import Backtest, Span, replay, tickets_of
    from enforcement.in_force import in_force
    from ronda.reading import reading
    from rules.mode import Mode

    with reading(env_file, None, pack) as here:
        (new,) = here.packs
        try:
            until = end_of(end, new.desk.zone) if end else here.clock.now()
            span = Span(moment_of(begin, new.desk.zone), until, Mode[mode.upper()])
            _check_past(span.since, span.until, here.clock.now())
        except ValueError as error:
            typer.echo(str(error), err=True)
            return BAD_INPUT
        new = in_force(new, {}, span.ceiling, span.since)
        found = Backtest()
        numbers = tickets_of(here.gateway, new, span)
        ledger = here.records.ledger if here.records is not None else None
        steps = replay(numbers, here.gateway, new, span, found, present=here.pack, ledger=ledger)
        was_stopped = followed(steps, len(numbers))
    if as_json:
        typer.echo(json.dumps(shown.as_json(found, new, span), ensure_ascii=False, indent=2))
    else:
        typer.echo("every rule counts as in force since the beginning, unless the pack says since when")
        for line in shown.lines_of(found, new, span):
            typer.echo(line)
    return INTERRUPTED if was_stopped else FINE


def _check_past(since: datetime, until: datetime, now: datetime) -> None:
    """Raises ValueError where nothing can have happened."""
    if since >= now:
        raise ValueError(f"--from {since.isoformat()} has not come yet")
    if since >= until:
        raise ValueError(f"--from {since.isoformat()} is not before --to {until.isoformat()}")


def end_of(text: str, zone: str) -> datetime:
    """As ``moment_of``; a day without a time is meant as a whole. Raises ValueError."""
    moment = moment_of(text, zone)
    return moment + timedelta(days=1) - timedelta(seconds=1) if len(text) == len("2026-10-31") else moment


def unsolved_in(changed: Mapping[int, bool]) -> list[int]:
    """Those of the changed tickets that rules judge."""
    return [number for number, is_untouchable in changed.items() if not is_untouchable]


def numbers_in(text: str) -> list[int]:
    """Tickets' numbers, parted by commas or white space: the text's own, or those in the file of that name.

    Raises ValueError.
    """
    path = Path(text)
    written = path.read_text(encoding="utf-8") if path.is_file() else text
    words = written.replace(",", " ").split()
    wrong = next((word for word in words if not word.isdecimal()), None)
    if wrong is not None:
        raise ValueError(f"{wrong!r} is neither a ticket's number nor a file of numbers")
    return list(dict.fromkeys(int(word) for word in words))


def followed(steps: Iterable[object], total: int) -> bool:
    """Take all steps, with a bar that knows the remaining time where somebody watches; whether Ctrl-C ended it."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

    terminal = Console(stderr=True)
    columns = (BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=terminal, transient=True, disable=not terminal.is_terminal) as bar:
        task = bar.add_task("", total=total)
        try:
            for _ in steps:
                bar.advance(task)
        except KeyboardInterrupt:
            typer.echo("stopped; this is what was found until then", err=True)
            return True
    return False


def moment_of(text: str, zone: str) -> datetime:
    """A moment in ISO 8601; without an offset, by the clocks of the zone. Raises ValueError."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no moment; write 2026-11-20T14:00 or 2026-11-20T14:00:00Z") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=ZoneInfo(zone))


def register(app: typer.Typer) -> None:
    """Mount the commands."""

    @app.command("explain")
    def explain_command(
        ticket: Annotated[int, typer.Argument(min=1, help="A ticket's number.")],
        rule: Annotated[str | None, typer.Option(help="Only this rule, by its id.")] = None,
        at: Annotated[
            str | None, typer.Option(metavar="TIME", help="As the ticket was then: ISO 8601; the pack's zone if none.")
        ] = None,
        pack: Annotated[str | None, typer.Option(help="Another pack than the settings'.")] = None,
        language: Annotated[Language | None, typer.Option(help="Left out: the pack's.")] = None,
        as_json: AsJson = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Why a ticket stands as it does: each rule's verdict, what it went by, and what would put it right."""
        spoken = None if language is None else language.value
        code = explain(ticket, env_file=env_file, rule=rule, at=at, pack=pack, language=spoken, as_json=as_json)
        raise typer.Exit(code)

    @app.command("preview")
    def preview_command(
        pack: Annotated[str, typer.Option(metavar="NEW", help="The new pack: its name or file.")],
        since: Annotated[str, typer.Option(help="Tickets that changed since so long: 12h, 30d.")] = "30d",
        tickets: Annotated[
            str | None, typer.Option(metavar="FILE|IDS", help="These tickets instead: numbers, or a file of them.")
        ] = None,
        mode: Annotated[Ceiling, typer.Option(help="How far both packs may go.")] = Ceiling.ENFORCE,
        as_json: AsJson = False,
        as_csv: Annotated[bool, typer.Option("--csv", help="As a table for a spreadsheet.")] = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """What a new pack would change, on tickets as they are now: verdicts, fields, messages. Writes nothing."""
        length = _length(since)
        code = preview(
            pack,
            env_file=env_file,
            since=length,
            tickets=tickets,
            mode=mode.value,
            as_json=as_json,
            as_csv=as_csv,
        )
        raise typer.Exit(code)

    @app.command("backtest")
    def backtest_command(
        pack: Annotated[str, typer.Option(metavar="NEW", help="A pack: its name or file.")],
        begin: Annotated[str, typer.Option("--from", metavar="TIME", help="A day or moment; the pack's zone if none.")],
        end: Annotated[
            str | None, typer.Option("--to", metavar="TIME", help="The same; a day counts to its end. Left out: now.")
        ] = None,
        mode: Annotated[Ceiling, typer.Option(help="How far the pack may go.")] = Ceiling.ENFORCE,
        as_json: AsJson = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """What a pack would have done in the past: tickets rebuilt from their histories, timers included."""
        raise typer.Exit(backtest(pack, begin, end, env_file=env_file, mode=mode.value, as_json=as_json))


def _length(text: str) -> timedelta:
    from rules.duration import parse_duration

    try:
        return parse_duration(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
