"""A preview as people, programs and spreadsheets read it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from math import ceil
from typing import Any

from console.spreadsheet import csv_of
from enforcement.preview import Packs, Preview
from rules.condition_parts import text_of
from rules.pack import Pack
from rules.preview import Difference, FieldChange, Message

UPDATES_A_MINUTE = 100  # what an account takes: https://developer.zendesk.com/api-reference/introduction/rate-limits/
NAMED = 12  # tickets listed by number in a line
COLUMNS = ("ticket", "what", "rules", "field", "before", "after", "text")


def lines_of(found: Preview, packs: Packs) -> Iterator[str]:
    """What would be different and what would be written, messages to customers in full."""
    named = f"{_name(packs.present)} against {_name(packs.new)}"
    yield f"{named}, {packs.ceiling.word}: {_tickets(found.looked_at)} looked at, {found.gone} no longer there"
    yield from _by_rule("newly violated", found, lambda each: each.newly_violated)
    yield from _by_rule("no longer violated", found, lambda each: each.no_longer_violated)
    yield from _by_rule("the new pack could not tell", found, lambda each: each.new.unclear)
    yield from _changes(found)
    yield from _messages("messages to customers", found, public=True)
    yield from _messages("internal notes", found, public=False)
    opened = [external_id for each in found.differences for external_id in each.new.opened]
    if opened:
        yield f"\nnew tickets: {len(opened)}"
    writes, present = found.calls_of_new, found.calls_of_present
    yield f"\nwrites: {writes}, {minutes(writes)} min at least; by the present pack: {present}"


def minutes(calls: int) -> int:
    """How long an account takes for so many writes, at its limit for updates."""
    return ceil(calls / UPDATES_A_MINUTE)


def _by_rule(title: str, found: Preview, rules_of: Callable[[Difference], Iterable[str]]) -> Iterator[str]:
    tickets: dict[str, list[int]] = defaultdict(list)
    for each in found.differences:
        for rule in rules_of(each):
            tickets[rule].append(each.ticket_id)
    yield f"\n{title}: {_tickets(len({number for numbers in tickets.values() for number in numbers}))}"
    for rule, numbers in sorted(tickets.items()):
        yield f"  {rule}: {_tickets(len(numbers))}: {_named(numbers)}"


def _changes(found: Preview) -> Iterator[str]:
    tickets: dict[tuple[str, str], list[int]] = defaultdict(list)
    for each in found.differences:
        for change in each.new.changes:
            tickets[_rules(change.rules), _change(change)].append(each.ticket_id)
    yield f"\nfield changes: {sum(len(numbers) for numbers in tickets.values())}"
    for (rules, told), numbers in sorted(tickets.items()):
        yield f"  {rules}  {told}  {_tickets(len(numbers))}: {_named(numbers)}"


def _messages(title: str, found: Preview, *, public: bool) -> Iterator[str]:
    messages = [(each.ticket_id, message) for each in found.differences for message in each.new.messages]
    wanted = [(number, message) for number, message in messages if message.public is public]
    yield f"\n{title}: {len(wanted)}"
    for number, message in wanted:
        yield f"  ticket {number} ({_rules(message.rules)}), {message.language}"
        for line in message.text.splitlines():
            yield f"    │ {line}".rstrip()


def as_json(found: Preview, packs: Packs) -> dict[str, Any]:
    """All that was found, ticket by ticket."""
    return {
        "present": {"pack": packs.present.name, "digest": packs.present.digest},
        "new": {"pack": packs.new.name, "digest": packs.new.digest},
        "ceiling": packs.ceiling.word,
        "looked_at": found.looked_at,
        "gone": found.gone,
        "calls": {"present": found.calls_of_present, "new": found.calls_of_new},
        "minutes": minutes(found.calls_of_new),
        "tickets": [_ticket_as_json(each) for each in found.differences],
    }


def _ticket_as_json(each: Difference) -> dict[str, Any]:
    return {
        "ticket": each.ticket_id,
        "newly_violated": sorted(each.newly_violated),
        "no_longer_violated": sorted(each.no_longer_violated),
        "could_not_tell": sorted(each.new.unclear),
        "changes": [
            {
                "rules": list(change.rules),
                "field": change.field,
                "before": text_of(change.before),
                "after": text_of(change.after),
            }
            for change in each.new.changes
        ],
        "messages": [_message_as_json(message) for message in each.new.messages],
        "new_tickets": list(each.new.opened),
    }


def _message_as_json(message: Message) -> dict[str, Any]:
    return {
        "rules": list(message.rules),
        "public": message.public,
        "language": message.language,
        "text": message.text,
    }


def as_csv(found: Preview) -> str:
    """One row for each thing that would be different or be done."""
    return csv_of([COLUMNS, *(row for each in found.differences for row in _rows(each))])


def _rows(each: Difference) -> Iterator[tuple[object, ...]]:
    number = each.ticket_id
    for what, rules in (
        ("newly violated", each.newly_violated),
        ("no longer violated", each.no_longer_violated),
        ("could not tell", each.new.unclear),
    ):
        for rule in sorted(rules):
            yield number, what, rule, None, None, None, None
    for change in each.new.changes:
        before, after = text_of(change.before), text_of(change.after)
        yield number, "field", _rules(change.rules), change.field, before, after, None
    for message in each.new.messages:
        what = "message to the customer" if message.public else "internal note"
        yield number, what, _rules(message.rules), None, None, None, message.text
    for external_id in each.new.opened:
        yield number, "new ticket", None, None, None, external_id, None


def _name(pack: Pack) -> str:
    return f"{pack.name} {pack.digest}".strip()


def _change(change: FieldChange) -> str:
    return f"{change.field}: {text_of(change.before)} → {text_of(change.after)}"


def _rules(rules: Iterable[str]) -> str:
    return ", ".join(rules)


def _tickets(count: int) -> str:
    return f"{count} ticket{'' if count == 1 else 's'}"


def _named(numbers: list[int]) -> str:
    shown = ", ".join(str(number) for number in numbers[:NAMED])
    return f"{shown}, …" if len(numbers) > NAMED else shown
