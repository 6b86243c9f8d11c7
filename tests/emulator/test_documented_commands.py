"""Every command that docs/emulator.md shows works as it stands there."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

import emulator
from emulator.recordings import main as compare_recordings
from ronda.cli import run_command
from tests.emulator.conftest import NO_TLS

PAGE = (Path(__file__).parents[2] / "docs" / "emulator.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```console\n(.*?)```", PAGE, re.DOTALL)
COMMANDS = [line[2:].partition("  #")[0].strip() for block in BLOCKS for line in block.splitlines() if line[:2] == "$ "]
CURLS = [command for command in COMMANDS if command.startswith("curl ")]


def of_kind(*words: str) -> list[list[str]]:
    return [command.split() for command in COMMANDS if command.split()[: len(words)] == list(words)]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    desk = PAGE.partition("```yaml\n")[2].partition("```")[0]
    with emulator.serve(desk) as served:
        yield served.url


def test_no_command_is_of_a_kind_that_is_not_tried_here() -> None:
    known = (*of_kind("curl"), *of_kind("ronda", "emulator"), *of_kind("python", "-m", "emulator.recordings"))
    assert len(known) == len(COMMANDS) > 10


@pytest.mark.parametrize("command", CURLS)
def test_curl_commands_are_answered(url: str, command: str) -> None:
    """curl's -d, -u and -X as it understands them, on the desk that the page shows, in the page's order."""
    words = iter(shlex.split(command)[1:])
    method, address, sent = None, "", {}
    for word in words:
        match word:
            case "-X":
                method = next(words)
            case "-d":
                sent["content"] = next(words).encode()
            case "-u":
                user, _, secret = next(words).rpartition(":")
                sent["auth"] = (user, secret)  # type: ignore[assignment]
            case _:
                address = word.replace("http://127.0.0.1:8089", url)
    with httpx.Client(verify=NO_TLS) as http:
        response = http.request(method or ("POST" if "content" in sent else "GET"), address, **sent)  # type: ignore[arg-type]

    assert response.status_code < 300, response.text


@pytest.mark.parametrize("words", of_kind("ronda", "emulator", "generate"), ids=" ".join)
def test_generate_commands_work(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    assert run_command([word.replace("100000", "20") for word in words[1:]]) == 0
    assert [path.name for path in tmp_path.glob("*.sqlite")] == ["desk.sqlite"]


@pytest.mark.parametrize(
    "words", [each for each in of_kind("ronda", "emulator") if "generate" not in each], ids=" ".join
)
def test_commands_that_start_an_emulator_know_their_options(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    """Started for real in test_server.py; here an unusable address ends each as soon as it would listen."""
    options = [word for word in words[2:] if word not in ("desk.sqlite", "--data", "desk.yaml", "--desk")]

    assert run_command(["emulator", *options, "--host", "192.0.2.1"]) == 2
    assert "cannot listen on 192.0.2.1" in capsys.readouterr().err


def test_the_recording_of_the_page_is_as_described(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = PAGE.partition("recordings/\n```")[2].partition("```json\n")[2].partition("```")[0]
    (tmp_path / "one.json").write_text(text, encoding="utf-8")

    assert compare_recordings([str(tmp_path)]) == 0
    assert capsys.readouterr().out.endswith("1 recordings in 1 files, 0 differ\n")
