"""Zendesk says no: what its five kinds of error answers have in common."""

from collections.abc import Iterator
from typing import Any

import httpx

from integration.gateway import AccessDenied, GatewayError, Unreachable, UpdateRefused

FIELDS = frozenset({"assignee", "group", "status", "priority", "tags", "comment", "followers", "requester", "subject"})
CLOSED = "closed prevents ticket update"
SOON = 5.0  # seconds, where nothing says when to try again


class Refusal(GatewayError):
    """A 4xx answer other than 401, 403 and 429. ``problems``: field, or ``base``, to Zendesk's complaints about it.

    The complaints are Zendesk's sentences and may quote what was sent; they are not for logs.
    """

    def __init__(self, status: int, error: str, problems: dict[str, str]) -> None:
        super().__init__(f"Zendesk answered {status} {error}".rstrip() + _at(problems))
        self.status = status
        self.error = error
        self.problems = problems

    @property
    def is_final(self) -> bool:
        """Whether Zendesk has judged what was sent: a proxy's 400 or 408, or a lock's 423, says nothing of it."""
        return self.status == 422 or (self.status in (400, 413) and bool(self.problems))

    @property
    def fields(self) -> dict[str, str]:
        """The problems by the rules' names of fields: what Zendesk puts under ``base`` often begins with one."""
        if any(CLOSED in problem for problem in self.problems.values()):
            return {"status": CLOSED}
        return dict(pair for name, text in self.problems.items() for pair in _by_field(name, text))


ABSENT = (Refusal, AccessDenied)  # what small plans have not, or our role may not see, is answered 404 or 403


def refused_or_later(ticket_id: int, refusal: Refusal) -> UpdateRefused | Unreachable:
    """What a refusal is to the port."""
    if refusal.is_final:
        return UpdateRefused(ticket_id, refusal.fields)
    return Unreachable(f"Zendesk, or what stands before it, answered {refusal.status}", SOON)


def _by_field(name: str, text: str) -> Iterator[tuple[str, str]]:
    if name != "base":
        yield name.removesuffix("_id"), text
        return
    for sentence in text.split("; "):
        word = sentence.partition(":")[0].strip().lower()
        yield word if word in FIELDS else "base", sentence


def refusal_of(answer: httpx.Response) -> Refusal:
    """Read an error answer, whichever of these it is:

    ``{"error": "RecordInvalid", "description": .., "details": {field: [{"description": ..}]}}``,
    ``{"error": {"title": .., "message": ..}}``, ``{"errors": [{"code": .., "title": .., "detail": ..}]}``,
    ``{"error": "Couldn't authenticate you"}``, or plain text.
    """
    try:
        body = answer.json()
    except ValueError:
        return Refusal(answer.status_code, "", {})
    if not isinstance(body, dict):
        return Refusal(answer.status_code, "", {})
    return Refusal(answer.status_code, _error(body), _problems(body))


def _error(body: dict[str, Any]) -> str:
    error = body.get("error")
    if isinstance(error, dict):
        return str(error.get("title") or "")
    if error is None and isinstance(body.get("errors"), list):
        return ", ".join(str(each.get("code") or "") for each in body["errors"] if isinstance(each, dict))
    return str(error or "")


def _problems(body: dict[str, Any]) -> dict[str, str]:
    details = body.get("details")
    if isinstance(details, dict) and details:
        return {str(name): _sentences(problems) for name, problems in details.items()}
    error, errors = body.get("error"), body.get("errors")
    if isinstance(error, dict) and error.get("message"):
        return {"base": str(error["message"])}
    if isinstance(errors, list):
        return {"base": _sentences(errors)}
    return {"base": str(body["description"])} if body.get("description") else {}


def _sentences(problems: object) -> str:
    listed = problems if isinstance(problems, list) else [problems]
    return "; ".join(_sentence(problem) for problem in listed)


def _sentence(problem: object) -> str:
    if isinstance(problem, dict):
        return str(problem.get("description") or problem.get("detail") or problem.get("title") or "")
    return str(problem)


def _at(problems: dict[str, str]) -> str:
    return f" at {', '.join(sorted(problems))}" if problems else ""
