"""Merging, deletion, restoring and spam."""

import copy

from emulator.account import Account, Written
from emulator.behaviours.edit import Edit
from emulator.behaviours.writing import finish
from emulator.model import Json, Ticket, User, Via
from emulator.refusals import Refusal, problem

API = Via("api")
SCRUBBED = "SCRUBBED"


def merge(
    account: Account,
    by: User,
    target_id: int,
    source_ids: list[int],
    *,
    source_comment: str | None,
    target_comment: str | None,
    source_public: bool,
    target_public: bool,
) -> None:
    """Close the sources with a comment that points to the target, and comment on the target. Raises Refusal (422)."""
    merged = Via("api", "merge")
    for number in source_ids:
        source = account.tickets[number]
        if source.status == "closed":
            raise Refusal.invalid({"status": [problem("Status", "closed prevents ticket update")]})
        edit = Edit(account, source, source, by, merged)
        text = source_comment or f"This request was closed and merged into request #{target_id}."
        edit.comment(by.id, text, public=source_public)
        edit.note("TicketMerged", {"target_ticket_id": target_id})
        edit.set("tags", tuple(dict.fromkeys((*edit.ticket.tags, "closed_by_merge"))))
        edit.set_status("closed")
        finish(edit)
    target = account.tickets[target_id]
    edit = Edit(account, target, target, by, merged)
    names = ", ".join(f"#{number}" for number in source_ids)
    text = target_comment or f"Requests {names} were closed and merged into this request."
    edit.comment(by.id, text, public=target_public)
    finish(edit)


def soft_delete(account: Account, by: User, ticket: Ticket) -> Written | None:
    """The ticket can no longer be read; exports show it as deleted."""
    return _mark(account, by, ticket, "TicketDeleted", {}, deleted=True)


def restore(account: Account, by: User, ticket: Ticket) -> Written | None:
    return _mark(account, by, ticket, "TicketUndeleted", {}, deleted=False)


def delete_for_good(account: Account, by: User, ticket: Ticket) -> Written | None:
    """Scrub a deleted ticket: its words are gone, its id stays in the exports."""
    for _, comment in account.comments(ticket.id):
        comment.body, comment.html_body, comment.attachments = SCRUBBED, None, ()
    scrubbed = copy.copy(ticket)
    scrubbed.subject = scrubbed.description = SCRUBBED
    scrubbed.tags, scrubbed.custom_fields, scrubbed.scrubbed = (), {}, True
    return _mark(account, by, scrubbed, "TicketPermanentlyDeleted", {}, deleted=True)


def mark_as_spam(account: Account, by: User, ticket: Ticket) -> Written | None:
    """Delete the ticket and suspend its requester."""
    account.users[ticket.requester_id].suspended = True
    account.people_changed()
    return _mark(account, by, ticket, "TicketMarkedAsSpam", {}, deleted=True)


def _mark(
    account: Account, by: User, ticket: Ticket, type_: str, content: dict[str, Json], *, deleted: bool
) -> Written | None:
    edit = Edit(account, ticket, ticket, by, API)
    edit.ticket.deleted = deleted
    edit.note(type_, content)
    return finish(edit, triggers=False)
