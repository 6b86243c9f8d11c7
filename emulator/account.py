"""Everything one Zendesk account holds: its tables, its ids, and the logs that exports read."""

import asyncio
import copy
from bisect import insort
from collections import defaultdict, deque
from collections.abc import Callable, Container, Iterator
from dataclasses import dataclass

from emulator.clock import Clock
from emulator.model import (
    Attachment,
    Audit,
    Brand,
    CommentEvent,
    CustomStatus,
    Group,
    Identity,
    Invocation,
    Job,
    Json,
    Mail,
    Membership,
    OAuthClient,
    Organization,
    Rule,
    Schedule,
    Ticket,
    TicketField,
    TicketForm,
    Token,
    User,
    Webhook,
)
from emulator.switches import Switches

ID_BASES = {
    "group": 36_000_000_000_000,
    "membership": 36_100_000_000_000,
    "organization": 36_200_000_000_000,
    "field": 36_300_000_000_000,
    "form": 36_400_000_000_000,
    "status": 36_500_000_000_000,
    "brand": 36_600_000_000_000,
    "schedule": 36_700_000_000_000,
    "identity": 36_800_000_000_000,
    "rule": 36_900_000_000_000,
    "attachment": 37_000_000_000_000,
    "option": 37_100_000_000_000,
    "user": 39_000_000_000_000,
    "event": 40_000_000_000_000,  # audits, their events and comments share one sequence
    "ticket": 0,
}


@dataclass(frozen=True, slots=True)
class Written:
    """What one update did: the ticket before (None: it was opened) and after, its audit, and the webhooks called."""

    before: Ticket | None
    ticket: Ticket
    audit: Audit
    calls: tuple[tuple[str, str], ...] = ()  # (webhook id, body) of triggers and automations


class Ids:
    """Deterministic ids: the next free number of each kind."""

    def __init__(self) -> None:
        self._last = dict(ID_BASES)

    def next(self, kind: str, taken: Container[int] = ()) -> int:
        number = self._last[kind] + 1
        while number in taken:
            number += 1
        self._last[kind] = number
        return number

    def last(self, kind: str) -> int:
        return self._last[kind]

    def start_at(self, kind: str, last: int) -> None:
        """Go on after an id that was given before."""
        self._last[kind] = last


class Account:
    """The state of one Zendesk account. Tickets are replaced, never changed in place, so an old one can be kept."""

    def __init__(self, clock: Clock, switches: Switches) -> None:
        self.clock = clock
        self.switches = switches
        self.ids = Ids()
        self.number = 10_000_001
        self.subdomain = "desk"
        self.address = "http://127.0.0.1"
        self.locale = "en-US"
        self.time_zone = "UTC"
        self.plan = "suite-professional"
        self.high_volume = False
        self.sandbox = False
        self.settings: dict[str, dict[str, Json]] = {}
        self.owner_id = 0

        self.users: dict[int, User] = {}
        self._staff: tuple[int, list[User]] | None = None
        self.identities: dict[int, Identity] = {}
        self.emails: dict[str, int] = {}  # address, case folded -> user
        self.organizations: dict[int, Organization] = {}
        self.groups: dict[int, Group] = {}
        self.memberships: dict[int, Membership] = {}
        self.fields: dict[int, TicketField] = {}
        self.forms: dict[int, TicketForm] = {}
        self.statuses: dict[int, CustomStatus] = {}
        self.brands: dict[int, Brand] = {}
        self.schedules: dict[int, Schedule] = {}
        self.triggers: dict[int, Rule] = {}
        self.automations: dict[int, Rule] = {}
        self.api_tokens: set[str] = set()
        self.clients: dict[str, OAuthClient] = {}
        self.tokens: dict[str, Token] = {}
        self.attachments: dict[int, Attachment] = {}
        self.webhooks: dict[str, Webhook] = {}
        self.invocations: dict[str, Invocation] = {}
        self.jobs: dict[str, Job] = {}
        self.mails: list[Mail] = []
        self.idempotency: dict[str, tuple[float, bytes, int]] = {}  # key -> (until, body, ticket id)

        self.tickets: dict[int, Ticket] = {}
        self.audits: dict[int, list[Audit]] = {}
        self.requested: defaultdict[int, list[int]] = defaultdict(list)
        self.incidents: defaultdict[int, set[int]] = defaultdict(set)  # problem -> tickets
        self.changes: list[tuple[int, int]] = []  # (generated_timestamp, ticket id), stale pairs among them
        self.audit_log: list[Audit] = []  # by time
        self.running_jobs: set[asyncio.Task[None]] = set()
        self.listeners: list[Callable[[Written], None]] = []
        self.message_listeners: list[Callable[[Ticket, User, str], None]] = []
        self.unsaved: set[int] = set()  # tickets that a data file does not know yet
        self.unsaved_people = True
        self.recent: deque[tuple[float, int, Ticket | None]] = deque()  # what search does not see yet

    # --- tickets -----------------------------------------------------------------------------------------------

    def store(self, ticket: Ticket, audit: Audit | None = None) -> None:
        """Put a new or changed ticket in the place of the old one, with the audit of the change."""
        old = self.tickets.get(ticket.id)
        now = self.clock.now()
        self.tickets[ticket.id] = ticket
        self.unsaved.add(ticket.id)
        if old is None:
            self.audits[ticket.id] = []
        if old is None or old.requester_id != ticket.requester_id:
            insort(self.requested[ticket.requester_id], ticket.id)
            if old is not None:
                self.requested[old.requester_id].remove(ticket.id)
        if old is not None and old.problem_id is not None:
            self.incidents[old.problem_id].discard(ticket.id)
        if ticket.problem_id is not None:
            self.incidents[ticket.problem_id].add(ticket.id)
        if old is None or old.generated_timestamp != ticket.generated_timestamp:
            insort(self.changes, (ticket.generated_timestamp, ticket.id))
            self._drop_stale_changes()
        if audit is not None:
            self.audits[ticket.id].append(audit)
            insort(self.audit_log, audit, key=lambda entry: (entry.created_at, entry.id))
        while self.recent and self.recent[0][0] <= now - self.switches.search_lag:
            self.recent.popleft()
        self.recent.append((now, ticket.id, old))

    def restore(self, ticket: Ticket, history: list[Audit]) -> None:
        """Put a ticket that was kept back, in the order of ids; `finish_restoring` sorts the logs at the end."""
        self.tickets[ticket.id], self.audits[ticket.id] = ticket, history
        self.requested[ticket.requester_id].append(ticket.id)
        if ticket.problem_id is not None:
            self.incidents[ticket.problem_id].add(ticket.id)
        self.changes.append((ticket.generated_timestamp, ticket.id))
        self.audit_log.extend(history)

    def finish_restoring(self) -> None:
        self.changes.sort()
        self.audit_log.sort(key=lambda audit: (audit.created_at, audit.id))

    def _drop_stale_changes(self) -> None:
        if len(self.changes) > 2 * len(self.tickets) + 1000:
            self.changes = sorted((ticket.generated_timestamp, ticket.id) for ticket in self.tickets.values())

    def touch(self, ticket_id: int) -> None:
        """A change by the system that makes no audit: only `generated_timestamp` moves."""
        ticket = copy.copy(self.tickets[ticket_id])
        ticket.generated_timestamp = self.clock.seconds()
        self.store(ticket)

    def comments(self, ticket_id: int) -> Iterator[tuple[Audit, CommentEvent]]:
        for audit in self.audits[ticket_id]:
            for event in audit.events:
                if isinstance(event, CommentEvent):
                    yield audit, event

    # --- people and groups -------------------------------------------------------------------------------------

    @property
    def staff(self) -> list[User]:
        """Agents and admins; among very many customers they are not looked for each time."""
        if self._staff is None or self._staff[0] != len(self.users):
            self._staff = (len(self.users), [user for user in self.users.values() if user.is_staff])
        return self._staff[1]

    def people_changed(self) -> None:
        """Somebody was added or changed in place: the staff may be others, and a data file does not know it yet."""
        self._staff = None
        self.unsaved_people = True

    def user_by_email(self, email: str) -> User | None:
        number = self.emails.get(email.casefold())
        return None if number is None else self.users[number]

    def add_identity(self, user: User, kind: str, value: str, *, primary: bool) -> Identity:
        """Another address or number of a person; an e-mail address finds them from now on."""
        now = self.clock.seconds()
        number = self.ids.next("identity")
        identity = Identity(number, user.id, kind, value, user.verified, primary, now, now)
        self.identities[number] = identity
        self.people_changed()
        if kind == "email":
            self.emails.setdefault(value.casefold(), user.id)
        return identity

    def know_emails(self) -> None:
        """Find people by their addresses again, after identities were loaded or removed."""
        self.emails = {}
        for identity in self.identities.values():
            if identity.type == "email":
                self.emails.setdefault(identity.value.casefold(), identity.user_id)

    def add_end_user(self, name: str, email: str | None) -> User:
        """A new customer, as Zendesk makes one from an address it does not know."""
        now = self.clock.seconds()
        number = self.ids.next("user", self.users)
        user = User(
            number, name, "end-user", now, now, email, locale=self.locale, time_zone=self.time_zone, verified=False
        )
        self.users[number] = user
        self.people_changed()
        if email is not None:
            self.add_identity(user, "email", email, primary=True)
        return user

    def memberships_of(self, user_id: int) -> list[Membership]:
        return [membership for membership in self.memberships.values() if membership.user_id == user_id]

    def members(self, group_id: int) -> list[int]:
        return [entry.user_id for entry in self.memberships.values() if entry.group_id == group_id]

    def is_member(self, user_id: int, group_id: int) -> bool:
        return any(entry.group_id == group_id for entry in self.memberships_of(user_id))

    def default_group(self, user_id: int) -> int | None:
        own = self.memberships_of(user_id)
        return next((entry.group_id for entry in own if entry.default), own[0].group_id if own else None)

    # --- configuration -----------------------------------------------------------------------------------------

    @property
    def brand(self) -> Brand:
        return next(brand for brand in self.brands.values() if brand.default)

    @property
    def form(self) -> TicketForm:
        return next(form for form in self.forms.values() if form.default)

    def custom_fields(self) -> list[TicketField]:
        return [field for field in self.fields.values() if field.custom]

    def field_by_key(self, key: str) -> TicketField | None:
        return next((field for field in self.fields.values() if field.key == key), None)

    def default_status(self, category: str) -> CustomStatus:
        wanted = "solved" if category == "closed" else category
        return next(status for status in self.statuses.values() if status.category == wanted and status.default)
