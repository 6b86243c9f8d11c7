"""The query language of search, in a documented subset (SEARCH), on an index that lags behind."""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from emulator.account import Account
from emulator.behaviours.channels import via_id, via_type
from emulator.model import PRIORITIES, STATUSES, Json, Ticket, User
from emulator.refusals import Refusal

_TERM = re.compile(r'(?P<minus>-)?(?:(?P<key>\w+)(?P<operator>:|<=|>=|<|>))?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
_AGO = re.compile(r"(\d+)(minute|hour|day|week|month|year)s?$")
SPANS = {"minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400, "year": 365 * 86_400}
KINDS = ("ticket", "user", "organization", "group")
SORTS = ("updated_at", "created_at", "priority", "status", "ticket_type", "relevance")


@dataclass(frozen=True, slots=True)
class Term:
    negated: bool
    key: str | None
    operator: str
    value: str


def parse(query: str) -> list[Term]:
    """The terms of a query; without a key a term is a word or phrase of the text."""
    return [
        Term(bool(m["minus"]), m["key"], m["operator"] or ":", m["phrase"] if m["phrase"] is not None else m["word"])
        for m in _TERM.finditer(query)
    ]


def visible_tickets(account: Account) -> Iterator[Ticket]:
    """The tickets as search knows them: as they were `search_lag` seconds ago."""
    since = account.clock.now() - account.switches.search_lag
    stale: dict[int, Ticket | None] = {}
    for at, number, old in account.recent:
        if at > since:
            stale.setdefault(number, old)
    for number, ticket in account.tickets.items():
        seen = stale.get(number, ticket)
        if seen is not None and not seen.deleted:
            yield seen


def find_tickets(account: Account, query: str, by: User | None) -> list[Ticket]:
    """The tickets that a query finds, by id. Raises Refusal (422) for what cannot be read."""
    matches = compile_query(account, query, by)
    return sorted((ticket for ticket in visible_tickets(account) if matches(ticket)), key=lambda ticket: ticket.id)


def kinds_of(query: str) -> tuple[str, ...]:
    """What kinds of records a query asks for: one, or all of them."""
    said = tuple(term.value for term in parse(query) if term.key == "type")
    return tuple(kind for kind in KINDS if kind in said) if said else KINDS


def sorting_of(query: str) -> tuple[str, str] | None:
    """`order_by:created sort:asc` of a query as (field, direction)."""
    said = {term.key: term.value for term in parse(query) if term.key in ("order_by", "sort")}
    if "order_by" not in said:
        return None
    field = {"created": "created_at", "updated": "updated_at"}.get(said["order_by"], said["order_by"])
    return field, said.get("sort", "desc")


def sort_tickets(tickets: list[Ticket], field: str, direction: str) -> None:
    def key(ticket: Ticket) -> tuple[int, int]:
        match field:
            case "priority":
                return PRIORITIES.index(ticket.priority) if ticket.priority else -1, ticket.id
            case "status":
                return STATUSES.index(ticket.status), ticket.id
            case "created_at" | "updated_at":
                return getattr(ticket, field), ticket.id
        return 0, ticket.id

    tickets.sort(key=key, reverse=direction != "asc")


def compile_query(account: Account, query: str, by: User | None) -> Callable[[Ticket], bool]:
    """A test for one ticket: values of one keyword are alternatives, everything else must hold."""
    wanted: dict[str, list[Callable[[Ticket], bool]]] = {}
    others: list[Callable[[Ticket], bool]] = []
    for term in parse(query):
        if term.key in ("type", "order_by", "sort"):
            continue
        test = _test(account, term, by)
        if term.negated:
            others.append(lambda ticket, test=test: not test(ticket))  # type: ignore[misc]
        elif term.key is not None and term.operator == ":":
            wanted.setdefault(term.key, []).append(test)
        else:
            others.append(test)

    def matches(ticket: Ticket) -> bool:
        return all(test(ticket) for test in others) and all(any(t(ticket) for t in tests) for tests in wanted.values())

    return matches


def _test(account: Account, term: Term, by: User | None) -> Callable[[Ticket], bool]:
    key, value = term.key, term.value
    if key is None:
        return lambda ticket: _in_text(account, ticket, value)
    if key in ("created", "updated", "solved", "due_date"):
        return _time_test(account, key, term)
    if key in ("status", "priority"):
        return _order_test(key, term)
    if key.startswith("custom_field_") and key.removeprefix("custom_field_").isdecimal():
        number = int(key.removeprefix("custom_field_"))
        return lambda ticket: _equal(ticket.custom_fields.get(number), value)
    plain = _PLAIN.get(key)
    if plain is not None:
        return lambda ticket: plain(account, ticket, value, by)
    return lambda _: False  # Zendesk finds nothing under a keyword it does not know


def _equal(actual: Json, wanted: str) -> bool:
    if wanted == "none":
        return actual in (None, "", [], ())
    if isinstance(actual, (list, tuple)):
        return any(_equal(each, wanted) for each in actual)
    if actual is None:
        return False
    text, pattern = str(actual).casefold(), wanted.casefold()
    if "*" in pattern:
        return re.fullmatch(".*".join(map(re.escape, pattern.split("*"))), text) is not None
    return text == pattern


def _words(text: str, wanted: str) -> bool:
    """Words match on their beginnings, phrases as they stand."""
    folded, wanted = text.casefold(), wanted.casefold()
    if " " in wanted:
        return wanted in folded
    stem = wanted.rstrip("*")
    if stem not in folded:  # nearly always, and far cheaper than the pattern
        return False
    return re.search(rf"(?<!\w){re.escape(stem)}", folded) is not None


def _in_text(account: Account, ticket: Ticket, wanted: str) -> bool:
    if wanted.lstrip("#").isdecimal() and int(wanted.lstrip("#")[:18]) == ticket.id:
        return True
    if _words(ticket.subject or "", wanted) or _words(ticket.description or "", wanted):
        return True
    return any(_words(comment.body, wanted) for _, comment in account.comments(ticket.id))


def _is_user(account: Account, number: int | None, wanted: str, by: User | None) -> bool:
    if wanted == "none" or number is None:
        return wanted == "none" and number is None
    if wanted == "me":
        return by is not None and number == by.id
    user = account.users.get(number)
    return user is not None and (str(number) == wanted or _equal(user.email, wanted) or _words(user.name, wanted))


def _is_group(account: Account, number: int | None, wanted: str) -> bool:
    if wanted == "none" or number is None:
        return wanted == "none" and number is None
    return str(number) == wanted or _equal(account.groups[number].name, wanted)


def _is_organization(account: Account, number: int | None, wanted: str) -> bool:
    if wanted == "none" or number is None:
        return wanted == "none" and number is None
    return str(number) == wanted or _equal(account.organizations[number].name, wanted)


_PLAIN: dict[str, Callable[[Account, Ticket, str, User | None], bool]] = {
    "assignee": lambda account, ticket, value, by: _is_user(account, ticket.assignee_id, value, by),
    "requester": lambda account, ticket, value, by: _is_user(account, ticket.requester_id, value, by),
    "submitter": lambda account, ticket, value, by: _is_user(account, ticket.submitter_id, value, by),
    "cc": lambda account, ticket, value, by: any(_is_user(account, each, value, by) for each in ticket.email_cc_ids),
    "group": lambda account, ticket, value, _: _is_group(account, ticket.group_id, value),
    "organization": lambda account, ticket, value, _: _is_organization(account, ticket.organization_id, value),
    "tags": lambda _, ticket, value, __: _equal(ticket.tags, value),
    "subject": lambda _, ticket, value, __: _words(ticket.subject or "", value),
    "description": lambda _, ticket, value, __: _words(ticket.description or "", value),
    "comment": lambda account, ticket, value, _: any(_words(c.body, value) for _, c in account.comments(ticket.id)),
    "via": lambda _, ticket, value, __: value in (
        ticket.via.channel, via_type(ticket.via.channel), str(via_id(ticket.via.channel))
    ),
    "ticket_type": lambda _, ticket, value, __: _equal(ticket.type, value),
    "brand": lambda account, ticket, value, _: value == str(ticket.brand_id)
    or _equal(account.brands[ticket.brand_id].name, value),
    "brand_id": lambda _, ticket, value, __: value == str(ticket.brand_id),
    "form": lambda account, ticket, value, _: _equal(account.forms[ticket.ticket_form_id].name, value),
    "custom_status_id": lambda _, ticket, value, __: value == str(ticket.custom_status_id),
    "fieldvalue": lambda _, ticket, value, __: any(_equal(each, value) for each in ticket.custom_fields.values()),
    "external_id": lambda _, ticket, value, __: _equal(ticket.external_id, value),
}  # fmt: skip


def _order_test(key: str, term: Term) -> Callable[[Ticket], bool]:
    if term.operator == ":":
        return lambda ticket: _equal(getattr(ticket, key), term.value)
    order: tuple[str, ...] = STATUSES if key == "status" else PRIORITIES
    if term.value not in order:
        return lambda _: False
    wanted = order.index(term.value)

    def test(ticket: Ticket) -> bool:
        value = getattr(ticket, key)
        return value is not None and compare(order.index(value), term.operator, wanted)

    return test


def compare(actual: float, operator: str, wanted: float) -> bool:
    match operator:
        case "<":
            return actual < wanted
        case ">":
            return actual > wanted
        case "<=":
            return actual <= wanted
        case _:
            return actual >= wanted


def _time_test(account: Account, key: str, term: Term) -> Callable[[Ticket], bool]:
    start, end = _span(account, term.value)

    def when(ticket: Ticket) -> int | None:
        match key:
            case "created":
                return ticket.created_at
            case "updated":
                return ticket.updated_at
            case "due_date":
                return ticket.due_at
        return ticket.updated_at if ticket.status in ("solved", "closed") else None

    def test(ticket: Ticket) -> bool:
        at = when(ticket)
        if at is None:
            return False
        if term.operator == ":":
            return start <= at < end
        return compare(at, term.operator, end - 1 if term.operator in (">", "<=") and end > start + 1 else start)

    return test


def _span(account: Account, value: str) -> tuple[float, float]:
    """The stretch of time that a date, month, year, instant or age (`48hours`) names. Raises Refusal (422)."""
    if (ago := _AGO.fullmatch(value)) is not None:
        at = account.clock.now() - int(ago[1][:9]) * SPANS[ago[2]]
        return at, at + 1
    try:
        if re.fullmatch(r"\d{4}", value):
            return _utc(int(value), 1, 1), _utc(int(value) + 1, 1, 1)
        if re.fullmatch(r"\d{4}-\d{2}", value):
            year, month = map(int, value.split("-"))
            return _utc(year, month, 1), _utc(year, month, monthrange(year, month)[1]) + 86_400
        moment = datetime.fromisoformat(value)
        at = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError) as error:
        raise invalid_search(f"{value} is not a valid date") from error
    return at, at + (86_400 if len(value) == 10 else 1)


def _utc(year: int, month: int, day: int) -> float:
    return datetime(year, month, day, tzinfo=UTC).timestamp()


def invalid_search(why: str) -> Refusal:
    return Refusal(422, {"error": "invalid", "description": f"Invalid search: {why}"})
