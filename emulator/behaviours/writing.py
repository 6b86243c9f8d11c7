"""Opens and updates tickets: the one place through which every change goes, whoever makes it."""

import copy

from emulator.account import Account, Written
from emulator.behaviours.change import Change, FollowerAction, NewComment
from emulator.behaviours.edit import Edit
from emulator.behaviours.mentions import mentioned
from emulator.behaviours.placeholders import render
from emulator.behaviours.system_rules import check_solved, place, reopen_on_reply, set_status
from emulator.behaviours.texts import text_of_html, tidy, without_markup
from emulator.behaviours.triggers import run_triggers
from emulator.clock import iso, parse_time
from emulator.model import CommentEvent, Json, Ticket, User
from emulator.refusals import Refusal, problem
from emulator.shapes.tickets import CHAT_CHANNELS

MOST_COMMENTS = 5_000
PLAIN_FIELDS = (
    "subject", "priority", "type", "due_at", "external_id", "problem_id", "brand_id", "ticket_form_id",
    "requester_id", "organization_id", "recipient",
)  # fmt: skip
OPEN_ON_CLOSED = {"tags", "subject", "priority"}


def open_ticket(account: Account, change: Change) -> Written:
    """Store a new ticket; `change.values` must name the requester and `change.comment` be there. Raises Refusal."""
    values, comment = change.values, change.comment
    if comment is None:
        raise Refusal.invalid({"base": [problem("Description", "cannot be blank")]})
    now = account.clock.seconds()
    requester = account.users[values["requester_id"]]
    draft = Ticket(
        id=values["id"] if "id" in values else account.ids.next("ticket", account.tickets),
        requester_id=requester.id,
        submitter_id=values.get("submitter_id") or requester.id,
        brand_id=values.get("brand_id") or account.brand.id,
        ticket_form_id=values.get("ticket_form_id") or account.form.id,
        via=change.via,
        created_at=now,
        updated_at=now,
        generated_timestamp=now,
        custom_status_id=account.default_status("new").id,
        organization_id=values.get("organization_id", requester.organization_id),
        starts_public=comment.public is not False,
    )
    edit = Edit(account, None, draft, change.by, change.via)
    organization = account.organizations.get(draft.organization_id or 0)
    if organization is not None and organization.group_id is not None:
        values = {"group_id": organization.group_id} | values if values.get("assignee_id") is None else values
    _follow_up(account, change, draft)
    _fields(edit, change)
    place(edit, values)
    set_status(edit, values)
    _tags(edit, change)
    edit.events.clear()  # of a new ticket only what it became is told, as Create events
    _comment(edit, change, comment)
    draft.description = comment.body
    draft.subject = draft.subject or comment.body[:150]
    check_solved(edit)
    edit.record_opening()
    _people(edit, change)
    written = finish(edit, change.custom)
    if written is None:
        raise AssertionError("a new ticket has events")
    return written


def update_ticket(account: Account, ticket: Ticket, change: Change) -> Written | None:
    """Make one update; None if it changed nothing. Raises Refusal (409, 422)."""
    if ticket.status == "closed":
        said = {*change.values, *(["tags"] if change.add_tags or change.remove_tags else [])}
        lenient = account.switches.closed_accepts == "tags-subject-priority" and said <= OPEN_ON_CLOSED
        if not lenient or change.comment is not None or change.custom_fields:
            raise Refusal.invalid({"status": [problem("Status", "closed prevents ticket update")]})
    _check_stamp(account, ticket, change)
    if change.comment is not None and sum(1 for _ in account.comments(ticket.id)) >= MOST_COMMENTS:
        raise Refusal.invalid({"base": [problem("Comments", f"may not exceed {MOST_COMMENTS}")]})
    edit = Edit(account, ticket, ticket, change.by, change.via)
    if change.comment is not None:
        _comment(edit, change, change.comment)
    _fields(edit, change)
    place(edit, change.values)
    set_status(edit, change.values)
    if change.comment is not None:
        reopen_on_reply(edit)
    _tags(edit, change)
    _people(edit, change)
    check_solved(edit)
    return finish(edit, change.custom)


def _check_stamp(account: Account, ticket: Ticket, change: Change) -> None:
    if change.expected_stamp is None:
        return
    if account.switches.stamp_precision == "second":
        try:
            matches = int(parse_time(change.expected_stamp)) == ticket.updated_at
        except ValueError:
            matches = False
    else:
        matches = change.expected_stamp == iso(ticket.updated_at)
    if not matches:
        raise Refusal.conflict()


def _fields(edit: Edit, change: Change) -> None:
    values = change.values
    if not edit.is_new and "priority" in values and values["priority"] is None and edit.ticket.priority is not None:
        raise Refusal.invalid({"priority": [problem("Priority", "cannot be reset")]})
    for name in PLAIN_FIELDS:
        if name in values:
            edit.set(name, values[name])
    if "requester_id" in values and "organization_id" not in values and not edit.is_new:
        edit.set("organization_id", edit.account.users[values["requester_id"]].organization_id)
    for field_id, value in change.custom_fields.items():
        edit.set_custom(field_id, value)


def _tags(edit: Edit, change: Change) -> None:
    tags = change.values.get("tags", edit.ticket.tags)
    tags = (*tags, *(tag for tag in change.add_tags if tag not in tags))
    edit.set("tags", tuple(tag for tag in tags if tag not in change.remove_tags))


def _follow_up(account: Account, change: Change, draft: Ticket) -> None:
    parent = account.tickets.get(change.followup_of or 0)
    if parent is None:
        return
    if parent.status != "closed":
        raise Refusal.invalid({"base": [problem("Followup source", "must be a closed ticket")]})
    draft.followup_source_id = parent.id
    if "tags" not in change.values:
        draft.tags = parent.tags


def _comment(edit: Edit, change: Change, comment: NewComment) -> None:
    account, ticket = edit.account, edit.ticket
    author = comment.author or change.by
    if author is None:
        raise Refusal.invalid({"base": [problem("Comment", "needs an author")]})
    public = ticket.starts_public if comment.public is None else comment.public
    if author.light and public:
        if account.switches.light_agent_public == "refuse":
            raise Refusal.forbidden("Light agents cannot comment publicly.")
        public = False
    if public and change.via.channel == "api" and ticket.via.channel in CHAT_CHANNELS and not edit.is_new:
        _check_chat_reply(account)
    html_body = comment.html_body
    body = without_markup(comment.body) if html_body is None else text_of_html(html_body)
    if author.is_staff:
        body = render(account, ticket, change.by, body)
        html_body = None if html_body is None else render(account, ticket, change.by, html_body)
    comment.body = tidy(body)
    edit.comment(author.id, comment.body, public=public, html_body=html_body, attachments=comment.attachments)


def _check_chat_reply(account: Account) -> None:
    if account.switches.chat_public_comment == "refused":
        raise Refusal.invalid({"base": [problem("Comment", "cannot be public on a messaging ticket")]})


def _people(edit: Edit, change: Change) -> None:
    """Followers and CCs: as asked, and those whom the new comment mentions."""
    account, ticket = edit.account, edit.ticket
    if not account.switches.followers_enabled:
        return
    followers, ccs = list(change.followers), list(change.email_ccs)
    comment = next((event for event in edit.events if isinstance(event, CommentEvent)), None)
    if comment is not None and _may_mention(account, account.users[comment.author_id], change, ticket):
        wanted: list[FollowerAction] = [(user.id, "put") for user in mentioned(account, comment.body)]
        (ccs if comment.public else followers).extend(wanted)
    set_people(edit, "follower_ids", _applied(ticket.follower_ids, followers))
    set_people(edit, "email_cc_ids", _applied(ticket.email_cc_ids, ccs))


def _may_mention(account: Account, author: User, change: Change, ticket: Ticket) -> bool:
    written_by_api = change.via.channel == "api"
    return (
        author.is_staff
        and not author.light
        and ticket.via.channel != "chat"
        and (account.switches.api_mentions_follow or not written_by_api)
    )


def _applied(current: tuple[int, ...], actions: list[FollowerAction]) -> tuple[int, ...]:
    ids = list(current)
    for user_id, action in actions:
        if action == "delete" and user_id in ids:
            ids.remove(user_id)
        elif action != "delete" and user_id not in ids:
            ids.append(user_id)
    return tuple(ids)


def set_people(edit: Edit, name: str, ids: tuple[int, ...]) -> None:
    """Set `follower_ids` or `email_cc_ids`; the audit tells it by addresses."""
    previous = getattr(edit.ticket, name)
    if previous == ids:
        return
    setattr(edit.ticket, name, ids)
    emails = [[edit.account.users[user_id].email for user_id in each] for each in (previous, ids)]
    kind, word = ("FollowerChange", "followers") if name == "follower_ids" else ("EmailCcChange", "email_ccs")
    edit.note(kind, {f"previous_{word}": emails[0], f"current_{word}": emails[1]})


def finish(edit: Edit, custom: dict[str, Json] | None = None, *, triggers: bool = True) -> Written | None:
    """Run the triggers, store the ticket and tell the listeners; None if nothing happened."""
    if triggers:
        run_triggers(edit)
    if not edit.events and not edit.calls:
        return None
    audit = edit.finish(custom)
    account = edit.account
    if edit.is_new and edit.ticket.followup_source_id is not None:
        _tell_parent(account, edit.ticket)
    account.store(edit.ticket, audit)
    account.mails.extend(edit.mails)
    calls = tuple((hook, render(account, edit.ticket, edit.by, body, edit.events)) for hook, body in edit.calls)
    written = Written(edit.before, edit.ticket, audit, calls)
    for listener in account.listeners:
        listener(written)
    return written


def _tell_parent(account: Account, child: Ticket) -> None:
    """The closed ticket learns of its follow-up, without an audit."""
    parent = copy.copy(account.tickets[child.followup_source_id or 0])
    parent.followup_ids = (*parent.followup_ids, child.id)
    account.store(parent)
