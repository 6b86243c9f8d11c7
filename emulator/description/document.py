"""Puts the description together as an OpenAPI 3.1 document."""

import re
from typing import Any

from emulator.description import people, settings, tickets
from emulator.description.calls import CALLS, Described
from emulator.description.schema import INTEGER, TEXT, Schema, ref

NUMBERS = frozenset({"page", "per_page", "page[size]", "start_time"})
TEXT_IDS = frozenset({"webhook_id", "invocation_id", "job_id", "token"})
NEEDED = {  # query parameters without which a call is 400
    "/api/v2/search": ("query",),
    "/api/v2/search/count": ("query",),
    "/api/v2/search/export": ("query", "filter[type]"),
    "/api/v2/uploads": ("filename",),
}
REASONS = {
    400: "Unreadable, or a parameter is missing or malformed",
    401: "No credentials, or wrong ones",
    403: "Not for this role or scope",
    404: "There is no such record",
    409: "The record changed since it was read",
    413: "The body is too large",
    422: "What was asked for breaks a rule; `details` says which",
    429: "Too many requests; see Retry-After",
}
LIMIT_HEADERS = ("X-Rate-Limit", "X-Rate-Limit-Remaining", "ratelimit-limit", "ratelimit-remaining", "ratelimit-reset")


def describe(address: str = "http://127.0.0.1") -> dict[str, Any]:
    """The whole document; `address` is where the emulator answers."""
    paths: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        paths.setdefault(call.path, {})[call.method.lower()] = _operation(call)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Zendesk, as far as it is emulated",
            "version": "2",
            "description": "Written from Zendesk's documentation; not by Zendesk.",
        },
        "servers": [{"url": address}],
        "security": [{"token": []}, {"bearer": []}],
        "paths": paths,
        "components": {
            "schemas": tickets.SCHEMAS | people.SCHEMAS | settings.SCHEMAS,
            "responses": {str(status): _refusal(status, reason) for status, reason in REASONS.items()},
            "securitySchemes": {
                "token": {"type": "http", "scheme": "basic", "description": "`<email>/token` and an API token"},
                "bearer": {"type": "http", "scheme": "bearer", "description": "an OAuth access token"},
            },
        },
    }


def _operation(call: Described) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "summary": call.summary,
        "operationId": f"{call.method.lower()}{re.sub(r'[^a-z0-9]+', '_', call.path)}".strip("_"),
        "parameters": _parameters(call),
        "responses": {
            **{str(status): _answer(call, status, schema) for status, schema in call.answers.items()},
            **{str(status): {"$ref": f"#/components/responses/{status}"} for status in REASONS},
        },
    }
    if not call.login:
        operation["security"] = []
    if call.takes is not None:
        operation["requestBody"] = {"required": True, "content": {call.sends: {"schema": call.takes}}}
    return operation


def _parameters(call: Described) -> list[dict[str, Any]]:
    of_path = [
        {"name": name, "in": "path", "required": True, "schema": TEXT if name in TEXT_IDS else INTEGER}
        for name in re.findall(r"{(\w+)}", call.path)
    ]
    needed = NEEDED.get(call.path, ())
    of_query = [
        {"name": name, "in": "query", "required": name in needed, "schema": INTEGER if name in NUMBERS else TEXT}
        for name in call.query
    ]
    return of_path + of_query + [{"name": name, "in": "header", "schema": TEXT} for name in call.parameters]


def _answer(call: Described, status: int, schema: Schema | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": "Done"}
    counted = call.login and "/search" not in call.path  # search has a bucket of its own
    names = (*(LIMIT_HEADERS if counted else ()), *(call.headers if status == 201 else ()))
    if names:
        answer["headers"] = {name: {"schema": TEXT, "required": True} for name in names}
    if schema is not None:
        answer["content"] = {call.media: {"schema": schema}}
    return answer


def _refusal(status: int, reason: str) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": reason,
        "content": {"application/json": {"schema": ref("Error")}, "text/plain": {"schema": TEXT}},
    }
    if status == 429:
        answer["headers"] = {"Retry-After": {"schema": TEXT, "required": True}}
    return answer
