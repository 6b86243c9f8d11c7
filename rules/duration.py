"""Lengths of time as people write them: ``90s``, ``5m``, ``2h``, ``47h50m``, ``3d``, ``1w``."""

import re
from datetime import timedelta
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, WithJsonSchema

_PATTERN = r"^(?=.)(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,6})h)?(?:(\d{1,7})m)?(?:(\d{1,9})s)?$"
_PARTS = re.compile(_PATTERN)
_UNITS = ("weeks", "days", "hours", "minutes", "seconds")


def parse_duration(text: str) -> timedelta:
    """Raises ValueError, saying how to write one."""
    found = _PARTS.match(text.replace(" ", ""))
    if found is None:
        raise ValueError(f"{text!r} is no length of time; write 90s, 5m, 2h, 47h50m, 3d or 1w")
    return timedelta(**{unit: int(part) for unit, part in zip(_UNITS, found.groups(), strict=True) if part})


def spelt(length: timedelta) -> str:
    """The same as people say it: ``47h50m``, and in days from the third on."""
    if length < timedelta():
        return f"-{spelt(-length)}"
    rest, parts = int(length.total_seconds()), []
    units = (("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1))
    for letter, seconds in units if length >= timedelta(days=3) else units[1:]:
        count, rest = divmod(rest, seconds)
        parts.append(f"{count}{letter}" if count else "")
    return "".join(parts) or "0m"


def _read(given: Any) -> Any:
    if isinstance(given, str):
        return parse_duration(given)
    if isinstance(given, timedelta):
        return given
    if given == 0:
        return timedelta()
    raise ValueError(f"'{given}' is no length of time; write 90s, 5m, 2h, 47h50m, 3d or 1w")


Duration: TypeAlias = Annotated[
    timedelta, BeforeValidator(_read), WithJsonSchema({"type": "string", "pattern": _PATTERN, "examples": ["47h50m"]})
]
