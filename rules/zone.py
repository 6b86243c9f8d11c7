"""Time zones by their IANA names, and moments as people there read them."""

from datetime import datetime
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator

HOME = "America/Sao_Paulo"  # of both desks, where a pack names none


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is no time zone; write an IANA name such as {HOME}") from error
    return name


ZoneName: TypeAlias = Annotated[str, AfterValidator(_zone)]


def local(moment: datetime, zone: str) -> str:
    """``2026-03-12 11:05``, on the wall clocks of the zone."""
    return moment.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M")
