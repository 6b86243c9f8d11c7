"""Fields, forms, statuses, brands, schedules, triggers, webhooks, jobs, tokens and the envelopes of errors."""

from emulator.description.schema import (
    ANY,
    FLAG,
    INTEGER,
    NUMBER,
    OBJECT,
    TEXT,
    TIME,
    Schema,
    list_of,
    map_of,
    maybe,
    one_of,
    record,
    ref,
    word,
)  # fmt: skip

CATEGORIES = ("new", "open", "pending", "hold", "solved")
FIELD = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "type": TEXT,
        "title": TEXT,
        "raw_title": TEXT,
        "description": TEXT,
        "raw_description": TEXT,
        "position": INTEGER,
        "active": FLAG,
        "required": FLAG,
        "collapsed_for_agents": FLAG,
        "regexp_for_validation": maybe(TEXT),
        "title_in_portal": TEXT,
        "raw_title_in_portal": TEXT,
        "visible_in_portal": FLAG,
        "editable_in_portal": FLAG,
        "required_in_portal": FLAG,
        "agent_can_edit": FLAG,
        "tag": maybe(TEXT),
        "created_at": TIME,
        "updated_at": TIME,
        "removable": FLAG,
        "key": maybe(TEXT),
        "agent_description": maybe(TEXT),
        "custom_field_options": list_of(
            record({"id": INTEGER, "name": TEXT, "raw_name": TEXT, "value": TEXT, "default": FLAG})
        ),
        "system_field_options": list_of(record({"name": TEXT, "value": TEXT})),
        "custom_statuses": list_of(ref("CustomStatus")),
    },
    optional=("custom_field_options", "system_field_options", "custom_statuses"),  # by type
)
FIELD_SAID = record(
    {
        "title": TEXT,
        "type": word("text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "tagger", "multiselect"),
        "active": FLAG,
        "custom_field_options": list_of(record({"name": TEXT, "value": TEXT}, more=True)),
    },
    optional=("active", "custom_field_options"),
    more=True,
)
FORM = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "name": TEXT,
        "raw_name": TEXT,
        "display_name": TEXT,
        "raw_display_name": TEXT,
        "end_user_visible": FLAG,
        "position": INTEGER,
        "ticket_field_ids": list_of(INTEGER),
        "active": FLAG,
        "default": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
        "in_all_brands": FLAG,
        "restricted_brand_ids": list_of(INTEGER),
        "end_user_conditions": list_of(OBJECT),
        "agent_conditions": list_of(OBJECT),
    }
)
STATUS = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "status_category": word(*CATEGORIES),
        "agent_label": TEXT,
        "raw_agent_label": TEXT,
        "end_user_label": TEXT,
        "raw_end_user_label": TEXT,
        "description": TEXT,
        "raw_description": TEXT,
        "end_user_description": TEXT,
        "raw_end_user_description": TEXT,
        "active": FLAG,
        "default": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
    }
)
BRAND = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "name": TEXT,
        "brand_url": TEXT,
        "subdomain": TEXT,
        "host_mapping": maybe(TEXT),
        "has_help_center": FLAG,
        "help_center_state": TEXT,
        "active": FLAG,
        "default": FLAG,
        "is_deleted": FLAG,
        "logo": maybe(OBJECT),
        "ticket_form_ids": list_of(INTEGER),
        "signature_template": TEXT,
        "created_at": TIME,
        "updated_at": TIME,
    }
)
SCHEDULE = record(
    {
        "id": INTEGER,
        "name": TEXT,
        "time_zone": TEXT,
        "created_at": TIME,
        "updated_at": TIME,
        "intervals": list_of(record({"start_time": INTEGER, "end_time": INTEGER})),
    }
)
HOLIDAY = record({"id": INTEGER, "name": TEXT, "start_date": TEXT, "end_date": TEXT})
_CONDITIONS = list_of(record({"field": TEXT}, more=True))
_RULE: dict[str, Schema] = {
    "url": TEXT,
    "id": INTEGER,
    "title": TEXT,
    "active": FLAG,
    "updated_at": TIME,
    "created_at": TIME,
    "default": FLAG,
    "actions": list_of(record({"field": TEXT, "value": ANY}, optional=("value",), more=True)),
    "conditions": record({"all": _CONDITIONS, "any": _CONDITIONS}),
    "position": INTEGER,
    "raw_title": TEXT,
}
TRIGGER = record(_RULE | {"description": maybe(TEXT), "category_id": maybe(TEXT)})
AUTOMATION = record(_RULE)
_CONDITION_SAID = list_of(record({"field": TEXT, "operator": TEXT, "value": ANY}, optional=("value",), more=True))
RULE_SAID = record(
    {
        "title": TEXT,
        "active": FLAG,
        "conditions": record({"all": _CONDITION_SAID, "any": _CONDITION_SAID}, optional=("all", "any"), more=True),
        "actions": list_of(record({"field": TEXT, "value": ANY}, optional=("value",), more=True)),
    },
    optional=("active",),
    more=True,
)
SECRET = record({"algorithm": TEXT, "secret": TEXT})
WEBHOOK = record(
    {
        "id": TEXT,
        "name": TEXT,
        "description": maybe(TEXT),
        "endpoint": TEXT,
        "http_method": TEXT,
        "request_format": TEXT,
        "status": word("active", "inactive"),
        "subscriptions": list_of(TEXT),
        "custom_headers": maybe(map_of(TEXT)),
        "external_source": maybe(OBJECT),
        "created_at": TIME,
        "created_by": TEXT,
        "updated_at": TIME,
        "updated_by": TEXT,
        "authentication": OBJECT,
        "signing_secret": ref("SigningSecret"),
    },
    optional=("authentication", "signing_secret"),
)
WEBHOOK_SAID = record(
    {
        "name": TEXT,
        "endpoint": TEXT,
        "http_method": word("GET", "POST", "PUT", "PATCH", "DELETE"),
        "request_format": word("json", "xml", "form_encoded"),
        "status": word("active", "inactive"),
        "subscriptions": list_of(TEXT),
    },
    optional=("subscriptions",),
    more=True,
)
INVOCATION = record(
    {"id": TEXT, "status": TEXT, "event_type": TEXT, "latest_completed_at": maybe(TIME), "created_at": TIME}
)
ATTEMPT = record(
    {
        "id": TEXT,
        "status": TEXT,
        "invocation_id": TEXT,
        "completed_at": maybe(TIME),
        "request": record({"headers": map_of(TEXT), "payload": TEXT}),
        "response": record({"status": maybe(INTEGER), "payload": TEXT}),
    }
)
JOB = record(
    {
        "id": TEXT,
        "job_type": TEXT,
        "url": TEXT,
        "total": maybe(INTEGER),
        "progress": maybe(INTEGER),
        "status": word("queued", "working", "failed", "completed", "killed"),
        "message": maybe(TEXT),
        "results": maybe(list_of(OBJECT)),
    },
    optional=("job_type",),
)
TOKEN = record({"access_token": TEXT, "token_type": TEXT, "scope": TEXT, "expires_in": INTEGER})
CURRENT_TOKEN = record({"scopes": list_of(TEXT), "user_id": INTEGER, "expires_at": maybe(NUMBER)})
COUNT = record({"value": INTEGER, "refreshed_at": TIME})
PROBLEMS = map_of(list_of(record({"description": TEXT, "error": maybe(TEXT)}, optional=("error",), more=True)))
ERROR = one_of(
    record(
        {
            "error": TEXT,
            "description": maybe(TEXT),
            "details": PROBLEMS,
            "error_description": TEXT,
            "current_job_ids": list_of(TEXT),
        },
        optional=("description", "details", "error_description", "current_job_ids"),
    ),
    record({"error": record({"title": TEXT, "message": TEXT})}),
    record({"errors": list_of(record({"code": TEXT, "title": TEXT, "detail": TEXT}, optional=("detail",), more=True))}),
)
META = record({"has_more": FLAG, "after_cursor": maybe(TEXT), "before_cursor": maybe(TEXT)})
LINKS = record({"next": maybe(TEXT), "prev": maybe(TEXT)})

SCHEMAS: dict[str, Schema] = {
    "TicketField": FIELD,
    "TicketForm": FORM,
    "CustomStatus": STATUS,
    "Brand": BRAND,
    "Schedule": SCHEDULE,
    "Trigger": TRIGGER,
    "Automation": AUTOMATION,
    "SigningSecret": SECRET,
    "Webhook": WEBHOOK,
    "Invocation": INVOCATION,
    "Attempt": ATTEMPT,
    "JobStatus": JOB,
    "Count": COUNT,
    "Error": ERROR,
    "Meta": META,
    "Links": LINKS,
}
