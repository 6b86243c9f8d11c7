"""Files of a person's written whole or not at all: settings, packs, what was set up in the account."""

import contextlib
import os
import tempfile
from pathlib import Path


class CannotWrite(Exception):
    """A file could not be written: its folder is not there, may not be written, or the disk is full or read-only."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(
            f"{path}: cannot be written ({why}); give this user the right to write {path.absolute().parent},"
            " or go to a folder on a disk that can be written"
        )
        self.path = path


def check_writable(path: Path) -> None:
    """See beforehand that ``write_file`` can write here; nothing is left behind. Raises CannotWrite."""
    if path.exists() and not path.is_file():
        raise CannotWrite(path, "it is no file")
    try:
        with tempfile.TemporaryFile(dir=path.absolute().parent):
            pass
    except OSError as error:
        raise CannotWrite(path, error.strerror or type(error).__name__) from error


def write_file(path: Path, text: str, mode: int = 0o644) -> None:
    """Replace the file at once: who reads it meanwhile sees the old text or the new. UTF-8. Raises CannotWrite."""
    part: Path | None = None
    try:
        number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")  # mode 600 from the start
        part = Path(name)
        with os.fdopen(number, "w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        part.chmod(mode)
        part.replace(path)
    except OSError as error:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        raise CannotWrite(path, error.strerror or type(error).__name__) from error
