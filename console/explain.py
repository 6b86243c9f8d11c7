"""An explanation as people read it, in their language, and as programs do."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, assert_never

from enforcement.explain import Explanation
from rules.actions import AddTags, RemoveTags, Reply, field_of
from rules.condition_parts import NONE, Part, text_of
from rules.explain import Change, Doing, Explained
from rules.handbook import Paragraph
from rules.judge import look_again_of
from rules.rule import Rule
from rules.ticket import Audit
from rules.verdict import Complies, CouldNotTell, DoesNotApply, Exempt, Verdict, Violates
from rules.zone import local

GIVES_WAY = "gives way to "


@dataclass(frozen=True)
class Words:
    """An explanation's sentences in one language."""

    of: Explanation
    language: str

    def __call__(self, key: str, /, **values: str) -> str:
        return self.of.pack.messages.text(key, self.language, values)

    def has(self, key: str) -> bool:
        return self.of.pack.messages.has(key)

    def word(self, name: str, value: str) -> str:
        return self.of.pack.messages.word(name, value, self.language)

    def moment(self, at: datetime) -> str:
        """By the clocks of the pack's zone."""
        return local(at, self.of.pack.desk.zone)

    def title(self, rule: Rule) -> str:
        own = (rule.title or {}).get(self.language)
        key = f"title.{rule.kind}"
        return own or (self(key) if self.has(key) else rule.id)


def lines_of(explanation: Explanation, language: str, *, is_past: bool) -> Iterator[str]:
    """The ticket, what each rule says of it, and what happened to it."""
    words = Words(explanation, language)
    yield from _ticket(explanation, words, is_past=is_past)
    for each in explanation.rules:
        yield ""
        yield from _rule(each, explanation, words)
    if explanation.seen.history:
        yield ""
        yield words("explain.history")
        for audit in explanation.seen.history:
            yield f"  {_happened(audit, words)}"
    if explanation.next_look is not None:
        yield ""
        yield words("explain.next", moment=words.moment(explanation.next_look))


def _ticket(explanation: Explanation, words: Words, *, is_past: bool) -> Iterator[str]:
    ticket, moment = explanation.seen.ticket, words.moment(explanation.seen.as_of)
    yield words("explain.ticket", id=str(ticket.id), subject=ticket.subject)
    yield words(
        "explain.state",
        status=ticket.custom_status or words.word("found", ticket.status),
        group=text_of(ticket.group),
        assignee=text_of(ticket.assignee),
        channel=words.word("channel", ticket.via.channel),
        tags=text_of(ticket.tags),
        requester=ticket.requester.name,
    )
    if is_past:
        yield words("explain.past", moment=moment)
    pack = explanation.pack
    yield words("explain.now", moment=moment, zone=pack.desk.zone, pack=pack.name, ceiling=explanation.ceiling.word)


def _rule(each: Explained, explanation: Explanation, words: Words) -> Iterator[str]:
    rule, verdict = each.rule, each.verdict
    yield f"{rule.id} ({rule.mode.word}): {words.title(rule)}"
    yield f"  {_verdict(verdict, words)}"
    for part in each.conditions:
        yield from _part(part, words, "    ")
    if isinstance(verdict, Violates | Complies) and verdict.found:
        values = ", ".join(f"{name} {value}" for name, value in verdict.found.items())
        yield "  " + words("explain.found", values=values)
    for cause in each.causes:
        yield "  " + words("explain.cause", moment=words.moment(cause.at), key=cause.key)
    if each.doing is not Doing.NOTHING:
        yield "  " + words(f"explain.doing.{each.doing}")
    if isinstance(verdict, Violates):
        yield "  " + _mending(each, words)
    for action in explanation.actions:
        if rule.id in action.rules:
            change = f"{action.field}: {action.before or NONE} → {action.after or NONE}"
            yield f"  {words.moment(action.at)} Ronda: {change} ({action.outcome.value})"
    again = look_again_of(verdict)
    if again is not None:
        yield "  " + words("explain.again", moment=words.moment(again))
    for paragraph in explanation.paragraphs.get(rule.id, ()):
        yield from _paragraph(paragraph, words)


def _verdict(verdict: Verdict, words: Words) -> str:
    match verdict:
        case Complies():
            return words("explain.complies")
        case Violates(message=message, found=found):
            return words("explain.violates", text=words(message, **found))
        case DoesNotApply(condition=condition) if condition.startswith(GIVES_WAY):
            return words("explain.gives-way", rule=condition.removeprefix(GIVES_WAY))
        case DoesNotApply(condition=condition):
            if words.has(key := f"condition.{condition}"):
                return words("explain.only-where", condition=words(key))
            return words("explain.does-not-apply", condition=condition.removeprefix("when."))
        case Exempt(by=by, until=until):
            if until is None:
                return words("explain.exempt", by=by)
            return words("explain.exempt-until", by=by, until=words.moment(until))
        case CouldNotTell(why=why):
            return words("explain.could-not-tell", why=why)
        case _:
            assert_never(verdict)


def _part(part: Part, words: Words, indent: str) -> Iterator[str]:
    mark = "✓" if part.holds else "✗"
    if not part.parts:
        wanted = f" {words('explain.or')} ".join(part.wanted) or NONE
        yield f"{indent}{mark} " + words("explain.part", name=part.name, found=part.found, wanted=wanted)
        return
    yield f"{indent}{mark} " + words(f"explain.{part.name}")
    for condition in part.parts:
        for each in condition:
            yield from _part(each, words, indent + "    ")


def _mending(each: Explained, words: Words) -> str:
    if each.change:
        return words("explain.change", change="; ".join(_change(action, words) for action in each.change))
    key = f"person.{each.rule.kind}"
    return words("explain.person", what=words(key if words.has(key) else "person.otherwise"))


def _change(action: Change, words: Words) -> str:
    match action:
        case AddTags(tags=tags):
            return words("explain.add-tags", tags=text_of(tags))
        case RemoveTags(tags=tags):
            return words("explain.remove-tags", tags=text_of(tags))
        case Reply():
            return words("explain.public-reply")
        case _:
            field, value = field_of(action)
            return f"{field}: {text_of(value)}"


def _paragraph(paragraph: Paragraph, words: Words) -> Iterator[str]:
    yield "  " + words("explain.handbook", id=paragraph.id, title=paragraph.title)
    for line in paragraph.text.splitlines():
        yield f"  │ {line}".rstrip()


def _happened(audit: Audit, words: Words) -> str:
    changes = [f"{change.field}: {text_of(change.before)} → {text_of(change.after)}" for change in audit.changes]
    if audit.comment is not None:
        changes.append(words("explain.reply" if audit.comment.public else "explain.note"))
    return f"{words.moment(audit.at)} {audit.author.name}: {'; '.join(changes) or NONE}"


def as_json(explanation: Explanation, language: str) -> dict[str, Any]:
    """The same for programs: names and keys that stay; times in ISO 8601."""
    words, seen = Words(explanation, language), explanation.seen
    return {
        "ticket": seen.ticket.id,
        "as_of": seen.as_of.isoformat(),
        "pack": explanation.pack.name,
        "ceiling": explanation.ceiling.word,
        "next_look": _iso(explanation.next_look),
        "rules": [_rule_as_json(each, explanation, words) for each in explanation.rules],
        "history": [_audit_as_json(audit) for audit in seen.history],
    }


def _rule_as_json(each: Explained, explanation: Explanation, words: Words) -> dict[str, Any]:
    rule, verdict = each.rule, each.verdict
    return {
        "rule": rule.id,
        "mode": rule.mode.word,
        "title": words.title(rule),
        "verdict": _WORDS[type(verdict)],
        "says": _verdict(verdict, words),
        "condition": verdict.condition if isinstance(verdict, DoesNotApply) else None,
        "found": dict(verdict.found) if isinstance(verdict, Violates | Complies) else {},
        "when": [_part_as_json(part) for part in each.conditions],
        "causes": [{"key": cause.key, "at": cause.at.isoformat()} for cause in each.causes],
        "doing": each.doing.value,
        "change": [_change_as_json(action) for action in each.change],
        "mending": _mending(each, words) if isinstance(verdict, Violates) else None,
        "look_again_at": _iso(look_again_of(verdict)),
        "handbook": [
            {"id": paragraph.id, "title": paragraph.title, "text": paragraph.text}
            for paragraph in explanation.paragraphs.get(rule.id, ())
        ],
        "actions": [
            {
                "at": action.at.isoformat(),
                "field": action.field,
                "before": action.before,
                "after": action.after,
                "outcome": action.outcome.value,
            }
            for action in explanation.actions
            if rule.id in action.rules
        ],
    }


_WORDS: Mapping[type[Verdict], str] = {
    Complies: "complies",
    Violates: "violates",
    DoesNotApply: "does not apply",
    Exempt: "exempt",
    CouldNotTell: "could not tell",
}


def _part_as_json(part: Part) -> dict[str, Any]:
    if part.parts:
        nested = [[_part_as_json(each) for each in condition] for condition in part.parts]
        return {"name": part.name, "holds": part.holds, "parts": nested}
    return {"name": part.name, "holds": part.holds, "wanted": list(part.wanted), "found": part.found}


def _change_as_json(action: Change) -> dict[str, Any]:
    match action:
        case AddTags(tags=tags):
            return {"add_tags": sorted(tags)}
        case RemoveTags(tags=tags):
            return {"remove_tags": sorted(tags)}
        case Reply(message=message):
            return {"reply": message}
        case _:
            field, value = field_of(action)
            return {field: None if value is None else text_of(value)}


def _audit_as_json(audit: Audit) -> dict[str, Any]:
    changes = [
        {"field": change.field, "before": text_of(change.before), "after": text_of(change.after)}
        for change in audit.changes
    ]
    comment = None if audit.comment is None else "public" if audit.comment.public else "internal"
    by = {"id": audit.author.id, "name": audit.author.name}
    return {"id": audit.id, "at": audit.at.isoformat(), "by": by, "changes": changes, "comment": comment}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
