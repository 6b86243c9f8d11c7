"""Pages of the documentation as what can be run in them: commands with what they say, and files.

A comment before a block says what a reader need not see:
``<!-- not run: why -->``, ``<!-- file: name -->`` (the block is added to that file), ``<!-- exit 1 -->``.
``<!-- setup: connected -->`` at the top: the page begins where an installation stands.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"

_BLOCK = re.compile(r"(?:<!-- (?P<note>[^>]*) -->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Command:
    """``said``: the lines shown below it, each somewhere in its output; ``…`` stands for anything."""

    line: str
    said: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    note: str
    kind: str
    text: str

    @property
    def reason_not_to_run(self) -> str:
        return self.note.removeprefix("not run:").strip() if self.note.startswith("not run:") else ""

    @property
    def exit_code(self) -> int:
        return int(self.note.removeprefix("exit ")) if self.note.startswith("exit ") else 0

    @property
    def file(self) -> str:
        return self.note.removeprefix("file:").strip() if self.note.startswith("file:") else ""

    @property
    def commands(self) -> Iterator[Command]:
        for part in re.split(r"^\$ ", self.text, flags=re.MULTILINE)[1:]:
            line, *said = part.splitlines()
            yield Command(line, tuple(filter(None, said)))


def blocks(page: str) -> list[Block]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return [Block(found["note"] or "", found["kind"], found["text"]) for found in _BLOCK.finditer(text)]


def setup_of(page: str) -> tuple[str, ...]:
    found = re.search(r"^<!-- setup: (.*) -->$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE)
    return tuple(found[1].split(", ")) if found else ()


def shows(output: str, line: str) -> bool:
    """Whether a line of the output is this one, ``…`` being anything."""
    pattern = ".*".join(re.escape(part.strip()) for part in line.split("…"))
    return re.search(pattern, output) is not None
