"""Many tickets at once: the search export, which lags, and the incremental export, which holds a minute back."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from integration.account import Known
from integration.gateway import UnreadableAnswer
from integration.parse import Json, moment_from, reading, ticket_from
from integration.wire import Params, Wire, json_of
from rules.ticket import Ticket

EXPORT_LAG = timedelta(seconds=61)  # the incremental export never tells the last minute
SEARCH_LAG = timedelta(minutes=15)  # "up to minutes", says Zendesk, of what search does not know yet
SIDELOADS = "users,groups,organizations"
PAGE = 100  # of search; a thousand are allowed and not advised


def unsolved(wire: Wire, known: Known, now: datetime) -> Iterator[Ticket]:
    """Every ticket that is not solved, once; what search may not know yet by the incremental export.

    https://developer.zendesk.com/api-reference/ticketing/ticket-management/search/#export-search-results
    """
    lately = {int(each["id"]): each for each in changed_since(wire, now - SEARCH_LAG, now)}
    told = set(lately)
    for each in lately.values():
        if each.get("status") != "deleted":
            ticket = ticket_from(each, known)
            if not ticket.is_untouchable:
                yield ticket
    for each in _searched(wire, "status<solved"):
        with reading("the search export"):
            number = int(each["id"])
        if number not in told:
            told.add(number)
            yield ticket_from(each, known)


def changed_since(wire: Wire, moment: datetime, now: datetime) -> Iterator[Json]:
    """The tickets that changed at or after a moment, oldest change first, a minute late."""
    cursor, is_last = "", False
    while not is_last:
        told, cursor, is_last = page_of_changes(wire, moment, cursor, now)
        with reading("the ticket export"):
            for each in told["tickets"]:
                if moment_from(each["updated_at"]) >= moment:  # others were touched by the system only
                    yield each


def page_of_changes(wire: Wire, since: datetime, cursor: str, now: datetime, **more: str) -> tuple[Json, str, bool]:
    """One page of the ticket export, the cursor that leads on from it, and whether nothing more is there by now.

    https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
    """
    params: dict[str, str | int] = {"per_page": 1000, **more}
    if cursor:
        params["cursor"] = cursor
    else:
        params["start_time"] = max(int(min(since, now - EXPORT_LAG).timestamp()), 0)
    told = json_of(wire.read("/api/v2/incremental/tickets/cursor", params))
    with reading("the ticket export"):
        after, is_last = str(told.get("after_cursor") or ""), bool(told["end_of_stream"])
    if not is_last and after in ("", cursor):
        raise UnreadableAnswer("the ticket export", "there is more, but no way to it")
    return told, after or cursor, is_last


def page_of_events(wire: Wire, since: datetime, now: datetime) -> Json:
    """One page of the event export. It goes by whole seconds, so the next page begins with the last one's end."""
    start = max(int(min(since, now - EXPORT_LAG).timestamp()), 0)
    params: Params = {"start_time": start, "include": "comment_events", "per_page": 1000}
    return json_of(wire.read("/api/v2/incremental/ticket_events", params))


def counted(wire: Wire, query: str) -> int:
    answer = json_of(wire.read("/api/v2/search/count", {"query": query}))
    with reading("the count of tickets"):
        return int(answer["count"])


def shown_many(wire: Wire, ids: Sequence[int]) -> Iterator[Json]:
    """Answers with some of these tickets each, and with their people."""
    for start in range(0, len(ids), PAGE):
        page = ",".join(map(str, ids[start : start + PAGE]))
        yield json_of(wire.read("/api/v2/tickets/show_many", {"ids": page, "include": SIDELOADS}))


def _searched(wire: Wire, query: str) -> Iterator[Json]:
    params: dict[str, str | int] = {"query": query, "filter[type]": "ticket", "page[size]": PAGE}
    while True:
        page = json_of(wire.read("/api/v2/search/export", params))
        with reading("the search export"):
            yield from page["results"]
            meta = page.get("meta") or {}
            after = str(meta.get("after_cursor") or "")
        if not meta.get("has_more"):
            return
        if not after or after == params.get("page[after]"):
            raise UnreadableAnswer("the search export", "there is more, but no way to it")
        params["page[after]"] = after
