"""The JSON of a ticket's metrics, counted from its audits (METRICS)."""

from emulator.account import Account
from emulator.clock import iso
from emulator.model import CommentEvent, FieldEvent, Json, Ticket


def metric_json(account: Account, ticket: Ticket) -> dict[str, Json]:
    """The ticket's metrics, counted from its audits. Minutes are calendar minutes; business ones are not emulated."""
    since = dict.fromkeys(("status", "custom_status_id", "assignee_id", "group_id", "requester"), ticket.created_at)
    assigned: list[int] = []
    solved_at: int | None = None
    first_reply: int | None = None
    reopens = replies = 0
    latest_comment = ticket.created_at
    stations: dict[str, set[Json]] = {"assignee_id": set(), "group_id": set()}
    for audit in account.audits[ticket.id]:
        for event in audit.events:
            if isinstance(event, FieldEvent):
                if event.name in since:
                    since[event.name] = audit.created_at
                if event.name in stations and event.value is not None:
                    stations[event.name].add(event.value)
                    if event.name == "assignee_id":
                        assigned.append(audit.created_at)
                if event.name == "status":
                    reopens += event.previous == "solved" and event.value != "closed"
                    solved_at = audit.created_at if event.value == "solved" else solved_at
            elif isinstance(event, CommentEvent):
                latest_comment = audit.created_at
                author = account.users.get(event.author_id)
                if author is not None and author.is_staff and event.public and event is not _first(account, ticket):
                    replies += 1
                    first_reply = first_reply if first_reply is not None else audit.created_at
                if event.author_id == ticket.requester_id:
                    since["requester"] = audit.created_at
    return {
        "url": f"{account.address}/api/v2/ticket_metrics/{ticket.id}.json",
        "id": ticket.id,
        "ticket_id": ticket.id,
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "group_stations": len(stations["group_id"]),
        "assignee_stations": len(stations["assignee_id"]),
        "reopens": reopens,
        "replies": replies,
        "assignee_updated_at": iso(since["assignee_id"]),
        "requester_updated_at": iso(since["requester"]),
        "status_updated_at": iso(since["status"]),
        "custom_status_updated_at": iso(since["custom_status_id"]),
        "initially_assigned_at": iso(assigned[0] if assigned else None),
        "assigned_at": iso(assigned[-1] if assigned else None),
        "solved_at": iso(solved_at),
        "latest_comment_added_at": iso(latest_comment),
        "reply_time_in_minutes": _minutes(ticket.created_at, first_reply),
        "first_resolution_time_in_minutes": _minutes(ticket.created_at, solved_at),
        "full_resolution_time_in_minutes": _minutes(ticket.created_at, solved_at),
        "agent_wait_time_in_minutes": _minutes(0, None),
        "requester_wait_time_in_minutes": _minutes(0, None),
        "on_hold_time_in_minutes": _minutes(0, None),
    }


def _first(account: Account, ticket: Ticket) -> CommentEvent | None:
    return next((comment for _, comment in account.comments(ticket.id)), None)


def _minutes(start: int, end: int | None) -> dict[str, Json]:
    return {"calendar": None if end is None else (end - start) // 60, "business": None}
