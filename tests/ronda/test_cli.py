"""The command line: every end has its exit code, and what is wrong is a sentence, never a traceback."""

from importlib import metadata
from pathlib import Path

import pytest

from config.env_file import UnwritableValue
from config.settings import UnusableSettings
from config.writing import CannotWrite
from enforcement.agenda import AgendaError
from integration.gateway import AccessDenied, UnknownNames, Unreachable
from ronda import cli
from ronda.asking import MissingAnswer
from ronda.demo import DemoFailed
from ronda.emulated_clock import ClockUnreachable
from ronda.exits import ACCOUNT, BAD_INPUT, FINE, INTERRUPTED, MACHINE
from ronda.service import CannotListen, UnusableWebhookSecret
from rules.problems import Problem, Unusable

COMMANDS = (
    "init",
    "connect",
    "disconnect",
    "doctor",
    "serve",
    "demo",
    "emulator",
    "test",
    "check",
    "pause",
    "resume",
    "look",
    "status",
)


def test_the_version_is_the_packages(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["--version"]) == FINE
    assert capsys.readouterr().out == f"ronda {metadata.version('ronda')}\n"


def test_the_help_lists_every_command_and_the_exit_codes(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(["--help"]) == FINE
    shown = capsys.readouterr().out
    assert [command for command in COMMANDS if f"│ {command} " not in shown] == []
    assert "Exit codes: 0 fine, 1 something was found, 2 bad input" in shown


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_own_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command([command, "--help"]) == FINE
    assert f"Usage: ronda {command}" in capsys.readouterr().out


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command([]) == BAD_INPUT
    assert "Commands" in "".join(capsys.readouterr())


@pytest.mark.parametrize("arguments", [["sreve"], ["serve", "--portt"], ["look"], ["look", "abc"], ["look", "0"]])
def test_what_is_misspelt_is_bad_input(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command(arguments) == BAD_INPUT
    assert "Error" in capsys.readouterr().err


def test_missing_settings_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.run_command(["serve"]) == BAD_INPUT
    assert capsys.readouterr().err.startswith("RONDA_ZENDESK_URL: is not set")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Unusable([Problem("pack.yaml", 3, 5, "no such key")]), BAD_INPUT),
        (UnusableSettings("RONDA_PORT: is no number"), BAD_INPUT),
        (MissingAnswer("Client identifier", "--client-id"), BAD_INPUT),
        (UnwritableValue("RONDA_EMAIL: this value cannot stand in .env"), BAD_INPUT),
        (CannotWrite(Path(".env"), "Read-only file system"), MACHINE),
        (UnusableWebhookSecret("RONDA_WEBHOOK_SECRET: is not set"), BAD_INPUT),
        (AccessDenied("our credentials are refused"), ACCOUNT),
        (UnknownNames(("group 'X': the account has none of this name",)), ACCOUNT),
        (Unreachable("no answer", 5.0), ACCOUNT),
        (ClockUnreachable("no clock"), ACCOUNT),
        (AgendaError("the disk is full"), MACHINE),
        (CannotListen("the port is taken"), MACHINE),
        (DemoFailed("the service did not start"), MACHINE),
        (KeyboardInterrupt(), INTERRUPTED),
    ],
)
def test_an_error_with_a_name_is_told_in_a_sentence(
    error: BaseException, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(cli, "app", fail)
    assert cli.run_command([]) == code
    assert capsys.readouterr().err.strip() == str(error)


def test_a_defect_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(ZeroDivisionError):
        cli.run_command([])
