"""The comments and audits of a ticket (COMMENTS, AUDITS)."""

from emulator.clock import iso
from emulator.http import Answer, Call, api, ok
from emulator.model import Audit
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes.tickets import find_ticket, included
from emulator.shapes.history import audit_json, comment_json
from emulator.shapes.people import user_json


def comments(call: Call) -> Answer:
    account, ticket = call.account, find_ticket(call)
    rows = list(account.comments(ticket.id))
    if call.query.get("sort", "").startswith("-") or call.query.get("sort_order") == "desc":
        rows.reverse()

    def people(page: object) -> dict[str, object]:  # noqa: ARG001
        if "users" not in included(call):
            return {}
        ids = sorted({comment.author_id for _, comment in rows})
        return {"users": [user_json(account, account.users[number]) for number in ids if number in account.users]}

    return paged(call, "comments", rows, lambda row: comment_json(account, *row), people)


def comment_count(call: Call) -> Answer:
    number = sum(1 for _ in call.account.comments(find_ticket(call).id))
    return ok({"count": {"value": number, "refreshed_at": iso(call.account.clock.now())}})


def audits(call: Call) -> Answer:
    account, ticket = call.account, find_ticket(call)
    rows = account.audits[ticket.id]
    if call.query.get("sort", "").startswith("-") or call.query.get("sort_order") == "desc":
        rows = rows[::-1]
    return paged(call, "audits", rows, lambda audit: audit_json(account, audit))


def audit(call: Call) -> Answer:
    found: Audit | None = next(
        (each for each in call.account.audits[find_ticket(call).id] if each.id == call.path("audit_id")), None
    )
    if found is None:
        raise Refusal.not_found()
    return ok({"audit": audit_json(call.account, found)})


def audit_count(call: Call) -> Answer:
    number = len(call.account.audits[find_ticket(call).id])
    return ok({"count": {"value": number, "refreshed_at": iso(call.account.clock.now())}})


_TICKET = "/api/v2/tickets/{ticket_id:int}"

routes = [
    api("GET", f"{_TICKET}/comments", comments, "tickets:read"),
    api("GET", f"{_TICKET}/comments/count", comment_count, "tickets:read"),
    api("GET", f"{_TICKET}/audits", audits, "read", bucket="ticket-audits"),
    api("GET", f"{_TICKET}/audits/count", audit_count, "read", bucket="ticket-audits"),
    api("GET", f"{_TICKET}/audits/{{audit_id:int}}", audit, "read", bucket="ticket-audits"),
]
