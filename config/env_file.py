"""`.env`: values are set in its text, and every other line stays as it is. The file is its owner's alone (mode 600)."""

import re
import stat
from collections.abc import Mapping
from pathlib import Path

from config.writing import CannotWrite, write_file

EXAMPLE = Path(__file__).parent / "example.env"
PRIVATE = 0o600
_PLAIN = re.compile(r"[\w@%+=:,./ -]*", re.ASCII)


class UnwritableValue(Exception):
    """A value that the format of `.env` cannot hold: it has a line break, or ``${``."""


def set_values(path: Path, values: Mapping[str, str]) -> bool:
    """Set these variables in the file, or begin it with all settings and their comments; whether anything changed.

    Raises CannotWrite, UnwritableValue.
    """
    try:
        is_private = not stat.S_IMODE(path.stat().st_mode) & 0o077
        before = path.read_text(encoding="utf-8")
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


def _quoted(name: str, value: str) -> str:
    if "${" in value or not value.isprintable():
        raise UnwritableValue(f"{name}: this value cannot stand in .env; set it in the environment")
    if _PLAIN.fullmatch(value) and value == value.strip():
        return value
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"
