"""Many tickets at once, merging, and the jobs that do it (TICKETS, JOBS)."""

from collections.abc import Callable
from typing import Any

from emulator.behaviours.jobs import Result, job_json, start
from emulator.behaviours.merging import merge, soft_delete
from emulator.behaviours.ticket_values import as_id
from emulator.behaviours.writing import open_ticket, update_ticket
from emulator.http import Answer, Call, api, ok
from emulator.model import Json, Ticket
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes.ticket_input import read_change, read_new_ticket
from emulator.routes.tickets import api_via, find_ticket

MOST = 100


def update_many(call: Call) -> Answer:
    """`?ids=` with one change for all, or a batch with one change each."""
    if "ids" in call.query:
        same = call.document("ticket")
        documents = [{**same, "id": number} for number in call.ids()]
    else:
        documents = _batch(call, "tickets")
        _check_safety(documents)
    return _job(call, "update", [_updating(call, document) for document in documents])


def create_many(call: Call) -> Answer:
    return _job(call, "create", [_creating(call, document) for document in _batch(call, "tickets")])


def _batch(call: Call, name: str) -> list[dict[str, Json]]:
    documents = call.json().get(name)
    if not isinstance(documents, list) or not all(isinstance(each, dict) for each in documents):
        raise Refusal.missing_parameter(name)
    if len(documents) > MOST:
        raise Refusal(400, {"error": "TooManyValues", "description": f"Exceeded the {MOST} {name} limit"})
    return documents


def _check_safety(documents: list[dict[str, Json]]) -> None:
    """A batch needs both safe keys if either is given. Raises Refusal (400)."""
    if any(("safe_update" in each) != ("updated_stamp" in each) for each in documents):
        raise Refusal.malformed("Invalid attribute", "safe_update and updated_stamp belong together")


def _job(call: Call, action: str, steps: list[Callable[[], Result]]) -> Answer:
    job = start(call.account, f"Bulk {action.capitalize()} Ticket", steps)
    return ok({"job_status": job_json(call.account, job)})


def _updating(call: Call, document: dict[str, Json]) -> Callable[[], Result]:
    account, user, via = call.account, call.user, api_via(call)

    def step() -> Result:
        number = as_id(document.get("id"))
        ticket = account.tickets.get(number or 0)
        result: Result = {"id": number, "action": "update"}
        if ticket is None or ticket.deleted:
            return result | {"success": False, "error": "TicketNotFound", "details": "Ticket not found"}
        try:
            update_ticket(account, ticket, read_change(account, user, via, document, bulk=True))
        except Refusal as refusal:
            told = refusal.body if isinstance(refusal.body, dict) else {}
            error = "TicketUpdateFailed" if refusal.status == 422 else told.get("error", "TicketUpdateFailed")
            details = str(told.get("details", told.get("description")))
            return result | {"success": False, "error": error, "details": details}
        return result | {"success": True, "status": "Updated"}

    return step


def _creating(call: Call, document: dict[str, Json]) -> Callable[[], Result]:
    account, user, via = call.account, call.user, api_via(call)

    def step() -> Result:
        written = open_ticket(account, read_new_ticket(account, user, via, document))
        return {"id": written.ticket.id, "action": "create", "status": "Created", "success": True}

    return step


def merge_into(call: Call) -> Answer:
    """Merge the tickets of `ids` into the one of the path."""
    account, target, said = call.account, find_ticket(call), call.json()
    ids = said.get("ids")
    numbers = [as_id(each) for each in ids] if isinstance(ids, list) else []
    sources = [account.tickets[number] for number in numbers if number in account.tickets]
    if not sources or len(sources) != len(numbers) or target in sources:
        raise Refusal.malformed("Invalid attribute", "ids must be other tickets")
    if any(ticket.status == "closed" for ticket in (*sources, target)):
        raise Refusal.malformed("Invalid attribute", "closed tickets cannot be merged")
    words: dict[str, Any] = {
        "source_comment": _text(said, "source_comment"),
        "target_comment": _text(said, "target_comment"),
        "source_public": said.get("source_comment_is_public") is True,
        "target_public": said.get("target_comment_is_public") is True,
    }
    user = call.user

    def step() -> Result:
        merge(account, user, target.id, [ticket.id for ticket in sources], **words)
        return {"id": target.id, "action": "merge", "success": True, "status": "Merged"}

    job = start(account, "Ticket Merge", [step])
    return ok({"job_status": job_json(account, job)})


def _text(said: dict[str, Json], name: str) -> str | None:
    return said[name] if isinstance(said.get(name), str) and said[name].strip() else None


def job_status(call: Call) -> Answer:
    job = call.account.jobs.get(call.path("job_id"))
    if job is None:
        raise Refusal.not_found()
    return ok({"job_status": job_json(call.account, job)})


def job_statuses(call: Call) -> Answer:
    jobs = list(call.account.jobs.values())
    return paged(call, "job_statuses", jobs, lambda job: job_json(call.account, job))


def jobs_show_many(call: Call) -> Answer:
    wanted = call.query.get("ids", "").split(",")
    jobs = [call.account.jobs[number] for number in wanted if number in call.account.jobs]
    return ok({"job_statuses": [job_json(call.account, job) for job in jobs]})


def destroy_many(call: Call) -> Answer:
    account, user = call.account, call.user

    def deleting(ticket: Ticket) -> Callable[[], Result]:
        def step() -> Result:
            soft_delete(account, user, ticket)
            return {"id": ticket.id, "action": "delete", "success": True, "status": "Deleted"}

        return step

    found = [account.tickets[number] for number in call.ids() if number in account.tickets]
    return _job(call, "delete", [deleting(ticket) for ticket in found if not ticket.deleted])


routes = [
    api("PUT", "/api/v2/tickets/update_many", update_many, "tickets:write", bucket="tickets-update"),
    api("POST", "/api/v2/tickets/create_many", create_many, "tickets:write"),
    api("DELETE", "/api/v2/tickets/destroy_many", destroy_many, "tickets:write", bucket="tickets-delete"),
    api("POST", "/api/v2/tickets/{ticket_id:int}/merge", merge_into, "tickets:write"),
    api("GET", "/api/v2/job_statuses", job_statuses, "read"),
    api("GET", "/api/v2/job_statuses/show_many", jobs_show_many, "read"),
    api("GET", "/api/v2/job_statuses/{job_id}", job_status, "read"),
]
