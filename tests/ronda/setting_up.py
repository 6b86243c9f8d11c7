"""An account in its strictest settings, and somebody at a terminal who sets Ronda up in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from ruamel.yaml import YAML
from structlog.testing import capture_logs
from typer.testing import CliRunner

from ronda.cli import app, explained
from tests.ronda.running import FIXTURES, Zendesk

ACCOUNT = (FIXTURES / "account.yaml").read_text(encoding="utf-8")
SECRET = "invented-secret"
SECTORS = ("Módulo de Envio", "Módulo de Pagamento", "Marketing", "Financeiro")


@dataclass(frozen=True)
class Done:
    """How a command ended, and all that it said."""

    code: int
    said: str


@dataclass
class Terminal:
    """A folder in which commands are run; ``environment`` holds nothing of this process's."""

    folder: Path
    zendesk: Zendesk
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def env_file(self) -> Path:
        return self.folder / ".env"

    def ronda(self, *arguments: str, typed: str = "") -> Done:
        """Run a command; ``typed`` is what the person types, then nobody is there any more."""
        given: Mapping[str, str] = self.environment
        with capture_logs():
            result = CliRunner().invoke(app, list(arguments), input=typed, env=given)
        if result.exception is None or isinstance(result.exception, SystemExit):
            return Done(result.exit_code, result.output)
        known = explained(result.exception)
        if known is None:
            raise result.exception
        return Done(known, f"{result.output}{result.exception}\n")

    def set_up(self, pack: str) -> None:
        """`ronda init` with every answer given beforehand."""
        self.environment["RONDA_OAUTH_CLIENT_SECRET"] = SECRET
        given = ["--account", self.zendesk.url, "--client-id", "ronda", "--pack", pack, "--yes"]
        done = self.ronda("init", *given)
        assert done.code == 0, done.said

    def account(self, *groups: object, **more: object) -> None:
        """Begin the account anew, with further groups and more of other things."""
        desk = YAML(typ="safe").load(ACCOUNT)
        self.zendesk.begin_anew(desk | {"groups": [*desk["groups"], *groups]} | more)

    def settings(self) -> dict[str, str | None]:
        return dict(dotenv_values(self.env_file))
