"""Says a written update in the vocabulary of webhook events (WHTICKET): several events for one action."""

import time
import uuid
from collections.abc import Iterator
from typing import Any

from emulator.account import Account, Written
from emulator.behaviours.channels import via_type
from emulator.clock import iso
from emulator.model import Audit, CommentEvent, Event, FieldEvent, Json, OtherEvent, Ticket, User
from emulator.shapes.history import html_body

TICKET_EVENTS = tuple(
    f"zen:event-type:ticket.{name}"
    for name in (
        "agent_assignment_changed", "attachment_linked_to_comment", "attachment_redacted_from_comment",
        "brand_changed", "comment_added", "comment_made_private", "comment_redacted", "created", "csat_received",
        "csat_requested", "custom_field_changed", "custom_status_changed", "description_changed",
        "email_ccs_changed", "external_id_changed", "followers_changed", "form_changed",
        "group_assignment_changed", "marked_as_spam", "merged", "next_sla_breach_changed", "ola_policy_changed",
        "organization_changed", "permanently_deleted", "priority_changed", "problem_link_changed",
        "requester_changed", "schedule_changed", "sla_policy_changed", "soft_deleted", "status_changed",
        "subject_changed", "submitter_changed", "tags_changed", "task_due_at_changed", "type_changed", "undeleted",
    )
)  # fmt: skip
MESSAGE_ADDED = "zen:event-type:messaging_ticket.message_added"

# field of a Change event -> event type; the fields that are not here send none
BY_FIELD = {
    "assignee_id": "agent_assignment_changed",
    "brand_id": "brand_changed",
    "custom_status_id": "custom_status_changed",
    "external_id": "external_id_changed",
    "ticket_form_id": "form_changed",
    "group_id": "group_assignment_changed",
    "organization_id": "organization_changed",
    "priority": "priority_changed",
    "problem_id": "problem_link_changed",
    "requester_id": "requester_changed",
    "status": "status_changed",
    "subject": "subject_changed",
    "submitter_id": "submitter_changed",
    "due_at": "task_due_at_changed",
    "type": "type_changed",
}
UPPERCASE = frozenset({"status", "priority", "type"})

Told = tuple[str, dict[str, Json]]  # (event type, `event`)


def events_of(account: Account, written: Written) -> list[Told]:
    """The events of one update, in the order in which it made them."""
    told: list[Told] = []
    if written.before is None:
        told.append(("zen:event-type:ticket.created", {}))
    for event in written.audit.events:
        if written.before is not None or account.switches.created_adds_comment_event:
            told.extend((f"zen:event-type:ticket.{name}", content) for name, content in _one(account, written, event))
    return told


def _one(account: Account, written: Written, event: Event) -> Iterator[Told]:
    match event:
        case FieldEvent(created=False, name="tags"):
            before, after = event.previous or [], event.value or []
            added, removed = [tag for tag in after if tag not in before], [tag for tag in before if tag not in after]
            yield "tags_changed", {"tags_added": added, "tags_removed": removed}
        case FieldEvent(created=False) if event.name in BY_FIELD:
            current, previous = _word(event.name, event.value), _word(event.name, event.previous)
            yield BY_FIELD[event.name], {"current": current, "previous": previous}
        case FieldEvent(created=False) if event.name.isdecimal():
            field = account.fields[int(event.name)]
            about = {"id": str(field.id), "title": field.title, "type": field.type}
            yield "custom_field_changed", {"current": event.value, "previous": event.previous, "custom_field": about}
        case CommentEvent():
            yield from _comment(account, event, written.audit)
        case OtherEvent(type="FollowerChange"):
            yield "followers_changed", _people(written, "follower_ids")
        case OtherEvent(type="EmailCcChange"):
            yield "email_ccs_changed", _people(written, "email_cc_ids")
        case OtherEvent(type="CommentPrivacyChange"):
            yield "comment_made_private", {"comment": {"id": str(event.content["comment_id"])}}
        case OtherEvent(type="CommentRedactionEvent"):
            yield "comment_redacted", {"comment": {"id": str(event.content["comment_id"])}}
        case OtherEvent(type="AttachmentRedactionEvent"):
            redacted = {"id": str(event.content["attachment_id"])}
            yield (
                "attachment_redacted_from_comment",
                {"comment": {"id": str(event.content["comment_id"]), "attachment": redacted}},
            )
        case OtherEvent(type="TicketPermanentlyDeleted"):
            yield "permanently_deleted", {}
        case OtherEvent(type="TicketMerged"):
            yield "merged", {"target_ticket_id": str(event.content["target_ticket_id"])}
        case OtherEvent(type="TicketDeleted"):
            yield "soft_deleted", {}
        case OtherEvent(type="TicketUndeleted"):
            yield "undeleted", {}
        case OtherEvent(type="TicketMarkedAsSpam"):
            yield "marked_as_spam", {}
        case _:
            return


def _comment(account: Account, event: CommentEvent, audit: Audit) -> Iterator[Told]:
    author = account.users.get(event.author_id)
    about = {
        "id": str(event.author_id),
        "is_staff": author is not None and author.is_staff,
        "name": "" if author is None else author.name,
    }
    body = html_body(account, event, audit) if account.switches.event_comment_body == "html" else event.body
    yield "comment_added", {"comment": {"id": str(event.id), "body": body, "is_public": event.public, "author": about}}
    for number in event.attachments:
        attachment = account.attachments[number]
        shown = {
            "id": str(attachment.id),
            "filename": attachment.file_name,
            "content_type": attachment.content_type,
            "content_url": f"{account.address}/attachments/token/{attachment.token}/?name={attachment.file_name}",
            "is_public": event.public,
        }
        yield "attachment_linked_to_comment", {"comment": {"id": str(event.id), "attachment": shown}}


def _people(written: Written, name: str) -> dict[str, Json]:
    before = getattr(written.before, name) if written.before is not None else ()
    after = getattr(written.ticket, name)
    added, removed = [number for number in after if number not in before], [n for n in before if n not in after]
    return {"users_added": [str(number) for number in added], "users_removed": [str(number) for number in removed]}


def _word(name: str, value: Json) -> Json:
    if value is None:
        return None
    if name in UPPERCASE:
        return str(value).upper()
    return iso(value) if name == "due_at" else str(value)


def payload(account: Account, written: Written, told: Told, position: int, sequence: str) -> dict[str, Json]:
    """The body of one delivery of one event."""
    type_, event = told
    if account.switches.event_meta:
        event = event | {"meta": {"sequence": {"id": sequence, "position": position}}}
    return {
        "account_id": account.number,
        "id": str(uuid.uuid4()),
        "type": type_,
        "subject": f"zen:ticket:{written.ticket.id}",
        "time": nanoseconds(account.clock.now()),
        "zendesk_event_version": "2022-11-06",
        "detail": detail(written.ticket, written.audit.author_id),
        "event": event,
    }


def message_payload(account: Account, ticket: Ticket, user: User, text: str) -> dict[str, Json]:
    """The body of a messaging event (WHMSG): `detail` has only the ticket's id."""
    return {
        "account_id": account.number,
        "id": str(uuid.uuid4()),
        "type": MESSAGE_ADDED,
        "subject": f"zen:ticket:{ticket.id}",
        "time": nanoseconds(account.clock.now()),
        "zendesk_event_version": "2022-11-06",
        "detail": {"id": str(ticket.id)},
        "event": {
            "actor": {"id": str(user.id), "name": user.name, "type": "agent" if user.is_staff else "end_user"},
            "conversation_id": f"{account.number}.{ticket.id}",
            "message": {"id": uuid.uuid4().hex[:24], "body": text},
        },
    }


def nanoseconds(at: float) -> str:
    """`2026-11-21T12:00:00.123456789Z`, as events write times."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(at))}.{int(at % 1 * 1e9):09d}Z"


def detail(ticket: Ticket, actor_id: int) -> dict[str, Json]:
    """The ticket as events show it: ids are texts, status, priority and type UPPERCASE, channels the other words."""

    def text(value: Any) -> str | None:
        return None if value is None else str(value)

    return {
        "id": str(ticket.id),
        "actor_id": str(actor_id),
        "assignee_id": text(ticket.assignee_id),
        "brand_id": text(ticket.brand_id),
        "created_at": iso(ticket.created_at),
        "custom_status": text(ticket.custom_status_id),
        "description": ticket.description,
        "external_id": ticket.external_id,
        "form_id": text(ticket.ticket_form_id),
        "group_id": text(ticket.group_id),
        "is_public": ticket.is_public,
        "organization_id": text(ticket.organization_id),
        "priority": _word("priority", ticket.priority),
        "requester_id": str(ticket.requester_id),
        "status": "DELETED" if ticket.deleted else ticket.status.upper(),
        "subject": ticket.subject,
        "submitter_id": str(ticket.submitter_id),
        "tags": list(ticket.tags) or None,
        "type": _word("type", ticket.type),
        "updated_at": iso(ticket.updated_at),
        "via": {"channel": via_type(ticket.via.channel)},
    }
