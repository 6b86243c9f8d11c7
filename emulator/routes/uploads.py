"""Uploads, which become attachments when a comment names their token."""

import secrets

from emulator.clock import iso
from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.model import Attachment
from emulator.refusals import Refusal
from emulator.shapes.history import attachment_json

LIFETIME = 3 * 24 * 3600


def upload(call: Call) -> Answer:
    account = call.account
    name = call.query.get("filename")
    if not name:
        raise Refusal.missing_parameter("filename")
    token = call.query.get("token") or secrets.token_urlsafe(20)
    kind = call.request.headers.get("Content-Type", "application/octet-stream")
    number = account.ids.next("attachment")
    account.attachments[number] = Attachment(number, name, kind, call.content, token)
    together = [attachment_json(account, each) for each in account.attachments.values() if each.token == token]
    expires_at = iso(account.clock.now() + LIFETIME)
    body = {"token": token, "expires_at": expires_at, "attachment": together[-1], "attachments": together}
    return created({"upload": body})


def remove(call: Call) -> Answer:
    account, token = call.account, call.path("token")
    for attachment in list(account.attachments.values()):
        if attachment.token == token:
            del account.attachments[attachment.id]
    return no_content()


def show(call: Call) -> Answer:
    attachment = call.account.attachments.get(call.path("attachment_id"))
    if attachment is None:
        raise Refusal.not_found()
    return ok({"attachment": attachment_json(call.account, attachment)})


def content(call: Call) -> Answer:
    """The file itself, for whoever knows its token."""
    token, name = call.path("token"), call.query.get("name")
    for attachment in call.account.attachments.values():
        if attachment.token == token and name in (None, attachment.file_name):
            # never rendered in the emulator's own origin
            headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
            return Answer(200, None, headers, attachment.content, "application/octet-stream")
    raise Refusal.not_found()


routes = [
    api("POST", "/api/v2/uploads", upload, "write", who="anyone"),
    api("DELETE", "/api/v2/uploads/{token}", remove, "write"),
    api("GET", "/api/v2/attachments/{attachment_id:int}", show, "read"),
    api("GET", "/attachments/token/{token}", content, None),
    api("GET", "/attachments/token/{token}/", content, None),
]
