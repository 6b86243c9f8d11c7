"""The commands that set Ronda up in an account and look after that: init, connect, disconnect, doctor.

What a command needs is imported when it runs, so that the others do not wait for it.
"""

from pathlib import Path
from typing import Annotated

import typer

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
        run(given, env_file, Asking(yes), typer.echo)


def _pairs(names: list[str]) -> dict[str, str]:
    pairs = dict(each.partition("=")[::2] for each in names)
    if wrong := [name for name, value in pairs.items() if not name or not value]:
        raise typer.BadParameter(f"--name {wrong[0]!r}: expected 'PACK NAME=ACCOUNT NAME'")
    return pairs
