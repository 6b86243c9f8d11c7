"""Pagination of lists: by cursor (`page[size]`) and by offset (`page`, `per_page`), with their limits."""

import base64
from collections.abc import Callable, Sequence
from typing import TypeVar
from urllib.parse import quote, urlencode

from emulator.http import Answer, Call, ok
from emulator.model import Json
from emulator.refusals import Refusal

T = TypeVar("T")
PAGE = 100
DEEPEST = 10_000


def paged(
    call: Call,
    name: str,
    rows: Sequence[T],
    show: Callable[[T], Json],
    extra: Callable[[Sequence[T]], dict[str, Json]] | None = None,
    *,
    cursor_only: bool = False,
) -> Answer:
    """A page of `rows` under `name`; `extra` makes the sideloads of the page. Raises Refusal (400)."""
    if cursor_only or any(key.startswith("page[") for key in call.query):
        return ok(_by_cursor(call, name, rows, show, extra))
    return ok(_by_offset(call, name, rows, show, extra))


def _by_cursor(
    call: Call,
    name: str,
    rows: Sequence[T],
    show: Callable[[T], Json],
    extra: Callable[[Sequence[T]], dict[str, Json]] | None,
) -> dict[str, Json]:
    size = call.number("page[size]", PAGE, PAGE)
    after, before = call.query.get("page[after]"), call.query.get("page[before]")
    if before is not None:
        end = decode_cursor(before)
        start = max(0, end - size)
    else:
        start = 0 if after is None else decode_cursor(after)
        end = min(len(rows), start + size)
    page = rows[start:end]
    has_more = start > 0 if before is not None else end < len(rows)
    after_cursor, before_cursor = (encode_cursor(end), encode_cursor(start)) if page else (None, None)
    links = {
        "next": link(call, {"page[size]": size, "page[after]": after_cursor}) if end < len(rows) and page else None,
        "prev": link(call, {"page[size]": size, "page[before]": before_cursor}) if start > 0 and page else None,
    }
    meta = {"has_more": has_more, "after_cursor": after_cursor, "before_cursor": before_cursor}
    body: dict[str, Json] = {name: [show(row) for row in page]}
    return body | (extra(page) if extra is not None else {}) | {"meta": meta, "links": links}


def _by_offset(
    call: Call,
    name: str,
    rows: Sequence[T],
    show: Callable[[T], Json],
    extra: Callable[[Sequence[T]], dict[str, Json]] | None,
) -> dict[str, Json]:
    number, size = call.number("page", 1), call.number("per_page", PAGE, PAGE)
    if number * size > DEEPEST and number > 1:
        title = "Invalid page number or size"
        detail = f"Requested page {number} with {size} records goes beyond the first {DEEPEST} records. Use cursors."
        raise Refusal(400, {"errors": [{"code": "InvalidPaginationDepth", "title": title, "detail": detail}]})
    start = (number - 1) * size
    page = rows[start : start + size]
    more = start + size < len(rows)
    body: dict[str, Json] = {name: [show(row) for row in page]}
    body |= extra(page) if extra is not None else {}
    return body | {
        "next_page": link(call, {"page": number + 1, "per_page": size}) if more else None,
        "previous_page": link(call, {"page": number - 1, "per_page": size}) if number > 1 else None,
        "count": len(rows),
    }


def link(call: Call, changes: dict[str, Json]) -> str:
    """The address of another page of the same list."""
    kept = {key: value for key, value in call.query.items() if not key.startswith("page")}
    kept.pop("per_page", None)
    query = urlencode(kept | changes, quote_via=quote, safe="[],:")
    return f"{call.account.address}{call.request.url.path}?{query}"


def encode_cursor(position: int) -> str:
    return base64.urlsafe_b64encode(f"o:{position}".encode()).decode().rstrip("=")


def decode_cursor(text: str) -> int:
    """Raises Refusal (400)."""
    position = -1
    try:
        kind, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(":")
        if kind == "o" and number.isdecimal():
            position = int(number)
    except ValueError:
        pass  # it stays what no position is
    if position < 0:
        raise Refusal(
            400, {"errors": [{"code": "InvalidPaginationParameter", "title": "page[after] is not valid",
                              "detail": "Cursor is malformed"}]}
        )  # fmt: skip
    return position
