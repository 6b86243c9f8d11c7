"""What runs Ronda elsewhere, as far as it can be checked without an engine, systemd or nginx."""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from ronda.service import GRACE, HANG_UP, LAST

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
UNIT = (ROOT / "deploy" / "ronda.service").read_text(encoding="utf-8")


def unit() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(UNIT)
    return parser


def test_the_containers_sources_exist() -> None:
    copied = re.findall(r"^COPY (?!--from)(\S+)", DOCKERFILE, re.MULTILINE)

    assert copied == ["requirements/runtime.txt", "."]
    assert all((ROOT / path).exists() for path in copied)


def test_the_container_runs_as_nobody_special_and_keeps_its_data() -> None:
    instructions = re.findall(r"^([A-Z]+) (.*)$", DOCKERFILE, re.MULTILINE)
    said = dict(instructions)

    assert (said["USER"], said["WORKDIR"], said["VOLUME"]) == ("ronda", "/data", "/data")
    assert json.loads(said["ENTRYPOINT"]) + json.loads(said["CMD"]) == ["ronda", "serve"]
    assert instructions.index(("USER", "ronda")) > instructions.index(("COPY", "--from=build /opt/ronda /opt/ronda"))


def test_no_secret_is_copied_into_the_container() -> None:
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()

    assert {".env", "*.sqlite*", ".git"} <= set(ignored)


def test_the_containers_python_is_one_that_ronda_runs_on() -> None:
    assert set(re.findall(r"^FROM python:(\S+?)-slim", DOCKERFILE, re.MULTILINE)) == {"3.11"}


def test_the_unit_waits_longer_than_a_stop_takes() -> None:
    service = unit()["Service"]

    assert float(service["TimeoutStopSec"]) > HANG_UP + GRACE + 2 * LAST
    assert service["KillSignal"] == "SIGTERM"
    assert (service["Restart"], service["NoNewPrivileges"], service["User"]) == ("always", "yes", "ronda")


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path) -> None:
    path = tmp_path / "ronda.service"
    path.write_text(UNIT.replace("/opt/ronda/bin/ronda", "/bin/true"), encoding="utf-8")
    command = [str(shutil.which("systemd-analyze")), "verify", "--man=no", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 # our own file

    assert "ronda.service" not in done.stderr, done.stderr
