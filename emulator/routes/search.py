"""Search and its export (SEARCH)."""

from collections.abc import Callable

from emulator.account import Account
from emulator.behaviours.searching import (
    SORTS,
    find_tickets,
    invalid_search,
    kinds_of,
    parse,
    sort_tickets,
    sorting_of,
)
from emulator.http import Answer, Call, api, ok
from emulator.model import Group, Json, Organization, Ticket, User
from emulator.pages import decode_cursor, encode_cursor, link
from emulator.refusals import Refusal
from emulator.shapes.people import group_json, organization_json, user_json
from emulator.shapes.tickets import ticket_json

MOST_RESULTS = 1_000
LARGEST_EXPORT_PAGE = 1_000
CURSOR_LIFETIME = 3600

Row = Ticket | User | Organization | Group


def search(call: Call) -> Answer:
    if any(key.startswith("page[") for key in call.query):
        raise Refusal.malformed("Invalid parameter", "search has no cursor pagination; use page and per_page")
    rows = found(call, _query(call))
    number, size = call.number("page", 1), call.number("per_page", 100, 100)
    if number * size > MOST_RESULTS and number > 1:
        raise invalid_search("Requested response size was greater than Search Response Limits")
    page = rows[(number - 1) * size : number * size]
    return ok(
        {
            "results": [_shown(call.account, row) for row in page],
            "facets": None,
            "next_page": link(call, {"page": number + 1, "per_page": size}) if number * size < len(rows) else None,
            "previous_page": link(call, {"page": number - 1, "per_page": size}) if number > 1 else None,
            "count": len(rows),
        }
    )


def count(call: Call) -> Answer:
    return ok({"count": len(found(call, _query(call)))})


def export(call: Call) -> Answer:
    """All results of one type, ordered by creation; the cursor lives for an hour."""
    kind = call.query.get("filter[type]")
    if kind not in ("ticket", "user", "organization", "group"):
        raise Refusal.missing_parameter("filter[type]")
    query = _query(call)
    if any(term.key == "type" and term.value != kind for term in parse(query)):
        raise invalid_search("type is given by filter[type]")  # the same type once more is what zenpy sends
    now = call.account.clock.now()
    size = call.number("page[size]", 100, LARGEST_EXPORT_PAGE)
    after = call.query.get("page[after]")
    start, born = (0, now) if after is None else _export_cursor(after)
    if now - born > CURSOR_LIFETIME:
        raise Refusal.malformed("Invalid cursor", "the cursor has expired")
    rows = found(call, f"type:{kind} {query}")
    rows.sort(key=lambda row: (row.created_at, row.id))
    page = rows[start : start + size]
    more = start + size < len(rows)
    cursor = f"{encode_cursor(start + len(page))}.{int(born)}" if page else None
    following = link(call, {"page[size]": size, "page[after]": cursor}) if more else None
    return ok(
        {
            "results": [_shown(call.account, row) for row in page],
            "facets": None,
            "meta": {"has_more": more, "after_cursor": cursor, "before_cursor": None},
            "links": {"next": following, "prev": None},
        }
    )


def _export_cursor(text: str) -> tuple[int, float]:
    position, _, born = text.partition(".")
    return decode_cursor(position), float(born) if born.isdecimal() else 0.0


def _query(call: Call) -> str:
    query = call.query.get("query")
    if query is None:
        raise Refusal.missing_parameter("query")
    return query


def found(call: Call, query: str) -> list[Row]:
    """Everything that a query finds, tickets first."""
    account, rows = call.account, list[Row]()
    kinds = kinds_of(query)
    if "ticket" in kinds:
        tickets = find_tickets(account, query, call.user)
        _sort(call, query, tickets)
        rows.extend(tickets)
    words = [term for term in parse(query) if term.key not in ("type", "order_by", "sort")]
    tables: list[tuple[str, Callable[[], list[Row]]]] = [
        ("user", lambda: [user for user in account.users.values() if user.active]),
        ("organization", lambda: list(account.organizations.values())),
        ("group", lambda: list(account.groups.values())),
    ]
    for kind, table in tables:
        if kind in kinds:
            rows.extend(row for row in table() if all(_has(row, term.key, term.value) for term in words))
    return rows


def _sort(call: Call, query: str, tickets: list[Ticket]) -> None:
    field, direction = sorting_of(query) or (call.query.get("sort_by"), call.query.get("sort_order", "desc"))
    if field in SORTS:
        sort_tickets(tickets, field, direction)


def _has(row: Row, key: str | None, value: str) -> bool:
    wanted = value.casefold()
    if key is None:
        texts = [str(getattr(row, name, None) or "") for name in ("name", "email", "external_id")]
        return any(word.startswith(wanted) for text in texts for word in [text.casefold(), *text.casefold().split()])
    return str(getattr(row, key, None) or "").casefold() == wanted


def _shown(account: Account, row: Row) -> dict[str, Json]:
    match row:
        case Ticket():
            return ticket_json(account, row) | {"result_type": "ticket"}
        case User():
            return user_json(account, row) | {"result_type": "user"}
        case Group():
            return group_json(account, row) | {"result_type": "group"}
        case Organization():
            return organization_json(account, row) | {"result_type": "organization"}


routes = [
    api("GET", "/api/v2/search", search, "read", bucket="search-index"),
    api("GET", "/api/v2/search/count", count, "read", bucket="search-index"),
    api("GET", "/api/v2/search/export", export, "read", bucket="search-export"),
]
