"""From the ticket-event export to updates of tickets, as far as it tells them. Pure.

It names who changed which field when, and whether a comment was public: enough to count a ticket that is solved, but
not to judge one that is not. It does not say what updates of ours remember, what a chat's transcript or a call says,
what was made private later, or what Zendesk thinks of a mail's sender. Where a later change made a comment private the
ticket is ``unclear``, and its audits have to be read. Texts are left out: nobody who counts tickets needs them.

https://developer.zendesk.com/api-reference/ticketing/ticket-management/incremental_exports/
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from integration.account import Known
from integration.gateway import UnreadableAnswer
from integration.history import history_from
from integration.parse import Json, reading, stamp
from rules.ticket import Audit

# What every child event has beside the one key that is the changed field's name.
_COMMON = frozenset({"id", "via", "via_reference_id", "event_type", "previous_value", "created_at", "type"})
_UNTOLD = frozenset({"CommentPrivacyChange", "VoiceComment"})


def updates_from(events: Sequence[Json], known: Known) -> tuple[tuple[tuple[int, Audit], ...], frozenset[int]]:
    """Each ticket's id with one update of it, in the export's order; and the tickets that are unclear."""
    with reading("the ticket events"):
        unclear = frozenset(int(each["ticket_id"]) for each in events if _is_unclear(each))
        audits = tuple((int(each["ticket_id"]), _audit(each, known)) for each in events)
    return audits, unclear


def _is_unclear(event: Json) -> bool:
    return any(child["event_type"] in _UNTOLD for child in event["child_events"])


def _audit(event: Json, known: Known) -> Audit:
    at = datetime.fromtimestamp(int(event["timestamp"]), UTC)
    shown = {
        "id": event["id"],
        "created_at": stamp(at),
        "author_id": event["updater_id"],
        "via": {"channel": _word(event.get("via"))},
        "events": list(_events(event["child_events"])),
    }
    return history_from([shown], known)[0]


def _events(children: Sequence[Json]) -> Iterator[Json]:
    for child in children:
        kind, via = child["event_type"], {"channel": _word(child.get("via"))}
        if kind in ("Create", "Change"):
            for name in child.keys() - _COMMON:
                before = child.get("previous_value")
                yield {"type": kind, "field_name": name, "value": child[name], "previous_value": before, "via": via}
        elif kind == "Comment":
            public = child["public"] if "public" in child else child["comment_public"]
            yield {
                "type": kind,
                "id": child["id"],
                "author_id": child.get("author_id"),
                "public": public,
                "via": via,
            }


def _word(title: object) -> str | None:
    """``Web service`` is ``web_service``."""
    if title is None:
        return None
    if not isinstance(title, str):
        raise UnreadableAnswer("the ticket events", "a channel that is no text")
    return title.strip().lower().replace(" ", "_")
