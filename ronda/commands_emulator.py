"""The commands of the emulator: run a Zendesk on this machine, and invent desks for it."""

import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ronda.exits import BAD_INPUT, FINE

Desk = Annotated[Path | None, typer.Option(help="Desk file (YAML).")]
Seed = Annotated[int, typer.Option(help="The same seed, the same tickets.")]


def run_generate(desk_path: Path | None, tickets: int, seed: int, until: datetime | None, out: Path | None) -> int:
    """Invent a desk and keep it in a new file. 2: the desk file or `out` cannot be used."""
    from emulator.desk_file import DeskError, read_desk
    from emulator.generator import built_in_desk, last_midnight
    from emulator.keeping import Keeper, UnusableData
    from emulator.server import fill
    from emulator.zendesk import Zendesk

    out = Path(f"desk-{tickets}-{seed}.sqlite") if out is None else out
    end = last_midnight() if until is None else int(until.replace(tzinfo=until.tzinfo or UTC).timestamp())
    if out.exists():
        typer.echo(f"{out}: is there already; name another file with --out", err=True)
        return BAD_INPUT
    began = time.monotonic()
    try:
        desk = built_in_desk() if desk_path is None else read_desk(desk_path)
        keeper = Keeper(out)
        zendesk = Zendesk(desk, keeper)
        fill(zendesk, tickets, seed, end, lambda number: typer.echo(f"{number:,} tickets ...", err=True))
        keeper.close()
    except (DeskError, UnusableData) as error:
        typer.echo(str(error), err=True)
        return BAD_INPUT
    account = zendesk.account
    for what, counted in (
        ("status", Counter(ticket.status for ticket in account.tickets.values())),
        ("channel", Counter(ticket.via.channel for ticket in account.tickets.values())),
    ):
        typer.echo(f"{what}: {', '.join(f'{name} {number:,}' for name, number in counted.most_common())}")
    typer.echo(
        f"people: {len(account.users):,}, audits: {len(account.audit_log):,}, files: {len(account.attachments):,}"
    )
    typer.echo(f"generated {len(account.tickets):,} tickets in {time.monotonic() - began:.0f} s: {out}")
    return FINE


def register(app: typer.Typer) -> None:
    """Mount `emulator`, which runs one, and `emulator generate`."""
    group = typer.Typer(add_completion=False)
    app.add_typer(group, name="emulator")

    @group.callback(invoke_without_command=True)
    def emulator(
        context: typer.Context,
        desk: Desk = None,
        host: Annotated[str, typer.Option(help="Address to listen on. The control API has no login.")] = "127.0.0.1",
        port: Annotated[int, typer.Option(help="0 takes a free one.")] = 0,
        data: Annotated[Path | None, typer.Option(help="SQLite file that keeps the account.")] = None,
        ready_file: Annotated[Path | None, typer.Option(help="Write the address here once it answers.")] = None,
        generate: Annotated[int, typer.Option(min=0, help="Begin with so many invented tickets.")] = 0,
        seed: Seed = 7,
    ) -> None:
        """Run a Zendesk on this machine; docs/emulator.md says what it does and what not."""
        if context.invoked_subcommand is not None:
            return
        from emulator.server import run

        code = run(desk, host=host, port=port, data=data, ready_file=ready_file, generate=generate, seed=seed)
        raise typer.Exit(code)

    @group.command("generate")
    def generate_command(
        tickets: Annotated[int, typer.Option(min=1, help="How many.")] = 1_000,
        seed: Seed = 7,
        out: Annotated[Path | None, typer.Option(help="A new file; left out: desk-<tickets>-<seed>.sqlite.")] = None,
        desk: Desk = None,
        until: Annotated[
            datetime | None, typer.Option(help="When the histories end, UTC; left out: last midnight.")
        ] = None,
    ) -> None:
        """Invent Portuguese tickets with months of history and keep them in a file for `ronda emulator --data`."""
        raise typer.Exit(run_generate(desk, tickets, seed, until, out))
