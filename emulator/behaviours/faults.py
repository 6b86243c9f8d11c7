"""Failures on demand: of single requests and deliveries, once, some times, or by probability with a seed."""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from emulator.clock import Clock
from emulator.model import Json
from emulator.refusals import Refusal, problem

OF_REQUESTS = frozenset({"time-out-before", "time-out-after", "answer", "act", "slow"})


class Fault(BaseModel):
    """One thing that goes wrong. Without `times` and `probability` it happens once."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    does: Literal["time-out-before", "time-out-after", "answer", "act", "slow", "drop", "duplicate", "late", "reorder"]
    """For requests: hold the answer before or after the request is carried out, answer something else, do an act
    just before, be slow. For deliveries: drop, duplicate, late, reorder (behind the next one)."""
    method: str | None = None
    path: str | None = None
    """A path such as `/api/v2/tickets/7`, or a pattern with `*`."""
    ticket: int | None = None
    """Only requests for this ticket."""
    event: str | None = None
    """Only deliveries of this event type, or a pattern with `*`."""
    times: int | None = Field(default=None, ge=1)
    probability: float | None = Field(default=None, gt=0, le=1)
    after: int = Field(default=0, ge=0)
    """How many matching requests or deliveries pass unharmed first."""
    seconds: float = Field(default=30.0, ge=0)
    """How long to hold (real seconds; ends when the client leaves) or how late (the emulator's clock)."""
    status: int = Field(default=503, ge=400, le=599)
    field: str | None = None
    """With status 422: the field that `details` names."""
    body: Json = None
    retry_after: int | None = None
    retry_after_as: Literal["seconds", "date"] = "seconds"
    act: dict[str, Json] | None = None
    """What somebody does just before the request is carried out, as `POST /emulator/act` takes it."""

    @model_validator(mode="after")
    def _needs_an_act(self) -> "Fault":
        if (self.does == "act") != (self.act is not None):
            raise ValueError("`act` belongs to `does: act`, and it needs one")
        return self


@dataclass(frozen=True, slots=True)
class DeliveryPlan:
    delays: tuple[float, ...] = (0.0,)  # one delivery each
    hold: bool = False  # until the next one was sent


class Faults:
    """The failures that wait to happen, oldest first."""

    def __init__(self, clock: Clock, seed: int = 7) -> None:
        self.clock = clock
        self.waiting: dict[int, Fault] = {}
        self._left: dict[int, list[int]] = {}  # [matches to let pass, times to happen; -1: for ever]
        self._random = random.Random(seed)
        self._last = 0

    def seed(self, seed: int) -> None:
        self._random = random.Random(seed)

    def add(self, fault: Fault) -> int:
        self._last += 1
        times = fault.times if fault.times is not None else (-1 if fault.probability is not None else 1)
        self.waiting[self._last] = fault
        self._left[self._last] = [fault.after, times]
        return self._last

    def remove(self, number: int) -> None:
        self.waiting.pop(number, None)
        self._left.pop(number, None)

    def clear(self) -> None:
        self.waiting.clear()
        self._left.clear()

    def meet_request(self, method: str, path: str, params: Mapping[str, Json]) -> list[Fault]:
        """The faults that this request meets; each is counted as having happened."""
        if not self.waiting:
            return []
        return [
            fault
            for number, fault in list(self.waiting.items())
            if fault.does in OF_REQUESTS
            and (fault.method is None or fault.method.upper() == method)
            and (fault.path is None or fnmatchcase(path, fault.path))
            and (fault.ticket is None or params.get("ticket_id") == fault.ticket)
            and self._happens(number, fault)
        ]

    def plan_delivery(self, webhook_id: str, event_type: str) -> DeliveryPlan:
        """How one event reaches one webhook."""
        for number, fault in list(self.waiting.items()):
            if fault.does in OF_REQUESTS or (fault.path is not None and fault.path != webhook_id):
                continue
            if fault.event is not None and not fnmatchcase(event_type, fault.event):
                continue
            if not self._happens(number, fault):
                continue
            match fault.does:
                case "drop":
                    return DeliveryPlan(())
                case "duplicate":
                    return DeliveryPlan((0.0, 0.0))
                case "reorder":
                    return DeliveryPlan((), hold=True)
                case _:
                    return DeliveryPlan((fault.seconds,))
        return DeliveryPlan()

    def _happens(self, number: int, fault: Fault) -> bool:
        left = self._left[number]
        if left[0] > 0:
            left[0] -= 1
            return False
        if fault.probability is not None and self._random.random() >= fault.probability:
            return False
        if left[1] > 0:
            left[1] -= 1
            if left[1] == 0:
                self.remove(number)
        return True

    def refusal(self, fault: Fault) -> Refusal:
        """The answer of an `answer` fault."""
        headers: dict[str, str] = {}
        if fault.retry_after is not None:
            at = datetime.fromtimestamp(self.clock.now() + fault.retry_after, UTC)
            as_date = fault.retry_after_as == "date"
            headers["Retry-After"] = format_datetime(at, usegmt=True) if as_date else str(fault.retry_after)
        if fault.body is not None:
            return Refusal(fault.status, fault.body, headers)
        if fault.status == 422 and fault.field is not None:
            refusal = Refusal.invalid({fault.field: [problem(fault.field.capitalize(), "is invalid", "InvalidValue")]})
            return Refusal(422, refusal.body, headers)
        return Refusal(fault.status, ORDINARY.get(fault.status, {"error": "Error", "description": "a fault"}), headers)


ORDINARY: dict[int, Json] = {
    401: {"error": "Couldn't authenticate you"},
    403: {"error": {"title": "Forbidden", "message": "You do not have access to this page."}},
    404: {"error": "RecordNotFound", "description": "Not found"},
    409: Refusal.conflict().body,
    429: {"error": "APIRateLimitExceeded", "description": "Number of allowed API requests per minute exceeded"},
    500: {"error": "InternalError", "description": "Internal Server Error"},
    502: "Bad Gateway",
    503: {"error": "ServiceUnavailable", "description": "Service Unavailable"},
    504: "Gateway Timeout",
}
