"""Opening a ticket once, with its attachments, however often it is asked for."""

import hashlib
import json
from collections.abc import Iterator

import structlog

from integration.account import Account
from integration.gateway import OutcomeUnknown
from integration.parse import reading
from integration.refusal import Refusal, refused_or_later
from integration.wire import AnswerLost, Wire, json_of
from integration.write import new_ticket_values
from rules.actions import NewTicket
from rules.ticket import Attachment

_log = structlog.get_logger(__name__)


def open_once(wire: Wire, ticket: NewTicket, account: Account) -> int:
    """The id of the ticket with this ``external_id``: found, or opened now.

    External ids are not unique in Zendesk, and a key lives two hours: the one is looked up first, the other keeps a
    repeated request from opening a second ticket.
    https://developer.zendesk.com/api-reference/ticketing/introduction/#idempotency
    """
    found = _existing(wire, ticket.external_id)
    if found is not None:
        return found
    values = new_ticket_values(ticket, list(_uploads(wire, ticket.attachments)), account)
    key = f"ronda-{hashlib.sha256(ticket.external_id.encode()).hexdigest()}"
    content = json.dumps({"ticket": values}).encode()
    try:
        answer = json_of(wire.write_again("POST", "/api/v2/tickets", content, {"Idempotency-Key": key}))
    except Refusal as refusal:
        found = _existing(wire, ticket.external_id) if refusal.error == "IdempotentRequestError" else None
        if found is None:
            raise refused_or_later(0, refusal) from refusal
        return found
    except AnswerLost as lost:
        raise OutcomeUnknown(0, ticket.external_id) from lost
    with reading("the new ticket"):
        return int(answer["ticket"]["id"])


def _existing(wire: Wire, external_id: str) -> int | None:
    """https://developer.zendesk.com/api-reference/ticketing/tickets/tickets/#list-tickets"""
    page = json_of(wire.read("/api/v2/tickets", {"external_id": external_id}))
    with reading("the tickets of an external id"):
        return min((int(each["id"]) for each in page["tickets"]), default=None)


def _uploads(wire: Wire, attachments: tuple[Attachment, ...]) -> Iterator[str]:
    """Each attachment's upload token; one that is gone (redacted, deleted) is passed over.

    https://developer.zendesk.com/api-reference/ticketing/tickets/ticket-attachments/
    """
    for attachment in attachments:
        try:
            content = wire.download(attachment.url)
        except Refusal:
            _log.warning("attachment gone", type=attachment.content_type)
            continue
        kind = {"Content-Type": attachment.content_type or "application/octet-stream"}
        answer = json_of(wire.write("POST", "/api/v2/uploads", content, kind, {"filename": attachment.name}))
        with reading("the upload"):
            yield str(answer["upload"]["token"])
