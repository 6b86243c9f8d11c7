"""The JSON of a ticket."""

from emulator.account import Account
from emulator.clock import iso
from emulator.model import Json, Ticket, Via

MESSAGING_CHANNELS = frozenset(
    {"native_messaging", "whatsapp", "instagram_dm", "facebook_messenger", "telegram", "line", "viber", "wechat",
     "apple_business_chat", "sunshine_conversations_api"}
)  # fmt: skip
CHAT_CHANNELS = MESSAGING_CHANNELS | {"chat"}


def via_json(via: Via) -> Json:
    return {"channel": via.channel, "source": {"from": dict(via.origin), "to": dict(via.to), "rel": via.rel}}


def ticket_json(account: Account, ticket: Ticket) -> dict[str, Json]:
    """A ticket as `GET /api/v2/tickets/{id}` shows it; write-only properties are not there."""
    fields = [
        {"id": field.id, "value": ticket.custom_fields.get(field.id, False if field.type == "checkbox" else None)}
        for field in account.fields.values()
        if field.custom
    ]
    return {
        "url": f"{account.address}/api/v2/tickets/{ticket.id}.json",
        "id": ticket.id,
        "external_id": ticket.external_id,
        "via": via_json(ticket.via),
        "created_at": iso(ticket.created_at),
        "updated_at": iso(ticket.updated_at),
        "generated_timestamp": ticket.generated_timestamp,
        "type": ticket.type,
        "subject": ticket.subject,
        "raw_subject": ticket.subject,
        "description": ticket.description,
        "priority": ticket.priority,
        "status": "deleted" if ticket.deleted else ticket.status,
        "recipient": ticket.recipient,
        "requester_id": ticket.requester_id,
        "submitter_id": ticket.submitter_id,
        "assignee_id": ticket.assignee_id,
        "organization_id": ticket.organization_id,
        "group_id": ticket.group_id,
        "collaborator_ids": sorted({*ticket.follower_ids, *ticket.email_cc_ids}),
        "follower_ids": list(ticket.follower_ids),
        "email_cc_ids": list(ticket.email_cc_ids),
        "forum_topic_id": None,
        "problem_id": ticket.problem_id,
        "has_incidents": bool(account.incidents.get(ticket.id)),
        "is_public": ticket.is_public,
        "due_at": iso(ticket.due_at),
        "tags": list(ticket.tags),
        "custom_fields": fields,
        "satisfaction_rating": None,
        "sharing_agreement_ids": [],
        "custom_status_id": ticket.custom_status_id,
        "encoded_id": encoded_id(account, ticket.id),
        "fields": fields,
        "followup_ids": list(ticket.followup_ids) if ticket.status == "closed" else [],
        "ticket_form_id": ticket.ticket_form_id,
        "brand_id": ticket.brand_id,
        "allow_channelback": ticket.via.channel == "any_channel",
        "allow_attachments": True,
        "from_messaging_channel": ticket.via.channel in MESSAGING_CHANNELS,
        "support_type": "agent",
    }


_ALPHABET = "0123456789ABCDEFGHJKLMNPQRSTUVWXYZ"
_PAIRS = [first + second for second in _ALPHABET for first in _ALPHABET]  # two digits at a time: exports are long


def encoded_id(account: Account, ticket_id: int) -> str:
    """Ten letters that stand for the ticket in mails; always the same for the same ticket."""
    number = ticket_id * 2_654_435_761 + account.number * 40_503
    pairs = []
    for _ in range(5):
        number, pair = divmod(number, len(_PAIRS))
        pairs.append(_PAIRS[pair])
    letters = "".join(pairs)
    return f"{letters[:6]}-{letters[6:]}"
