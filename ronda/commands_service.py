"""The commands beside a running service: pause and resume it, have a ticket looked at, see how it is.

What a command needs is imported when it runs, so that the others do not wait for it.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

ENV_FILE = Path(".env")
EnvFile = Annotated[Path, typer.Option(help="Settings beside the environment; RONDA_DATA names the service's file.")]


def register(app: typer.Typer) -> None:
    """Mount the commands."""

    @app.command()
    def pause(
        reason: Annotated[str, typer.Argument(help="Why; `ronda status` and /readyz show it.")] = "by hand",
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Stop looking at tickets and writing to Zendesk. Deliveries are still taken; what is due waits."""
        from ronda import beside

        with beside.service(env_file) as here:
            typer.echo(beside.pause(here, reason))

    @app.command()
    def resume(
        ticket: Annotated[int | None, typer.Argument(min=1, help="A ticket whose fuse tripped.")] = None,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Go on after a pause; with a TICKET, go on with that one after its fuse tripped, and look at it now."""
        from ronda import beside

        with beside.service(env_file) as here:
            typer.echo(beside.resume(here) if ticket is None else beside.resume_ticket(here, ticket))

    @app.command()
    def look(
        tickets: Annotated[list[int], typer.Argument(metavar="TICKET", min=1, help="Tickets' numbers.")],
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Have tickets looked at now and judged anew, even if nothing changed on them."""
        from ronda import beside

        with beside.service(env_file) as here:
            for ticket in tickets:
                typer.echo(beside.look(here, ticket))

    @app.command()
    def status(
        as_json: Annotated[bool, typer.Option("--json", help="As JSON, times in ISO 8601.")] = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Show what waits, what is paused, which tickets are left alone, what rules could not tell, the last looks."""
        from ronda import beside

        with beside.service(env_file) as here:
            found = beside.status_of(here)
        if as_json:
            values = asdict(found)
            typer.echo(json.dumps(values, default=lambda moment: moment.isoformat(), ensure_ascii=False, indent=2))
        else:
            for line in beside.lines_of(found):
                typer.echo(line)
