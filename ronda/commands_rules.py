"""The commands of rule authors: test scenarios, check a pack, write the schemas. Plain arguments in, exit code out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ronda.exits import BAD_INPUT, FINE, FOUND
from ronda.packs import load_pack, read_text
from ronda.printed import print_problems, print_result, print_summary
from rules.outcome import Result
from rules.problems import Unusable
from rules.scenario_file import pack_named_in
from rules.scenario_run import run_scenarios


def run_tests(files: Sequence[Path], only: str = "", *, as_json: bool = False, quiet: bool = False) -> int:
    """Run scenario files. 0: all passed; 1: some failed; 2: a file is wrong (the others still run)."""
    results: dict[str, tuple[Result, ...]] = {}
    wrong: list[Unusable] = []
    for file in files:
        try:
            results[str(file)] = _results(file, only)
        except Unusable as error:
            wrong.append(error)
    if as_json:
        typer.echo(json.dumps(_as_json(results, wrong), ensure_ascii=False, indent=2))
    else:
        for name, found in results.items():
            for result in found:
                print_result(name, result, quiet=quiet)
        for unusable in wrong:
            print_problems(unusable)
        print_summary([result for found in results.values() for result in found])
    if wrong:
        return BAD_INPUT
    return FOUND if any(result.is_failure for found in results.values() for result in found) else FINE


def _results(file: Path, only: str) -> tuple[Result, ...]:
    text = read_text(file)
    pack = load_pack(pack_named_in(text, str(file)), beside=file.parent)
    return run_scenarios(text, str(file), pack, only)


def _as_json(results: dict[str, tuple[Result, ...]], wrong: Sequence[Unusable]) -> object:
    return {
        "results": [{"file": name, **asdict(result)} for name, found in results.items() for result in found],
        "problems": [asdict(problem) for error in wrong for problem in error.problems],
    }


def register(app: typer.Typer) -> None:
    """Mount the commands."""

    @app.command("test")
    def test_command(
        files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files.")],
        only: Annotated[str, typer.Option("-k", help="Only scenarios whose name holds this.")] = "",
        as_json: Annotated[bool, typer.Option("--json", help="Results as JSON.")] = False,
        quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Only what failed, and the count.")] = False,
    ) -> None:
        """Test a rule pack: run scenarios offline. Exit 1 if one failed, 2 if a file is wrong."""
        raise typer.Exit(run_tests(files, only, as_json=as_json, quiet=quiet))
