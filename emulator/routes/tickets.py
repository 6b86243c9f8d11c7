"""Tickets: read, open, update (TICKETS)."""

from collections.abc import Sequence

from emulator.account import Account
from emulator.behaviours.writing import open_ticket, update_ticket
from emulator.clock import iso
from emulator.http import Answer, Call, api, created, ok
from emulator.model import Audit, Json, Ticket, Via
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes.ticket_input import read_change, read_new_ticket
from emulator.shapes.configuration import status_json
from emulator.shapes.history import audit_json
from emulator.shapes.people import group_json, organization_json, user_json
from emulator.shapes.tickets import ticket_json


def api_via(call: Call) -> Via:
    """The via of what comes by the API."""
    oauth = call.caller is not None and call.caller.client
    return Via(call.account.switches.via_channel_of_oauth if oauth else "api")


def find_ticket(call: Call, *, deleted: bool = False) -> Ticket:
    """The ticket of the path. Raises Refusal (404)."""
    ticket = call.account.tickets.get(call.path("ticket_id"))
    if ticket is None or (ticket.deleted and not deleted):
        raise Refusal.not_found()
    return ticket


def index(call: Call) -> Answer:
    account = call.account
    rows = [ticket for _, ticket in sorted(account.tickets.items()) if not ticket.deleted]
    if "external_id" in call.query:
        rows = [ticket for ticket in rows if ticket.external_id == call.query["external_id"]]
    sort = call.query.get("sort", "id")
    if sort.lstrip("-") not in ("id", "updated_at", "status"):
        raise Refusal.malformed("Invalid parameter", "sort must be id, updated_at or status")
    rows.sort(key=lambda ticket: (getattr(ticket, sort.lstrip("-")), ticket.id), reverse=sort.startswith("-"))
    return page_of_tickets(call, rows)


def page_of_tickets(call: Call, rows: Sequence[Ticket]) -> Answer:
    return paged(
        call,
        "tickets",
        rows,
        lambda ticket: shown(call, ticket),
        lambda page: sideloads(call, page),
    )


def shown(call: Call, ticket: Ticket) -> dict[str, Json]:
    """The ticket, with `comment_count` if it was asked for."""
    document = ticket_json(call.account, ticket)
    if "comment_count" in included(call):
        document["comment_count"] = sum(1 for _ in call.account.comments(ticket.id))
    return document


def included(call: Call) -> list[str]:
    return [word.strip() for word in call.query.get("include", "").split(",")]


def sideloads(call: Call, tickets: Sequence[Ticket]) -> dict[str, Json]:
    """What `include=users,groups,...` adds to an answer about these tickets."""
    account, wanted, loaded = call.account, included(call), {}
    if "users" in wanted:
        loaded["users"] = users_of(account, tickets)
    if "groups" in wanted:
        ids = sorted({ticket.group_id for ticket in tickets if ticket.group_id is not None})
        loaded["groups"] = [group_json(account, account.groups[number]) for number in ids]
    if "organizations" in wanted:
        ids = sorted({ticket.organization_id for ticket in tickets if ticket.organization_id is not None})
        loaded["organizations"] = [organization_json(account, account.organizations[number]) for number in ids]
    if "custom_statuses" in wanted:
        ids = sorted({ticket.custom_status_id for ticket in tickets})
        loaded["custom_statuses"] = [status_json(account, account.statuses[number]) for number in ids]
    return loaded


def users_of(account: Account, tickets: Sequence[Ticket]) -> list[Json]:
    ids = {
        number
        for ticket in tickets
        for number in (
            ticket.requester_id, ticket.submitter_id, ticket.assignee_id, *ticket.follower_ids, *ticket.email_cc_ids
        )
    }  # fmt: skip
    return [user_json(account, account.users[number]) for number in sorted(ids - {None}) if number in account.users]  # type: ignore[type-var]


def count(call: Call) -> Answer:
    number = sum(not ticket.deleted for ticket in call.account.tickets.values())
    return ok({"count": {"value": number, "refreshed_at": iso(call.account.clock.now())}})


def show(call: Call) -> Answer:
    ticket = find_ticket(call)
    return ok({"ticket": shown(call, ticket)} | sideloads(call, [ticket]))


def show_many(call: Call) -> Answer:
    found = [call.account.tickets[number] for number in call.ids() if number in call.account.tickets]
    return page_of_tickets(call, [ticket for ticket in found if not ticket.deleted])


def create(call: Call) -> Answer:
    account = call.account
    change = read_new_ticket(account, call.user, api_via(call), call.document("ticket"))
    written = open_ticket(account, change)
    location = f"{account.address}/api/v2/tickets/{written.ticket.id}.json"
    body = {"ticket": ticket_json(account, written.ticket), "audit": audit_json(account, written.audit)}
    return created(body, location)


def update(call: Call) -> Answer:
    account, ticket = call.account, find_ticket(call)
    change = read_change(account, call.user, api_via(call), call.document("ticket"))
    written = update_ticket(account, ticket, change)
    if written is None:  # nothing changed: there is no audit to keep
        audit = Audit(account.ids.next("event"), ticket.id, account.clock.seconds(), call.user.id, change.via, ())
        return ok({"ticket": ticket_json(account, ticket), "audit": audit_json(account, audit)})
    return ok({"ticket": ticket_json(account, written.ticket), "audit": audit_json(account, written.audit)})


routes = [
    api("GET", "/api/v2/tickets", index, "tickets:read"),
    api("POST", "/api/v2/tickets", create, "tickets:write"),
    api("GET", "/api/v2/tickets/count", count, "tickets:read"),
    api("GET", "/api/v2/tickets/show_many", show_many, "tickets:read"),
    api("GET", "/api/v2/tickets/{ticket_id:int}", show, "tickets:read"),
    api("PUT", "/api/v2/tickets/{ticket_id:int}", update, "tickets:write", bucket="tickets-update"),
]
