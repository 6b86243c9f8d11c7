"""Triggers and automations (TRIG, AUTO)."""

from collections.abc import Callable
from typing import Any

from emulator.account import Account
from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.model import Json, Rule
from emulator.pages import paged
from emulator.refusals import Refusal, problem
from emulator.shapes.configuration import rule_json

TABLES: dict[str, Callable[[Account], dict[int, Rule]]] = {
    "triggers": lambda account: account.triggers,
    "automations": lambda account: account.automations,
}
MOST_BYTES = 65_000


def index(call: Call, kind: str, *, active: bool = False) -> Answer:
    rows = sorted(TABLES[kind](call.account).values(), key=lambda rule: rule.position)
    if active or "active" in call.query:
        wanted = active or call.query["active"] == "true"
        rows = [rule for rule in rows if rule.active == wanted]
    return paged(call, kind, rows, lambda rule: rule_json(call.account, rule, kind))


def find(call: Call, kind: str) -> Rule:
    """The rule of the path. Raises Refusal (404)."""
    rule = TABLES[kind](call.account).get(call.path("rule_id"))
    if rule is None:
        raise Refusal.not_found()
    return rule


def show(call: Call, kind: str) -> Answer:
    return ok({kind[:-1]: rule_json(call.account, find(call, kind), kind)})


def create(call: Call, kind: str) -> Answer:
    account, now, table = call.account, call.account.clock.seconds(), TABLES[kind](call.account)
    said = _checked(call.document(kind[:-1]), None)
    rule = Rule(id=account.ids.next("rule", table), created_at=now, updated_at=now, position=len(table) + 1, **said)
    table[rule.id] = rule
    return created({kind[:-1]: rule_json(account, rule, kind)}, f"{account.address}/api/v2/{kind}/{rule.id}.json")


def update(call: Call, kind: str) -> Answer:
    rule = find(call, kind)
    for name, value in _checked(call.document(kind[:-1]), rule).items():
        setattr(rule, name, value)
    rule.updated_at = call.account.clock.seconds()
    return ok({kind[:-1]: rule_json(call.account, rule, kind)})


def remove(call: Call, kind: str) -> Answer:
    del TABLES[kind](call.account)[find(call, kind).id]
    return no_content()


def _checked(document: dict[str, Json], before: Rule | None) -> dict[str, Any]:
    """The properties of a whole rule. Raises Refusal (422)."""
    problems: dict[str, list[dict[str, Json]]] = {}
    title = document.get("title", None if before is None else before.title)
    if not isinstance(title, str) or not title.strip():
        problems["title"] = [problem("Title", "cannot be blank", "BlankValue")]
    actions = document.get("actions", None if before is None else before.actions)
    if not _entries(actions, "field") or not actions:
        problems["actions"] = [problem("Actions", "must have at least one action", "BlankValue")]
    said = document.get("conditions", {} if before is None else before.conditions)
    said = said if isinstance(said, dict) else {}
    conditions = {kind: document.get(kind, said.get(kind)) or [] for kind in ("all", "any")}
    if not all(_entries(entries, "field") for entries in conditions.values()) or not any(conditions.values()):
        problems["base"] = [problem("Conditions", "must have at least one condition")]
    if len(str(conditions)) + len(str(actions)) > MOST_BYTES:
        problems["base"] = [problem("Trigger", "is larger than 65 kB")]
    if problems:
        raise Refusal.invalid(problems)
    active = document.get("active", True if before is None else before.active)
    description = document.get("description", None if before is None else before.description)
    return {
        "title": title,
        "active": active is True,
        "actions": actions,
        "conditions": conditions,
        "description": description if isinstance(description, str) else None,
    }


def _entries(said: Json, key: str) -> bool:
    return isinstance(said, list) and all(isinstance(entry, dict) and isinstance(entry.get(key), str) for entry in said)


def _routes(kind: str, resource: str) -> list[Any]:
    one = f"/api/v2/{kind}/{{rule_id:int}}"
    read, write = f"{resource}:read", f"{resource}:write"
    return [
        api("GET", f"/api/v2/{kind}", lambda call: index(call, kind), read),
        api("POST", f"/api/v2/{kind}", lambda call: create(call, kind), write, who="admin"),
        api("GET", f"/api/v2/{kind}/active", lambda call: index(call, kind, active=True), read),
        api("GET", one, lambda call: show(call, kind), read),
        api("PUT", one, lambda call: update(call, kind), write, who="admin"),
        api("DELETE", one, lambda call: remove(call, kind), write, who="admin"),
    ]


routes = [*_routes("triggers", "triggers"), *_routes("automations", "automations")]
