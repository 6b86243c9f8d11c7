"""A backtest as people and programs read it."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

from enforcement.backtest import Backtest, Span, with_todays_people
from enforcement.clock import spelt_time
from rules.backtest import Event, Kind
from rules.pack import Pack

TODAY = "judged with today's people"


def lines_of(found: Backtest, pack: Pack, span: Span) -> Iterator[str]:
    """What the pack would have done, by rule and then event by event, messages to customers in full."""
    uncertain = with_todays_people(pack.rules)
    period = f"{spelt_time(span.since)} to {spelt_time(span.until)}"
    yield f"{pack.name} {pack.digest} from {period}: tickets replayed {found.looked_at}, no longer there {found.gone}"
    for rule, counts in _by_rule(found.events):
        told = ", ".join(f"{kind.value} {counts[kind]}" for kind in Kind if counts[kind])
        yield f"  {rule}: {told}{f' ({TODAY})' if rule in uncertain else ''}"
    if found.agreed or found.disagreements:
        total = found.agreed + len(found.disagreements)
        yield f"\nverdicts of the ledger rebuilt: {found.agreed} of {total} are equal"
    for each in found.disagreements:
        yield f"  ticket {each.ticket_id}, {each.rule}: {each.recorded}; rebuilt: {each.rebuilt}"
    if found.restless:
        yield f"\ntimers without end: tickets {', '.join(str(number) for number in found.restless)}"
    yield f"\nevents: {len(found.events)}"
    for event in sorted(found.events, key=lambda event: (event.at, event.ticket_id)):
        yield from _event(event)


def _by_rule(events: list[Event]) -> list[tuple[str, Counter[Kind]]]:
    counted: dict[str, Counter[Kind]] = defaultdict(Counter)
    for event in events:
        for rule in event.rules:
            counted[rule][event.kind] += 1
    return sorted(counted.items())


def _event(event: Event) -> Iterator[str]:
    head = f"  {spelt_time(event.at)}  ticket {event.ticket_id}  {event.kind.value}  {', '.join(event.rules)}"
    if event.kind in (Kind.CURED, Kind.OPENED):
        yield f"{head}  {event.text}"
        return
    yield head
    for line in event.text.splitlines():
        yield f"    │ {line}".rstrip()


def as_json(found: Backtest, pack: Pack, span: Span) -> dict[str, Any]:
    """The same for programs; times in ISO 8601."""
    return {
        "pack": pack.name,
        "digest": pack.digest,
        "since": span.since.isoformat(),
        "until": span.until.isoformat(),
        "ceiling": span.ceiling.word,
        "replayed": found.looked_at,
        "gone": found.gone,
        "judged_with_todays_people": sorted(with_todays_people(pack.rules)),
        "events": [
            {
                "ticket": event.ticket_id,
                "at": event.at.isoformat(),
                "kind": event.kind.value,
                "rules": list(event.rules),
                "text": event.text,
            }
            for event in sorted(found.events, key=lambda event: (event.at, event.ticket_id))
        ],
        "agreed": found.agreed,
        "disagreements": [
            {
                "ticket": each.ticket_id,
                "rule": each.rule,
                "at": each.at.isoformat(),
                "recorded": each.recorded,
                "rebuilt": each.rebuilt,
            }
            for each in found.disagreements
        ],
        "timers_without_end": found.restless,
    }
