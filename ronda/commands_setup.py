"""The commands that set Ronda up in an account and look after that: init, connect, disconnect, doctor.

What a command needs is imported when it runs, so that the others do not wait for it.
"""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ronda.exits import FINE, FOUND

if TYPE_CHECKING:
    from ronda.connect import Outcome

ENV_FILE = Path(".env")
EnvFile = Annotated[Path, typer.Option(help="Where the settings are kept, or shall be.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Take what is suggested; ask nothing.")]


def register(app: typer.Typer) -> None:
    """Mount the commands."""

    @app.command()
    def init(
        account: Annotated[str, typer.Option(help="Subdomain or address of your Zendesk.")] = "",
        client_id: Annotated[str, typer.Option(help="OAuth client; RONDA_OAUTH_CLIENT_SECRET is its secret.")] = "",
        email: Annotated[str, typer.Option(help="Whose old API token RONDA_API_TOKEN is.")] = "",
        pack: Annotated[str, typer.Option(help="website, commerce, own, or a file of yours.")] = "",
        name: Annotated[
            list[str] | None, typer.Option(metavar="PACK NAME=ACCOUNT NAME", help="What a name of the pack is there.")
        ] = None,
        yes: Yes = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Set Ronda up: sign in, choose a rule pack, find its names in the account, write `.env` and the pack.

        Asks for what flags and environment do not say. Running it again changes nothing that is right.
        """
        from ronda.asking import Asking
        from ronda.init import Given
        from ronda.init import init as run

        given = Given(account=account, client_id=client_id, email=email, pack=pack, names=_pairs(name or []))
        run(given, env_file, Asking(yes, at_terminal=sys.stdin.isatty() and not yes), typer.echo)

    @app.command()
    def connect(
        url: Annotated[str, typer.Option(help="Where Zendesk reaches Ronda: https://...")],
        kind: Annotated[Kind, typer.Option(help="How Zendesk tells of changes.")] = Kind.EVENT,
        rotate_secret: Annotated[bool, typer.Option("--rotate-secret", help="Make a new signing secret too.")] = False,
        yes: Yes = False,
        as_json: Annotated[bool, typer.Option("--json", help="Plan and outcome as JSON.")] = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Make or repair what the account needs: the webhook, its trigger, the pack's ticket fields. Shows it first.

        Sends Zendesk's own test delivery and waits for it. Exit 1 if that does not arrive.
        """
        from config.settings import read_settings
        from ronda.asking import Asking
        from ronda.connect import connect as run

        settings = read_settings(env_file)
        done = run(settings, env_file, url, kind.value, Asking(yes), _say(as_json), rotate=rotate_secret)
        _finish(done, as_json=as_json)

    @app.command()
    def disconnect(
        yes: Yes = False,
        as_json: Annotated[bool, typer.Option("--json", help="Plan and outcome as JSON.")] = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Take away exactly what `ronda connect` made in the account. Shows it first."""
        from config.settings import read_settings
        from ronda.asking import Asking
        from ronda.connect import disconnect as run

        _finish(run(read_settings(env_file), env_file, Asking(yes), _say(as_json)), as_json=as_json)

    @app.command()
    def doctor(
        as_json: Annotated[bool, typer.Option("--json", help="All checks as JSON.")] = False,
        env_file: EnvFile = ENV_FILE,
    ) -> None:
        """Check all that has to be right, a line each: what is wrong and how to mend it. Exit 1 if anything is."""
        from ronda.check import State
        from ronda.doctor import examine

        found = []
        for check in examine(env_file):
            found.append(check)
            if not as_json:
                typer.echo(str(check))
        if as_json:
            typer.echo(json.dumps({"checks": [asdict(check) for check in found]}, ensure_ascii=False, indent=2))
        raise typer.Exit(FOUND if any(check.state is State.WRONG for check in found) else FINE)


class Kind(StrEnum):
    EVENT = "event"
    TRIGGER = "trigger"


def _say(as_json: bool) -> Callable[[str], None]:
    return lambda line: typer.echo(line, err=as_json)


def _finish(done: "Outcome", *, as_json: bool) -> None:
    if as_json:
        changes = [{"sign": each.sign, "what": each.what, "details": each.details} for each in done.changes]
        trial = None if done.trial is None else asdict(done.trial)
        said = {"changes": changes, "agreed": done.agreed, "trial": trial}
        typer.echo(json.dumps(said, ensure_ascii=False, indent=2))
    elif not done.agreed:
        typer.echo("nothing was changed")
    raise typer.Exit(FOUND if not done.agreed or (done.trial and not done.trial.arrived) else FINE)


def _pairs(names: list[str]) -> dict[str, str]:
    pairs = dict(each.partition("=")[::2] for each in names)
    if wrong := [name for name, value in pairs.items() if not name or not value]:
        raise typer.BadParameter(f"--name {wrong[0]!r}: expected 'PACK NAME=ACCOUNT NAME'")
    return pairs
