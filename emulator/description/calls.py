"""The calls that are emulated, each with what it takes and what it answers when all is well."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from emulator.description import people, settings, tickets
from emulator.description.schema import (
    FLAG,
    INTEGER,
    NULL,
    TEXT,
    Schema,
    extended,
    list_of,
    maybe,
    one_of,
    record,
    ref,
)

PAGES = ("page", "per_page", "page[size]", "page[after]", "page[before]")
SIDELOADS: dict[str, Schema] = {
    "users": list_of(ref("User")),
    "groups": list_of(ref("Group")),
    "organizations": list_of(ref("Organization")),
    "custom_statuses": list_of(ref("CustomStatus")),
    "metric_sets": list_of(ref("TicketMetric")),
}


@dataclass(frozen=True, slots=True)
class Described:
    """One call. `answers`: status -> the body's schema, None for no body; `takes`: the schema of its body."""

    method: str
    path: str
    summary: str
    answers: Mapping[int, Schema | None]
    takes: Schema | None = None
    query: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()  # of a good answer
    login: bool = True
    media: str = "application/json"
    sends: str = "application/json"
    parameters: tuple[str, ...] = field(default=())  # of the request's header


def one(name: str, schema: Schema, **more: Schema) -> Schema:
    return record({name: schema} | more, optional=more)


def page(name: str, schema: Schema, **sideloads: Schema) -> Schema:
    """A list with either pagination."""
    rows = {name: list_of(schema)} | sideloads
    by_cursor = record(rows | {"meta": ref("Meta"), "links": ref("Links")}, optional=sideloads)
    offset = {"next_page": maybe(TEXT), "previous_page": maybe(TEXT), "count": INTEGER}
    return one_of(by_cursor, record(rows | offset, optional=sideloads))


def cursor_page(name: str, schema: Schema) -> Schema:
    return record({name: list_of(schema), "meta": ref("Meta"), "links": ref("Links")})


def said(name: str, schema: Schema) -> Schema:
    return record({name: schema}, more=True)


def _get(path: str, summary: str, schema: Schema, *query: str, login: bool = True) -> Described:
    return Described("GET", path, summary, {200: schema}, query=query, login=login)


def _list(path: str, name: str, schema: Schema, *query: str, **sideloads: Schema) -> Described:
    summary = f"List {name.replace('_', ' ')}"
    return Described("GET", path, summary, {200: page(name, schema, **sideloads)}, query=(*PAGES, *query))


T, TICKETS = "/api/v2/tickets/{ticket_id}", page("tickets", ref("Ticket"), **SIDELOADS)
TICKET_AND_AUDIT = record({"ticket": ref("Ticket"), "audit": ref("Audit")})
JOB = record({"job_status": ref("JobStatus")})
TAGS = record({"tags": list_of(TEXT)})
TAGS_SAID = record({"tags": list_of(TEXT), "safe_update": TEXT, "updated_stamp": TEXT},
                   optional=("safe_update", "updated_stamp"), more=True)  # fmt: skip
TICKET_SAID = said("ticket", ref("TicketSaid"))
MANY_SAID = record(
    {"tickets": list_of(tickets.TICKETS_SAID), "ticket": ref("TicketSaid")}, optional=("tickets", "ticket"), more=True
)
COUNT = one("count", ref("Count"))

OF_TICKETS = (
    Described("GET", "/api/v2/tickets", "List tickets", {200: TICKETS},
              query=(*PAGES, "sort", "external_id", "include")),
    Described("POST", "/api/v2/tickets", "Open a ticket", {201: TICKET_AND_AUDIT, 202: JOB}, TICKET_SAID,
              ("async",), headers=("Location",), parameters=("Idempotency-Key",)),
    _get("/api/v2/tickets/count", "Count tickets", COUNT),
    Described("GET", "/api/v2/tickets/show_many", "Show tickets by ids", {200: TICKETS}, query=("ids", "include")),
    Described("PUT", "/api/v2/tickets/update_many", "Update up to 100 tickets by a job", {200: JOB}, MANY_SAID,
              ("ids",)),
    Described("POST", "/api/v2/tickets/create_many", "Open up to 100 tickets by a job", {200: JOB},
              said("tickets", list_of(ref("TicketSaid")))),
    Described("DELETE", "/api/v2/tickets/destroy_many", "Delete up to 100 tickets by a job", {200: JOB},
              query=("ids",)),
    _get(T, "Show a ticket", one("ticket", ref("Ticket"), **SIDELOADS), "include"),
    Described("PUT", T, "Update a ticket", {200: TICKET_AND_AUDIT}, TICKET_SAID),
    Described("DELETE", T, "Delete a ticket", {204: None}),
    Described("POST", f"{T}/merge", "Merge tickets into this one by a job", {200: JOB},
              record({"ids": list_of(INTEGER), "source_comment": TEXT, "target_comment": TEXT,
                      "source_comment_is_public": FLAG, "target_comment_is_public": FLAG},
                     optional=("source_comment", "target_comment", "source_comment_is_public",
                               "target_comment_is_public"), more=True)),
    Described("PUT", f"{T}/mark_as_spam", "Delete a ticket and suspend its requester", {200: NULL}),
    Described("GET", f"{T}/comments", "List comments",
              {200: page("comments", ref("Comment"), users=list_of(ref("User")))},
              query=(*PAGES, "sort", "sort_order", "include", "include_inline_images")),
    _get(f"{T}/comments/count", "Count comments", COUNT),
    Described("PUT", f"{T}/comments/{{comment_id}}/make_private", "Make a comment an internal note", {200: NULL}),
    Described("PUT", f"{T}/comments/{{comment_id}}/redact", "Put blocks over a text of a comment",
              {200: one("comment", ref("Comment"))}, record({"text": TEXT}, more=True)),
    Described("PUT", f"{T}/comments/{{comment_id}}/attachments/{{attachment_id}}/redact", "Empty a file of a comment",
              {200: one("attachment", ref("Attachment"))}),
    _list(f"{T}/audits", "audits", ref("Audit"), "sort", "sort_order"),
    _get(f"{T}/audits/count", "Count audits", COUNT),
    _get(f"{T}/audits/{{audit_id}}", "Show an audit", one("audit", ref("Audit"))),
    _get(f"{T}/metrics", "Show the metrics", one("ticket_metric", ref("TicketMetric"))),
    _get(f"{T}/related", "Show what is related", one("ticket_related", ref("TicketRelated"))),
    _list(f"{T}/collaborators", "users", ref("User")),
    _list(f"{T}/followers", "users", ref("User")),
    _list(f"{T}/email_ccs", "users", ref("User")),
    Described("GET", f"{T}/incidents", "List incidents of a problem", {200: TICKETS}, query=PAGES),
    _get(f"{T}/tags", "List tags", TAGS),
    Described("PUT", f"{T}/tags", "Add tags", {200: TAGS}, TAGS_SAID),
    Described("POST", f"{T}/tags", "Set tags", {201: TAGS}, TAGS_SAID),
    Described("DELETE", f"{T}/tags", "Remove tags", {204: None}, TAGS_SAID),
    _list("/api/v2/deleted_tickets", "deleted_tickets", ref("DeletedTicket")),
    Described("DELETE", "/api/v2/deleted_tickets/{ticket_id}", "Delete for good by a job", {200: JOB}),
    Described("PUT", "/api/v2/deleted_tickets/{ticket_id}/restore", "Restore a deleted ticket", {200: NULL}),
    _list("/api/v2/job_statuses", "job_statuses", ref("JobStatus")),
    _get("/api/v2/job_statuses/show_many", "Show jobs by ids",
         one("job_statuses", list_of(ref("JobStatus"))), "ids"),
    _get("/api/v2/job_statuses/{job_id}", "Show a job", JOB),
    Described("POST", "/api/v2/uploads", "Upload a file", {201: one("upload", ref("Upload"))},
              {"type": "string", "format": "binary"}, ("filename", "token"), sends="application/octet-stream"),
    Described("DELETE", "/api/v2/uploads/{token}", "Delete an upload", {204: None}),
    _get("/api/v2/attachments/{attachment_id}", "Show an attachment", one("attachment", ref("Attachment"))),
    Described("GET", "/attachments/token/{token}", "The file itself", {200: {"type": "string", "format": "binary"}},
              query=("name",), login=False, media="application/octet-stream"),
    _list("/api/v2/requests", "requests", ref("Request")),
    Described("POST", "/api/v2/requests", "Open a request", {201: one("request", ref("Request"))},
              said("request", record({"subject": TEXT, "comment": ref("CommentSaid")}, optional=("subject",),
                                     more=True)), headers=("Location",)),
    _get("/api/v2/requests/{request_id}", "Show a request", one("request", ref("Request"))),
    Described("PUT", "/api/v2/requests/{request_id}", "Reply to a request", {200: one("request", ref("Request"))},
              said("request", record({"comment": ref("CommentSaid")}, optional=("comment",), more=True))),
    _list("/api/v2/requests/{request_id}/comments", "comments", ref("Comment")),
)  # fmt: skip

U = "/api/v2/users/{user_id}"
USER_SAID = said("user", ref("UserSaid"))
IDENTITY = one("identity", ref("Identity"))
OF_PEOPLE = (
    _get("/api/v2/users/me", "Who calls", record({"user": one_of(ref("User"), people.ANONYMOUS)}), login=False),
    _list("/api/v2/users", "users", ref("User"), "role", "include", organizations=list_of(ref("Organization"))),
    Described("POST", "/api/v2/users", "Create a user", {201: one("user", ref("User"))}, USER_SAID,
              headers=("Location",)),
    _list("/api/v2/users/show_many", "users", ref("User"), "ids", "external_ids", "include",
          organizations=list_of(ref("Organization"))),
    _list("/api/v2/users/search", "users", ref("User"), "query", "external_id", "include",
          organizations=list_of(ref("Organization"))),
    _get(U, "Show a user", one("user", ref("User"))),
    Described("PUT", U, "Update a user", {200: one("user", ref("User"))}, USER_SAID),
    Described("DELETE", U, "Deactivate a user", {200: one("user", ref("User"))}),
    _list(f"{U}/identities", "identities", ref("Identity")),
    Described("POST", f"{U}/identities", "Add an identity", {201: IDENTITY}, said("identity", people.IDENTITY_SAID)),
    _get(f"{U}/identities/{{identity_id}}", "Show an identity", IDENTITY),
    Described("DELETE", f"{U}/identities/{{identity_id}}", "Delete an identity", {204: None}),
    Described("PUT", f"{U}/identities/{{identity_id}}/verify", "Verify an identity", {200: IDENTITY}),
    Described("PUT", f"{U}/identities/{{identity_id}}/make_primary", "Make an identity the primary one",
              {200: one("identities", list_of(ref("Identity")))}),
    _list(f"{U}/groups", "groups", ref("Group")),
    _list(f"{U}/group_memberships", "group_memberships", ref("GroupMembership")),
    Described("PUT", f"{U}/group_memberships/{{membership_id}}/make_default", "Make a membership the default one",
              {200: one("group_memberships", list_of(ref("GroupMembership")))}),
    *(Described("GET", f"{U}/tickets/{which}", f"List tickets that a user {verb}", {200: TICKETS},
                query=(*PAGES, "include"))
      for which, verb in (("requested", "requested"), ("assigned", "is assigned"), ("ccd", "is copied on"),
                          ("followed", "follows"))),
    _list("/api/v2/groups", "groups", ref("Group")),
    _list("/api/v2/groups/assignable", "groups", ref("Group")),
    _get("/api/v2/groups/{group_id}", "Show a group", one("group", ref("Group"))),
    _list("/api/v2/groups/{group_id}/users", "users", ref("User")),
    _list("/api/v2/groups/{group_id}/memberships", "group_memberships", ref("GroupMembership")),
    _list("/api/v2/groups/{group_id}/memberships/assignable", "group_memberships", ref("GroupMembership")),
    _list("/api/v2/group_memberships", "group_memberships", ref("GroupMembership")),
    Described("POST", "/api/v2/group_memberships", "Put an agent into a group",
              {201: one("group_membership", ref("GroupMembership"))}, said("group_membership", people.MEMBERSHIP_SAID)),
    _list("/api/v2/group_memberships/assignable", "group_memberships", ref("GroupMembership")),
    _get("/api/v2/group_memberships/{membership_id}", "Show a membership",
         one("group_membership", ref("GroupMembership"))),
    Described("DELETE", "/api/v2/group_memberships/{membership_id}", "Take an agent out of a group", {204: None}),
    _list("/api/v2/organizations", "organizations", ref("Organization")),
    _get("/api/v2/organizations/{id}", "Show an organization", one("organization", ref("Organization"))),
)  # fmt: skip

W = "/api/v2/webhooks/{webhook_id}"
SECRET, RULE_ID = one("signing_secret", ref("SigningSecret")), "{rule_id}"
NO_MORE = {"url": maybe(TEXT)}
OF_SETTINGS = (
    _list("/api/v2/ticket_fields", "ticket_fields", ref("TicketField")),
    Described("POST", "/api/v2/ticket_fields", "Create a field", {201: one("ticket_field", ref("TicketField"))},
              said("ticket_field", settings.FIELD_SAID), headers=("Location",)),
    _get("/api/v2/ticket_fields/{id}", "Show a field", one("ticket_field", ref("TicketField"))),
    Described("PUT", "/api/v2/ticket_fields/{id}", "Update a field", {200: one("ticket_field", ref("TicketField"))},
              said("ticket_field", {"type": "object"})),
    Described("DELETE", "/api/v2/ticket_fields/{id}", "Delete a field", {204: None}),
    _list("/api/v2/ticket_forms", "ticket_forms", ref("TicketForm")),
    _get("/api/v2/ticket_forms/{id}", "Show a form", one("ticket_form", ref("TicketForm"))),
    _get("/api/v2/custom_statuses", "List custom statuses", one("custom_statuses", list_of(ref("CustomStatus"))),
         "active", "default", "status_categories"),
    _get("/api/v2/custom_statuses/{id}", "Show a custom status", one("custom_status", ref("CustomStatus"))),
    _list("/api/v2/brands", "brands", ref("Brand")),
    _get("/api/v2/brands/{id}", "Show a brand", one("brand", ref("Brand"))),
    _get("/api/v2/business_hours/schedules", "List schedules",
         record({"schedules": list_of(ref("Schedule"))} | NO_MORE, optional=NO_MORE)),
    _get("/api/v2/business_hours/schedules/{id}", "Show a schedule", one("schedule", ref("Schedule"))),
    _get("/api/v2/business_hours/schedules/{id}/holidays", "List holidays",
         record({"holidays": list_of(settings.HOLIDAY)} | NO_MORE, optional=NO_MORE)),
    _get("/api/v2/account/settings", "Show the account's settings",
         record({"settings": {"type": "object", "additionalProperties": {"type": "object"}}})),
    _get("/ips", "Addresses that Zendesk uses",
         record({"ips": {"type": "object", "additionalProperties":
                         record({"all": list_of(TEXT), "specific": list_of(TEXT)})}}), login=False),
    Described("POST", "/oauth/tokens", "A token by client credentials", {201: settings.TOKEN},
              record({"grant_type": TEXT, "client_id": TEXT, "client_secret": TEXT, "scope": TEXT,
                      "expires_in": INTEGER}, optional=("scope", "expires_in"), more=True), login=False),
    _get("/api/v2/oauth/tokens/current", "Show the token of this request", one("token", settings.CURRENT_TOKEN)),
    Described("DELETE", "/api/v2/oauth/tokens/current", "Revoke the token of this request", {204: None}),
    Described("POST", "/api/v2/webhooks/test", "Send a test request",
              {200: one("response", {"type": "object"})}, {"type": "object"}, ("webhook_id",)),
    Described("GET", "/api/v2/webhooks", "List webhooks", {200: cursor_page("webhooks", ref("Webhook"))},
              query=("filter[name_contains]", "filter[status]", "sort", "page[size]", "page[after]")),
    Described("POST", "/api/v2/webhooks", "Create a webhook", {201: one("webhook", ref("Webhook"))},
              said("webhook", settings.WEBHOOK_SAID), ("clone_webhook_id",)),
    _get(W, "Show a webhook", one("webhook", ref("Webhook"))),
    Described("PUT", W, "Replace a webhook", {204: None}, said("webhook", settings.WEBHOOK_SAID)),
    Described("PATCH", W, "Change a webhook", {204: None}, said("webhook", {"type": "object"})),
    Described("DELETE", W, "Delete a webhook", {204: None}),
    _get(f"{W}/signing_secret", "Show the signing secret", SECRET),
    Described("POST", f"{W}/signing_secret", "Make a new signing secret", {201: SECRET}),
    Described("GET", f"{W}/invocations", "List invocations of the last seven days",
              {200: cursor_page("invocations", ref("Invocation"))},
              query=("filter[status]", "page[size]", "page[after]")),
    _get(f"{W}/invocations/{{invocation_id}}/attempts", "List attempts", one("attempts", list_of(ref("Attempt")))),
    *(each for kind, name in (("triggers", "Trigger"), ("automations", "Automation")) for each in (
        _list(f"/api/v2/{kind}", kind, ref(name), "active"),
        Described("POST", f"/api/v2/{kind}", f"Create: {name.lower()}", {201: one(kind[:-1], ref(name))},
                  said(kind[:-1], settings.RULE_SAID), headers=("Location",)),
        _list(f"/api/v2/{kind}/active", kind, ref(name)),
        _get(f"/api/v2/{kind}/{RULE_ID}", f"Show: {name.lower()}", one(kind[:-1], ref(name))),
        Described("PUT", f"/api/v2/{kind}/{RULE_ID}", f"Update: {name.lower()}", {200: one(kind[:-1], ref(name))},
                  said(kind[:-1], {"type": "object"})),
        Described("DELETE", f"/api/v2/{kind}/{RULE_ID}", f"Delete: {name.lower()}", {204: None}),
    )),
)  # fmt: skip

FOUND = one_of(
    *(
        extended(schema, {"result_type": {"type": "string", "const": kind}})
        for kind, schema in (
            ("ticket", tickets.TICKET),
            ("user", people.USER),
            ("group", people.GROUP),
            ("organization", people.ORGANIZATION),
        )
    )
)
_TIMED = {"count": INTEGER, "end_time": maybe(INTEGER), "next_page": maybe(TEXT), "end_of_stream": FLAG}
OF_EXPORTS = (
    _get("/api/v2/search", "Search",
         record({"results": list_of(FOUND), "facets": maybe({"type": "object"}), "next_page": maybe(TEXT),
                 "previous_page": maybe(TEXT), "count": INTEGER}),
         "query", "sort_by", "sort_order", "page", "per_page"),
    _get("/api/v2/search/count", "Count what a search finds", one("count", INTEGER), "query"),
    _get("/api/v2/search/export", "Export what a search finds",
         record({"results": list_of(FOUND), "facets": maybe({"type": "object"}), "meta": ref("Meta"),
                 "links": ref("Links")}), "query", "filter[type]", "page[size]", "page[after]"),
    _get("/api/v2/incremental/tickets/cursor", "Export changed tickets by cursor",
         record({"tickets": list_of(ref("Ticket")), "after_cursor": maybe(TEXT), "after_url": maybe(TEXT),
                 "before_cursor": maybe(TEXT), "before_url": maybe(TEXT), "end_of_stream": FLAG} | SIDELOADS,
                optional=SIDELOADS), "start_time", "cursor", "per_page", "exclude_deleted", "include"),
    _get("/api/v2/incremental/tickets", "Export changed tickets by time",
         record({"tickets": list_of(ref("Ticket"))} | _TIMED | SIDELOADS, optional=SIDELOADS),
         "start_time", "per_page", "include"),
    _get("/api/v2/incremental/tickets/sample", "Export fifty changed tickets",
         record({"tickets": list_of(ref("Ticket")), "count": INTEGER, "end_of_stream": FLAG}), "start_time"),
    _get("/api/v2/incremental/ticket_events", "Export ticket events",
         record({"ticket_events": list_of(ref("TicketEvent"))} | _TIMED), "start_time", "per_page", "include"),
)  # fmt: skip

CALLS: tuple[Described, ...] = (*OF_TICKETS, *OF_PEOPLE, *OF_SETTINGS, *OF_EXPORTS)
