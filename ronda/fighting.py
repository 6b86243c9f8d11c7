"""Triggers and automations that undo what rules do: found by reading their conditions and actions. Pure.

Only what is sure is told: a trigger that cannot meet a rule's tickets, by its conditions on the group, fights nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from integration.names import AccountNames, Named
from rules.mode import Mode
from rules.pack import Pack
from rules.rule import Rule
from rules.team import Team

Json = Mapping[str, Any]

ASSIGNING = frozenset({"default_analyst", "by_skill", "domain_email", "chat_group_only"})
WAITING = ("pending", "hold")
CLIENTS = ("requester_id", "requester_and_ccs")


@dataclass(frozen=True, slots=True)
class Fight:
    """``by``: which trigger or automation; ``does``: what it does to a ticket of the rule; ``mend``: how to end it."""

    by: str
    rule: str
    does: str
    mend: str

    def __str__(self) -> str:
        return f"{self.by} {self.does}, against rule {self.rule}"


def fights(pack: Pack, account: AccountNames, kind: str, native: Iterable[Json]) -> list[Fight]:
    """``kind``: trigger or automation. ``native``: the active ones, as the API tells them."""
    rules = [rule for rule in pack.rules if rule.mode > Mode.OFF]
    return [fight for each in native for rule in rules for fight in _fights(rule, each, kind, account)]


def mails_comments(trigger: Json) -> bool:
    """Whether it mails public comments to the requester: what delivers a reply that came by the API."""
    conditions = [*_conditions(trigger, "all"), *_conditions(trigger, "any")]
    on_comments = any(each.get("field") in ("comment_is_public", "update_type") for each in conditions)
    return on_comments and any(
        action.get("field") == "notification_user" and _first(action.get("value")) in CLIENTS
        for action in trigger.get("actions") or ()
    )


def _fights(rule: Rule, native: Json, kind: str, account: AccountNames) -> Iterator[Fight]:
    by = f"{kind} {str(native.get('title'))!r} ({native.get('id')})"
    team: Team | None = getattr(rule, "team", None)
    group = _named(account.groups, team.group) if team else None
    if group is not None and not _may_hold(native, group):
        return
    for action in native.get("actions") or ():
        field, value = str(action.get("field")), _first(action.get("value"))
        if rule.kind == "default_group" and group and field == "group_id" and value != str(group.id):
            yield Fight(by, rule.id, f"moves tickets out of {group.name!r}", _except(group))
        elif rule.kind in ASSIGNING and team and group and field == "assignee_id":
            if not _is_of(team, value, account):
                yield Fight(by, rule.id, "assigns tickets to somebody outside the team", _except(group))
        elif rule.kind == "stays_open" and group and field == "status" and value in WAITING:
            yield Fight(by, rule.id, f"sets tickets to {value}", _except(group))
        elif rule.kind == "stand_by" and _is_about_waiting(native):
            if field == "status":
                yield Fight(by, rule.id, f"sets waiting tickets to {value}", "switch it off, or let it spare them")
            elif field == "notification_user" and value in CLIENTS:
                yield Fight(by, rule.id, "writes to requesters of waiting tickets too", "switch it off")
        yield from _tag_fights(rule, by, field, value)


def _tag_fights(rule: Rule, by: str, field: str, value: str) -> Iterator[Fight]:
    tag = getattr(rule, "tag", None)
    if not isinstance(tag, str):
        return
    if field == "remove_tags" and tag in value.split():
        yield Fight(by, rule.id, f"removes the tag {tag}", f"take {tag} out of its action")
    elif field == "set_tags" and tag not in value.split():
        yield Fight(by, rule.id, f"replaces all tags, {tag} too", "let it add tags instead of setting them")


def _may_hold(native: Json, group: Named) -> bool:
    """Whether its conditions let through a ticket in this group."""
    for each in _conditions(native, "all"):
        if each.get("field") == "group_id":
            same = _first(each.get("value")) == str(group.id)
            if (each.get("operator") == "is" and not same) or (each.get("operator") == "is_not" and same):
                return False
    return True


def _is_about_waiting(native: Json) -> bool:
    conditions = [*_conditions(native, "all"), *_conditions(native, "any")]
    return any(
        str(each.get("field")).lower() in WAITING
        or (each.get("field") == "status" and each.get("operator") == "is" and _first(each.get("value")) in WAITING)
        for each in conditions
    )


def _is_of(team: Team, user_id: str, account: AccountNames) -> bool:
    for person in account.people:
        if str(person.id) == user_id:
            return any(person.is_called(name) for name in team.members) or team.group in person.about.split(", ")
    return False


def _except(group: Named) -> str:
    return f"give it the condition: Group, is not, {group.name}"


def _named(existing: Iterable[Named], name: str) -> Named | None:
    return next((each for each in existing if each.is_called(name)), None)


def _conditions(native: Json, kind: str) -> list[Json]:
    return list((native.get("conditions") or {}).get(kind) or ())


def _first(value: object) -> str:
    """A value, or the first of several: a mail's receiver stands before its subject and text."""
    return str(value[0] if isinstance(value, list) and value else "" if value is None else value)
