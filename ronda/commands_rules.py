"""The commands of rule authors: test scenarios, check a pack, write the schemas. Plain arguments in, exit code out."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ronda.checking import Placed, confirm_rule, findings_of
from ronda.exits import BAD_INPUT, FINE, FOUND
from ronda.packs import load_pack_named_in, read_text
from ronda.printed import print_count, print_finding, print_problems, print_result, print_summary
from rules.outcome import Result
from rules.problems import Problem, Unusable
from rules.scenario_run import run_scenarios
from rules.schema import pack_schema, scenario_schema


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
    if only and not wrong and not any(results.values()):
        typer.echo(f"-k {only!r}: no scenario has that in its name", err=True)
        return BAD_INPUT
    if wrong:
        return BAD_INPUT
    return FOUND if any(result.is_failure for found in results.values() for result in found) else FINE


def _results(file: Path, only: str) -> tuple[Result, ...]:
    text = read_text(file)
    results = run_scenarios(text, str(file), load_pack_named_in(file, text), only)
    if not results and not only:
        raise Unusable([Problem(str(file), 1, 1, "has no scenario: nothing was tested")])
    return results


def _as_json(results: dict[str, tuple[Result, ...]], wrong: Sequence[Unusable]) -> object:
    return {
        "results": [{"file": name, **asdict(result)} for name, found in results.items() for result in found],
        "problems": [asdict(problem) for error in wrong for problem in error.problems],
    }


def check(packs: Sequence[str], *, as_json: bool = False, live: Path | None = None) -> int:
    """Check packs; with ``live``, a file of settings, their names beside the account's too.

    0: nothing that fails; 1: errors were found; 2: a pack does not load. Raises UnusableSettings, GatewayError.
    """
    found: list[Placed] = []
    wrong: list[Unusable] = []
    for name in packs:
        try:
            found.extend(findings_of(name, datetime.now(UTC)))
        except Unusable as error:
            wrong.append(error)
    if live is not None and not wrong:
        from ronda.checking_live import strange_names  # it speaks to the account, which the others do without

        found = [*strange_names(packs, live), *found]
    if as_json:
        typer.echo(json.dumps(_findings_as_json(found, wrong), ensure_ascii=False, indent=2))
    else:
        for placed in found:
            print_finding(placed)
        for unusable in wrong:
            print_problems(unusable)
        if len(wrong) < len(packs):
            print_count(found)
    if wrong:
        return BAD_INPUT
    return FOUND if any(placed.is_error for placed in found) else FINE


def _findings_as_json(found: Sequence[Placed], wrong: Sequence[Unusable]) -> object:
    return {
        "findings": [
            {"file": placed.file, "line": placed.line, "column": placed.column, **asdict(placed.finding)}
            for placed in found
        ],
        "problems": [asdict(problem) for error in wrong for problem in error.problems],
    }


def confirm(packs: Sequence[str], rule_ids: Sequence[str]) -> int:
    """Note in the one pack that a person compared these rules with their paragraphs."""
    if len(packs) != 1:
        typer.echo("--confirm is for one pack at a time", err=True)
        return BAD_INPUT
    for rule_id in rule_ids:
        typer.echo(f"{rule_id} confirmed against {confirm_rule(packs[0], rule_id)}")
    return FINE


def schema(kind: str) -> int:
    """Print the JSON Schema of packs or of scenario files."""
    typer.echo(json.dumps(pack_schema() if kind == "pack" else scenario_schema(), ensure_ascii=False, indent=2))
    return FINE


class Kind(StrEnum):
    PACK = "pack"
    SCENARIO = "scenario"


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

    @app.command("check")
    def check_command(
        packs: Annotated[list[str], typer.Argument(metavar="PACK...", help="Packs by name, or their files.")],
        confirmed: Annotated[
            list[str] | None,
            typer.Option("--confirm", metavar="RULE", help="Note that this rule says what its paragraph says now."),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Findings as JSON.")] = False,
        live: Annotated[bool, typer.Option("--live", help="Compare its names with the account's too.")] = False,
        env_file: Annotated[Path, typer.Option(help="Settings of the account, for --live.")] = Path(".env"),
    ) -> None:
        """Check a rule pack: documented, able to apply, not at odds with itself. Exit 1 or, if it does not load, 2.

        With --live, exit 3 if the account cannot be reached.
        """
        asked = env_file if live else None
        raise typer.Exit(confirm(packs, confirmed) if confirmed else check(packs, as_json=as_json, live=asked))

    @app.command("schema")
    def schema_command(
        kind: Annotated[Kind, typer.Argument(help="Of packs, or of scenario files.")] = Kind.PACK,
    ) -> None:
        """Print a JSON Schema, from which editors complete and check."""
        raise typer.Exit(schema(kind))
