"""Fills the `{{placeholders}}` of triggers, automations and agents' comments; unknown ones vanish (HPH)."""

import re
from collections.abc import Callable, Sequence

from emulator.account import Account
from emulator.behaviours.channels import label
from emulator.clock import stamp
from emulator.model import CommentEvent, Event, Ticket, User

_PLACEHOLDER = re.compile(r"(\\)?\{\{\s*([\w.]+)\s*\}\}")


def render(account: Account, ticket: Ticket, user: User | None, text: str, events: Sequence[Event] = ()) -> str:
    """`text` with its placeholders filled in as plain text; `user` is `current_user`, `events` those of this update."""

    def fill(match: re.Match[str]) -> str:
        if match[1]:
            return match[0][1:]
        return _value(account, ticket, user, match[2], events)

    return _PLACEHOLDER.sub(fill, text) if "{{" in text else text


def _value(account: Account, ticket: Ticket, user: User | None, name: str, events: Sequence[Event]) -> str:
    if name.startswith("ticket.ticket_field_"):
        number = name.removeprefix("ticket.ticket_field_")
        return _text(ticket.custom_fields.get(int(number))) if number.isdecimal() else ""
    if name in _TICKET:
        return _text(_TICKET[name](account, ticket))
    if name in ("ticket.latest_comment", "ticket.latest_public_comment", "ticket.comments_formatted"):
        return _comment(account, ticket, events, public_only=name == "ticket.latest_public_comment")
    for prefix, person in _people(account, ticket, user).items():
        if name.startswith(prefix):
            return _person(person, name.removeprefix(prefix))
    return ""


def _people(account: Account, ticket: Ticket, user: User | None) -> dict[str, User | None]:
    people = {"current_user.": user}
    for word, number in (
        ("requester", ticket.requester_id),
        ("assignee", ticket.assignee_id),
        ("submitter", ticket.submitter_id),
    ):
        people[f"ticket.{word}."] = people[f"{word}."] = account.users.get(number or 0)
    return people


def _person(person: User | None, attribute: str) -> str:
    if person is None:
        return ""
    first, _, last = person.name.partition(" ")
    values = {
        "id": str(person.id),
        "name": person.name,
        "first_name": first,
        "last_name": last,
        "email": person.email or "",
        "phone": person.phone or "",
        "language": person.locale,
        "locale": person.locale,
        "role": person.role,
        "external_id": person.external_id or "",
    }
    return values.get(attribute, "")


def _comment(account: Account, ticket: Ticket, events: Sequence[Event], *, public_only: bool) -> str:
    if account.switches.suppress_client_placeholders and ticket.submitter_id == ticket.requester_id:
        return ""
    known = [event for event in events if isinstance(event, CommentEvent)]
    if not known and ticket.id in account.audits:
        known = [comment for _, comment in account.comments(ticket.id)]
    return next((event.body for event in reversed(known) if event.public or not public_only), "")


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _group(account: Account, ticket: Ticket) -> str:
    group = account.groups.get(ticket.group_id or 0)
    return "" if group is None else group.name


def _organization(account: Account, ticket: Ticket) -> str:
    organization = account.organizations.get(ticket.organization_id or 0)
    return "" if organization is None else organization.name


_TICKET: dict[str, Callable[[Account, Ticket], object]] = {
    "ticket.id": lambda _, ticket: ticket.id,
    "ticket.title": lambda _, ticket: ticket.subject,
    "ticket.subject": lambda _, ticket: ticket.subject,
    "ticket.description": lambda _, ticket: ticket.description,
    "ticket.url": lambda account, ticket: f"{account.address}/agent/tickets/{ticket.id}",
    "ticket.link": lambda account, ticket: f"{account.address}/agent/tickets/{ticket.id}",
    "ticket.account": lambda account, _: account.subdomain,
    "ticket.brand.name": lambda account, ticket: account.brands[ticket.brand_id].name,
    "ticket.via": lambda account, ticket: label(ticket.via.channel, account.switches.via_label),
    "ticket.status": lambda _, ticket: ticket.status.capitalize(),
    "ticket.priority": lambda _, ticket: (ticket.priority or "").capitalize(),
    "ticket.ticket_type": lambda _, ticket: (ticket.type or "").capitalize(),
    "ticket.external_id": lambda _, ticket: ticket.external_id,
    "ticket.tags": lambda _, ticket: " ".join(ticket.tags),
    "ticket.group.name": _group,
    "ticket.group.id": lambda _, ticket: ticket.group_id,
    "ticket.organization.name": _organization,
    "ticket.created_at": lambda _, ticket: stamp(ticket.created_at)[:10],
    "ticket.updated_at": lambda _, ticket: stamp(ticket.updated_at)[:10],
    "ticket.created_at_with_timestamp": lambda _, ticket: stamp(ticket.created_at),
    "ticket.updated_at_with_timestamp": lambda _, ticket: stamp(ticket.updated_at),
    "ticket.created_at_with_time": lambda _, ticket: stamp(ticket.created_at),
}
