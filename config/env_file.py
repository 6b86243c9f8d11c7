"""`.env`: values are set in its text, and every other line stays as it is. The file is its owner's alone (mode 600)."""

import io
import re
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

from dotenv.parser import Binding, parse_stream

from config.writing import CannotWrite, write_file

EXAMPLE = Path(__file__).parent / "example.env"
PRIVATE = 0o600
_PLAIN = re.compile(r"[\w@%+=:,./ -]*", re.ASCII)


class UnreadableFile(Exception):
    """The file is not there, is none, may not be read, or is not UTF-8."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path}: {why}")


class UnwritableValue(Exception):
    """A value that the format of `.env` cannot hold: it has a line break, or ``${``."""


def set_values(path: Path, values: Mapping[str, str]) -> bool:
    """Set these variables in the file, or begin it with all settings and their comments; whether anything changed.

    Raises CannotWrite, UnwritableValue.
    """
    try:
        is_private = not stat.S_IMODE(path.stat().st_mode) & 0o077
        before = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        is_private, before = False, ""
    except OSError as error:
        raise CannotWrite(path, error.strerror or type(error).__name__) from error
    after = with_values(before or EXAMPLE.read_text(encoding="utf-8"), values)
    if after == before and is_private:
        return False
    write_file(path, after, PRIVATE)
    return True


def with_values(text: str, values: Mapping[str, str]) -> str:
    """The text with these variables set: where they stand, or at its end. Raises UnwritableValue."""
    lines = text.splitlines()
    for name, value in values.items():
        line = f"{name}={_quoted(name, value)}"
        places = [place for place, each in enumerate(lines) if re.match(rf"\s*(?:export\s+)?{name}\s*=", each)]
        for place in places:
            lines[place] = line
        if not places:
            lines.append(line)
    return "\n".join(lines) + "\n"


def bindings_of(path: Path) -> list[Binding]:
    """The file's statements as they are read, comments and what is broken included. Raises UnreadableFile."""
    if path.exists() and not path.is_file():
        raise UnreadableFile(path, "cannot be read (it is no file)")
    try:
        return list(parse_stream(io.StringIO(path.read_bytes().decode("utf-8-sig"))))
    except OSError as error:
        raise UnreadableFile(path, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise UnreadableFile(path, f"line {line} is not written in UTF-8") from error


def broken_lines(bindings: list[Binding]) -> Iterator[tuple[int, str]]:
    """Lines, from 1, that would be passed over, or taken for something else, without a word; and what is wrong."""
    first: dict[str, int] = {}
    for each in bindings:
        text = each.original.string
        line = each.original.line + text[: len(text) - len(text.lstrip())].count("\n")
        if each.error or (each.key is not None and each.value is None):
            yield line, "not a setting; write NAME=value, with both quotes of a value on its line"
        elif each.key is not None and re.search(r"\n\s*(?:export\s+)?RONDA_\w*\s*=", text.strip(), re.IGNORECASE):
            yield line, "its quote is closed some lines later only; write NAME='value' on one line"
        elif each.key is not None and each.key.upper() in first:
            yield line, f"{each.key} stands on line {first[each.key.upper()]} already; keep one of them"
        elif each.key is not None:
            first[each.key.upper()] = line


def _quoted(name: str, value: str) -> str:
    if "${" in value or not value.isprintable():
        raise UnwritableValue(f"{name}: this value cannot stand in .env; set it in the environment")
    if _PLAIN.fullmatch(value) and value == value.strip():
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
