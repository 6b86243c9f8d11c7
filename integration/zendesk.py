"""The gateway to a Zendesk account: tickets by httpx straight into the rules' values, updates by zenpy."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import httpx
import structlog

from integration.account import Account, Known
from integration.auth import ApiToken, OAuthClient
from integration.bridge import ZenpyBridge
from integration.directory import Directory
from integration.events import updates_from
from integration.exports import SIDELOADS as PEOPLE_AND_GROUPS
from integration.exports import changed_since, counted, page_of_changes, page_of_events, shown_many, unsolved
from integration.gateway import (
    EventPage,
    GatewayError,
    OutcomeUnknown,
    Pace,
    PackNames,
    TicketChanged,
    TicketNotFound,
    TicketPage,
    Unchanged,
    Unreachable,
    UnreadableAnswer,
    UpdateRefused,
)
from integration.history import comments_of, history_from, operation_of, people_in
from integration.opening import open_once
from integration.parse import Json, comments_in, digest_of, moment_from, people_of, reading, stamp, ticket_from
from integration.rate_limit import Bucket, RateLimit
from integration.refusal import Refusal, refused_or_later
from integration.surroundings import Surroundings
from integration.wire import TIMEOUT, AnswerLost, Traffic, Wire, json_of, served_at
from integration.write import update_values
from rules.actions import NewTicket
from rules.business_hours import Schedule
from rules.plan import Update
from rules.snapshot import Need, Snapshot
from rules.ticket import Audit, Ticket

SIDELOADS = f"{PEOPLE_AND_GROUPS},comment_count"
READ_BACK = (0.0, 1.0, 3.0)  # seconds before each look for an update whose answer was lost

_log = structlog.get_logger(__name__)


def connect(
    base_url: str,
    credentials: OAuthClient | ApiToken,
    names: PackNames,
    *,
    now: Callable[[], datetime],
    sleep: Callable[[float], None] = time.sleep,
    rate_limit: RateLimit | None = None,
    timeout: float = TIMEOUT,
) -> "ZendeskGateway":
    """The gateway to the account at ``base_url``. Opens nothing yet: ``check()`` makes the first calls.

    ``now`` gives aware UTC times; ``sleep`` waits for the rate limit and between attempts;
    ``timeout`` is what an answer may take, in seconds.
    """
    wire = Wire(base_url, credentials, now=now, sleep=sleep, rate_limit=rate_limit, timeout=timeout)
    zenpy = ZenpyBridge(wire)
    return ZendeskGateway(wire, zenpy, Directory(wire, zenpy, names, now), now=now, sleep=sleep)


class ZendeskGateway:
    """Implements ``integration.gateway.Gateway``. Shared by threads."""

    def __init__(
        self,
        wire: Wire,
        zenpy: ZenpyBridge,
        directory: Directory,
        *,
        now: Callable[[], datetime],
        sleep: Callable[[float], None],
    ) -> None:
        self._wire = wire
        self._zenpy = zenpy
        self._directory = directory
        self._surroundings = Surroundings(wire, now)
        self._now = now
        self._sleep = sleep

    def check(self) -> None:
        """Reach the account and find the pack's names in it.

        Raises UnknownNames, AccessDenied, WrongAccount, TryLater, UnreadableAnswer.
        """
        self._directory.check()

    def account(self) -> Account:
        """What the account calls its groups, agents, fields and statuses. Raises as ``check``."""
        return self._directory.account()

    @property
    def stale(self) -> str:
        """Why what is known of the account is old, where a person has to mend that; empty when it is not."""
        return self._directory.stale

    def close(self) -> None:
        self._wire.close()

    def fetch(self, ticket_id: int, needs: frozenset[Need], *, unless: str = "") -> Snapshot | Unchanged:
        """See the port. One call; two with the history (one more for each 100 audits); one where ``unless`` holds."""
        try:
            answer = self._wire.read(f"/api/v2/tickets/{ticket_id}", {"include": SIDELOADS})
            told = json_of(answer)
            ticket = _part(told, "ticket")
            digest = digest_of(ticket, ticket.get("comment_count") or 0)
            if unless and digest == unless:
                return Unchanged(ticket_id, moment_from(ticket["updated_at"]))
            audits = list(self._audits(ticket_id)) if Need.HISTORY in needs else []
        except Refusal as refusal:
            raise _of_ticket(ticket_id, refusal) from refusal
        known = self._directory.known(people_of(ticket) | people_in(audits), told)
        seen = Snapshot(
            as_of=self._now(),
            ticket=ticket_from(ticket, known),
            history=history_from(audits, known),
            people=known.account.people,
            read_at=served_at(answer),
            digest=digest,
        )
        return self._surroundings.added(seen, needs, known)

    def apply(self, seen: Snapshot, update: Update, operation: str) -> Snapshot:
        """See the port. One call; after an answer that is lost, or is of no use, the update is looked for in the
        ticket's audits, for some seconds."""
        ticket_id = seen.ticket.id
        try:
            values = update_values(seen, update, operation, self._directory.account())
        except UpdateRefused:
            values = update_values(seen, update, operation, self._directory.again())
        try:
            answer = self._zenpy.update_ticket(ticket_id, values)
        except Refusal as refusal:
            raise _of_ticket(ticket_id, refusal) from refusal
        except AnswerLost as lost:
            return self._read_back(seen, operation, lost)
        try:
            return self._after(seen, answer)
        except GatewayError as useless:  # the update is stored, whatever became of its answer
            return self._read_back(seen, operation, useless)

    def open_ticket(self, ticket: NewTicket) -> int:
        account = self._directory.account()
        if ticket.group is not None and ticket.group not in account.groups.values():
            account = self._directory.again()
        return open_once(self._wire, ticket, account)

    def unsolved(self) -> Iterator[Ticket]:
        return unsolved(self._wire, Known(self._directory.account()), self._now())

    def office_hours(self) -> Schedule | None:
        return self._surroundings.office_hours_again()

    def changed(self, since: datetime, cursor: str = "") -> TicketPage:
        """See the port. One call, and one for each hundred people who are not told with it."""
        told, after, is_last = page_of_changes(self._wire, since, cursor, self._now(), include=PEOPLE_AND_GROUPS)
        with reading("the ticket export"):
            gone = frozenset(int(each["id"]) for each in told["tickets"] if each["status"] == "deleted")
            present = [each for each in told["tickets"] if each["id"] not in gone]
        return TicketPage(self._tickets(present, told), gone, after, is_last, self._now())

    def tickets(self, ids: Sequence[int]) -> Iterator[Ticket]:
        """See the port. One call for each hundred."""
        for told in shown_many(self._wire, ids):
            with reading("the tickets"):
                present = list(told["tickets"])
            yield from self._tickets(present, told)

    def _tickets(self, present: list[Json], told: Json) -> tuple[Ticket, ...]:
        people = set[int]().union(*(people_of(each) for each in present))
        known = self._directory.known(people, told)
        return tuple(ticket_from(each, known) for each in present)

    def around(self, ticket: Ticket, needs: frozenset[Need], history: tuple[Audit, ...] | None = None) -> Snapshot:
        """See the port. No call, or one for each 100 audits."""
        known = Known(self._directory.account())
        if history is None and Need.HISTORY in needs:
            try:
                audits = list(self._audits(ticket.id))
            except Refusal as refusal:
                raise _of_ticket(ticket.id, refusal) from refusal
            known = self._directory.known(people_in(audits), {})
            history = history_from(audits, known)
        seen = Snapshot(
            as_of=self._now(), ticket=ticket, history=history or (), people=known.account.people, read_at=self._now()
        )
        return self._surroundings.added(seen, needs, known)

    def events(self, since: datetime) -> EventPage:
        """See the port. One call."""
        told = page_of_events(self._wire, since, self._now())
        known = Known(self._directory.account())
        with reading("the ticket events"):
            events, is_last = told["ticket_events"], bool(told["end_of_stream"])
            until = since if told["end_time"] is None else datetime.fromtimestamp(int(told["end_time"]), UTC)
        if not is_last and until <= since:
            raise UnreadableAnswer("the ticket events", "there is more, but no way to it")
        return EventPage(*updates_from(events, known), until, is_last)

    def count(self, since: datetime, *, unsolved: bool = False) -> int:
        """See the port. One call; search is minutes late, and knows days and seconds."""
        query = f"type:ticket updated>={stamp(since)}"
        return counted(self._wire, f"{query} status<solved" if unsolved else query)

    def traffic(self) -> Traffic:
        """What was called so far, and what is left of the limits."""
        return self._wire.traffic()

    def pace(self) -> Pace:
        pace = self._wire.pace
        general = pace(Bucket.GENERAL)
        narrower = (Bucket.AUDITS, Bucket.INCREMENTAL, Bucket.TICKET_UPDATES)
        return Pace(general, *(min(general, pace(bucket)) for bucket in narrower))

    def updated_since(self, moment: datetime) -> Iterator[tuple[int, datetime]]:
        """See the port; at most a minute late, because Zendesk holds the last minute back."""
        for each in changed_since(self._wire, moment, self._now()):
            with reading("the ticket export"):
                yield int(each["id"]), moment_from(each["updated_at"])

    def _audits(self, ticket_id: int) -> Iterator[Json]:
        """All audits, oldest first. https://developer.zendesk.com/api-reference/ticketing/tickets/ticket_audits/"""
        target = f"/api/v2/tickets/{ticket_id}/audits"
        params: dict[str, str | int] = {"page[size]": 100}
        while True:
            page = json_of(self._wire.read(target, params))
            with reading("the audits"):
                yield from page["audits"]
                meta = page.get("meta") or {}
                after = str(meta.get("after_cursor") or "")
            if not meta.get("has_more"):
                return
            if not after or after == params.get("page[after]"):
                raise UnreadableAnswer("the audits", "there is more, but no way to it")
            params["page[after]"] = after

    def _after(self, seen: Snapshot, answer: httpx.Response) -> Snapshot:
        """The ticket after our update and all triggers, by the update's own answer."""
        told = json_of(answer)
        ticket = _part(told, "ticket")
        with reading("the update's audit"):
            audit = told.get("audit") or {}
            audits = [audit] if audit.get("id") else []
        known = self._directory.known(people_of(ticket) | people_in(audits), told)
        comments = comments_in(seen.digest) + sum(comments_of(each) for each in audits)
        return replace(
            seen,
            as_of=self._now(),
            ticket=ticket_from(ticket, known),
            history=(*seen.history, *history_from(audits, known)),
            people=known.account.people,
            read_at=served_at(answer),
            digest=digest_of(ticket, comments),
        )

    def _read_back(self, seen: Snapshot, operation: str, lost: GatewayError) -> Snapshot:
        """Look for our operation among the ticket's audits: it may be stored, or on its way. Whatever keeps us from
        seeing it leaves the outcome unknown."""
        ticket_id = seen.ticket.id
        for wait in READ_BACK:
            if wait:
                self._sleep(wait)
            try:
                stored = any(operation_of(audit) == operation for audit in self._audits(ticket_id))
                found = self.fetch(ticket_id, frozenset({Need.HISTORY})) if stored else None
            except GatewayError:
                continue
            if isinstance(found, Snapshot):
                _log.info("update read back", id=ticket_id, operation=operation)
                return replace(
                    seen,
                    as_of=found.as_of,
                    ticket=found.ticket,
                    history=found.history,
                    people=found.people,
                    read_at=found.read_at,
                    digest=found.digest,
                )
        raise OutcomeUnknown(ticket_id, operation) from lost


def _part(answer: Json, name: str) -> dict[str, Any]:
    part = answer.get(name)
    if not isinstance(part, dict):
        raise UnreadableAnswer(f"the {name}", "it is missing")
    return part


def _of_ticket(ticket_id: int, refusal: Refusal) -> TicketNotFound | TicketChanged | UpdateRefused | Unreachable:
    if refusal.status == 404:
        return TicketNotFound(ticket_id)
    if refusal.status == 409:
        return TicketChanged(ticket_id)
    return refused_or_later(ticket_id, refusal)
