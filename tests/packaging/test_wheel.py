"""The wheel: what it holds, and that what it installs runs without the repository."""

import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["hatch"]["build"]["targets"]


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command that must end well; what it says."""
    done = subprocess.run(  # noqa: S603 # our own commands
        [str(part) for part in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8", "COLUMNS": "200"},
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    script = f"from hatchling.build import build_wheel; build_wheel({str(folder)!r})"
    run(sys.executable, "-c", script, cwd=ROOT)
    [built] = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The `ronda` of a fresh environment with this wheel; its dependencies are this environment's."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "venv", with_pip=False)
    python = folder / "venv" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    run(uv, "pip", "install", "--offline", "--no-deps", "--quiet", "--python", python, wheel, cwd=folder)
    site = folder / "venv" / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    return folder / "venv" / "bin" / "ronda"


def test_the_wheel_holds_every_file_of_the_packages(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    tracked = run("git", "ls-files", "--", *PACKAGES["wheel"]["packages"], cwd=ROOT).splitlines()

    assert {name for name in tracked if (ROOT / name).is_file()} <= held
    assert {"config/example.env", "config/templates/own.yaml", "config/packs/website.yaml"} <= held
    assert "config/locale/pt_BR/LC_MESSAGES/website.po" in held


def test_the_wheel_holds_no_tests_and_no_settings(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = archive.namelist()

    assert [
        name for name in held if name.startswith("tests/") or name.endswith((".env.local", ".sqlite", ".pyc"))
    ] == []
    assert [name for name in held if Path(name).name == ".env"] == []


def test_what_the_wheel_installs_checks_a_pack_elsewhere(installed: Path, tmp_path: Path) -> None:
    where = run(installed.with_name("python"), "-c", "import ronda; print(ronda.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parents[1])

    assert run(installed, "--version", cwd=tmp_path).startswith("ronda 0.")
    run(installed, "check", "website", "commerce", cwd=tmp_path)


def test_what_the_wheel_installs_plays_the_demo(installed: Path, tmp_path: Path) -> None:
    assert "left 0" in run(installed, "demo", cwd=tmp_path)
