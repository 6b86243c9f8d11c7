"""The commands of the 48-hour promise: what is due and what is coming, and rounds that find what waits.

What a command needs is imported when it runs, so that the others do not wait for it.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from enforcement.clock import spelt_time
from ronda.commands_service import ENV_FILE, EnvFile
from ronda.exits import BAD_INPUT, FINE

if TYPE_CHECKING:
    from enforcement.promises import Due, Forecast, KeptSoFar

STEP = 500  # tickets between two lines of progress


def run_promises(
    env_file: Path, group: str | None, assignee: str | None, within: str, since: str, *, as_json: bool
) -> int:
    """List promises, lateness and forecast from the service's data file."""
    from enforcement.promises import due_of, forecast, kept_so_far, of, past_the_brake
    from ronda import beside
    from rules.duration import parse_duration

    try:
        ahead, back = parse_duration(within), parse_duration(since)
    except ValueError as error:
        typer.echo(str(error), err=True)
        return BAD_INPUT
    with beside.service(env_file) as here:
        now = here.clock.now()
        everybodys = [due_of(row) for row in here.ledger.promises()]
        kept = kept_so_far(here.ledger.promise_messages(now - back))
        last_round = here.ledger.last_round()
        brake, mode = here.settings.max_public_messages_per_hour, here.settings.mode
    if wrong := _unknown(everybodys, group, assignee):
        typer.echo(wrong, err=True)
        return BAD_INPUT
    dues = of(everybodys, group, assignee)
    coming = forecast(dues, now, ahead, last_round.messages_a_minute if last_round else None)
    pauses_at = past_the_brake(everybodys, now, ahead, brake) if mode == "enforce" else None
    soon = [due for due in dues if due.keep <= now + ahead]
    if as_json:
        found = {
            "mode": mode,
            "due": [asdict(due) for due in soon],
            "kept_so_far": asdict(kept),
            "forecast": asdict(coming),
            "pauses_at": pauses_at,
        }
        typer.echo(json.dumps(found, default=_as_text, ensure_ascii=False, indent=2))
        return FINE
    if mode != "enforce":
        typer.echo(f"mode {mode}: none of these messages is sent")
    for line in _lines(soon, len(dues), kept, coming, now, within, since):
        typer.echo(line)
    if pauses_at is not None:
        typer.echo(
            f"WARNING: at {spelt_time(pauses_at)} the promises alone are more than {brake} messages in an hour, and "
            "all writing pauses. If they are wanted, set RONDA_MAX_PUBLIC_MESSAGES_PER_HOUR above the busiest hour and "
            "start the service again."
        )
    return FINE


def _unknown(dues: "Sequence[Due]", group: str | None, assignee: str | None) -> str:
    """What is wrong with the group and the assignee that are named, if anything. Where nobody waits, nothing is."""
    from enforcement.promises import of
    from rules.names import nearest

    if group and dues and not of(dues, group, None):
        groups = {due.group for due in dues if due.group}
        return f"--group: no ticket that waits is of {group!r}{nearest(group, groups)}"
    if assignee and dues and not of(dues, None, assignee):
        people = {due.assignee for due in dues if due.assignee}
        return f"--assignee: no ticket that waits is assigned to {assignee!r}{nearest(assignee, people)}"
    return ""


def _as_text(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value.total_seconds()  # type: ignore[attr-defined]


def _lines(
    soon: "list[Due]",
    waiting: int,
    kept: "KeptSoFar",
    coming: "Forecast",
    now: datetime,
    within: str,
    since: str,
) -> Iterator[str]:
    yield f"{waiting} tickets wait; {len(soon)} of their promises are kept within {within}"
    for due in soon:
        who = f"{due.group or '-'} / {due.assignee or '-'}"
        state = "note" if due.is_note else "overdue" if due.due <= now else "message"
        yield f"  {spelt_time(due.keep)}  ticket {due.ticket}  {who}  {state}  ({'; '.join(due.why)})"
    yield (
        f"kept in the last {since}: {kept.messages} messages, late p50 {kept.p50:.1f} s, p99 {kept.p99:.1f} s, "
        f"worst {kept.worst:.1f} s; {kept.breaches} broken, {kept.withheld} withheld, {kept.unknown} without an answer"
    )
    ends = f"{coming.until:%Y-%m-%d %H:%MZ}"
    yield f"until {ends}: {coming.messages} messages to {coming.tickets} tickets, {coming.notes} notes to assignees"
    if coming.busiest_minute is not None and coming.busiest_hour is not None:
        takes = (
            f", which the rate limit lets through in {coming.seconds:.0f} s"
            if coming.seconds is not None
            else " (how fast the rate limit lets them through is known after the service's first round)"
        )
        yield f"busiest minute {coming.busiest_minute:%Y-%m-%d %H:%MZ}: {coming.in_busiest_minute} messages{takes}"
        yield f"busiest hour   from {coming.busiest_hour:%Y-%m-%d %H:%MZ}: {coming.in_busiest_hour} messages"


def run_rounds(env_file: Path, *, as_json: bool) -> int:
    """Ask a look for every ticket that may wait, beside a running service or without one."""
    from config.settings import read_settings
    from ronda.wiring import rounds_of

    def told(read: int, asked: int) -> None:
        if read % STEP == 0:
            typer.echo(f"{read} tickets read, {asked} asked ...", err=True)

    with rounds_of(read_settings(env_file)) as rounds:
        ended = rounds.everything(told)
    if as_json:
        typer.echo(json.dumps(asdict(ended), default=_as_text, indent=2))
    else:
        seconds = (ended.ended_at - ended.at).total_seconds()
        typer.echo(f"rounds: {ended.read} unsolved tickets read, {ended.asked} asked, {seconds:.1f} s")
    return FINE


def register(app: typer.Typer) -> None:
    """Mount the commands."""

    @app.command()
    def promises(
        group: Annotated[str | None, typer.Option(help="Only tickets of this group.")] = None,
        assignee: Annotated[str | None, typer.Option(help="Only tickets of this agent, by name or id.")] = None,
        within: Annotated[str, typer.Option(help="How far ahead to look, such as 24h or 3d.")] = "24h",
        since: Annotated[str, typer.Option(help="How far back lateness counts.")] = "30d",
        as_json: Annotated[bool, typer.Option("--json", help="As JSON; lengths in seconds.")] = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Show which requesters will be written to, when and why then, and how late promises were kept so far."""
        raise typer.Exit(run_promises(env_file, group, assignee, within, since, as_json=as_json))

    @app.command()
    def rounds(
        as_json: Annotated[bool, typer.Option("--json", help="As JSON.")] = False, env_file: EnvFile = ENV_FILE
    ) -> None:
        """Read every unsolved ticket and ask a look for those that may wait: brings back every timer that was lost."""
        raise typer.Exit(run_rounds(env_file, as_json=as_json))
