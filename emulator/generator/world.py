"""The people of an invented desk, and what they can do to a ticket, through the emulator's own rules."""

import random
from collections.abc import Sequence
from typing import Any, TypeVar

from emulator.account import Account
from emulator.behaviours.acting import attach, via_of
from emulator.behaviours.automations import CLOSING
from emulator.behaviours.change import Change, NewComment
from emulator.behaviours.chatting import end_chat, start_chat
from emulator.behaviours.edit import Edit
from emulator.behaviours.writing import finish, open_ticket, update_ticket
from emulator.generator import phrases
from emulator.generator.phrases import MATTERS, Matter
from emulator.model import Ticket, TicketField, User, Via
from emulator.refusals import Refusal

T = TypeVar("T")
TICKETS_OF_A_CUSTOMER = 6  # on average
WEB, WIDGET, API, VOICE = Via("web"), Via("web", "web_widget"), Via("api"), Via("voice")


class World:
    """An account with its invented customers, and one source of randomness."""

    def __init__(self, account: Account, rng: random.Random, tickets: int) -> None:
        self.account = account
        self.rng = rng
        self.wanted = tickets
        self.staff = [user for user in account.users.values() if user.is_staff and not user.light]
        self.groups = {group.name: group.id for group in account.groups.values()}
        self.customers = [self._customer(number) for number in range(max(3, tickets // TICKETS_OF_A_CUSTOMER))]
        self._matters = [matter for matter, _ in MATTERS]
        self._weights = [weight for _, weight in MATTERS]
        self._mail: dict[int, Via] = {}
        self._members: dict[str, list[User]] = {}

    def _customer(self, number: int) -> User:
        rng, account = self.rng, self.account
        name = f"{rng.choice(phrases.FIRST_NAMES)} {rng.choice(phrases.LAST_NAMES)}"
        store = f"{rng.choice(phrases.STORE_KINDS)} {rng.choice(phrases.STORE_NAMES)} {number // 3 + 1}"
        user = account.add_end_user(name, f"cliente{number}@{store.split()[0].lower()}{number // 3 + 1}.example")
        user.verified = rng.random() < 0.75
        user.alias = store
        if rng.random() < 0.04:
            user.locale = "es"
        return user

    @property
    def has_room(self) -> bool:
        return len(self.account.tickets) < self.wanted

    # --- choices -----------------------------------------------------------------------------------------------

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def choose(self, options: Sequence[T]) -> T:
        return options[int(self.rng.random() * len(options))]

    def matter(self, customer: User) -> Matter:
        if customer.locale == "es" and self.chance(0.8):
            return phrases.SPANISH
        return self.rng.choices(self._matters, self._weights)[0]

    def agent(self, group: str) -> User:
        """A member of the group; anybody on the staff where the desk has no such group or nobody in it."""
        members = self._members.get(group)
        if members is None:
            number = self.groups.get(group, 0)
            members = [user for user in self.staff if self.account.is_member(user.id, number)] or self.staff
            self._members[group] = members
        return self.choose(members)

    def facts(self, customer: User) -> dict[str, Any]:
        """What fills the gaps of the phrases about one ticket."""
        draw = self.rng.random
        return {
            "order": int(10_000 + draw() * 89_999),
            "cep": f"{int(10_000 + draw() * 89_999):05d}-{int(draw() * 999):03d}",
            "ref": f"{chr(65 + int(draw() * 26))}{chr(65 + int(draw() * 26))}-{int(100 + draw() * 899)}",
            "amount": f"{int(draw() * 900) + 20},{int(draw() * 99):02d}",
            "number": int(draw() * 40) + 2,
            "hour": int(draw() * 24),
            "day": self.choose(phrases.DAYS),
            "month": self.choose(phrases.MONTHS),
            "store": customer.alias,
            "domain": f"{(customer.alias or 'loja').replace(' ', '').lower()}.example",
            "first": customer.name.partition(" ")[0],
        }

    # --- acts --------------------------------------------------------------------------------------------------

    def open(self, by: User, customer: User, via: Via, subject: str, text: str, **more: Any) -> Ticket:
        """`more`: files, public, followup_of, values, fields."""
        change = Change(by, via, followup_of=more.get("followup_of"), custom_fields=more.get("fields") or {})
        files = attach(self.account, more.get("files", ()))
        change.comment = NewComment(text, more.get("public", True), customer, attachments=files)
        change.values = {"requester_id": customer.id, "submitter_id": by.id, "subject": subject}
        change.values |= more.get("values") or {}
        return open_ticket(self.account, change).ticket

    def update(self, number: int, by: User, via: Via, text: str | None = None, **more: Any) -> None:
        """`more`: public, files, values, fields. What Zendesk would refuse does not happen."""
        ticket = self.account.tickets[number]
        change = Change(by, via, values=more.get("values") or {}, custom_fields=more.get("fields") or {})
        if text is not None:
            files = attach(self.account, more.get("files", ()))
            change.comment = NewComment(text, more.get("public", True), by, attachments=files)
        try:
            update_ticket(self.account, ticket, change)
        except Refusal:
            return

    def chat(self, number: int, lines: list[tuple[User, str]]) -> None:
        start_chat(self.account, self.account.tickets[number], lines)

    def end_chat(self, number: int) -> None:
        end_chat(self.account, self.account.tickets[number])

    def close(self, number: int) -> None:
        """What Zendesk does by itself four weeks after a ticket was solved."""
        ticket = self.account.tickets[number]
        edit = Edit(self.account, ticket, ticket, None, CLOSING)
        edit.set_status("closed")
        finish(edit)

    def mail_of(self, customer: User) -> Via:
        """The via of the customer's e-mails, one for all of them."""
        via = self._mail.get(customer.id)
        if via is None:
            via = self._mail[customer.id] = via_of(self.account, customer, "email", None, None)
        return via

    def field(self, key: str) -> TicketField | None:
        return self.account.field_by_key(key)
