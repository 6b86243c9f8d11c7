"""What a desk file may say: the groups, people, fields and credentials an emulated account starts with."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from emulator.switches import Switches

Plan = Literal[
    "suite-team",
    "suite-growth",
    "suite-professional",
    "suite-enterprise",
    "suite-enterprise-plus",
    "support-essential",
    "support-team",
    "support-professional",
    "support-enterprise",
]
Category = Literal["new", "open", "pending", "hold", "solved"]
Id = Annotated[int, Field(gt=0)]


class Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)


def _named(value: Any) -> Any:
    return {"name": value} if isinstance(value, str) else value


class GroupEntry(Entry):
    name: str
    id: Id | None = None
    description: str = ""
    default: bool = False


class OrganizationEntry(Entry):
    name: str
    id: Id | None = None
    group: str | None = None
    """New tickets of its people start in this group."""
    external_id: str | None = None


class Person(Entry):
    name: str
    role: Literal["end-user", "agent", "admin", "light-agent"] = "end-user"
    id: Id | None = None
    email: str | None = ""
    """Left out: `<handle>@<subdomain>.example`; null: none."""
    emails: list[str] = []
    """Further addresses."""
    groups: list[str] = []
    """The first one is the default group."""
    organization: str | None = None
    alias: str | None = None
    phone: str | None = None
    locale: str | None = None
    time_zone: str | None = None
    verified: bool = True
    suspended: bool = False
    external_id: str | None = None
    tags: list[str] = []
    signature: str | None = None


class OptionEntry(Entry):
    name: str
    value: str


class FieldEntry(Entry):
    title: str | None = None
    type: Literal["text", "textarea", "checkbox", "date", "integer", "decimal", "regexp", "tagger", "multiselect"] = (
        "text"
    )
    id: Id | None = None
    required: bool = False
    active: bool = True
    options: list[
        Annotated[OptionEntry, BeforeValidator(lambda v: {"name": v, "value": v} if isinstance(v, str) else v)]
    ] = []


class FormEntry(Entry):
    name: str
    id: Id | None = None
    fields: list[str] = []
    """Keys of `ticket_fields`; none means all."""
    default: bool = False


class StatusEntry(Entry):
    label: str
    category: Category
    id: Id | None = None
    end_user_label: str | None = None
    default: bool = False
    active: bool = True


class BrandEntry(Entry):
    name: str
    id: Id | None = None
    subdomain: str | None = None
    default: bool = False


class HolidayEntry(Entry):
    name: str
    start: date
    end: date | None = None


WEEK = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
DAY = 24 * 60


def interval(day: str, hours: str) -> tuple[int, int]:
    """`monday`, `09:00-18:00` -> minutes since Sunday 00:00. Raises ValueError."""
    start, _, end = hours.partition("-")
    opens, closes = _minutes(start), _minutes(end)
    if not 0 <= opens < closes <= DAY:
        raise ValueError(f"{hours!r} are no hours; write 09:00-18:00")
    return WEEK.index(day) * DAY + opens, WEEK.index(day) * DAY + closes


def _minutes(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return int(hours) * 60 + int(minutes or 0)


class ScheduleEntry(Entry):
    name: str
    id: Id | None = None
    time_zone: str = "Brasilia"
    """A Rails name, as Zendesk writes it."""
    hours: dict[Literal["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"], str]
    """`monday: 09:00-18:00`."""

    @field_validator("hours")
    @classmethod
    def _are_hours(cls, hours: dict[str, str]) -> dict[str, str]:
        for day, span in hours.items():
            interval(day, span)
        return hours

    holidays: list[HolidayEntry] = []


class ClientEntry(Entry):
    id: str
    secret: str
    user: str
    """A handle, an e-mail address or a full name of `people`."""
    scopes: str = "read write"
    """What may be asked for, separated by spaces."""


class RuleEntry(Entry):
    title: str
    id: Id | None = None
    all: list[dict[str, Any]] = []
    any: list[dict[str, Any]] = []
    actions: list[dict[str, Any]]
    active: bool = True


class Desk(Entry):
    """One account, as written in a desk file."""

    subdomain: str = "desk"
    account_id: Id = 10_000_001
    plan: Plan = "suite-professional"
    high_volume: bool = False
    sandbox: bool = False
    """A sandbox or trial account: lower limits."""
    rate_limits: bool = True
    locale: str = "pt-BR"
    time_zone: str = "America/Sao_Paulo"
    """An IANA name."""
    groups: list[Annotated[GroupEntry, BeforeValidator(_named)]] = []
    organizations: list[Annotated[OrganizationEntry, BeforeValidator(_named)]] = []
    people: dict[str, Annotated[Person, BeforeValidator(_named)]] = {}
    ticket_fields: dict[str, FieldEntry] = {}
    ticket_forms: list[Annotated[FormEntry, BeforeValidator(_named)]] = []
    custom_statuses: list[StatusEntry] = []
    brands: list[Annotated[BrandEntry, BeforeValidator(_named)]] = []
    schedules: list[ScheduleEntry] = []
    oauth_clients: list[ClientEntry] = []
    api_tokens: list[str] = []
    triggers: list[RuleEntry] = []
    automations: list[RuleEntry] = []
    settings: dict[str, dict[str, Any]] = {}
    """Laid over the account settings, such as `tickets: {assign_tickets_upon_solve: true}`."""
    switches: Switches = Switches()
    tickets: list[dict[str, Any]] = []
    """Acts, as the control API takes them, in order; one without `ticket` opens a ticket."""
