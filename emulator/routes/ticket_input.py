"""Reads the JSON of a ticket that is created or updated into a Change, and refuses what Zendesk refuses."""

from collections.abc import Callable

from emulator.account import Account
from emulator.behaviours.change import Change, FollowerAction, NewComment
from emulator.behaviours.ticket_values import WORDS, as_id, field_value, read_tags
from emulator.clock import parse_time
from emulator.model import Json, User, Via
from emulator.refusals import Problem, Refusal, problem

Problems = dict[str, list[Problem]]

TEXTS = ("subject", "raw_subject", "external_id", "recipient")


def read_change(account: Account, by: User, via: Via, document: dict[str, Json], *, bulk: bool = False) -> Change:
    """What `{"ticket": ...}` asks for; unknown properties are ignored. Raises Refusal (400, 422)."""
    change = Change(by, via)
    problems: Problems = {}
    _words_and_texts(change, document, problems)
    _ids(account, change, document, problems)
    _tags(account, change, document, bulk=bulk)
    _custom_fields(account, change, document, problems)
    _people(account, change, document, problems)
    change.comment = read_comment(account, document.get("comment"), problems)
    metadata = document.get("metadata")
    change.custom = metadata if isinstance(metadata, dict) else None
    if _true(document.get("safe_update")):
        stamp = document.get("updated_stamp")
        if not isinstance(stamp, str):
            raise Refusal.malformed("Invalid attribute", "safe_update needs updated_stamp")
        change.expected_stamp = stamp
    if problems:
        raise Refusal.invalid(problems)
    return change


def read_new_ticket(account: Account, by: User, via: Via, document: dict[str, Json]) -> Change:
    """As `read_change`, with what only a new ticket has. Raises Refusal (400, 422)."""
    if "comment" not in document and isinstance(document.get("description"), str):
        document = document | {"comment": {"body": document["description"]}}
    change = read_change(account, by, via, document)
    change.values.setdefault("requester_id", by.id)
    submitter = as_id(document.get("submitter_id"))
    change.values["submitter_id"] = submitter if submitter in account.users else by.id
    change.followup_of = as_id(document.get("via_followup_source_id"))
    if change.comment is not None and change.comment.public is None:
        change.comment.public = account.settings["tickets"]["comments_public_by_default"]
    if change.comment is not None and change.comment.author is None:
        # the first comment is shown as the submitter's, which is the requester unless the submitter was named
        shown = submitter if submitter in account.users else change.values["requester_id"]
        change.comment.author = account.users[shown]
    return change


def _true(value: Json) -> bool:
    return value is True or value == "true"


def _words_and_texts(change: Change, document: dict[str, Json], problems: Problems) -> None:
    for name, words in WORDS.items():
        if name not in document:
            continue
        value = document[name] or None
        if value is not None and value not in words:
            problems.setdefault(name, []).append(problem(name.capitalize(), f"{value} is not valid", "InvalidValue"))
        elif value is not None or name != "status":
            change.values[name] = value
    for name in TEXTS:
        if name in document:
            value = document[name]
            text = None if value is None else str(value)
            change.values["subject" if name == "raw_subject" else name] = text
    if "due_at" in document:
        change.values["due_at"] = _due(document["due_at"], problems)


def _due(value: Json, problems: Problems) -> int | None:
    if value is None:
        return None
    try:
        return int(parse_time(str(value)))
    except (ValueError, OverflowError):
        problems.setdefault("due_at", []).append(problem("Due date", "is not properly formatted"))
        return None


def _ids(account: Account, change: Change, document: dict[str, Json], problems: Problems) -> None:
    for name, allowed in _REFERENCES.items():
        if name not in document:
            continue
        value = document[name]
        number = as_id(value)
        word = name.removesuffix("_id")
        if value in (None, "", 0):
            if name in _REQUIRED:
                continue
            change.values[name] = None
        elif number is None or not allowed(account, number):
            problems.setdefault(word, []).append(
                problem(word.replace("_", " ").capitalize(), "is invalid", "InvalidValue")
            )
        else:
            change.values[name] = number
    if isinstance(email := document.get("assignee_email"), str):
        user = account.user_by_email(email)
        if user is None or not _assignable(account, user.id):
            problems.setdefault("assignee", []).append(problem("Assignee", "is invalid", "InvalidValue"))
        else:
            change.values["assignee_id"] = user.id
    _requester(account, change, document.get("requester"))
    _organization(account, change, problems)


def _assignable(account: Account, number: int) -> bool:
    user = account.users.get(number)
    return user is not None and user.is_staff and user.active and not user.suspended and not user.light


_REFERENCES: dict[str, Callable[[Account, int], bool]] = {
    "group_id": lambda account, number: number in account.groups and not account.groups[number].deleted,
    "assignee_id": _assignable,
    "requester_id": lambda account, number: number in account.users,
    "organization_id": lambda account, number: number in account.organizations,
    "brand_id": lambda account, number: number in account.brands,
    "ticket_form_id": lambda account, number: number in account.forms,
    "custom_status_id": lambda account, number: number in account.statuses and account.statuses[number].active,
    "problem_id": lambda account, number: number in account.tickets,
}
_REQUIRED = frozenset({"requester_id", "brand_id", "ticket_form_id", "custom_status_id"})


def _requester(account: Account, change: Change, said: Json) -> None:
    """`requester: {name, email}` finds the person or makes a new end user."""
    if not isinstance(said, dict) or not isinstance(email := said.get("email"), str) or "@" not in email:
        return
    user = account.user_by_email(email) or account.add_end_user(str(said.get("name") or email.partition("@")[0]), email)
    change.values["requester_id"] = user.id


def _organization(account: Account, change: Change, problems: Problems) -> None:
    """An organization must be one that the requester belongs to."""
    number, requester_id = change.values.get("organization_id"), change.values.get("requester_id")
    if number is not None and requester_id is not None and account.users[requester_id].organization_id != number:
        problems.setdefault("organization", []).append(problem("Organization", "is invalid", "InvalidValue"))


def _tags(account: Account, change: Change, document: dict[str, Json], *, bulk: bool) -> None:
    if "tags" in document:
        change.values["tags"] = read_tags(document["tags"])
    if bulk or account.switches.additional_tags_on_one_ticket:
        change.add_tags = read_tags(document.get("additional_tags"))
        change.remove_tags = read_tags(document.get("remove_tags"))


def _custom_fields(account: Account, change: Change, document: dict[str, Json], problems: Problems) -> None:
    said = document.get("custom_fields", document.get("fields"))
    pairs: list[tuple[Json, Json]] = []
    if isinstance(said, list):
        pairs = [(entry.get("id"), entry.get("value")) for entry in said if isinstance(entry, dict)]
    elif isinstance(said, dict):
        pairs = list(said.items())
    for key, value in pairs:
        field = account.fields.get(as_id(key) or 0)
        if field is None or not field.custom:
            continue  # Zendesk ignores fields that it does not know
        try:
            change.custom_fields[field.id] = field_value(field, value)
        except ValueError:
            problems.setdefault("base", []).append(
                problem(field.title, f"{value} is not a valid value", "InvalidValue")
            )


def _people(account: Account, change: Change, document: dict[str, Json], problems: Problems) -> None:
    change.followers = _actions(account, document.get("followers"))
    change.email_ccs = _actions(account, document.get("email_ccs"))
    if isinstance(ids := document.get("follower_ids"), list):
        change.followers = tuple((number, "put") for each in ids if (number := as_id(each)) in account.users)
    if isinstance(ids := document.get("collaborator_ids"), list):  # the older name of those in copy
        change.email_ccs = tuple((number, "put") for each in ids if (number := as_id(each)) in account.users)
    if len(change.email_ccs) > 48:
        problems.setdefault("email_ccs", []).append(problem("Email CCs", "may not exceed 48"))


def _actions(account: Account, said: Json) -> tuple[FollowerAction, ...]:
    found: list[FollowerAction] = []
    for entry in said if isinstance(said, list) else []:
        if not isinstance(entry, dict):
            continue
        number = as_id(entry.get("user_id"))
        if number is None and isinstance(email := entry.get("user_email"), str):
            user = account.user_by_email(email)
            number = None if user is None else user.id
        if number in account.users and number is not None:
            found.append((number, "delete" if entry.get("action") == "delete" else "put"))
    return tuple(found)


def read_comment(account: Account, said: Json, problems: Problems) -> NewComment | None:
    """The comment that is said, None if it is empty; what is wrong with it goes to `problems`."""
    if isinstance(said, str):
        said = {"body": said}
    if not isinstance(said, dict):
        return None
    html_body, body = said.get("html_body"), said.get("body")
    if not isinstance(html_body, str):
        html_body = None
    text = body if isinstance(body, str) else ""
    attachments = _uploads(account, said.get("uploads"))
    if not text.strip() and not (html_body or "").strip() and not attachments:
        return None
    author_id = as_id(said.get("author_id"))
    if author_id is not None and author_id not in account.users:
        problems.setdefault("comment", []).append(problem("Author", "is invalid", "InvalidValue"))
    public = said.get("public")
    return NewComment(
        text,
        _true(public) if public is not None else None,
        account.users.get(author_id or 0),
        html_body,
        attachments,
    )


def _uploads(account: Account, said: Json) -> tuple[int, ...]:
    tokens = [said] if isinstance(said, str) else said if isinstance(said, list) else []
    return tuple(attachment.id for attachment in account.attachments.values() if attachment.token in tokens)
