"""What `ronda connect` made, remembered beside the data file: ids only, so that exactly that can be taken away."""

import json
from dataclasses import asdict
from pathlib import Path

from config.writing import CannotWrite, write_file
from integration.connection import Made


def connection_file(data: Path) -> Path:
    return data.with_name(data.name + ".connection")


def read_made(data: Path, host: str) -> Made:
    """What was made in this account; nothing if there is no file, or one about another account. Raises CannotWrite."""
    path = connection_file(data)
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        fields = {int(number): str(title) for number, title in said["fields"].items()}
        made = Made(str(said["host"]), str(said["webhook"]), int(said["trigger"]), fields)
    except FileNotFoundError:
        return Made(host)
    except OSError as error:
        raise CannotWrite(path, error.strerror or type(error).__name__) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        return Made(host)  # what carries our mark in the account is found again without it
    return made if made.host == host else Made(host)


def keep_made(data: Path, made: Made) -> None:
    """Remember, or forget where nothing is left. Raises CannotWrite."""
    path = connection_file(data)
    if made == Made(made.host):
        path.unlink(missing_ok=True)
    else:
        write_file(path, json.dumps(asdict(made), ensure_ascii=False, indent=2) + "\n")
