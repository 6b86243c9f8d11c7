"""Tickets and their histories (TICKETS, COMMENTS, AUDITS, METRICS)."""

from emulator.description.schema import (
    ANY,
    FLAG,
    INTEGER,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    Schema,
    extended,
    list_of,
    map_of,
    maybe,
    one_of,
    record,
    ref,
    word,
)  # fmt: skip
from emulator.model import PRIORITIES, STATUSES, TYPES

IDS = list_of(INTEGER)
VIA = record(
    {"channel": TEXT, "source": record({"from": OBJECT, "to": OBJECT, "rel": maybe(TEXT)})},
)
FIELD_VALUE = one_of({"type": ["string", "number", "boolean", "null"]}, list_of(TEXT))
CUSTOM_FIELDS = list_of(record({"id": INTEGER, "value": FIELD_VALUE}))
TICKET = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "external_id": maybe(TEXT),
        "via": ref("Via"),
        "created_at": TIME,
        "updated_at": TIME,
        "generated_timestamp": INTEGER,
        "type": maybe(word(*TYPES)),
        "subject": maybe(TEXT),
        "raw_subject": maybe(TEXT),
        "description": maybe(TEXT),
        "priority": maybe(word(*PRIORITIES)),
        "status": word(*STATUSES, "deleted"),
        "recipient": maybe(TEXT),
        "requester_id": INTEGER,
        "submitter_id": INTEGER,
        "assignee_id": maybe(INTEGER),
        "organization_id": maybe(INTEGER),
        "group_id": maybe(INTEGER),
        "collaborator_ids": IDS,
        "follower_ids": IDS,
        "email_cc_ids": IDS,
        "forum_topic_id": maybe(INTEGER),
        "problem_id": maybe(INTEGER),
        "has_incidents": FLAG,
        "is_public": FLAG,
        "due_at": maybe(TIME),
        "tags": list_of(TEXT),
        "custom_fields": CUSTOM_FIELDS,
        "satisfaction_rating": maybe(OBJECT),
        "sharing_agreement_ids": IDS,
        "custom_status_id": INTEGER,
        "encoded_id": TEXT,
        "fields": CUSTOM_FIELDS,
        "followup_ids": IDS,
        "ticket_form_id": INTEGER,
        "brand_id": INTEGER,
        "allow_channelback": FLAG,
        "allow_attachments": FLAG,
        "from_messaging_channel": FLAG,
        "support_type": TEXT,
        "comment_count": INTEGER,
    },
    optional=("comment_count", "support_type"),  # a sideload; newer accounts only
)
REQUEST = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "status": word(*STATUSES),
        "priority": maybe(word(*PRIORITIES)),
        "type": maybe(word(*TYPES)),
        "subject": maybe(TEXT),
        "description": maybe(TEXT),
        "organization_id": maybe(INTEGER),
        "via": ref("Via"),
        "custom_fields": CUSTOM_FIELDS,
        "requester_id": INTEGER,
        "collaborator_ids": IDS,
        "email_cc_ids": IDS,
        "is_public": FLAG,
        "due_at": maybe(TIME),
        "can_be_solved_by_me": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
        "recipient": maybe(TEXT),
        "followup_source_id": maybe(INTEGER),
        "assignee_id": maybe(INTEGER),
        "ticket_form_id": INTEGER,
        "custom_status_id": INTEGER,
        "fields": CUSTOM_FIELDS,
    }
)
METADATA = record(
    {
        "system": record(
            {"client": TEXT, "ip_address": TEXT, "location": TEXT, "latitude": NUMBER, "longitude": NUMBER},
            optional=("client", "ip_address", "location", "latitude", "longitude"),
            more=True,
        ),
        "custom": OBJECT,
        "flags": IDS,
        "flags_options": OBJECT,
        "trusted": FLAG,
        "notifications_suppressed_for": IDS,
    },
    optional=("flags", "flags_options", "trusted", "notifications_suppressed_for"),
)
ATTACHMENT = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "file_name": TEXT,
        "content_url": TEXT,
        "mapped_content_url": TEXT,
        "content_type": TEXT,
        "size": INTEGER,
        "width": maybe(INTEGER),
        "height": maybe(INTEGER),
        "inline": FLAG,
        "deleted": FLAG,
        "malware_access_override": FLAG,
        "malware_scan_result": TEXT,
        "thumbnails": list_of(OBJECT),
    }
)
COMMENT = record(
    {
        "id": INTEGER,
        "type": word("Comment", "VoiceComment"),
        "author_id": INTEGER,
        "body": TEXT,
        "html_body": TEXT,
        "plain_body": TEXT,
        "public": FLAG,
        "attachments": list_of(ref("Attachment")),
        "audit_id": INTEGER,
        "via": ref("Via"),
        "created_at": TIME,
        "metadata": ref("Metadata"),
    }
)
AUDIT_EVENT = one_of(
    record(
        {"id": INTEGER, "type": word("Create"), "field_name": TEXT, "value": ANY, "via": ref("Via")}, optional=("via",)
    ),
    record(
        {
            "id": INTEGER, "type": word("Change"), "field_name": TEXT, "value": ANY, "previous_value": ANY,
            "via": ref("Via"),
        },
        optional=("via",),
    ),
    record(
        {
            "id": INTEGER, "type": word("Comment"), "author_id": INTEGER, "body": TEXT, "html_body": TEXT,
            "plain_body": TEXT, "public": FLAG, "attachments": list_of(ref("Attachment")), "audit_id": INTEGER,
            "via": ref("Via"),
        },
        optional=("via",),
    ),
    record({"id": INTEGER, "type": {"not": word("Create", "Change", "Comment")}}, more=True),
)  # fmt: skip
AUDIT = record(
    {
        "id": INTEGER,
        "ticket_id": INTEGER,
        "created_at": TIME,
        "author_id": INTEGER,
        "metadata": ref("Metadata"),
        "events": list_of(ref("AuditEvent")),
        "via": ref("Via"),
    }
)
TICKET_EVENT = record(
    {
        "id": INTEGER,
        "ticket_id": INTEGER,
        "timestamp": INTEGER,
        "updater_id": INTEGER,
        "via": TEXT,
        "via_reference_id": maybe(INTEGER),
        "system": OBJECT,
        "metadata": OBJECT,
        "merged_ticket_ids": IDS,
        "event_type": TEXT,
        "child_events": list_of(
            record({"id": INTEGER, "via": TEXT, "via_reference_id": maybe(INTEGER), "event_type": TEXT}, more=True)
        ),
    }
)
MINUTES = record({"calendar": maybe(INTEGER), "business": maybe(INTEGER)})
METRIC = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "ticket_id": INTEGER,
        "created_at": TIME,
        "updated_at": TIME,
        "group_stations": INTEGER,
        "assignee_stations": INTEGER,
        "reopens": INTEGER,
        "replies": INTEGER,
        "assignee_updated_at": maybe(TIME),
        "requester_updated_at": TIME,
        "status_updated_at": TIME,
        "custom_status_updated_at": TIME,
        "initially_assigned_at": maybe(TIME),
        "assigned_at": maybe(TIME),
        "solved_at": maybe(TIME),
        "latest_comment_added_at": maybe(TIME),
        "reply_time_in_minutes": ref("Minutes"),
        "first_resolution_time_in_minutes": ref("Minutes"),
        "full_resolution_time_in_minutes": ref("Minutes"),
        "agent_wait_time_in_minutes": ref("Minutes"),
        "requester_wait_time_in_minutes": ref("Minutes"),
        "on_hold_time_in_minutes": ref("Minutes"),
    }
)
RELATED = record(
    {
        "url": TEXT,
        "topic_id": maybe(INTEGER),
        "jira_issue_ids": list_of(ANY),
        "followup_source_ids": IDS,
        "from_archive": FLAG,
        "incidents": INTEGER,
        "twitter": OBJECT,
    }
)
DELETED_TICKET = record(
    {
        "id": INTEGER,
        "subject": maybe(TEXT),
        "description": maybe(TEXT),
        "actor": record({"id": INTEGER, "name": maybe(TEXT)}),
        "deleted_at": TIME,
        "previous_state": TEXT,
    }
)
UPLOAD = record({"token": TEXT, "expires_at": TIME, "attachment": ref("Attachment"),
                 "attachments": list_of(ref("Attachment"))})  # fmt: skip

# --- what is sent ------------------------------------------------------------------------------------------------

ID_SAID = {"type": ["integer", "string", "null"]}
PEOPLE_SAID = list_of(record({"user_id": ID_SAID, "user_email": TEXT, "action": TEXT},
                             optional=("user_id", "user_email", "action"), more=True))  # fmt: skip
_COMMENT_SAID = {"body": TEXT, "html_body": TEXT, "public": FLAG, "author_id": ID_SAID, "uploads": list_of(TEXT)}
COMMENT_SAID = record(_COMMENT_SAID, optional=_COMMENT_SAID, more=True)
_TICKET_SAID: dict[str, Schema] = {
    "subject": maybe(TEXT),
    "comment": ref("CommentSaid"),
    "status": maybe(word(*STATUSES)),
    "custom_status_id": ID_SAID,
    "priority": maybe(word(*PRIORITIES)),
    "type": maybe(word(*TYPES)),
    "due_at": maybe(TIME),
    "group_id": ID_SAID,
    "assignee_id": ID_SAID,
    "assignee_email": TEXT,
    "requester_id": ID_SAID,
    "requester": map_of(TEXT),
    "organization_id": ID_SAID,
    "brand_id": ID_SAID,
    "ticket_form_id": ID_SAID,
    "external_id": maybe(TEXT),
    "problem_id": ID_SAID,
    "tags": list_of(TEXT),
    "additional_tags": list_of(TEXT),
    "remove_tags": list_of(TEXT),
    "custom_fields": list_of(record({"id": ID_SAID, "value": ANY}, optional=("value",), more=True)),
    "followers": PEOPLE_SAID,
    "email_ccs": PEOPLE_SAID,
    "safe_update": FLAG,
    "updated_stamp": TEXT,
    "metadata": OBJECT,
}
TICKET_SAID = record(_TICKET_SAID, optional=_TICKET_SAID, more=True)
TICKETS_SAID = extended(TICKET_SAID, {"id": INTEGER})

SCHEMAS: dict[str, Schema] = {
    "Via": VIA,
    "Ticket": TICKET,
    "Request": REQUEST,
    "Metadata": METADATA,
    "Attachment": ATTACHMENT,
    "Comment": COMMENT,
    "AuditEvent": AUDIT_EVENT,
    "Audit": AUDIT,
    "TicketEvent": TICKET_EVENT,
    "Minutes": MINUTES,
    "TicketMetric": METRIC,
    "TicketRelated": RELATED,
    "DeletedTicket": DELETED_TICKET,
    "Upload": UPLOAD,
    "CommentSaid": COMMENT_SAID,
    "TicketSaid": TICKET_SAID,
}
