"""The JSON of audits, their events and comments."""

import html
import re

from emulator.account import Account
from emulator.clock import iso
from emulator.model import Attachment, Audit, CommentEvent, Event, FieldEvent, Json, OtherEvent
from emulator.shapes.tickets import via_json

ID_FIELDS = frozenset(
    {"assignee_id", "group_id", "requester_id", "submitter_id", "organization_id", "brand_id", "ticket_form_id",
     "custom_status_id", "problem_id"}
)  # fmt: skip


def audit_json(account: Account, audit: Audit) -> dict[str, Json]:
    return {
        "id": audit.id,
        "ticket_id": audit.ticket_id,
        "created_at": iso(audit.created_at),
        "author_id": audit.author_id,
        "metadata": metadata_json(audit),
        "events": [event_json(account, audit, event) for event in audit.events],
        "via": via_json(audit.via),
    }


def metadata_json(audit: Audit) -> dict[str, Json]:
    system = {
        "client": "emulator",
        "ip_address": "203.0.113.7",
        "location": "São Paulo, SP, Brazil",
        "latitude": -23.5475,
        "longitude": -46.6361,
    }
    return {"system": system, "custom": audit.custom or {}}


def event_json(account: Account, audit: Audit, event: Event) -> dict[str, Json]:
    """One event of an audit; its own `via` only where it differs from the audit's."""
    match event:
        case FieldEvent():
            shown: dict[str, Json] = {
                "id": event.id,
                "type": "Create" if event.created else "Change",
                "field_name": event.name,
                "value": _value(account, event.name, event.value),
            }
            if not event.created:
                shown["previous_value"] = _value(account, event.name, event.previous)
        case CommentEvent():
            shown = {
                "id": event.id,
                "type": "Comment",
                "author_id": event.author_id,
                "body": event.body,
                "html_body": html_body(account, event, audit),
                "plain_body": plain_body(event),
                "public": event.public,
                "attachments": attachments_json(account, event),
                "audit_id": audit.id,
            }
        case OtherEvent():
            shown = {"id": event.id, "type": event.type, **_content(account, audit, event)}
    return shown | {"via": via_json(event.via)} if event.via is not None else shown


def _content(account: Account, audit: Audit, event: OtherEvent) -> dict[str, Json]:
    """The keys of an event; a chat that is still running may not show its history yet."""
    if event.type != "ChatStartedEvent" or account.switches.chat_history == "running":
        return event.content
    later = (other for each in account.audits[audit.ticket_id] if each.id >= audit.id for other in each.events)
    if any(isinstance(other, OtherEvent) and other.type == "ChatEndedEvent" for other in later):
        return event.content
    return {"value": event.content["value"] | {"history": []}}


def _value(account: Account, name: str, value: Json) -> Json:
    if name in ID_FIELDS and value is not None and account.switches.audit_ids == "string":
        return str(value)
    return value


def comment_json(account: Account, audit: Audit, comment: CommentEvent) -> dict[str, Json]:
    return {
        "id": comment.id,
        "type": "Comment",
        "author_id": comment.author_id,
        "body": comment.body,
        "html_body": html_body(account, comment, audit),
        "plain_body": plain_body(comment),
        "public": comment.public,
        "attachments": attachments_json(account, comment),
        "audit_id": audit.id,
        "via": via_json(comment.via or audit.via),
        "created_at": iso(audit.created_at),
        "metadata": metadata_json(audit),
    }


def plain_body(comment: CommentEvent) -> str:
    """The text; hard spaces stand in it as `&nbsp;`, as was seen live."""
    return comment.body.replace("\u00a0", "&nbsp;")


def html_body(account: Account, comment: CommentEvent, audit: Audit) -> str:
    """The comment wrapped as Zendesk wraps it: `div.zd-comment`, a paragraph a block, links to tickets."""
    if comment.html_body is not None:
        inner = comment.html_body
    else:
        blocks = re.split(r"\n{2,}", html.escape(comment.body, quote=False))
        inner = "".join(f'<p dir="auto">{block.replace(chr(10), "<br>")}</p>' for block in blocks)
        inner = re.sub(r"(?<![\w&])#(\d+)\b", r'<a href="/agent/tickets/\1" rel="ticket">#\1</a>', inner)
    if account.switches.mention_markup == "span":
        names = sorted((html.escape(user.name, quote=False) for user in account.staff), key=len, reverse=True)
        mention = "|".join(re.escape(f"@{name}") for name in names)
        inner = re.sub(mention, r'<span class="mention">\g<0></span>', inner)
    author = account.users.get(comment.author_id)
    if author is not None and author.signature and comment.public:
        inner += f'<div class="signature"><p dir="auto">{html.escape(author.signature)}</p></div>'
    styled = " zd-comment-pre-styled" if (comment.via or audit.via).channel == "email" else ""
    return f'<div class="zd-comment{styled}" dir="auto">{inner}</div>'


def attachments_json(account: Account, comment: CommentEvent) -> list[dict[str, Json]]:
    return [attachment_json(account, account.attachments[number]) for number in comment.attachments]


def attachment_json(account: Account, attachment: Attachment) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/attachments/{attachment.id}.json",
        "id": attachment.id,
        "file_name": attachment.file_name,
        "content_url": f"{account.address}/attachments/token/{attachment.token}/?name={attachment.file_name}",
        "mapped_content_url": f"{account.address}/attachments/token/{attachment.token}/?name={attachment.file_name}",
        "content_type": attachment.content_type,
        "size": len(attachment.content),
        "width": None,
        "height": None,
        "inline": False,
        "deleted": False,
        "malware_access_override": False,
        "malware_scan_result": "malware_not_found",
        "thumbnails": [],
    }
