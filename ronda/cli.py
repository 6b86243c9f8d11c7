"""The command line. What a command finds wrong is a sentence on standard error and an exit code, never a traceback."""

import errno
import io
import os
import sys
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from ronda import (
    commands_audit,
    commands_emulator,
    commands_promise,
    commands_questions,
    commands_rules,
    commands_service,
    commands_setup,
)
from ronda.exits import ACCOUNT, BAD_INPUT, FINE, FOUND, INTERRUPTED, MACHINE, UNREAD
from ronda.logs import configure_logging

OUT_OF_PAPER = (errno.ENOSPC, errno.EDQUOT, errno.EIO)  # of standard output

app = typer.Typer(
    help="Policy as code for the helpdesk: a team's documented rules, enforced on Zendesk tickets.",
    epilog="Exit codes: 0 fine, 1 something was found, 2 bad input, 3 the account, 4 this machine, 5 a brake,"
    " 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)
commands_setup.register(app)
commands_rules.register(app)
commands_service.register(app)
commands_audit.register(app)
commands_promise.register(app)
commands_questions.register(app)
commands_emulator.register(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"ronda {metadata.version('ronda')}")
        raise typer.Exit(FINE)


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def serve(
    env_file: Annotated[Path, typer.Option(help="Settings beside the environment; see config/example.env.")] = Path(
        ".env"
    ),
) -> None:
    """Answer webhooks, look at tickets and cure them, until stopped. The first start writes nothing: mode audit."""
    from config.settings import read_settings
    from ronda.service import serve as run

    settings = read_settings(env_file)
    configure_logging(settings.log_format, settings.log_level)
    run(settings, lambda line: typer.echo(line))


@app.command()
def demo(keep: Annotated[bool, typer.Option("--keep", help="Leave it running until Ctrl-C.")] = False) -> None:
    """Watch broken tickets being cured, on a Zendesk that runs on this machine. Needs no account and no network."""
    import signal

    from rich.console import Console

    from ronda.demo import run_demo

    for number in (signal.SIGTERM, signal.SIGHUP):  # as Ctrl-C does: the two processes are ended first
        signal.signal(number, signal.default_int_handler)
    raise typer.Exit(run_demo(keep=keep, say=Console()))


def main() -> None:
    """Run the command line and exit."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # what a terminal cannot show is no reason to fail
    configure_logging("text", "warning")
    code = run_command(sys.argv[1:])
    try:
        if isinstance(sys.stdout, io.TextIOWrapper):  # None where it was closed from the start
            sys.stdout.flush()
    except OSError:  # told already: what is left would fail once more (https://docs.python.org/3/library/signal.html)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


def run_command(arguments: list[str]) -> int:
    """One command; its exit code. Errors that have a name are told in a sentence."""
    try:
        app(arguments, prog_name="ronda")
    except SystemExit as done:
        return _code_of(done)
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError as error:
        if error.errno not in OUT_OF_PAPER:
            raise
        with suppress(OSError):
            typer.echo(f"what was to be said cannot be written: {error.strerror}", err=True)
        return MACHINE
    except Exception as error:
        known = explained(error)
        if known is None:
            raise
        typer.echo(str(error), err=True)
        return known
    return FINE


def _code_of(done: SystemExit) -> int:
    """typer ends with 1 where nobody reads on, and at Ctrl-C while it asks: 1 means that something was found."""
    cause = done.__context__
    while done.code == FOUND and cause is not None:
        if isinstance(cause, BrokenPipeError):
            return UNREAD
        if isinstance(cause, KeyboardInterrupt):
            return INTERRUPTED
        cause = cause.__context__
    return done.code if isinstance(done.code, int) else FINE


def explained(error: BaseException) -> int | None:
    """The exit code of an error that has a name; None for a defect of ours."""
    from config.env_file import UnwritableValue
    from config.settings import UnusableSettings
    from config.writing import CannotWrite
    from enforcement.agenda import AgendaError
    from integration.gateway import GatewayError
    from ronda.asking import MissingAnswer
    from ronda.demo import DemoFailed
    from ronda.emulated_clock import ClockUnreachable
    from ronda.service import CannotListen, UnusableWebhookSecret
    from rules.problems import Unusable

    match error:
        case Unusable() | UnusableSettings() | UnusableWebhookSecret() | MissingAnswer() | UnwritableValue():
            return BAD_INPUT
        case GatewayError() | ClockUnreachable():
            return ACCOUNT
        case AgendaError() | CannotListen() | DemoFailed() | CannotWrite():
            return MACHINE
        case _:
            return None
