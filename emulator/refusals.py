"""The answers by which Zendesk says no, in the envelopes it documents or was seen to use."""

from collections.abc import Mapping
from typing import Self

from emulator.model import Json

Problem = dict[str, Json]


class Refusal(Exception):
    """A request that is answered with an error status."""

    def __init__(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = dict(headers or {})

    @classmethod
    def not_found(cls) -> Self:
        return cls(404, {"error": "RecordNotFound", "description": "Not found"})

    @classmethod
    def not_emulated(cls, path: str) -> Self:
        return cls(
            404,
            {"error": "InvalidEndpoint", "description": f"Not found: {path} is not emulated (see docs/emulator.md)"},
        )

    @classmethod
    def unauthenticated(cls) -> Self:
        return cls(401, {"error": "Couldn't authenticate you"}, {"WWW-Authenticate": 'Basic realm="Web Password"'})

    @classmethod
    def invalid_token(cls) -> Self:
        description = "The access token provided is expired, revoked, malformed or invalid for other reasons."
        return cls(
            401,
            {"error": "invalid_token", "error_description": description},
            {"WWW-Authenticate": f'Bearer realm="Zendesk", error="invalid_token", error_description="{description}"'},
        )

    @classmethod
    def forbidden(cls, message: str = "You do not have access to this page.") -> Self:
        return cls(403, {"error": {"title": "Forbidden", "message": message}})

    @classmethod
    def missing_scope(cls) -> Self:
        return cls(
            403, {"error": "Forbidden", "description": "You are missing the following required scopes: see the page"}
        )

    @classmethod
    def malformed(cls, title: str, detail: str) -> Self:
        return cls(400, {"errors": [{"code": "BadRequest", "title": title, "detail": detail}]})

    @classmethod
    def unreadable(cls, message: str = "JSON malformed in request") -> Self:
        return cls(400, {"error": "InvalidJSON", "description": message})

    @classmethod
    def missing_parameter(cls, name: str) -> Self:
        return cls(400, {"error": {"title": "Invalid attribute", "message": f"Parameter {name} is required"}})

    @classmethod
    def invalid(cls, details: Mapping[str, list[Problem]]) -> Self:
        return cls(422, {"error": "RecordInvalid", "description": "Record validation errors", "details": dict(details)})

    @classmethod
    def conflict(cls) -> Self:
        return cls(
            409,
            {
                "error": "UpdateConflict",
                "description": "Safe Update prevented the update due to outdated ticket data. "
                "Please fetch the latest ticket data and try again.",
            },
        )


def problem(field: str, what: str, error: str | None = None) -> Problem:
    """One entry of `details`, such as `Status: is invalid`."""
    found: Problem = {"description": f"{field}: {what}"}
    return found | {"error": error} if error else found
