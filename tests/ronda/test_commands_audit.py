"""`ronda audit` on an emulated Zendesk, from its command line to its files."""

import csv
import io
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from ronda.cli import run_command
from ronda.commands_audit import remaining
from ronda.exits import BAD_INPUT, BRAKED, FINE, FOUND, INTERRUPTED, MACHINE
from ronda.wiring import parts_of
from tests.ronda.running import DEADLINE, Zendesk, environment_of, run, settings_of, values_of, wait_until


class Auditor:
    """Runs `ronda audit` with settings in a file of their own."""

    def __init__(self, zendesk: Zendesk, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.zendesk = zendesk
        self.folder = folder
        self.capsys = capsys

    def __call__(self, *arguments: str, **settings: Any) -> int:
        values = values_of(self.zendesk, self.folder) | {"mode": "audit"} | settings
        lines = (f"RONDA_{name.upper()}={value}" for name, value in values.items())
        env = self.folder / "settings.env"
        env.write_text("\n".join(lines), encoding="utf-8")
        return run_command(["audit", "--env-file", str(env), *arguments])

    def start_a_service(self, **settings: Any) -> None:
        with parts_of(settings_of(self.zendesk, self.folder, **settings)):
            pass

    @property
    def said(self) -> str:
        told = self.capsys.readouterr()
        return told.out + told.err


@pytest.fixture
def audit(zendesk: Zendesk, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Auditor:
    return Auditor(zendesk, tmp_path, capsys)


@pytest.fixture
def opened(zendesk: Zendesk) -> tuple[int, int]:
    """A ticket that is right and one that is wrong, long enough ago for the export."""
    numbers = zendesk.open_right(), zendesk.open_wrong()
    zendesk.control("POST", "clock", advance=120)
    return numbers


def test_it_says_the_plan_and_how_the_desk_stands(audit: Auditor, opened: tuple[int, int]) -> None:
    assert audit(clock_url=audit.zendesk.url) == FINE

    said = audit.said
    assert "plan: about" in said
    assert "1 of 2 tickets follow every rule, 50.0%" in said
    assert "desk.group: violated on 1 ticket\n" in said
    assert audit.zendesk.updates(opened[1]) == []


@pytest.mark.parametrize(
    ("condition", "code"),
    [("desk.group", FOUND), ("desk.open", FINE), ("49%", FOUND), ("50%", FINE), ("99.9%", FINE)],
)
def test_it_fails_on_what_it_is_told_to_fail_on(
    audit: Auditor, opened: tuple[int, int], condition: str, code: int
) -> None:
    assert audit("--fail-on", condition, clock_url=audit.zendesk.url) == code


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("--fail-on", "desk.grup"), "did you mean 'desk.group'"),
        (("--group", "Suport"), "did you mean 'Suporte'"),
        (("--since", "soon"), "--since"),
        (("--since", "3d", "--all"), "exclude each other"),
        (("--language", "fr"), "pt-BR, en, es"),
    ],
)
def test_what_cannot_be_meant_is_refused_in_a_sentence(audit: Auditor, arguments: tuple[str, ...], told: str) -> None:
    assert audit(*arguments) == BAD_INPUT
    assert told in audit.said


@pytest.mark.parametrize("expression", ["soon", "0 0 31 2 *"])
def test_a_moment_that_never_comes_is_refused(audit: Auditor, expression: str) -> None:
    assert audit(audit_cron=expression) == BAD_INPUT
    assert "RONDA_AUDIT_CRON: is no cron expression" in audit.said


def test_the_report_is_written_in_each_form(audit: Auditor, opened: tuple[int, int]) -> None:
    files = {form: audit.folder / f"report.{form}" for form in ("html", "csv", "json")}
    options = [word for form, file in files.items() for word in (f"--{form}", str(file))]

    assert audit(*options, "--language", "es", clock_url=audit.zendesk.url) == FINE

    page = files["html"].read_text(encoding="utf-8")
    assert '<html lang="es">' in page
    assert f'href="{audit.zendesk.url}/agent/tickets/{opened[1]}"' in page
    raw = files["csv"].read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert {(row["kind"], row["ticket"], row["rule"]) for row in rows} == {
        ("violation", str(opened[1]), "desk.group"),
        ("violation", str(opened[1]), "desk.analyst"),
    }
    values = json.loads(files["json"].read_text(encoding="utf-8"))
    assert values["share"] == 0.5


@pytest.mark.parametrize("name", ["none/r.json", "folder"])
def test_a_file_that_cannot_be_written_is_told_before_the_first_call(
    audit: Auditor, opened: tuple[int, int], name: str
) -> None:
    (audit.folder / "folder").mkdir()
    before = audit.zendesk.control("GET", "requests")["total"]

    assert audit("--json", str(audit.folder / name), clock_url=audit.zendesk.url) == MACHINE
    assert "cannot be written" in audit.said
    assert audit.zendesk.control("GET", "requests")["total"] == before


def test_the_report_is_written_to_standard_output_and_the_rest_beside_it(
    audit: Auditor, opened: tuple[int, int]
) -> None:
    settings = values_of(audit.zendesk, audit.folder) | {"mode": "audit", "clock_url": audit.zendesk.url}
    told = run("audit", "--json", "-", **settings)

    assert told.returncode == FINE
    assert json.loads(told.stdout)["share"] == 0.5
    assert "1 of 2 tickets follow every rule" in told.stderr
    assert audit("--json", "-", "--csv", "-") == BAD_INPUT


def test_what_would_be_cured_is_asked_only_with_yes(audit: Auditor, opened: tuple[int, int]) -> None:
    settings = {"mode": "enforce", "clock_url": audit.zendesk.url}
    audit.start_a_service(**settings)  # from now on the rules are enforced
    number = audit.zendesk.open_wrong()
    audit.zendesk.control("POST", "clock", advance=120)

    assert audit(**settings) == FINE
    said = audit.said
    assert "to cure: 1 ticket, 0 messages to customers" in said
    assert f"desk.group: #{number}" in said
    assert "nothing was asked" in said

    assert audit("--all", "--yes", **settings) == FINE
    assert "1 ticket is due now; `ronda serve` looks at it" in audit.said


def test_what_passes_a_limit_stops_before_the_first_write(audit: Auditor, opened: tuple[int, int]) -> None:
    settings = {"mode": "enforce", "clock_url": audit.zendesk.url, "audit_max_tickets": 1}
    audit.start_a_service(**settings)
    for _ in range(2):
        audit.zendesk.open_wrong()
    audit.zendesk.control("POST", "clock", advance=120)

    assert audit("--yes", **settings) == BRAKED

    said = audit.said
    assert "stopped before the first write: 2 tickets would be touched; the limit is 1" in said
    assert "are due now" not in said


def test_the_remaining_time_is_never_less_than_the_limits_allow() -> None:
    assert remaining(0, 10, 0.0, 60.0) == 60
    assert remaining(5, 10, 10.0, 0.0) == 10
    assert remaining(5, 10, 1.0, 60.0) == 29
    assert remaining(10, 10, 5.0, 60.0) == 0


@pytest.mark.process
def test_ctrl_c_stops_it_and_the_same_command_goes_on(
    zendesk: Zendesk, opened: tuple[int, int], tmp_path: Path
) -> None:
    zendesk.fault(does="slow", method="GET", path="/api/v2/incremental/*", seconds=2)
    settings = values_of(zendesk, tmp_path) | {"clock_url": zendesk.url}
    command = [sys.executable, "-m", "ronda", "audit"]
    with subprocess.Popen(  # noqa: S603 # our own command
        command, stderr=subprocess.PIPE, cwd=tmp_path, env=environment_of(settings), text=True
    ) as process:
        wait_until(lambda: not zendesk.control("GET", "faults")["faults"], "the export is asked for")
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=DEADLINE)

    assert process.returncode == INTERRUPTED, told
    assert "plan: about 2 tickets" in told
    assert "the same command goes on where it was" in told

    again = run("audit", **settings)

    assert again.returncode == FINE, again.stderr
    assert "going on where it was" in again.stderr
    assert "1 of 2 tickets follow every rule" in again.stdout
