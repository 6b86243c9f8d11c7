"""Turns a desk into the account it describes; the same desk always gives the same ids."""

import copy
from collections.abc import Callable

from emulator.account import Account
from emulator.clock import Clock
from emulator.desk import Desk, Person, RuleEntry, interval
from emulator.model import (
    PRIORITIES,
    STATUSES,
    TYPES,
    Brand,
    CustomStatus,
    Group,
    Holiday,
    Json,
    Membership,
    OAuthClient,
    Option,
    Organization,
    Rule,
    Schedule,
    TicketField,
    TicketForm,
    User,
)

# (key on the ticket, type, title) of the fields that every account has
SYSTEM_FIELDS = (
    ("subject", "subject", "Subject"),
    ("description", "description", "Description"),
    ("status", "status", "Status"),
    ("type", "tickettype", "Type"),
    ("priority", "priority", "Priority"),
    ("group_id", "group", "Group"),
    ("assignee_id", "assignee", "Assignee"),
    ("custom_status_id", "custom_status", "Ticket status"),
)
SYSTEM_OPTIONS: dict[str, tuple[str, ...]] = {"status": STATUSES[1:5], "type": TYPES, "priority": PRIORITIES}

STATUS_LABELS = (("new", "New"), ("open", "Open"), ("pending", "Pending"), ("hold", "On-hold"), ("solved", "Solved"))

SETTINGS: dict[str, dict[str, Json]] = {
    "active_features": {"on_hold_status": True, "custom_statuses_enabled": True, "agent_workspace": True},
    "agents": {"agent_workspace": True, "agent_home": False},
    "api": {"accepted_api_agreement": True, "api_password_access": "false", "api_token_access": "true"},
    "branding": {"header_color": "78A300", "page_background_color": "333333", "tab_background_color": "7FA239"},
    "chat": {"enabled": True, "available": True, "integrated": True, "welcome_message": None},
    "limits": {"attachment_size": 52_428_800},
    "routing": {"enabled": False, "autorouting_tag": "", "max_email_capacity": 0, "max_messaging_capacity": 0},
    "statistics": {"forum": True, "search": True},
    "tickets": {
        "agent_ticket_deletion": False,
        "assign_tickets_upon_solve": False,
        "collaboration": True,
        "comments_public_by_default": True,
        "follower_and_email_cc_collaborations": True,
        "is_first_comment_private_enabled": True,
        "list_newest_comments_first": False,
        "private_attachments": False,
        "tagging": True,
    },
    "users": {"agent_created_welcome_emails": True, "tagging": True, "time_zone_selection": True},
}


def open_account(desk: Desk, clock: Clock | None = None) -> Account:
    """The account a desk describes."""
    account = Account(clock or Clock(), desk.switches.model_copy())
    account.number = desk.account_id
    account.subdomain = desk.subdomain
    account.plan, account.high_volume, account.sandbox = desk.plan, desk.high_volume, desk.sandbox
    account.locale, account.time_zone = desk.locale, desk.time_zone
    account.settings = _settings(desk)
    account.api_tokens = set(desk.api_tokens)
    _configure(account, desk)
    _staff(account, desk)
    for client in desk.oauth_clients:
        user = _person(account, client.user)
        account.clients[client.id] = OAuthClient(client.id, client.secret, user.id, tuple(client.scopes.split()))
    for index, entry in enumerate(desk.triggers):
        rule = _rule(account, entry, index + 1)
        account.triggers[rule.id] = rule
    for index, entry in enumerate(desk.automations):
        rule = _rule(account, entry, index + 1)
        account.automations[rule.id] = rule
    return account


def _settings(desk: Desk) -> dict[str, dict[str, Json]]:
    settings = copy.deepcopy(SETTINGS)
    settings["localization"] = {"locale_ids": [], "time_zone": desk.time_zone, "iana_time_zone": desk.time_zone}
    settings["brands"] = {"default_brand_id": None, "require_brand_on_new_tickets": False}
    for section, values in desk.settings.items():
        settings.setdefault(section, {}).update(values)
    return settings


def _chooser(account: Account, kind: str, given: list[int | None]) -> Callable[[int | None], int]:
    """Ids of one kind: the given one, or the next that nobody was given."""
    taken = {number for number in given if number is not None}
    return lambda wanted: account.ids.next(kind, taken) if wanted is None else wanted


def _configure(account: Account, desk: Desk) -> None:
    now = account.clock.seconds()
    identify = _chooser(account, "group", [entry.id for entry in desk.groups])
    marked = any(entry.default for entry in desk.groups)
    for index, entry in enumerate(desk.groups):
        group = Group(
            identify(entry.id), entry.name, now, now, entry.description, entry.default or (not marked and not index)
        )
        account.groups[group.id] = group
    groups = {group.name: group.id for group in account.groups.values()}

    identify = _chooser(account, "organization", [entry.id for entry in desk.organizations])
    for organization in desk.organizations:
        number = identify(organization.id)
        group_id = groups[organization.group] if organization.group else None
        account.organizations[number] = Organization(number, organization.name, now, group_id, organization.external_id)

    identify = _chooser(account, "status", [entry.id for entry in desk.custom_statuses])
    for category, label in STATUS_LABELS:
        default = not any(entry.default and entry.category == category for entry in desk.custom_statuses)
        number = identify(None)
        account.statuses[number] = CustomStatus(number, category, label, label, now, default)
    for status in desk.custom_statuses:
        number = identify(status.id)
        account.statuses[number] = CustomStatus(
            number,
            status.category,
            status.label,
            status.end_user_label or status.label,
            now,
            status.default,
            status.active,
        )

    _fields(account, desk, now)

    identify = _chooser(account, "brand", [brand.id for brand in desk.brands])
    for index, brand in enumerate(desk.brands):
        number = identify(brand.id)
        default = brand.default or (index == 0 and not any(other.default for other in desk.brands))
        account.brands[number] = Brand(number, brand.name, brand.subdomain or desk.subdomain, now, default)
    if not desk.brands:
        number = identify(None)
        account.brands[number] = Brand(number, desk.subdomain, desk.subdomain, now, default=True)
    account.settings["brands"]["default_brand_id"] = account.brand.id

    identify = _chooser(account, "schedule", [schedule.id for schedule in desk.schedules])
    for schedule in desk.schedules:
        number = identify(schedule.id)
        intervals = tuple(interval(day, hours) for day, hours in schedule.hours.items())
        holidays = tuple(
            Holiday(account.ids.next("schedule"), holiday.name, str(holiday.start), str(holiday.end or holiday.start))
            for holiday in schedule.holidays
        )
        account.schedules[number] = Schedule(
            number, schedule.name, schedule.time_zone, now, tuple(sorted(intervals)), holidays
        )


def _fields(account: Account, desk: Desk, now: int) -> None:
    identify = _chooser(account, "field", [entry.id for entry in desk.ticket_fields.values()])
    for key, kind, title in SYSTEM_FIELDS:
        options = tuple(
            Option(account.ids.next("option"), value.capitalize(), value) for value in SYSTEM_OPTIONS.get(key, ())
        )
        number = identify(None)
        account.fields[number] = TicketField(number, key, kind, title, now, custom=False, options=options)
    for key, field in desk.ticket_fields.items():
        number = identify(field.id)
        options = tuple(Option(account.ids.next("option"), option.name, option.value) for option in field.options)
        account.fields[number] = TicketField(
            number, key, field.type, field.title or key, now, True, field.required, field.active, options
        )
    by_key = {field.key: field.id for field in account.fields.values()}
    system = [field.id for field in account.fields.values() if not field.custom]
    identify = _chooser(account, "form", [form.id for form in desk.ticket_forms])
    for index, form in enumerate(desk.ticket_forms):
        own = [by_key[key] for key in form.fields or desk.ticket_fields]
        default = form.default or (index == 0 and not any(other.default for other in desk.ticket_forms))
        number = identify(form.id)
        account.forms[number] = TicketForm(number, form.name, now, (*system, *own), default)
    if not desk.ticket_forms:
        number = identify(None)
        account.forms[number] = TicketForm(number, "Default Ticket Form", now, tuple(account.fields), default=True)


def _staff(account: Account, desk: Desk) -> None:
    identify = _chooser(account, "user", [person.id for person in desk.people.values()])
    for handle, person in desk.people.items():
        add_person(account, handle, person, identify(person.id))
    admins = [user for user in account.users.values() if user.role == "admin"]
    if not admins:
        person = Person(name="Account Owner", role="admin", email=f"owner@{account.subdomain}.example")
        admins = [add_person(account, "owner", person, identify(None))]
    account.owner_id = admins[0].id


def add_person(account: Account, handle: str, person: Person, number: int) -> User:
    """Put a person of the desk into the account, with identities, memberships and organization."""
    now = account.clock.seconds()
    email = f"{''.join(handle.split()).lower()}@{account.subdomain}.example" if person.email == "" else person.email
    light = person.role == "light-agent"
    user = User(
        id=number,
        name=person.name,
        role="agent" if person.role == "light-agent" else person.role,
        created_at=now,
        updated_at=now,
        email=email,
        handle=handle,
        alias=person.alias,
        phone=person.phone,
        locale=person.locale or account.locale,
        time_zone=person.time_zone or account.time_zone,
        verified=person.verified,
        suspended=person.suspended,
        light=light,
        organization_id=_organization(account, person.organization),
        external_id=person.external_id,
        tags=tuple(person.tags),
        signature=person.signature,
    )
    account.users[number] = user
    for index, address in enumerate([address for address in (email, *person.emails) if address]):
        account.add_identity(user, "email", address, primary=index == 0)
    if person.phone:
        account.add_identity(user, "phone_number", person.phone, primary=not email)
    groups = {group.name: group.id for group in account.groups.values()}
    for index, name in enumerate(person.groups):
        membership = Membership(account.ids.next("membership"), number, groups[name], index == 0, now, now)
        account.memberships[membership.id] = membership
    return user


def _organization(account: Account, name: str | None) -> int | None:
    if name is None:
        return None
    for organization in account.organizations.values():
        if organization.name == name:
            return organization.id
    number = account.ids.next("organization", account.organizations)
    account.organizations[number] = Organization(number, name, account.clock.seconds())
    return number


def _person(account: Account, word: str) -> User:
    return next(user for user in account.users.values() if word in (user.handle, user.email, user.name))


def _rule(account: Account, entry: RuleEntry, position: int) -> Rule:
    now = account.clock.seconds()
    number = entry.id if entry.id is not None else account.ids.next("rule")
    conditions = {"all": entry.all, "any": entry.any}
    return Rule(number, entry.title, entry.active, position, conditions, entry.actions, now, now)
