"""`ronda demo`: its end, what it shows, and that it leaves nothing behind, however it ends."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psutil
import pytest

from ronda.exits import FINE, INTERRUPTED
from tests.ronda.running import DEADLINE, environment_of, run, wait_until

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def whole() -> subprocess.CompletedProcess[str]:
    """A demo that was left alone until it ended."""
    return run("demo")


def test_the_demo_cures_all_and_counts_it_on_its_last_line(whole: subprocess.CompletedProcess[str]) -> None:
    assert (whole.returncode, whole.stderr) == (FINE, "")
    last = whole.stdout.splitlines()[-1]
    counted = re.fullmatch(r"demo: opened (\d+), violations (\d+), cured (\d+), left 0", last)
    assert counted is not None
    opened, violations, cured = map(int, counted.groups())
    assert opened >= 12
    assert violations == cured > 12


def test_the_table_fits_a_narrow_terminal_and_tells_what_was_wrong_and_what_was_done(
    whole: subprocess.CompletedProcess[str],
) -> None:
    lines = whole.stdout.splitlines()

    assert max(map(len, lines)) <= 80
    assert any(re.match(r" +1 complies", line) for line in lines)
    assert any(re.match(r" +4 O status é Pendente, definido por +A3 +pending → open +\d+$", line) for line in lines)


class Demo:
    """A demo that runs, in a process group of its own as from a terminal, and the processes it started."""

    def __init__(self, process: subprocess.Popen[bytes], folder: Path) -> None:
        self.process = process
        self._output = folder / "output"
        self._folder = folder

    def shows(self, pattern: str) -> bool:
        return re.search(pattern, self._output.read_text(encoding="utf-8"), re.MULTILINE) is not None

    def part(self, pattern: str) -> str:
        """What the pattern's group matches in the output."""
        wait_until(lambda: self.shows(pattern), f"the demo shows {pattern}", 2 * DEADLINE)
        found = re.search(pattern, self._output.read_text(encoding="utf-8"), re.MULTILINE)
        assert found is not None
        return found.group(1)

    def end(self, how: signal.Signals) -> tuple[int, list[psutil.Process]]:
        """Send the signal to the group; the exit code, and which of the processes it had started still run."""
        started = psutil.Process(self.process.pid).children(recursive=True)
        assert len(started) == 2
        os.killpg(self.process.pid, how)
        code = self.process.wait(DEADLINE)
        return code, psutil.wait_procs(started, timeout=0)[1]

    def leaves_no_folder(self) -> bool:
        return not list(self._folder.glob("ronda-demo-*"))


@contextmanager
def demo(folder: Path, *options: str) -> Iterator[Demo]:
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(  # noqa: S603 # our own command
            [sys.executable, "-m", "ronda", "demo", *options],
            stdout=output,
            stderr=subprocess.STDOUT,
            env={**environment_of({}), "TMPDIR": str(folder), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )
    try:
        yield Demo(process, folder)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(DEADLINE)


def test_a_demo_that_is_interrupted_leaves_nothing_behind(tmp_path: Path) -> None:
    with demo(tmp_path) as running:
        running.part(r"^ +(1) complies")
        code, left = running.end(signal.SIGINT)

        assert (code, left) == (INTERRUPTED, [])
        assert running.leaves_no_folder()
        assert not running.shows("Traceback")


def test_a_demo_that_is_kept_shows_how_a_ticket_broken_by_hand_is_put_right(tmp_path: Path) -> None:
    with demo(tmp_path, "--keep") as running:
        body = running.part(r"curl -s -o /dev/null -d '(.+)' \\$")
        address = running.part(r"^ +(http://127\.0\.0\.1:\d+/emulator/act)$")
        status = running.part(r"How is it\?   (RONDA_DATA=.+ status)$")
        told = subprocess.run(  # noqa: S603 # as somebody with another PATH copies it
            ["/bin/sh", "-c", status], capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"}
        )
        assert told.stdout.startswith("service   running\n")
        assert httpx.get(running.part(r"curl (http://\S+/readyz)"), trust_env=False).status_code == httpx.codes.OK
        assert httpx.post(address, content=body, trust_env=False).status_code == httpx.codes.OK

        running.part(r"(?s)Ctrl-C ends both\..*^ +1 O status é Pendente.*(pending → open)")
        code, left = running.end(signal.SIGTERM)
        assert (code, left) == (FINE, [])
        assert running.leaves_no_folder()
