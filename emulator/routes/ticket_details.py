"""What belongs to one ticket: metrics, related records, people, incidents (METRICS, TICKETS)."""

from emulator.account import Account
from emulator.clock import iso
from emulator.http import Answer, Call, api, ok
from emulator.model import CommentEvent, FieldEvent, Json, Ticket
from emulator.pages import paged
from emulator.routes.tickets import find_ticket, page_of_tickets
from emulator.shapes.people import user_json


def metrics(call: Call) -> Answer:
    return ok({"ticket_metric": metric_json(call.account, find_ticket(call))})


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


def related(call: Call) -> Answer:
    account, ticket = call.account, find_ticket(call)
    return ok(
        {
            "ticket_related": {
                "url": f"{account.address}/api/v2/tickets/{ticket.id}/related.json",
                "topic_id": None,
                "jira_issue_ids": [],
                "followup_source_ids": [] if ticket.followup_source_id is None else [ticket.followup_source_id],
                "from_archive": False,
                "incidents": len(account.incidents.get(ticket.id, ())),
                "twitter": {},
            }
        }
    )


def _people(call: Call, ids: tuple[int, ...]) -> Answer:
    rows = [call.account.users[number] for number in ids if number in call.account.users]
    return paged(call, "users", rows, lambda user: user_json(call.account, user))


def collaborators(call: Call) -> Answer:
    ticket = find_ticket(call)
    return _people(call, tuple(sorted({*ticket.follower_ids, *ticket.email_cc_ids})))


def followers(call: Call) -> Answer:
    return _people(call, find_ticket(call).follower_ids)


def email_ccs(call: Call) -> Answer:
    return _people(call, find_ticket(call).email_cc_ids)


def incidents(call: Call) -> Answer:
    account = call.account
    numbers = sorted(account.incidents.get(find_ticket(call).id, ()))
    return page_of_tickets(call, [account.tickets[number] for number in numbers])


_ONE = "/api/v2/tickets/{ticket_id:int}"

routes = [
    api("GET", f"{_ONE}/metrics", metrics, "tickets:read"),
    api("GET", f"{_ONE}/related", related, "tickets:read"),
    api("GET", f"{_ONE}/collaborators", collaborators, "tickets:read"),
    api("GET", f"{_ONE}/followers", followers, "tickets:read"),
    api("GET", f"{_ONE}/email_ccs", email_ccs, "tickets:read"),
    api("GET", f"{_ONE}/incidents", incidents, "tickets:read"),
]
