"""What belongs to one ticket: metrics, related records, people, incidents (METRICS, TICKETS)."""

from emulator.http import Answer, Call, api, ok
from emulator.pages import paged
from emulator.routes.tickets import find_ticket, page_of_tickets
from emulator.shapes.metrics import metric_json
from emulator.shapes.people import user_json


def metrics(call: Call) -> Answer:
    return ok({"ticket_metric": metric_json(call.account, find_ticket(call))})


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
