"""Incremental exports: tickets by cursor and by time, and ticket events (INCR). The last minute is never told."""

import base64
from bisect import bisect_left, bisect_right
from itertools import islice

from emulator.account import Account
from emulator.behaviours.channels import via_id, via_type
from emulator.http import Answer, Call, api, ok
from emulator.model import Audit, CommentEvent, Event, FieldEvent, Json, OtherEvent
from emulator.refusals import Refusal
from emulator.routes.tickets import included, sideloads
from emulator.shapes.history import event_json
from emulator.shapes.tickets import ticket_json

HOLE = 60  # seconds that are never told
PAGE = 1_000
SAMPLE = 50


def start_time(call: Call) -> int:
    """Raises Refusal (400, 422)."""
    text = call.query.get("start_time", "")
    if not text.isascii() or not text.isdecimal():
        raise Refusal.missing_parameter("start_time")
    start = int(text[:12])
    if start > call.account.clock.now() - HOLE:
        raise Refusal(
            422,
            {
                "error": "StartTimeTooRecent",
                "description": "Too recent start_time. Use a start_time older than 60 seconds",
            },
        )
    return start


def _horizon(account: Account) -> int:
    """The first second that is not told yet."""
    return int(account.clock.now() - HOLE) + 1


def page_of_changes(account: Account, start: tuple[int, int], size: int) -> tuple[list[tuple[int, int]], bool]:
    """The changes from `start` on, each ticket once with its last change; and whether that is all for now."""
    first, end = bisect_left(account.changes, start), bisect_left(account.changes, (_horizon(account), 0))
    current = (
        (at, number)
        for at, number in islice(account.changes, first, end)
        if account.tickets[number].generated_timestamp == at
    )
    page = list(islice(current, size))
    return page, next(current, None) is None


def by_cursor(call: Call) -> Answer:
    account = call.account
    cursor = call.query.get("cursor")
    start = (start_time(call), 0) if cursor is None else _decode(cursor)
    page, complete = page_of_changes(account, start, call.number("per_page", PAGE, PAGE))
    last = (page[-1][0], page[-1][1] + 1) if page else start
    after = _encode(last)
    tickets = [account.tickets[number] for _, number in page]
    if call.query.get("exclude_deleted") == "true":
        tickets = [ticket for ticket in tickets if not ticket.deleted]
    body: dict[str, Json] = {"tickets": [ticket_json(account, ticket) for ticket in tickets]}
    return ok(
        body
        | sideloads(call, tickets)
        | {
            "after_cursor": after,
            "after_url": f"{account.address}/api/v2/incremental/tickets/cursor.json?cursor={after}",
            "before_cursor": None,
            "before_url": None,
            "end_of_stream": complete,
        }
    )


def _encode(position: tuple[int, int]) -> str:
    return base64.urlsafe_b64encode(f"{position[0]}||{position[1]}".encode()).decode().rstrip("=")


def _decode(text: str) -> tuple[int, int]:
    """Raises Refusal (400)."""
    try:
        at, _, number = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition("||")
        return int(at[:12]), int(number[:18])
    except ValueError as error:
        raise Refusal(400, {"error": "InvalidCursor", "description": "The cursor is invalid"}) from error


def by_time(call: Call) -> Answer:
    """The older variant; it repeats tickets at the edges of pages."""
    account, start, size = call.account, start_time(call), call.number("per_page", PAGE, PAGE)
    page, complete = page_of_changes(account, (start, 0), size)
    if page and not complete:  # a page holds whole seconds, or it would never end
        rest, _ = page_of_changes(account, (page[-1][0], page[-1][1] + 1), len(account.changes))
        page += [entry for entry in rest if entry[0] == page[-1][0]]
    tickets = [account.tickets[number] for _, number in page]
    end = page[-1][0] if page else None
    return ok(
        {"tickets": [ticket_json(account, ticket) for ticket in tickets]}
        | sideloads(call, tickets)
        | _by_time(call, len(page), end, complete=complete)
    )


def _by_time(call: Call, count: int, end: int | None, *, complete: bool) -> dict[str, Json]:
    path = call.request.url.path
    include = call.query.get("include")
    more = f"&include={include}" if include else ""
    following = None if end is None else f"{call.account.address}{path}.json?start_time={end}{more}"
    return {"count": count, "end_time": end, "next_page": following, "end_of_stream": complete}


def ticket_events(call: Call) -> Answer:
    account, start, size = call.account, start_time(call), call.number("per_page", PAGE, PAGE)
    log = account.audit_log
    first = bisect_left(log, start, key=lambda audit: audit.created_at)
    horizon = bisect_left(log, _horizon(account), key=lambda audit: audit.created_at)
    last = min(first + size, horizon)
    if first < last < horizon:  # whole seconds
        last = min(bisect_right(log, log[last - 1].created_at, key=lambda audit: audit.created_at), horizon)
    page = log[first:last]
    comments = "comment_events" in included(call)
    end = page[-1].created_at if page else None
    return ok(
        {"ticket_events": [_ticket_event(account, audit, comments=comments) for audit in page]}
        | _by_time(call, len(page), end, complete=last >= horizon)
    )


def _ticket_event(account: Account, audit: Audit, *, comments: bool) -> dict[str, Json]:
    return {
        "id": audit.id,
        "ticket_id": audit.ticket_id,
        "timestamp": audit.created_at,
        "updater_id": audit.author_id,
        "via": _title(audit.via.channel),
        "via_reference_id": None,
        "system": {"client": "emulator", "location": "São Paulo, SP, Brazil"},
        "metadata": {},
        "merged_ticket_ids": [],
        "event_type": "Audit",
        "child_events": [_child(account, audit, event, comments=comments) for event in audit.events],
    }


def _child(account: Account, audit: Audit, event: Event, *, comments: bool) -> dict[str, Json]:
    via = event.via or audit.via
    common: dict[str, Json] = {"id": event.id, "via": _title(via.channel), "via_reference_id": via.origin.get("id")}
    match event:
        case FieldEvent():
            told: dict[str, Json] = {event.name: event.value, "event_type": "Create" if event.created else "Change"}
            return common | told | ({} if event.created else {"previous_value": event.previous})
        case CommentEvent() if comments:
            return common | event_json(account, audit, event) | {"event_type": "Comment", "via": common["via"]}
        case CommentEvent():
            return common | {"comment_present": True, "comment_public": event.public, "event_type": "Comment"}
        case OtherEvent():
            return common | {"event_type": event.type}


def _title(channel: str) -> str:
    return via_type(channel).replace("_", " ").capitalize() if via_id(channel) is not None else channel


def sample(call: Call) -> Answer:
    account = call.account
    page, _ = page_of_changes(account, (start_time(call), 0), SAMPLE)
    tickets = [ticket_json(account, account.tickets[number]) for _, number in page]
    return ok({"tickets": tickets, "count": len(tickets), "end_of_stream": True})


routes = [
    api("GET", "/api/v2/incremental/tickets/cursor", by_cursor, "read", who="admin", bucket="incremental-exports"),
    api("GET", "/api/v2/incremental/tickets", by_time, "read", who="admin", bucket="incremental-exports"),
    api("GET", "/api/v2/incremental/tickets/sample", sample, "read", who="admin", bucket="incremental-exports"),
    api("GET", "/api/v2/incremental/ticket_events", ticket_events, "read", who="admin", bucket="incremental-exports"),
]
