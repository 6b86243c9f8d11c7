"""How results and problems look in a terminal."""

from collections import Counter
from collections.abc import Sequence

import typer

from ronda.checking import Placed
from rules.checks import Level
from rules.outcome import Outcome, Result
from rules.problems import Unusable

_MARKS = {
    Outcome.PASSED: ("ok", typer.colors.GREEN),
    Outcome.FAILED: ("FAIL", typer.colors.RED),
    Outcome.TODO: ("todo", typer.colors.YELLOW),
    Outcome.DONE: ("DONE", typer.colors.RED),
}


def print_result(file: str, result: Result, *, quiet: bool = False) -> None:
    """One line, and below it what differs where it failed."""
    if quiet and not result.is_failure:
        return
    mark, colour = _MARKS[result.outcome]
    more = f" (todo: {result.todo})" if result.todo else ""
    typer.echo(f"{typer.style(f'{mark:<4}', fg=colour)}  {file}:{result.line}  {result.name}{more}")
    if result.outcome is Outcome.DONE:
        typer.echo("      it passes now: take the todo away")
    if result.outcome is not Outcome.FAILED:
        return
    for difference in result.differences:
        typer.echo(f"      {difference.key}")
        for sign, text, tint in (
            ("-", difference.expected, typer.colors.GREEN),
            ("+", difference.found, typer.colors.RED),
        ):
            word = "expected" if sign == "-" else "found   "
            for line in text.splitlines() or [""]:
                typer.echo(typer.style(f"        {sign} {word} {line}", fg=tint))
    for rule, said in result.said:
        typer.echo(f"      {rule}: {said}")


def print_summary(results: Sequence[Result]) -> None:
    """How many of each outcome, on one line."""
    counted = Counter(result.outcome for result in results)
    words = {
        Outcome.PASSED: "passed",
        Outcome.FAILED: "failed",
        Outcome.TODO: "to do",
        Outcome.DONE: "done but marked todo",
    }
    always = (Outcome.PASSED, Outcome.FAILED)
    typer.echo(", ".join(f"{counted[each]} {word}" for each, word in words.items() if counted[each] or each in always))


def print_finding(placed: Placed) -> None:
    """``file:line:column: level: rule: message``, and below it the story that shows it."""
    colours = {Level.ERROR: typer.colors.RED, Level.WARNING: typer.colors.YELLOW, Level.NOTE: None}
    typer.secho(str(placed), fg=colours[placed.finding.level])
    for line in placed.finding.story.splitlines():
        typer.echo(f"    {line}")


def print_count(found: Sequence[Placed]) -> None:
    """How many findings of each level, on one line."""
    counted = Counter(placed.finding.level for placed in found)
    typer.echo(", ".join(f"{counted[level]} {level}{'' if counted[level] == 1 else 's'}" for level in Level))


def print_problems(error: Unusable) -> None:
    """``file:line:column: message`` on the error stream, one line each."""
    for problem in error.problems:
        typer.echo(str(problem), err=True)


def count_of(number: int, noun: str, plural: str = "") -> str:
    """``1 rule``, ``2 rules``, ``1,204 tickets``."""
    return f"{number:,} {noun if number == 1 else plural or f'{noun}s'}"


def spelt_seconds(seconds: float) -> str:
    """``2h05m``, ``3m20s``, ``7s``."""
    whole = round(seconds)
    if whole >= 3600:
        return f"{whole // 3600}h{whole % 3600 // 60:02}m"
    return f"{whole // 60}m{whole % 60:02}s" if whole >= 60 else f"{whole}s"
