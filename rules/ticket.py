"""A ticket as the rules see it: what it is now, who is who, and what happened to it, in frozen values.

Names stand for ids here. A group's or a pack person's name is unique in a snapshot: the gateway resolves the
pack's names against the account at start, so ``ticket.group == "Suporte"`` means exactly that group.
Every time is an aware ``datetime`` in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, TypeAlias

from rules.frozen import empty_mapping

Role: TypeAlias = Literal["end-user", "agent", "admin", "system"]

UNTOUCHABLE = frozenset({"solved", "closed", "deleted"})
CHAT_CHANNELS = frozenset({"chat"})
MESSAGING_CHANNELS = frozenset(
    {
        "apple_business_chat",
        "business_messaging_slack_connect",
        "facebook",
        "google_business_messages",
        "google_rcs",
        "instagram_dm",
        "kakaotalk",
        "line",
        "messaging",  # what people call them all
        "mobile_sdk",
        "native_messaging",
        "sunshine_conversations_api",
        "sunshine_conversations_facebook_messenger",
        "sunshine_conversations_twitter_dm",
        "telegram",
        "twitter",
        "viber",
        "wechat",
        "whatsapp",
    }
)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who touches tickets. Two are the same person when their ids are."""

    id: int
    name: str = field(compare=False)
    role: Role = field(default="end-user", compare=False)
    groups: frozenset[str] = field(default=frozenset(), compare=False)
    locale: str = field(default="", compare=False)
    verified: bool = field(default=False, compare=False)
    organization: str | None = field(default=None, compare=False)
    external_id: str | None = field(default=None, compare=False)
    tags: frozenset[str] = field(default=frozenset(), compare=False)
    available: bool = field(default=True, compare=False)  # not suspended, not gone
    is_ronda: bool = field(default=False, compare=False)  # the service's own user

    @property
    def is_agent(self) -> bool:
        """An agent or admin who is a person: neither a customer, nor Zendesk, nor Ronda."""
        return self.role in ("agent", "admin") and not self.is_ronda

    @property
    def is_customer(self) -> bool:
        return self.role == "end-user"

    @property
    def is_human(self) -> bool:
        return self.role != "system" and not self.is_ronda


NOBODY = Person(id=-1, name="Zendesk", role="system")
RONDA = Person(id=0, name="Ronda", role="admin", is_ronda=True)  # where no account has given it an id

Value: TypeAlias = str | bool | int | Person | frozenset[str] | frozenset[Person] | None


@dataclass(frozen=True, slots=True)
class Via:
    """How something came in: REST words (https://developer.zendesk.com/documentation/ticketing/reference-guides/via-types)."""

    channel: str
    rel: str | None = None  # via.source.rel, such as follow_up or web_widget
    recipient: str | None = None  # the support address an e-mail was sent to

    @property
    def is_live(self) -> bool:
        """A conversation that runs while it is read: live chat or messaging."""
        return self.channel in CHAT_CHANNELS or self.channel in MESSAGING_CHANNELS


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str = ""
    url: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Comment:
    """A public reply or an internal note, as it stands now: redactions and *made private* are replayed."""

    id: int
    at: datetime
    author: Person
    public: bool
    text: str = field(repr=False)
    via: Via
    attachments: tuple[Attachment, ...] = ()
    flags: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Change:
    """One field of an audit. ``group`` holds a name, ``assignee`` and ``requester`` a person, ``tags`` a set.

    ``status`` is the status category. Custom fields go by the pack's name for them.
    """

    field: str
    before: Value
    after: Value
    by_rule: bool = False  # a trigger or an automation did it inside this audit


@dataclass(frozen=True, slots=True)
class Line:
    """One message of a chat or messaging transcript."""

    at: datetime
    author: Person
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Audit:
    """One update of the ticket and all that it changed; the first one is the opening."""

    id: int
    at: datetime
    author: Person
    via: Via
    changes: tuple[Change, ...] = ()
    comment: Comment | None = None
    transcript: tuple[Line, ...] = ()
    transcript_ended: bool = False
    told: frozenset[str] = frozenset()  # "rule:cause" that this update of ours told about
    routed: bool = False  # Zendesk's own routing made it

    def change_of(self, name: str) -> Change | None:
        return next((change for change in self.changes if change.field == name), None)


@dataclass(frozen=True, slots=True)
class Ticket:
    """A ticket as it stands. ``fields`` holds custom fields by the pack's name for them."""

    id: int
    created_at: datetime
    updated_at: datetime
    requester: Person
    submitter: Person
    via: Via
    subject: str = field(default="", repr=False)
    description: str = field(default="", repr=False)
    status: str = "new"
    custom_status: str | None = None
    priority: str | None = None
    type: str | None = None
    group: str | None = None
    assignee: Person | None = None
    tags: frozenset[str] = frozenset()
    fields: Mapping[str, Value] = empty_mapping()
    form: str | None = None
    brand: str | None = None
    organization: str | None = None
    external_id: str | None = None
    followers: frozenset[Person] = frozenset()
    followup_of: int | None = None
    has_merged_into: int | None = None

    @property
    def is_untouchable(self) -> bool:
        """Solved, closed and deleted tickets are left alone."""
        return self.status in UNTOUCHABLE
