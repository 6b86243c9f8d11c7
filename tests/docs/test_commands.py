"""Every command in the documentation is run, and says what the page says; what is not run says why."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, Block, blocks, setup_of, shows
from tests.ronda.running import Zendesk, emulated, free_port, wait_until
from tests.ronda.setting_up import ACCOUNT, SECRET

pytestmark = pytest.mark.process

PAGES = (
    "getting-started.md",
    "operating.md",
    "security.md",
    "rule-packs.md",
    "explain-preview-backtest.md",
    "faq.md",
)
EARLIER = 7200  # seconds: what happened in the last minutes is not exported yet
BIN = Path(sys.executable).parent
EXAMPLE = "https://ronda.acme.example"


class Reader:
    """Somebody who follows a page, in an empty folder, with the account in its strictest settings."""

    def __init__(self, zendesk: Zendesk, folder: Path, ending: ExitStack) -> None:
        port = free_port()
        self._zendesk = zendesk
        self._url = f"http://127.0.0.1:{port}"
        self._folder = folder
        self._ending = ending
        inherited = {name: os.environ[name] for name in ("LANG",) if name in os.environ}
        self._environment = {
            **inherited,
            "PATH": f"{BIN}:/usr/bin:/bin",
            "HOME": str(folder),
            "COLUMNS": "200",
            "RONDA_OAUTH_CLIENT_SECRET": SECRET,
            "RONDA_PORT": str(port),
        }

    def follow(self, block: Block) -> None:
        if block.file:
            with (self._folder / block.file).open("a", encoding="utf-8") as file:
                file.write(block.text)
        for command in block.commands:
            said = self.serve() if command.line == "ronda serve" else self.run(command.line, block.exit_code)
            missing = [line for line in command.said if not shows(said, line)]
            assert missing == [], f"$ {command.line}\n{said}"

    def run(self, line: str, code: int = 0) -> str:
        line = line.replace("--account acme", f"--account {self._zendesk.url}").replace(EXAMPLE, self._url)
        done = subprocess.run(  # noqa: S603 # what our own pages say
            ["/bin/bash", "-c", line],
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        said = f"{done.stdout}{done.stderr}".replace(self._url, EXAMPLE)
        assert done.returncode == code, f"$ {line}\nexit {done.returncode}\n{said}"
        return said

    def serve(self) -> str:
        log = self._folder / "service.log"
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603 # our own command
                [str(BIN / "ronda"), "serve"],
                cwd=self._folder,
                env=self._environment,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        self._ending.callback(process.wait, 20)
        self._ending.callback(process.terminate)
        wait_until(lambda: "ronda: http" in log.read_text() or process.poll() is not None, "the service starts")
        return log.read_text()

    def set_up(self, wanted: tuple[str, ...]) -> None:
        """Begin where an installation stands: connected, running."""
        if "connected" in wanted:
            self.run("ronda init --account acme --client-id ronda --pack website --yes")
            self.run(f"ronda connect --url {EXAMPLE} --yes")
        if "running" in wanted:
            self.serve()


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Reader]:
    with emulated(ACCOUNT) as zendesk, ExitStack() as ending:
        zendesk.control("POST", "clock", advance=-EARLIER)
        zendesk.open(set={"group": "Suporte", "tags": ["website"]})
        zendesk.control("POST", "clock", advance=EARLIER)
        yield Reader(zendesk, tmp_path, ending)


@pytest.mark.parametrize("page", PAGES)
def test_every_command_of_the_page_does_what_the_page_says(page: str, reader: Reader) -> None:
    reader.set_up(setup_of(page))
    for block in blocks(page):
        if not block.reason_not_to_run:
            reader.follow(block)


@pytest.mark.parametrize("page", PAGES)
def test_what_is_not_run_says_why(page: str) -> None:
    found = blocks(page)

    assert any(True for block in found for _ in block.commands)
    assert [block.text for block in found if block.kind == "console" and not list(block.commands)] == []
    assert [block.text for block in found if block.kind in ("sh", "bash", "shell")] == []
    assert [
        block.note for block in found if block.note.startswith("not run") and len(block.reason_not_to_run) < 10
    ] == []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)[^)]*\)", (DOCS / page).read_text(encoding="utf-8"))

    assert [link for link in links if "://" not in link and not (DOCS / link).exists()] == []


def test_every_message_of_the_faq_is_one_that_ronda_says() -> None:
    headings = re.findall(r"^### `(.*)`$", (DOCS / "faq.md").read_text(encoding="utf-8"), re.MULTILINE)
    folders = ("config", "enforcement", "integration", "ronda", "rules", "webhooks")
    sources = "".join(
        path.read_text(encoding="utf-8") for folder in folders for path in (DOCS.parent / folder).rglob("*.py")
    )

    assert len(headings) > 20
    assert [heading for heading in headings if heading not in sources] == []
