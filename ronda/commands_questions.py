"""The commands that answer questions and change nothing: why a ticket stands as it does.

What a command needs is imported when it runs, so that the others do not wait for it.
"""

import json
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from ronda.exits import BAD_INPUT, FINE

ENV_FILE = Path(".env")
EnvFile = Annotated[Path, typer.Option(help="Settings beside the environment; see config/example.env.")]
AsJson = Annotated[bool, typer.Option("--json", help="As JSON, times in ISO 8601.")]


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
    from rules.mode import Mode
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
                ceiling=Mode[here.settings.mode.upper()],
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
