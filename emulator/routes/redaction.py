"""Making comments private, and taking words and files out of them."""

from emulator.behaviours.edit import Edit
from emulator.behaviours.redacting import redact_attachment, redact_text
from emulator.behaviours.writing import finish
from emulator.http import Answer, Call, api, ok
from emulator.model import Audit, CommentEvent
from emulator.refusals import Refusal, problem
from emulator.routes.tickets import api_via, find_ticket
from emulator.shapes.history import attachment_json, comment_json


def find_comment(call: Call) -> tuple[Audit, CommentEvent]:
    """The comment of the path with its audit. Raises Refusal (404)."""
    for audit, comment in call.account.comments(find_ticket(call).id):
        if comment.id == call.path("comment_id"):
            return audit, comment
    raise Refusal.not_found()


def make_private(call: Call) -> Answer:
    """One way: a public comment becomes a note."""
    account, ticket, (_, comment) = call.account, find_ticket(call), find_comment(call)
    comment.public = False
    edit = Edit(account, ticket, ticket, call.user, api_via(call))
    edit.note("CommentPrivacyChange", {"comment_id": comment.id, "public": False})
    edit.ticket.is_public = any(each.public for _, each in account.comments(ticket.id))
    finish(edit)
    return ok(None)


def redact(call: Call) -> Answer:
    account, ticket, (audit, comment) = call.account, find_ticket(call), find_comment(call)
    text = call.json().get("text")
    if not isinstance(text, str) or not text or text not in comment.body:
        raise Refusal.invalid({"text": [problem("Text", "is not in the comment")]})
    redact_text(account, call.user, api_via(call), ticket, comment, text)
    return ok({"comment": comment_json(account, audit, comment)})


def redact_file(call: Call) -> Answer:
    account, ticket, (_, comment) = call.account, find_ticket(call), find_comment(call)
    number = call.path("attachment_id")
    if number not in comment.attachments:
        raise Refusal.not_found()
    redact_attachment(account, call.user, api_via(call), ticket, comment, number)
    return ok({"attachment": attachment_json(account, account.attachments[number])})


_COMMENT = "/api/v2/tickets/{ticket_id:int}/comments/{comment_id:int}"

routes = [
    api("PUT", f"{_COMMENT}/make_private", make_private, "tickets:write", bucket="tickets-update"),
    api("PUT", f"{_COMMENT}/redact", redact, "tickets:write", bucket="tickets-update"),
    api("PUT", f"{_COMMENT}/attachments/{{attachment_id:int}}/redact", redact_file, "tickets:write"),
]
