"""Tickets: read, open, update (TICKETS)."""

from collections.abc import Sequence
from operator import attrgetter

from emulator.account import Account
from emulator.behaviours.jobs import job_json, start
from emulator.behaviours.writing import open_ticket, update_ticket
from emulator.clock import iso
from emulator.http import Answer, Call, api, created, ok
from emulator.model import Audit, Json, Ticket, Via
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes.ticket_input import read_change, read_new_ticket
from emulator.shapes.configuration import status_json
from emulator.shapes.history import audit_json
from emulator.shapes.metrics import metric_json
from emulator.shapes.people import group_json, organization_json, user_json
from emulator.shapes.tickets import ticket_json

LONGEST_KEY = 255
KEY_LIFETIME = 2 * 3600


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
    rows = [ticket for ticket in account.tickets.values() if not ticket.deleted]
    if "external_id" in call.query:
        rows = [ticket for ticket in rows if ticket.external_id == call.query["external_id"]]
    sort = call.query.get("sort", "id")
    if sort.lstrip("-") not in ("id", "updated_at", "status"):
        raise Refusal.malformed("Invalid parameter", "sort must be id, updated_at or status")
    rows.sort(key=attrgetter("id"))
    if sort != "id":  # sorting keeps the order of equals
        rows.sort(key=attrgetter(sort.lstrip("-")))
        rows = rows[::-1] if sort.startswith("-") else rows
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
    if "metric_sets" in wanted:
        loaded["metric_sets"] = [metric_json(account, ticket) for ticket in tickets]
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
    """Open a ticket: at once, by a job (`?async=true`), or not again (Idempotency-Key)."""
    account, user, via, document = call.account, call.user, api_via(call), call.document("ticket")
    key = call.request.headers.get("Idempotency-Key")
    known = _known(call, key) if key is not None else None
    if known is not None:
        return _opened(account, known, account.audits[known.id][0], "hit")
    change = read_new_ticket(account, user, via, document)
    if call.query.get("async") == "true":
        job = start(account, "Create Ticket", [lambda: {"id": open_ticket(account, change).ticket.id, "success": True}])
        return Answer(202, {"job_status": job_json(account, job)})
    written = open_ticket(account, change)
    if key is not None:
        account.idempotency[key] = (account.clock.now() + KEY_LIFETIME, call.content, written.ticket.id)
    return _opened(account, written.ticket, written.audit, None if key is None else "miss")


def _known(call: Call, key: str) -> Ticket | None:
    """The ticket that this key opened in the last two hours. Raises Refusal (400) if the bodies differ."""
    if len(key) > LONGEST_KEY:
        raise _idempotent_error(f"Idempotency key is longer than {LONGEST_KEY} characters")
    until, content, number = call.account.idempotency.get(key, (0.0, b"", 0))
    if until <= call.account.clock.now():
        return None
    if content != call.content:
        raise _idempotent_error("Request parameters don't match the given idempotency key")
    return call.account.tickets[number]


def _idempotent_error(why: str) -> Refusal:
    return Refusal(400, {"error": "IdempotentRequestError", "description": why})


def _opened(account: Account, ticket: Ticket, audit: Audit, lookup: str | None) -> Answer:
    location = f"{account.address}/api/v2/tickets/{ticket.id}.json"
    answer = created({"ticket": ticket_json(account, ticket), "audit": audit_json(account, audit)}, location)
    if lookup is not None:
        answer.headers["x-idempotency-lookup"] = lookup
    return answer


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
