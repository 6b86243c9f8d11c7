"""Taking words and files out of comments for good."""

from dataclasses import replace

from emulator.account import Account
from emulator.behaviours.edit import Edit
from emulator.behaviours.writing import finish
from emulator.model import CommentEvent, Ticket, User, Via

BLOCK = "▇"
REDACTED_FILE = b"redacted"


def redact_text(account: Account, by: User, via: Via, ticket: Ticket, comment: CommentEvent, text: str) -> None:
    """Put blocks in the place of a text, in the comment and in the ticket's description."""
    before = comment.body
    comment.body = comment.body.replace(text, BLOCK * len(text))
    if comment.html_body is not None:
        comment.html_body = comment.html_body.replace(text, BLOCK * len(text))
    edit = Edit(account, ticket, ticket, by, via)
    if ticket.description == before:
        edit.ticket.description = comment.body
    edit.note("CommentRedactionEvent", {"comment_id": comment.id})
    finish(edit)


def redact_attachment(
    account: Account, by: User, via: Via, ticket: Ticket, comment: CommentEvent, attachment_id: int
) -> None:
    """Empty a file; the attachment stays as `redacted.txt`."""
    attachment = account.attachments[attachment_id]
    account.attachments[attachment_id] = replace(
        attachment, file_name="redacted.txt", content_type="text/plain", content=REDACTED_FILE
    )
    edit = Edit(account, ticket, ticket, by, via)
    edit.note("AttachmentRedactionEvent", {"attachment_id": attachment_id, "comment_id": comment.id})
    finish(edit)
