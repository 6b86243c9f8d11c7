"""The command line: every end has its exit code, and what is wrong is a sentence, never a traceback."""

import signal
import subprocess
import sys
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
from ronda.exits import ACCOUNT, BAD_INPUT, FINE, INTERRUPTED, MACHINE, UNREAD
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


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_told_for_short_too(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.run_command([command, "-h"]) == FINE
    assert f"Usage: ronda {command}" in capsys.readouterr().out


def shell(line: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A line of bash with our `ronda`; its exit code is ronda's."""
    return subprocess.run(  # noqa: S603 # our own command
        ["/bin/bash", "-c", f"{line.replace('ronda', f'{sys.executable} -m ronda', 1)}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        encoding="latin-1",
        timeout=60,
        check=False,
        env={"PATH": "/usr/bin:/bin", **environment},
    )


@pytest.mark.parametrize("encoding", ["latin-1", "ascii"])
def test_what_a_terminal_cannot_show_is_no_failure(encoding: str, tmp_path: Path) -> None:
    story = tmp_path / "story.yaml"
    text = "pack: website\nscenarios:\n  - {name: João → Ω, opened: {by: carla}}\npeople: {carla: {name: Carla}}\n"
    story.write_text(text, encoding="utf-8")
    done = shell(f"ronda test {story}", PYTHONIOENCODING=encoding)

    assert (done.returncode, done.stderr) == (FINE, "")
    assert encoding == "ascii" or "Jo\N{LATIN SMALL LETTER A WITH TILDE}o ? ?" in done.stdout
    assert shell("ronda --help", PYTHONIOENCODING=encoding).returncode == FINE


def test_a_disk_that_is_full_is_told_in_a_sentence() -> None:
    done = shell("ronda schema > /dev/full")
    assert (done.returncode, done.stderr) == (
        MACHINE,
        "what was to be said cannot be written: No space left on device\n",
    )


def test_where_output_is_closed_nothing_is_said_and_nothing_fails() -> None:
    done = shell("ronda schema >&-")
    assert (done.returncode, done.stderr) == (FINE, "")


@pytest.mark.parametrize("line", ["ronda schema | true", "ronda --help | true", "ronda schema scenario | head -1"])
def test_a_closed_pipe_ends_quietly_and_is_no_finding(line: str) -> None:
    done = shell(line)
    assert done.returncode in (FINE, UNREAD)
    assert done.stderr == ""


def test_ctrl_c_at_a_question_is_an_interruption(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "ronda", "init"],
        cwd=tmp_path,
        env={"PATH": "/usr/bin:/bin"},
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        said = ""
        while "Your Zendesk" not in said:
            said += process.stderr.read(1)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == INTERRUPTED
        assert "Traceback" not in process.stderr.read()


def test_a_defect_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", fail)
    with pytest.raises(ZeroDivisionError):
        cli.run_command([])
