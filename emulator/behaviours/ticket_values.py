"""Reads single values of tickets as Zendesk does: ids, tags, and what the types of fields allow."""

from typing import Any

from emulator.clock import parse_time
from emulator.model import PRIORITIES, STATUSES, TYPES, Json, TicketField

WORDS = {"status": STATUSES, "priority": PRIORITIES, "type": TYPES}


def as_id(value: Json) -> int | None:
    """An id, which may come as a number or as its text; None for anything else."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdecimal() and len(value) < 20 else None


def read_tags(said: Json) -> tuple[str, ...]:
    """Tags are lower case, without spaces, each once; a text holds several."""
    words = said.replace(",", " ").split() if isinstance(said, str) else said if isinstance(said, list) else []
    tags = [str(word).strip().lower().replace(" ", "_") for word in words if isinstance(word, (str, int))]
    return tuple(sorted({tag for tag in tags if tag}))


def field_value(field: TicketField, value: Json) -> Any:
    """The value as the field keeps it. Raises ValueError."""
    if value is None or value == "":
        return None
    allowed = {option.value for option in field.options}
    match field.type:
        case "checkbox":
            return value in (True, "true", "1", 1) or None
        case "tagger":
            if value not in allowed:
                raise ValueError(value)
            return value
        case "multiselect":
            chosen = value if isinstance(value, list) else [value]
            if not all(isinstance(one, str) and one in allowed for one in chosen):
                raise ValueError(value)
            return chosen
        case "integer":
            return int(str(value)[:20])
        case "decimal":
            return str(float(value))
        case "date":
            parse_time(str(value))
            return str(value)
    return str(value)
