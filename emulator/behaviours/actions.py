"""Does what triggers and automations say, in a documented subset of the actions (ACTIONS)."""

from emulator.behaviours.edit import Edit
from emulator.behaviours.placeholders import render
from emulator.behaviours.system_rules import place, set_status
from emulator.behaviours.texts import text_of_html, tidy, without_markup
from emulator.behaviours.ticket_values import field_value
from emulator.model import PRIORITIES, STATUSES, TYPES, Json, Mail, Via
from emulator.refusals import Refusal

SIMPLE = {"priority": PRIORITIES, "type": TYPES}
TAGS = frozenset({"set_tags", "current_tags", "remove_tags"})


def act(edit: Edit, actions: list[dict[str, Json]], via: Via, title: str) -> None:
    """Do the actions of one rule in order. One that cannot be done is skipped, as Zendesk skips it."""
    for action in actions:
        try:
            _one(edit, str(action.get("field")), action.get("value"), via, title)
        except (Refusal, ValueError, TypeError, KeyError, IndexError):
            continue


def _one(edit: Edit, field: str, value: Json, via: Via, title: str) -> None:
    account, ticket = edit.account, edit.ticket
    if field in ("group_id", "assignee_id"):
        place(edit, {field: _person_or_group(edit, value)}, via)
    elif field == "status" and value in STATUSES:
        set_status(edit, {"status": value}, via)
    elif field == "custom_status_id":
        set_status(edit, {"custom_status_id": int(value)}, via)
    elif field in SIMPLE and value in SIMPLE[field]:
        edit.set(field, value, via)
    elif field == "ticket_form_id":
        edit.set(field, account.forms[int(value)].id, via)
    elif field == "brand_id":
        edit.set(field, account.brands[int(value)].id, via)
    elif field in TAGS:
        edit.set("tags", _tags(ticket.tags, field, str(value).split()), via)
    elif field.startswith("custom_fields_"):
        custom = account.fields[int(field.removeprefix("custom_fields_"))]
        edit.set_custom(custom.id, field_value(custom, value), via)
    elif field in ("comment_value", "comment_value_html"):
        _comment(edit, field, value, via)
    elif field == "notification_webhook":
        edit.calls.append((str(value[0]), value[1] if isinstance(value[1], str) else ""))
    elif field in ("notification_user", "notification_group"):
        _mail(edit, field, value, via, title)
    elif field == "follower":
        followers = (*ticket.follower_ids, int(_person_or_group(edit, value) or 0))
        if account.users[followers[-1]].is_staff and followers[-1] not in ticket.follower_ids:
            ticket.follower_ids = followers


def _person_or_group(edit: Edit, value: Json) -> int | None:
    if value in ("current_user", "requester_id", "assignee_id"):
        ticket, by = edit.ticket, edit.by
        current = None if by is None else by.id
        return {"current_user": current, "requester_id": ticket.requester_id, "assignee_id": ticket.assignee_id}[value]
    return None if value in (None, "") else int(value)


def _tags(current: tuple[str, ...], field: str, said: list[str]) -> tuple[str, ...]:
    if field == "set_tags":
        return tuple(dict.fromkeys(said))
    if field == "current_tags":
        return tuple(dict.fromkeys((*current, *said)))
    return tuple(tag for tag in current if tag not in said)


def _comment(edit: Edit, field: str, value: Json, via: Via) -> None:
    """`comment_value` is a text, or `[channel, text]` where a channel can be named."""
    text = value[-1] if isinstance(value, list) else str(value)
    text = render(edit.account, edit.ticket, edit.by, text, edit.events)
    author = edit.by.id if edit.by is not None and edit.by.is_staff else -1
    html_body = text if field == "comment_value_html" else None
    body = tidy(without_markup(text) if html_body is None else text_of_html(html_body))
    edit.comment(author, body, public=True, html_body=html_body, via=via)


def _mail(edit: Edit, field: str, value: Json, via: Via, title: str) -> None:
    """Record the mail that would be sent, in the audit and in the account's outbox."""
    account, ticket = edit.account, edit.ticket
    target, subject, body = value
    if field == "notification_group":
        group_id = ticket.group_id if target in ("group_id", "") else int(target)
        people = account.members(group_id or 0)
    elif target == "requester_and_ccs":
        people = [ticket.requester_id, *ticket.email_cc_ids]
    elif target == "all_agents":
        people = [user.id for user in account.users.values() if user.is_staff]
    else:
        person = _person_or_group(edit, target)
        people = [] if person is None else [person]
    addresses = tuple(email for number in people if (email := account.users[number].email) is not None)
    if not addresses:
        return
    subject, body = (render(account, ticket, edit.by, text, edit.events) for text in (subject, body))
    edit.note("Notification", {"subject": subject, "body": body, "recipients": people}, via)
    edit.mails.append(Mail(account.clock.seconds(), ticket.id, title, addresses, subject, body))
