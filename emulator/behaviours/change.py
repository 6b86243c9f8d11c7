"""What somebody wants to do to a ticket, already checked and in our types."""

from dataclasses import dataclass, field

from emulator.model import Json, User, Via

FollowerAction = tuple[int, str]  # (user id, "put" or "delete")


@dataclass(slots=True)
class NewComment:
    body: str
    public: bool | None = None  # None: whatever the ticket started with
    author: User | None = None
    html_body: str | None = None
    attachments: tuple[int, ...] = ()


@dataclass(slots=True)
class Change:
    """One update or one new ticket. `values` holds only the fields that were said."""

    by: User | None  # None: Zendesk itself
    via: Via
    values: dict[str, Json] = field(default_factory=dict)
    custom_fields: dict[int, Json] = field(default_factory=dict)
    comment: NewComment | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    followers: tuple[FollowerAction, ...] = ()
    email_ccs: tuple[FollowerAction, ...] = ()
    custom: dict[str, Json] | None = None
    expected_stamp: str | None = None  # safe_update: refuse if the ticket's updated_at is another
    followup_of: int | None = None
