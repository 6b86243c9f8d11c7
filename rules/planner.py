"""The planner: the cures of one judgement, merged into one short plan that contradicts nothing."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from rules.actions import Action, AddFollowers, AddTags, FieldAction, NewTicket, Note, RemoveTags, Reply, field_of
from rules.exemption import exempting_tags
from rules.judge import Judgement, causes_of
from rules.messages import Messages, language_for
from rules.mode import Mode
from rules.plan import Conflict, NewComment, Plan, Update
from rules.rule import Rule
from rules.ticket import Person, Value
from rules.verdict import Complies, Violates

A = TypeVar("A", AddTags, RemoveTags, AddFollowers)


@dataclass(frozen=True, slots=True)
class Cure:
    """What one rule wants done, and what it will have told about by it."""

    rule: Rule
    actions: tuple[Action, ...]
    told: frozenset[str]


def plan(judgement: Judgement, messages: Messages, language: str, ceiling: Mode = Mode.ENFORCE) -> Plan:
    """Merge the cures of the rules that may act into at most two updates, then new tickets.

    A customer's reply goes with the fields, and what it told about with it: one write, so never half of it twice.
    Notes are written in ``language``, replies in the requester's. Two rules that want different values of a field
    get neither: a conflict, reported.
    """
    cures = tuple(_cures(judgement, ceiling))
    if not cures:
        return Plan()
    fields, conflicts = _merged_fields(cures, judgement)
    noting = [cure for cure in cures if _has(cure, Note)]
    replying = [cure for cure in cures if _has(cure, Reply)]
    note = _note(noting, messages, language)
    reply = _reply(replying, messages, language_for(judgement.seen.ticket.requester.locale))
    first = Update(
        fields=fields,
        add_tags=frozenset().union(*(a.tags for a in _each(cures, AddTags))) - judgement.seen.ticket.tags,
        remove_tags=frozenset().union(*(a.tags for a in _each(cures, RemoveTags))) & judgement.seen.ticket.tags,
        followers=frozenset().union(*(a.people for a in _each(cures, AddFollowers))) - judgement.seen.ticket.followers,
        comment=reply or note,
        told=_told(replying or noting),
        rules=tuple(cure.rule.id for cure in cures),
    )
    updates = [first] if not first.is_empty else []
    if reply and note:
        updates.append(Update(comment=note, told=_told(noting), rules=tuple(cure.rule.id for cure in noting)))
    tickets = (action for cure in cures for action in cure.actions if isinstance(action, NewTicket))
    return Plan(tuple(updates), tuple(tickets), conflicts)


def _cures(judgement: Judgement, ceiling: Mode) -> Iterator[Cure]:
    for each in judgement.all:
        if isinstance(each.verdict, Complies) and each.verdict.asides:
            yield from _asides(each.rule, each.verdict, min(each.rule.mode, ceiling))
    for rule, violation in judgement.violations:
        if not violation.cures:
            continue
        causes = causes_of(violation, judgement.seen)
        if not any(rule.acts_on(cause.at) for cause in causes):
            continue
        told = frozenset(f"{rule.id}:{cause.key}" for cause in causes)
        match min(rule.mode, ceiling):
            case Mode.ENFORCE:
                tells = any(isinstance(action, Note | Reply) for action in violation.cures)
                yield Cure(rule, violation.cures, told if tells else frozenset())
            case Mode.WARN if not told <= judgement.seen.told:
                yield Cure(rule, _warning(violation), told)
            case _:
                pass


def _asides(rule: Rule, verdict: Complies, mode: Mode) -> Iterator[Cure]:
    may_tell, may_change = mode > Mode.AUDIT, mode is Mode.ENFORCE
    actions = tuple(each for each in verdict.asides if (may_tell if isinstance(each, Note) else may_change))
    if actions:
        yield Cure(rule, actions, frozenset(f"{rule.id}:{cause.key}" for cause in verdict.causes))


def _warning(violation: Violates) -> tuple[Action, ...]:
    """In warn mode an agent is told in an internal note, and nothing else is changed."""
    notes = tuple(action for action in violation.cures if isinstance(action, Note))
    return notes or (Note(violation.message, violation.found),)


def _merged_fields(cures: Sequence[Cure], judgement: Judgement) -> tuple[dict[str, Value], tuple[Conflict, ...]]:
    wanted: dict[str, dict[Value, list[str]]] = defaultdict(lambda: defaultdict(list))
    for cure in cures:
        for action in cure.actions:
            if isinstance(action, FieldAction):
                name, value = field_of(action)
                wanted[name][value].append(cure.rule.id)
    conflicts = tuple(
        Conflict(name, tuple(rule for rules in values.values() for rule in rules))
        for name, values in wanted.items()
        if len(values) > 1
    )
    agreed = {name: next(iter(values)) for name, values in wanted.items() if len(values) == 1}
    ticket = judgement.seen.ticket
    return {name: value for name, value in agreed.items() if getattr(ticket, name) != value}, conflicts


def _note(cures: Sequence[Cure], messages: Messages, language: str) -> NewComment | None:
    """One note for all: each rule's paragraph with its id and handbook paragraph, and how to stop it."""
    if not cures:
        return None
    notes = [(cure.rule, action) for cure in cures for action in cure.actions if isinstance(action, Note)]
    mentions: dict[str, Person] = {person.name: person for _, note in notes for person in note.mentions}
    paragraphs = [
        f"{messages.text(note.message, language, note.values)} ({rule.id}, {rule.cites})" for rule, note in notes
    ]
    call = [" ".join(f"@{name}" for name in mentions)] if mentions else []
    tags = ", ".join(sorted(exempting_tags(cure.rule.id)[1] for cure in cures))
    footer = messages.text("note.footer", language, {"tag": tags})
    text = "\n\n".join([*call, *dict.fromkeys(paragraphs), footer])
    return NewComment(public=False, text=text, language=language, mentions=tuple(mentions.values()))


def _reply(cures: Sequence[Cure], messages: Messages, language: str) -> NewComment | None:
    """One reply for all: each rule's own sentences, between one greeting and one farewell."""
    if not cures:
        return None
    replies = [action for cure in cures for action in cure.actions if isinstance(action, Reply)]
    bodies = [messages.text(reply.message, language, reply.values) for reply in replies]
    greeting, farewell = (messages.text(key, language, {}) for key in ("reply.greeting", "reply.farewell"))
    text = "\n\n".join(part for part in (greeting, *dict.fromkeys(bodies), farewell) if part)
    return NewComment(public=True, text=text, language=language)


def _told(cures: Sequence[Cure]) -> frozenset[str]:
    return frozenset().union(*(cure.told for cure in cures))


def _has(cure: Cure, kind: type[Note] | type[Reply]) -> bool:
    return any(isinstance(action, kind) for action in cure.actions)


def _each(cures: Iterable[Cure], kind: type[A]) -> Iterator[A]:
    return (action for cure in cures for action in cure.actions if isinstance(action, kind))
