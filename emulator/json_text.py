"""JSON as it comes in and goes out: nothing gets in that could not be written out again."""

import json
from typing import NoReturn

from pydantic_core import to_json

from emulator.model import Json

DEEPEST = 64  # levels of nesting; far beyond any body that Zendesk documents


def read_json(content: bytes) -> Json:
    """Parse a body. Half characters (a lone \\ud800) become the replacement sign. Raises ValueError."""
    try:
        body = json.loads(content, parse_constant=_no_number)
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if content.count(b"[") + content.count(b"{") > DEEPEST and _depth(body) > DEEPEST:
        raise ValueError("nested too deeply")
    if b"\\ud" in content.lower():
        text = json.dumps(body, ensure_ascii=False)
        body = json.loads(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
    return body


def _no_number(word: str) -> NoReturn:
    raise ValueError(f"{word} is no JSON")


def _depth(body: Json) -> int:
    level, depth = [body], 0
    while level:
        depth += 1
        level = [
            inner
            for each in level
            if isinstance(each, (dict, list))
            for inner in (each.values() if isinstance(each, dict) else each)
        ]
    return depth


def write_json(body: Json) -> bytes:
    """UTF-8; a number beyond all floats becomes null."""
    return to_json(body, inf_nan_mode="null")
