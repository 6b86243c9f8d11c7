"""Webhooks, their signing secrets and what became of their deliveries (WHAPI)."""

import base64
import secrets
from typing import Any
from urllib.parse import urlsplit

from emulator.account import Account
from emulator.behaviours.delivery import CONDITIONAL, ulid
from emulator.behaviours.signing import TEST_SECRET
from emulator.behaviours.ticket_events import MESSAGE_ADDED, TICKET_EVENTS
from emulator.clock import iso
from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.model import Attempt, Invocation, Json, Webhook
from emulator.pages import decode_cursor, encode_cursor
from emulator.refusals import Refusal

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
FORMATS = ("json", "xml", "form_encoded")
KINDS = frozenset({CONDITIONAL, MESSAGE_ADDED, *TICKET_EVENTS})
AUTHENTICATIONS = {"bearer_token": ("token",), "basic_auth": ("username", "password"), "api_key": ("name", "value")}
KEPT = 7 * 24 * 3600
TRIAL_WEBHOOKS = 10
WRITABLE = ("name", "endpoint", "http_method", "request_format", "status", "subscriptions", "description",
            "authentication", "custom_headers", "external_source")  # fmt: skip


def webhook_json(webhook: Webhook) -> dict[str, Json]:
    """A webhook; secrets of its authentication are never shown."""
    shown: dict[str, Json] = {
        "id": webhook.id,
        "name": webhook.name,
        "description": webhook.description,
        "endpoint": webhook.endpoint,
        "http_method": webhook.http_method,
        "request_format": webhook.request_format,
        "status": webhook.status,
        "subscriptions": list(webhook.subscriptions),
        "custom_headers": webhook.custom_headers,
        "external_source": webhook.external_source,
        "created_at": iso(webhook.created_at),
        "created_by": str(webhook.created_by),
        "updated_at": iso(webhook.updated_at),
        "updated_by": str(webhook.updated_by),
    }
    if webhook.authentication:
        kept = {key: value for key, value in webhook.authentication.items() if key != "data"}
        data = webhook.authentication.get("data")
        if isinstance(data, dict) and "username" in data:
            kept["data"] = {"username": data["username"]}
        shown["authentication"] = kept
    return shown


def find_webhook(call: Call) -> Webhook:
    """The webhook of the path. Raises Refusal (404)."""
    webhook = call.account.webhooks.get(call.path("webhook_id"))
    if webhook is None:
        raise Refusal(404, {"errors": [{"code": "WebhookNotFound", "title": "Not found", "detail": "No such webhook"}]})
    return webhook


def _bad(detail: str) -> Refusal:
    return Refusal(400, {"errors": [{"code": "InvalidWebhook", "title": "Invalid webhook", "detail": detail}]})


def _checked(document: dict[str, Json], before: Webhook | None) -> dict[str, Any]:
    """The properties of a whole webhook. Raises Refusal (400)."""
    said = {name: document[name] for name in WRITABLE if name in document}
    said.setdefault("subscriptions", [CONDITIONAL])
    for name in ("name", "endpoint", "http_method", "request_format", "status"):
        if not isinstance(said.get(name), str) or not said[name]:
            raise _bad(f"{name} is required")
    address = urlsplit(said["endpoint"])
    if address.scheme not in ("http", "https") or not address.hostname:
        raise _bad("endpoint must be an http or https URL")
    for name, words in (("http_method", METHODS), ("request_format", FORMATS), ("status", ("active", "inactive"))):
        if said[name] not in words:
            raise _bad(f"{name} must be one of {', '.join(words)}")
    kinds = said["subscriptions"]
    if not isinstance(kinds, list) or not kinds or not all(isinstance(kind, str) for kind in kinds):
        raise _bad("subscriptions must be a list of event types")
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise _bad(f"unknown subscription {unknown[0]}")
    conditional = CONDITIONAL in kinds
    if conditional and len(kinds) > 1:
        raise _bad(f"{CONDITIONAL} cannot be combined with events")
    if not conditional and (said["http_method"] != "POST" or said["request_format"] != "json"):
        raise _bad("a webhook that is subscribed to events uses POST and json")
    if before is not None and conditional != (CONDITIONAL in before.subscriptions):
        raise _bad("the kind of connection cannot be changed")
    for name in ("authentication", "custom_headers"):
        if said.get(name) is not None and not isinstance(said[name], dict):
            raise _bad(f"{name} must be an object")
    _check_authentication(said.get("authentication"))
    headers = said.get("custom_headers") or {}
    if not all(isinstance(value, str) and value.isascii() and name.isascii() for name, value in headers.items()):
        raise _bad("custom_headers must be texts")
    said["subscriptions"] = tuple(kinds)
    return said


def _check_authentication(said: dict[str, Json] | None) -> None:
    """Raises Refusal (400)."""
    if not said:
        return
    wanted = AUTHENTICATIONS.get(str(said.get("type")))
    data = said.get("data")
    if wanted is None:
        raise _bad(f"authentication.type must be one of {', '.join(AUTHENTICATIONS)}")
    if not isinstance(data, dict) or not all(isinstance(data.get(name), str) for name in wanted):
        raise _bad(f"authentication.data must hold {' and '.join(wanted)}")


def new_secret() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def create(call: Call) -> Answer:
    account, now = call.account, call.account.clock.seconds()
    document = call.document("webhook")
    if (original := account.webhooks.get(call.query.get("clone_webhook_id", ""))) is not None:
        document = {name: getattr(original, name) for name in WRITABLE} | {
            "subscriptions": list(original.subscriptions)
        } | document  # fmt: skip
    said = _checked(document, None)
    if account.sandbox and len(account.webhooks) >= TRIAL_WEBHOOKS:
        raise Refusal.forbidden("A trial account can have 10 webhooks.")
    webhook = Webhook(
        id=ulid(account), secret=new_secret(), created_at=now, updated_at=now, created_by=call.user.id,
        updated_by=call.user.id, **said
    )  # fmt: skip
    account.webhooks[webhook.id] = webhook
    shown = webhook_json(webhook) | {"signing_secret": secret_json(webhook)}
    return created({"webhook": shown})


def index(call: Call) -> Answer:
    rows = list(call.account.webhooks.values())
    if name := call.query.get("filter[name_contains]"):
        rows = [row for row in rows if name.casefold() in row.name.casefold()]
    if status := call.query.get("filter[status]"):
        rows = [row for row in rows if row.status == status]
    sort = call.query.get("sort", "")
    if sort.lstrip("-") in ("name", "status"):
        rows.sort(key=lambda row: getattr(row, sort.lstrip("-")), reverse=sort.startswith("-"))
    return _page(call, "webhooks", [webhook_json(row) for row in rows])


def _page(call: Call, name: str, rows: list[Json]) -> Answer:
    size = call.number("page[size]", 100, 100)
    after = call.query.get("page[after]")
    start = 0 if after is None else decode_cursor(after)
    more = start + size < len(rows)
    after_cursor = encode_cursor(start + size) if more else None
    url = f"{call.account.address}{call.request.url.path}?page[size]={size}&page[after]={after_cursor}"
    meta = {"has_more": more, "after_cursor": after_cursor, "before_cursor": encode_cursor(start) if start else None}
    return ok({name: rows[start : start + size], "meta": meta, "links": {"next": url if more else None, "prev": None}})


def show(call: Call) -> Answer:
    return ok({"webhook": webhook_json(find_webhook(call))})


def replace(call: Call) -> Answer:
    return _write(call, find_webhook(call), call.document("webhook"))


def patch(call: Call) -> Answer:
    webhook = find_webhook(call)
    current = {name: getattr(webhook, name) for name in WRITABLE} | {"subscriptions": list(webhook.subscriptions)}
    return _write(call, webhook, current | call.document("webhook"))


def _write(call: Call, webhook: Webhook, document: dict[str, Json]) -> Answer:
    for name, value in _checked(document, webhook).items():
        setattr(webhook, name, value)
    webhook.updated_at, webhook.updated_by = call.account.clock.seconds(), call.user.id
    return no_content()


def remove(call: Call) -> Answer:
    del call.account.webhooks[find_webhook(call).id]
    return no_content()


def secret_json(webhook: Webhook) -> dict[str, Json]:
    return {"algorithm": "SHA256", "secret": webhook.secret}


def signing_secret(call: Call) -> Answer:
    return ok({"signing_secret": secret_json(find_webhook(call))})


def rotate(call: Call) -> Answer:
    webhook = find_webhook(call)
    rotate_secret(call.account, webhook)
    return created({"signing_secret": secret_json(webhook)})


def rotate_secret(account: Account, webhook: Webhook) -> None:
    """Give the webhook a new secret; the old one signs on for as long as the switch says."""
    webhook.old_secret, webhook.secret = webhook.secret, new_secret()
    webhook.old_secret_until = account.clock.now() + account.switches.rotation_overlap


def invocation_json(invocation: Invocation) -> dict[str, Json]:
    return {
        "id": invocation.id,
        "status": invocation.status,
        "event_type": invocation.event_type,
        "latest_completed_at": iso(invocation.completed_at),
        "created_at": iso(invocation.created_at),
    }


def invocations(call: Call) -> Answer:
    """The invocations of the last seven days, newest first."""
    webhook, since = find_webhook(call), call.account.clock.now() - KEPT
    rows = [
        invocation_json(each)
        for each in reversed(call.account.invocations.values())
        if each.webhook_id == webhook.id and each.created_at >= since
    ]
    if status := call.query.get("filter[status]"):
        rows = [row for row in rows if row["status"] == status]
    return _page(call, "invocations", rows)


def attempt_json(attempt: Attempt) -> dict[str, Json]:
    return {
        "id": attempt.id,
        "status": attempt.status,
        "invocation_id": attempt.invocation_id,
        "completed_at": iso(attempt.completed_at),
        "request": {"headers": attempt.request_headers, "payload": attempt.request_payload},
        "response": {"status": attempt.response_status, "payload": attempt.response_payload},
    }


def attempts(call: Call) -> Answer:
    webhook = find_webhook(call)
    invocation = call.account.invocations.get(call.path("invocation_id"))
    if invocation is None or invocation.webhook_id != webhook.id:
        raise Refusal.not_found()
    return ok({"attempts": [attempt_json(each) for each in invocation.attempts]})


def test(call: Call) -> Answer:
    """Send a request to a webhook, or to one that does not exist yet and is signed with the public test secret."""
    account = call.account
    said = call.json().get("request")
    said = said if isinstance(said, dict) else {}
    known = account.webhooks.get(call.query.get("webhook_id", ""))
    now = account.clock.seconds()
    document = {"name": "test", "endpoint": "", "http_method": "POST", "request_format": "json", "status": "active"}
    if known is not None:
        document = {name: getattr(known, name) for name in document}
    document |= {key: said[key] for key in ("endpoint", "http_method", "request_format") if key in said}
    checked = _checked(document, None)
    secret = TEST_SECRET if known is None else known.secret
    webhook = Webhook(
        id="test" if known is None else known.id, secret=secret, created_at=now, updated_at=now,
        created_by=call.user.id, updated_by=call.user.id, **checked
    )  # fmt: skip
    payload = said.get("payload")
    invocation = call.zendesk.deliveries.send(webhook, "test", payload.encode() if isinstance(payload, str) else b"{}")
    return ok({"response": {"invocation_id": invocation.id, "status": invocation.status}})


_ONE = "/api/v2/webhooks/{webhook_id}"

routes = [
    api("POST", "/api/v2/webhooks/test", test, "webhooks:write", who="admin"),
    api("GET", "/api/v2/webhooks", index, "webhooks:read", who="admin"),
    api("POST", "/api/v2/webhooks", create, "webhooks:write", who="admin"),
    api("GET", _ONE, show, "webhooks:read", who="admin"),
    api("PUT", _ONE, replace, "webhooks:write", who="admin"),
    api("PATCH", _ONE, patch, "webhooks:write", who="admin"),
    api("DELETE", _ONE, remove, "webhooks:write", who="admin"),
    api("GET", f"{_ONE}/signing_secret", signing_secret, "webhooks:read", who="admin"),
    api("POST", f"{_ONE}/signing_secret", rotate, "webhooks:write", who="admin"),
    api("GET", f"{_ONE}/invocations", invocations, "webhooks:read", who="admin"),
    api("GET", f"{_ONE}/invocations/{{invocation_id}}/attempts", attempts, "webhooks:read", who="admin"),
]
