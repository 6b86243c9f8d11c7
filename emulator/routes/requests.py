"""Requests: tickets as their requesters see them, public comments only."""

from emulator.account import Account
from emulator.behaviours.change import Change, NewComment
from emulator.behaviours.writing import open_ticket, update_ticket
from emulator.clock import iso
from emulator.http import Answer, Call, api, created, ok
from emulator.model import Json, Ticket
from emulator.pages import paged
from emulator.refusals import Refusal, problem
from emulator.routes.ticket_input import read_comment
from emulator.routes.tickets import api_via
from emulator.shapes.history import comment_json
from emulator.shapes.tickets import via_json


def request_json(account: Account, ticket: Ticket) -> dict[str, Json]:
    fields = [{"id": field.id, "value": ticket.custom_fields.get(field.id)} for field in account.custom_fields()]
    return {
        "url": f"{account.address}/api/v2/requests/{ticket.id}.json",
        "id": ticket.id,
        "status": "open" if ticket.status in ("new", "hold") else ticket.status,
        "priority": ticket.priority,
        "type": ticket.type,
        "subject": ticket.subject,
        "description": ticket.description,
        "organization_id": ticket.organization_id,
        "via": via_json(ticket.via),
        "custom_fields": fields,
        "requester_id": ticket.requester_id,
        "collaborator_ids": list(ticket.email_cc_ids),
        "email_cc_ids": list(ticket.email_cc_ids),
        "is_public": ticket.is_public,
        "due_at": iso(ticket.due_at),
        "can_be_solved_by_me": False,
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "recipient": ticket.recipient,
        "followup_source_id": ticket.followup_source_id,
        "assignee_id": ticket.assignee_id,
        "ticket_form_id": ticket.ticket_form_id,
        "custom_status_id": ticket.custom_status_id,
        "fields": fields,
    }


def own(call: Call) -> Ticket:
    """The caller's request of the path. Raises Refusal (404)."""
    ticket = call.account.tickets.get(call.path("request_id"))
    if ticket is None or ticket.deleted or call.user.id not in (ticket.requester_id, *ticket.email_cc_ids):
        raise Refusal.not_found()
    return ticket


def index(call: Call) -> Answer:
    account = call.account
    tickets = [account.tickets[number] for number in account.requested.get(call.user.id, [])]
    rows = [ticket for ticket in tickets if not ticket.deleted and ticket.is_public]
    return paged(call, "requests", rows, lambda ticket: request_json(account, ticket))


def show(call: Call) -> Answer:
    return ok({"request": request_json(call.account, own(call))})


def comments(call: Call) -> Answer:
    account = call.account
    rows = [row for row in account.comments(own(call).id) if row[1].public]
    return paged(call, "comments", rows, lambda row: comment_json(account, *row))


def create(call: Call) -> Answer:
    account, document = call.account, call.document("request")
    change = Change(call.user, api_via(call), comment=_comment(call, document))
    if change.comment is None:
        raise Refusal.invalid({"base": [problem("Description", "cannot be blank")]})
    change.values = {"requester_id": call.user.id, "submitter_id": call.user.id}
    if isinstance(subject := document.get("subject"), str):
        change.values["subject"] = subject
    ticket = open_ticket(account, change).ticket
    return created({"request": request_json(account, ticket)}, f"{account.address}/api/v2/requests/{ticket.id}.json")


def update(call: Call) -> Answer:
    """A customer's reply."""
    ticket, document = own(call), call.document("request")
    change = Change(call.user, api_via(call), comment=_comment(call, document))
    written = update_ticket(call.account, ticket, change)
    return ok({"request": request_json(call.account, ticket if written is None else written.ticket)})


def _comment(call: Call, document: dict[str, Json]) -> NewComment | None:
    """What a customer says is public and their own."""
    comment = read_comment(call.account, document.get("comment"), {})
    if comment is not None:
        comment.public, comment.author = True, call.user
    return comment


routes = [
    api("GET", "/api/v2/requests", index, "requests:read", who="anyone"),
    api("POST", "/api/v2/requests", create, "requests:write", who="anyone"),
    api("GET", "/api/v2/requests/{request_id:int}", show, "requests:read", who="anyone"),
    api("PUT", "/api/v2/requests/{request_id:int}", update, "requests:write", who="anyone"),
    api("GET", "/api/v2/requests/{request_id:int}/comments", comments, "requests:read", who="anyone"),
]
