"""Deleting tickets, restoring them, and marking them as spam."""

from emulator.behaviours.jobs import Result, job_json, start
from emulator.behaviours.merging import delete_for_good, mark_as_spam, restore, soft_delete
from emulator.clock import iso
from emulator.http import Answer, Call, api, no_content, ok
from emulator.model import Json, Ticket
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes.tickets import find_ticket


def delete(call: Call) -> Answer:
    soft_delete(call.account, call.user, find_ticket(call))
    return no_content()


def spam(call: Call) -> Answer:
    mark_as_spam(call.account, call.user, find_ticket(call))
    return ok(None)


def deleted_json(call: Call, ticket: Ticket) -> dict[str, Json]:
    account = call.account
    last = account.audits[ticket.id][-1]
    actor = account.users.get(last.author_id)
    return {
        "id": ticket.id,
        "subject": ticket.subject,
        "description": None,
        "actor": {"id": last.author_id, "name": None if actor is None else actor.name},
        "deleted_at": iso(last.created_at),
        "previous_state": ticket.status,
    }


def deleted(call: Call) -> Answer:
    rows = [ticket for ticket in call.account.tickets.values() if ticket.deleted and not ticket.scrubbed]
    return paged(call, "deleted_tickets", rows, lambda ticket: deleted_json(call, ticket))


def bring_back(call: Call) -> Answer:
    ticket = find_ticket(call, deleted=True)
    if not ticket.deleted or ticket.scrubbed:
        raise Refusal.not_found()
    restore(call.account, call.user, ticket)
    return ok(None)


def delete_permanently(call: Call) -> Answer:
    account, user, ticket = call.account, call.user, find_ticket(call, deleted=True)
    if not ticket.deleted or ticket.scrubbed:
        raise Refusal.not_found()

    def step() -> Result:
        delete_for_good(account, user, account.tickets[ticket.id])
        return {"id": ticket.id, "action": "delete", "success": True, "status": "Deleted"}

    return ok({"job_status": job_json(account, start(account, "Permanently Delete Tickets", [step]))})


_ONE = "/api/v2/tickets/{ticket_id:int}"

routes = [
    api("DELETE", _ONE, delete, "tickets:write", bucket="tickets-delete"),
    api("PUT", f"{_ONE}/mark_as_spam", spam, "tickets:write", bucket="tickets-update"),
    api("GET", "/api/v2/deleted_tickets", deleted, "tickets:read", bucket="deleted-tickets"),
    api("DELETE", "/api/v2/deleted_tickets/{ticket_id:int}", delete_permanently, "tickets:write"),
    api("PUT", "/api/v2/deleted_tickets/{ticket_id:int}/restore", bring_back, "tickets:write"),
]
