"""The records of a Zendesk account, kept small: a hundred thousand tickets with histories must fit in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ConfigDict

Json = Any  # what json.loads may return; the shapes are checked where they are read

STATUSES = ("new", "open", "pending", "hold", "solved", "closed")
PRIORITIES = ("low", "normal", "high", "urgent")
TYPES = ("problem", "incident", "question", "task")

SYSTEM_USER = -1  # the author of what Zendesk does by itself


@dataclass(frozen=True, slots=True)
class Via:
    """By which channel something came, in the words of REST; `origin` and `to` are `source.from` and `source.to`."""

    channel: str
    rel: str | None = None
    origin: Mapping[str, Json] = field(default_factory=dict)
    to: Mapping[str, Json] = field(default_factory=dict)


@dataclass(slots=True)
class Organization:
    id: int
    name: str
    created_at: int
    group_id: int | None = None
    external_id: str | None = None


@dataclass(slots=True)
class User:
    id: int
    name: str
    role: Literal["end-user", "agent", "admin"]
    created_at: int
    updated_at: int
    email: str | None = None
    handle: str | None = None  # the desk file's short name of a person
    alias: str | None = None
    phone: str | None = None
    locale: str = "en-US"
    time_zone: str = "UTC"
    verified: bool = True
    active: bool = True
    suspended: bool = False
    light: bool = False
    organization_id: int | None = None
    external_id: str | None = None
    tags: tuple[str, ...] = ()
    restriction: str | None = None
    signature: str | None = None

    @property
    def is_staff(self) -> bool:
        return self.role != "end-user"


@dataclass(slots=True)
class Identity:
    id: int
    user_id: int
    type: str
    value: str
    verified: bool
    primary: bool
    created_at: int
    updated_at: int


@dataclass(slots=True)
class Group:
    id: int
    name: str
    created_at: int
    updated_at: int
    description: str = ""
    default: bool = False
    is_public: bool = True
    deleted: bool = False


@dataclass(slots=True)
class Membership:
    id: int
    user_id: int
    group_id: int
    default: bool
    created_at: int
    updated_at: int


@dataclass(frozen=True, slots=True)
class Option:
    id: int
    name: str
    value: str


@dataclass(slots=True)
class TicketField:
    id: int
    key: str  # system fields: their name on the ticket; custom fields: the desk file's short name
    type: str
    title: str
    created_at: int
    custom: bool = True
    required: bool = False
    active: bool = True
    options: tuple[Option, ...] = ()


@dataclass(slots=True)
class TicketForm:
    id: int
    name: str
    created_at: int
    field_ids: tuple[int, ...]
    default: bool = False
    active: bool = True


@dataclass(slots=True)
class CustomStatus:
    id: int
    category: str
    agent_label: str
    end_user_label: str
    created_at: int
    default: bool = False
    active: bool = True


@dataclass(slots=True)
class Brand:
    id: int
    name: str
    subdomain: str
    created_at: int
    default: bool = False


@dataclass(frozen=True, slots=True)
class Holiday:
    id: int
    name: str
    start_date: str
    end_date: str


@dataclass(slots=True)
class Schedule:
    id: int
    name: str
    time_zone: str
    created_at: int
    intervals: tuple[tuple[int, int], ...]  # minutes since Sunday 00:00, local time
    holidays: tuple[Holiday, ...] = ()


@dataclass(slots=True)
class OAuthClient:
    identifier: str
    secret: str
    user_id: int
    scopes: tuple[str, ...]  # what may be asked for


@dataclass(slots=True)
class Token:
    value: str
    user_id: int
    scopes: tuple[str, ...]
    expires_at: float | None


@dataclass(slots=True)
class Rule:
    """A trigger or an automation."""

    id: int
    title: str
    active: bool
    position: int
    conditions: dict[str, list[dict[str, Json]]]  # {"all": [...], "any": [...]}
    actions: list[dict[str, Json]]
    created_at: int
    updated_at: int
    description: str | None = None
    category_id: str | None = None


@dataclass(slots=True)
class Attachment:
    __pydantic_config__ = ConfigDict(ser_json_bytes="base64", val_json_bytes="base64")  # for the data file

    id: int
    file_name: str
    content_type: str
    content: bytes
    token: str


# --- tickets and their history -------------------------------------------------------------------------------


@dataclass(slots=True)
class FieldEvent:
    """A field got a value: a Create event when the ticket was opened, a Change event later."""

    id: int
    name: str
    value: Json
    previous: Json = None
    created: bool = False
    via: Via | None = None


@dataclass(slots=True)
class CommentEvent:
    """A comment; its id is the audit event's id."""

    id: int
    author_id: int
    body: str
    public: bool
    via: Via | None = None
    html_body: str | None = None  # only where the author wrote HTML
    attachments: tuple[int, ...] = ()


@dataclass(slots=True)
class OtherEvent:
    """Any other audit event (Notification, FollowerChange, ChatStartedEvent...), its keys as they are shown."""

    id: int
    type: str
    content: dict[str, Json]
    via: Via | None = None


Event = FieldEvent | CommentEvent | OtherEvent


@dataclass(slots=True)
class Audit:
    id: int
    ticket_id: int
    created_at: int
    author_id: int
    via: Via
    events: tuple[Event, ...]
    custom: dict[str, Json] | None = None  # `metadata` of the update


@dataclass(slots=True)
class Ticket:
    id: int
    requester_id: int
    submitter_id: int
    brand_id: int
    ticket_form_id: int
    via: Via
    created_at: int
    updated_at: int
    generated_timestamp: int
    custom_status_id: int
    status: str = "new"
    subject: str | None = None
    description: str | None = None
    priority: str | None = None
    type: str | None = None
    due_at: int | None = None
    group_id: int | None = None
    assignee_id: int | None = None
    organization_id: int | None = None
    external_id: str | None = None
    problem_id: int | None = None
    recipient: str | None = None
    tags: tuple[str, ...] = ()
    custom_fields: dict[int, Json] = field(default_factory=dict)
    follower_ids: tuple[int, ...] = ()
    email_cc_ids: tuple[int, ...] = ()
    followup_ids: tuple[int, ...] = ()
    followup_source_id: int | None = None
    is_public: bool = False
    starts_public: bool = True  # what a comment that does not say `public` gets
    deleted: bool = False
    scrubbed: bool = False  # deleted for good
    automation_updates: int = 0


# --- webhooks ------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Webhook:
    id: str
    name: str
    endpoint: str
    http_method: str
    request_format: str
    status: str
    subscriptions: tuple[str, ...]
    secret: str
    created_at: int
    updated_at: int
    created_by: int
    updated_by: int
    description: str | None = None
    authentication: dict[str, Json] | None = None
    custom_headers: dict[str, str] | None = None
    external_source: Json = None
    old_secret: str | None = None
    old_secret_until: float = 0.0


@dataclass(slots=True)
class Attempt:
    id: str
    status: str
    completed_at: float
    invocation_id: str
    request_headers: dict[str, str]
    request_payload: str
    response_status: int | None
    response_payload: str


@dataclass(slots=True)
class Invocation:
    id: str
    webhook_id: str
    event_type: str
    created_at: float
    status: str = "accepted"
    completed_at: float | None = None
    attempts: list[Attempt] = field(default_factory=list)


# --- what else an account keeps ------------------------------------------------------------------------------


@dataclass(slots=True)
class Mail:
    """A mail that Zendesk would have sent."""

    at: int
    ticket_id: int
    rule: str
    recipients: tuple[str, ...]
    subject: str
    body: str


@dataclass(slots=True)
class Job:
    id: str
    type: str
    status: str
    created_at: float
    total: int
    progress: int = 0
    message: str | None = None
    results: list[dict[str, Json]] = field(default_factory=list)
