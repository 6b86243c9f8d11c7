"""What a scenario expects beside what a look found, key by key, in words."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from rules.actions import NewTicket
from rules.duration import spelt
from rules.look_in_memory import Look
from rules.outcome import Difference
from rules.plan import NewComment, Plan, Update
from rules.scenario import Expected, ExpectedComment, ExpectedTicket, ExpectedUpdate
from rules.scenario_schedule import DEFAULT_ZONE
from rules.text import folded
from rules.ticket import Person, Value
from rules.verdict import CouldNotTell

NOTHING = "none"
_FIELDS = ("group", "assignee", "status", "priority", "type")


def differences_between(expected: Expected, look: Look) -> Iterator[Difference]:
    """Every key of ``expect`` that came out otherwise; a rule that broke down is one too."""
    violated = [rule.id for rule, _ in look.judgement.violations]
    if set(expected.violations) != set(violated):
        yield Difference("violations", _several(sorted(set(expected.violations))), _several(sorted(violated)))
    yield from _update(expected.update, look.plan)
    comments = [update.comment for update in look.plan.updates if update.comment is not None]
    yield from _comments("notes", expected.notes, [each for each in comments if not each.public])
    yield from _comments("replies", expected.replies, [each for each in comments if each.public])
    yield from _new_tickets(expected.new_ticket, look.plan.tickets)
    followers = frozenset[Person]().union(*(update.followers for update in look.plan.updates))
    if frozenset(expected.followers) != followers:
        yield Difference("followers", in_words(frozenset(expected.followers)), in_words(followers))
    if "look_again" in expected.model_fields_set:
        yield from _look_again(expected.look_again, look)
    if look.converges != expected.converges:
        more = plan_in_words(look.plan_again)
        yield Difference("converges", in_words(expected.converges), f"another look plans {more}")
    for judged in look.judgement.all:
        if isinstance(judged.verdict, CouldNotTell) and judged.verdict.broke_down:
            yield Difference(judged.rule.id, "a verdict", judged.verdict.why)


def _update(expected: ExpectedUpdate, plan: Plan) -> Iterator[Difference]:
    wanted, found = _flat_expectation(expected), dict(_flat(plan.updates))
    for key in sorted(wanted.keys() | found.keys()):
        if key not in found or key not in wanted or wanted[key] != found[key]:
            sides = (in_words(side[key]) if key in side else "unchanged" for side in (wanted, found))
            yield Difference(f"update.{key}", *sides)


def _flat_expectation(expected: ExpectedUpdate) -> dict[str, Value]:
    named = {name: getattr(expected, name) for name in _FIELDS if name in expected.model_fields_set}
    tags = {name: tags for name in ("add_tags", "remove_tags") if (tags := getattr(expected, name))}
    return {**named, **tags, **{f"fields.{name}": value for name, value in expected.fields.items()}}


def _flat(updates: Iterable[Update]) -> Iterator[tuple[str, Value]]:
    for update in updates:
        for name, value in update.fields.items():
            yield (name if name in _FIELDS else f"fields.{name}"), value
        if update.add_tags:
            yield "add_tags", update.add_tags
        if update.remove_tags:
            yield "remove_tags", update.remove_tags


def _comments(key: str, expected: tuple[ExpectedComment, ...], found: list[NewComment]) -> Iterator[Difference]:
    if len(expected) != len(found):
        texts = "; ".join(repr(comment.text) for comment in found)
        yield Difference(key, str(len(expected)), f"{len(found)}: {texts}" if found else "0")
        return
    for wanted, comment in zip(expected, found, strict=True):
        missing = [text for text in wanted.contains if not _is_in(text, comment.text)]
        if missing:
            yield Difference(f"{key}.contains", _several(missing), comment.text)
        if wanted.mentions is not None and not _are_mentioned(wanted.mentions, comment.mentions):
            yield Difference(f"{key}.mentions", in_words(wanted.mentions), in_words(comment.mentions))
        if wanted.language is not None and wanted.language != comment.language:
            yield Difference(f"{key}.language", wanted.language, comment.language)


def _are_mentioned(wanted: tuple[Person, ...], found: tuple[Person, ...]) -> bool:
    """More mentions are fine, unless none are wanted."""
    return set(wanted) <= set(found) if wanted else not found


def _is_in(text: str, whole: str) -> bool:
    return " ".join(folded(text).split()) in " ".join(folded(whole).split())


def _new_tickets(expected: tuple[ExpectedTicket, ...], found: tuple[NewTicket, ...]) -> Iterator[Difference]:
    if len(expected) != len(found):
        yield Difference("new_ticket", str(len(expected)), _several([_ticket_in_words(ticket) for ticket in found]))
        return
    for wanted, ticket in zip(expected, found, strict=True):
        if wanted.requester is not None and wanted.requester != ticket.requester:
            yield Difference("new_ticket.requester", wanted.requester.name, ticket.requester.name)
        text = f"{ticket.subject}\n{ticket.text}"
        missing = [each for each in wanted.contains if not _is_in(each, text)]
        if missing:
            yield Difference("new_ticket.contains", _several(missing), text)


def _look_again(wanted: datetime | timedelta | None, look: Look) -> Iterator[Difference]:
    """The moment that stands once everything planned is done; a wait counts from when the story is judged."""
    as_of, found = look.judgement.seen.as_of, look.again.look_again_at
    moment = as_of + wanted if isinstance(wanted, timedelta) else wanted
    if moment != found:
        yield Difference("look_again", _moment_in_words(moment, as_of), _moment_in_words(found, as_of))


def _moment_in_words(moment: datetime | None, as_of: datetime) -> str:
    if moment is None:
        return NOTHING
    local = moment.astimezone(ZoneInfo(DEFAULT_ZONE))
    return f"{local.isoformat()} (in {spelt(moment - as_of)})"


def plan_in_words(plan: Plan) -> str:
    """All that a plan writes, in one line."""
    parts = [f"{key}: {in_words(value)}" for key, value in _flat(plan.updates)]
    for update in plan.updates:
        if update.followers:
            parts.append(f"followers: {in_words(update.followers)}")
        if update.comment:
            parts.append(f"{'reply' if update.comment.public else 'note'}: {update.comment.text!r}")
    return _several([*parts, *(_ticket_in_words(ticket) for ticket in plan.tickets)])


def _ticket_in_words(ticket: NewTicket) -> str:
    return f"a new ticket for {ticket.requester.name}: {ticket.text!r}"


def in_words(value: Any) -> str:
    """A field's value for people to read."""
    if isinstance(value, Person):
        return value.name
    if isinstance(value, frozenset | tuple):
        return _several(sorted(in_words(each) for each in value))
    if value is None:
        return "nobody, nothing"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _several(words: Iterable[str]) -> str:
    return ", ".join(words) or NOTHING
