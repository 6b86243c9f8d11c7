"""Keeps large desks small: what is equal in many histories is one object, and nothing is searched for garbage."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from emulator.model import Audit, CommentEvent, FieldEvent, Json, Ticket, Via


@contextmanager
def not_collecting() -> Iterator[None]:
    """While very much is made that all is kept: looking for garbage would take half of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class Shared:
    """Keeps the one object for each channel, id, status, tag and stamp that it was shown."""

    def __init__(self) -> None:
        self._vias: dict[tuple[object, ...], Via] = {}
        self._values: dict[Json, Json] = {}

    def share(self, ticket: Ticket, history: list[Audit]) -> None:
        """Put the kept objects into a ticket and its history; what they say stays the same."""
        ticket.via = self._via(ticket.via)
        for name in ("requester_id", "submitter_id", "assignee_id", "group_id", "brand_id", "ticket_form_id",
                     "custom_status_id", "status", "tags", "updated_at", "generated_timestamp"):  # fmt: skip
            setattr(ticket, name, self._value(getattr(ticket, name)))
        for audit in history:
            audit.ticket_id, audit.via = ticket.id, self._via(audit.via)
            audit.author_id, audit.created_at = self._value(audit.author_id), self._value(audit.created_at)
            for event in audit.events:
                if event.via is not None:
                    event.via = self._via(event.via)
                match event:
                    case FieldEvent():
                        event.name = self._value(event.name)
                        event.value, event.previous = self._value(event.value), self._value(event.previous)
                    case CommentEvent():
                        event.author_id = self._value(event.author_id)
                        if event.body == ticket.description:
                            event.body = ticket.description

    def _via(self, via: Via) -> Via:
        key = (via.channel, via.rel, str(via.origin) if via.origin else "", str(via.to) if via.to else "")
        return self._vias.setdefault(key, via)

    def _value(self, value: Json) -> Json:
        """Booleans are no numbers here: True and 1 are equal, and would become one."""
        if isinstance(value, (str, int, tuple)) and not isinstance(value, bool):
            return self._values.setdefault(value, value)
        return value
