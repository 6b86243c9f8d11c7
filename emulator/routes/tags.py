"""The tags of a ticket: PUT adds, POST sets, DELETE removes (TAGS)."""

from emulator.behaviours.change import Change
from emulator.behaviours.ticket_values import read_tags
from emulator.behaviours.writing import update_ticket
from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.refusals import Refusal
from emulator.routes.tickets import api_via, find_ticket


def show(call: Call) -> Answer:
    return ok({"tags": list(find_ticket(call).tags)})


def _write(call: Call, verb: str) -> list[str]:
    """Change the tags; the tags of the ticket afterwards. Raises Refusal (400, 409, 422)."""
    ticket, said = find_ticket(call), call.json()
    tags = read_tags(said.get("tags"))
    change = Change(call.user, api_via(call))
    if verb == "set":
        change.values["tags"] = tags
    elif verb == "add":
        change.add_tags = tags
    else:
        change.remove_tags = tags
    if said.get("safe_update") in (True, "true"):
        stamp = said.get("updated_stamp")
        if not isinstance(stamp, str):
            raise Refusal.malformed("Invalid attribute", "safe_update needs updated_stamp")
        change.expected_stamp = stamp
    written = update_ticket(call.account, ticket, change)
    return list(ticket.tags if written is None else written.ticket.tags)


def add(call: Call) -> Answer:
    return ok({"tags": _write(call, "add")})


def set_all(call: Call) -> Answer:
    return created({"tags": _write(call, "set")})


def remove(call: Call) -> Answer:
    _write(call, "remove")
    return no_content()


_TAGS = "/api/v2/tickets/{ticket_id:int}/tags"

routes = [
    api("GET", _TAGS, show, "tickets:read"),
    api("PUT", _TAGS, add, "tickets:write", bucket="tickets-update"),
    api("POST", _TAGS, set_all, "tickets:write", bucket="tickets-update"),
    api("DELETE", _TAGS, remove, "tickets:write", bucket="tickets-update"),
]
