"""One update while it is being made: a draft of the ticket and the audit events so far."""

import copy
from typing import Any

from emulator.account import Account
from emulator.model import Audit, CommentEvent, Event, FieldEvent, Json, Mail, OtherEvent, Ticket, User, Via


class Edit:
    """Changes are made to a copy, so a refused update leaves nothing behind. What changes nothing is not recorded."""

    def __init__(self, account: Account, before: Ticket | None, draft: Ticket, by: User | None, via: Via) -> None:
        self.account = account
        self.before = before
        self.ticket = draft if before is None else copy.copy(draft)
        self.audit_id = account.ids.next("event")
        self.by = by
        self.via = via
        self.events: list[Event] = []
        self.calls: list[tuple[str, str]] = []  # (webhook id, body with its placeholders)
        self.mails: list[Mail] = []

    @property
    def is_new(self) -> bool:
        return self.before is None

    def set(self, name: str, value: Any, via: Via | None = None) -> None:
        """Give a field of the ticket a value; `via` names the rule that did it, if one did."""
        previous = getattr(self.ticket, name)
        if previous == value:
            return
        setattr(self.ticket, name, value)
        self._record(name, value, previous, via)

    def set_custom(self, field_id: int, value: Json, via: Via | None = None) -> None:
        previous = self.ticket.custom_fields.get(field_id)
        if previous == value:
            return
        fields = dict(self.ticket.custom_fields)
        fields.pop(field_id, None)
        if value is not None:
            fields[field_id] = value
        self.ticket.custom_fields = fields
        self._record(str(field_id), value, previous, via)

    def set_status(self, category: str, via: Via | None = None) -> None:
        """Set the category and, unless the exact status is of that category already, its default status."""
        self.set("status", category, via)
        wanted = "solved" if category == "closed" else category
        if self.account.statuses[self.ticket.custom_status_id].category != wanted:
            self.set("custom_status_id", self.account.default_status(category).id, via)

    def comment(
        self,
        author_id: int,
        body: str,
        *,
        public: bool,
        html_body: str | None = None,
        attachments: tuple[int, ...] = (),
        via: Via | None = None,
    ) -> None:
        number = self.account.ids.next("event")
        self.events.append(CommentEvent(number, author_id, body, public, via, html_body, attachments))
        if public:
            self.ticket.is_public = True

    def note(self, type_: str, content: dict[str, Json], via: Via | None = None) -> None:
        """Record an event of another type than Create, Change and Comment."""
        self.events.append(OtherEvent(self.account.ids.next("event"), type_, content, via))

    def record_opening(self) -> None:
        """The Create events of a new ticket: every field that has a value."""
        opened = self.ticket
        for name in ("subject", "requester_id", "status", "priority", "type", "group_id", "assignee_id",
                     "organization_id", "brand_id", "ticket_form_id", "custom_status_id", "external_id",
                     "problem_id", "tags"):  # fmt: skip
            if (value := getattr(opened, name)) not in (None, ()):
                self._record(name, value, None, None, created=True)
        for field_id, value in opened.custom_fields.items():
            self._record(str(field_id), value, None, None, created=True)

    def finish(self, custom: dict[str, Json] | None) -> Audit:
        now = self.account.clock.seconds()
        if self.events:
            self.ticket.updated_at = now
        self.ticket.generated_timestamp = now
        author = -1 if self.by is None else self.by.id
        return Audit(self.audit_id, self.ticket.id, now, author, self.via, tuple(self.events), custom)

    def _record(self, name: str, value: Any, previous: Any, via: Via | None, *, created: bool = False) -> None:
        shown = [list(each) if isinstance(each, tuple) else each for each in (value, previous)]
        number = self.account.ids.next("event")
        self.events.append(FieldEvent(number, name, shown[0], shown[1], created, via))
