"""What connects an account with a service: the webhook, its trigger, the fields a pack names. Planned, then made.

A plan is a list of changes, each with what it would do to the account, like a diff. Only what we made, which is known
by its id or by its description, is ever changed or taken away.
https://developer.zendesk.com/api-reference/webhooks/webhooks-api/webhooks/
https://developer.zendesk.com/api-reference/ticketing/business-rules/triggers/
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from zenpy import Zenpy
from zenpy.lib.api_objects import Trigger, Webhook

from integration.bridge import ZenpyBridge
from integration.parse import Json, reading
from integration.provision import SUBSCRIPTIONS
from integration.refusal import Refusal
from integration.wire import Wire, json_of

Kind = Literal["event", "trigger"]
Sign = Literal["+", "~", "-", "="]  # made, changed, taken away, right as it is

NAME = "Ronda"
TITLE = "Ronda: tell of every change"
MARK = "Made by `ronda connect`, which repairs it; `ronda disconnect` takes it away."
CONDITIONAL = "conditional_ticket_events"
BODY = '{"ticket_id": "{{ticket.id}}", "event": "updated", "updated_at": "{{ticket.updated_at_with_timestamp}}"}'


@dataclass(frozen=True, slots=True)
class Made:
    """What was made in the account at ``host``, by ids; ``fields`` by id with their titles."""

    host: str
    webhook: str = ""
    trigger: int = 0
    fields: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wanted:
    """``endpoint`` is the service's address as Zendesk calls it; ``service_user`` is our own user's id."""

    endpoint: str
    kind: Kind
    service_user: int


@dataclass(frozen=True, slots=True)
class Change:
    """``do`` carries it out and gives what is made by then."""

    sign: Sign
    what: str
    details: tuple[str, ...] = ()
    do: Callable[[Zenpy, Made], Made] = field(default=lambda _zenpy, made: made, repr=False, compare=False)


def carry_out(wire: Wire, changes: Sequence[Change], made: Made, keep: Callable[[Made], None]) -> Made:
    """Make the changes in their order; ``keep`` hears what is made whenever that changed. Raises GatewayError."""
    zenpy = ZenpyBridge(wire).client()
    for change in changes:
        before, made = made, change.do(zenpy, made)
        if made != before:
            keep(made)
    return made


def planned(wire: Wire, wanted: Wanted, made: Made) -> list[Change]:
    """What has to be done so that the account tells this service of every change. Raises GatewayError."""
    webhook, trigger = find_webhook(wire, made.webhook, wanted.endpoint), _find_trigger(wire, made.trigger)
    is_other_kind = webhook is not None and (CONDITIONAL in webhook["subscriptions"]) != (wanted.kind == "trigger")
    changes = []
    if trigger is not None and (wanted.kind == "event" or is_other_kind):
        changes.append(_without_trigger(trigger))
        trigger = None
    if webhook is not None and is_other_kind:
        changes.append(_without_webhook(webhook, "its kind cannot be changed; a new one takes its place"))
        webhook = None
    changes.append(_webhook(webhook, wanted, made))
    if wanted.kind == "trigger":
        changes.append(_trigger(trigger, wanted, webhook))
    return changes


def planned_removal(wire: Wire, made: Made) -> list[Change]:
    """Take away what was made and is still there, and nothing else. Raises GatewayError."""
    trigger = _find_trigger(wire, made.trigger) if made.trigger else None
    webhook = find_webhook(wire, made.webhook, "") if made.webhook else None
    return [
        *([_without_trigger(trigger)] if trigger else []),
        *([_without_webhook(webhook)] if webhook else []),
    ]


def find_webhook(wire: Wire, webhook_id: str, endpoint: str) -> Json | None:
    """The webhook of this id; or else one that carries our mark and calls this address; None if there is none."""
    found = _one(wire, f"/api/v2/webhooks/{webhook_id}", "webhook") if webhook_id else None
    if found is not None or not endpoint:
        return found
    with reading("the webhooks"):
        for each in json_of(wire.read("/api/v2/webhooks", {"page[size]": 100}))["webhooks"]:
            if each["description"] == MARK and each["endpoint"] == endpoint:
                return dict(each)
    return None


def _find_trigger(wire: Wire, trigger_id: int) -> Json | None:
    found = _one(wire, f"/api/v2/triggers/{trigger_id}", "trigger") if trigger_id else None
    if found is not None:
        return found
    return next((each for each in rules_of(wire, "triggers") if each.get("description") == MARK), None)


def rules_of(wire: Wire, kind: Literal["triggers", "automations"]) -> Iterator[Json]:
    """All active ones, in the order in which they run. Raises GatewayError."""
    params: dict[str, str | int] = {"page[size]": 100}
    while True:
        page = json_of(wire.read(f"/api/v2/{kind}/active", params))
        with reading(f"the {kind}"):
            yield from page[kind]
            meta = page.get("meta") or {}
        if not meta.get("has_more"):
            return
        params["page[after]"] = str(meta["after_cursor"])


def _one(wire: Wire, target: str, name: str) -> Json | None:
    try:
        answer = json_of(wire.read(target))
    except Refusal as refusal:
        if refusal.status != 404:
            raise
        return None
    with reading(f"the {name}"):
        return dict(answer[name])


def _webhook(found: Json | None, wanted: Wanted, made: Made) -> Change:
    values = _webhook_values(wanted)
    if found is None:
        was_deleted = ("the one made before was deleted in Zendesk",) if made.webhook else ()
        details = (*was_deleted, f"endpoint: {wanted.endpoint}", f"told by: {_told_by(values['subscriptions'])}")
        return Change("+", f"webhook {NAME!r}", details, lambda zenpy, before: _create_webhook(zenpy, before, values))
    identity = str(found["id"])
    differences = _differences(found, values)
    if not differences:
        return Change(
            "=", f"webhook {NAME!r} ({identity})", do=lambda _zenpy, before: replace(before, webhook=identity)
        )

    def repair(zenpy: Zenpy, before: Made) -> Made:
        zenpy.webhooks.patch(Webhook(id=identity, **values))
        return replace(before, webhook=identity)

    return Change("~", f"webhook {NAME!r} ({identity})", differences, repair)


def _webhook_values(wanted: Wanted) -> dict[str, Any]:
    return {
        "name": NAME,
        "description": MARK,
        "endpoint": wanted.endpoint,
        "http_method": "POST",
        "request_format": "json",
        "status": "active",
        "subscriptions": list(SUBSCRIPTIONS) if wanted.kind == "event" else [CONDITIONAL],
    }


def _create_webhook(zenpy: Zenpy, made: Made, values: Mapping[str, Any]) -> Made:
    return replace(made, webhook=str(zenpy.webhooks.create(Webhook(**values)).id))


def _trigger(found: Json | None, wanted: Wanted, webhook: Json | None) -> Change:
    """Every creation and change but our own: without that guard each update of ours would cause another look."""
    conditions = {
        "all": [{"field": "role", "operator": "is_not", "value": str(wanted.service_user)}],
        "any": [{"field": "update_type", "operator": "is", "value": kind} for kind in ("Create", "Change")],
    }
    guard = f"unless the current user is Ronda's ({wanted.service_user}), so that it does not call itself"

    def values(webhook_id: str) -> dict[str, Any]:
        actions = [{"field": "notification_webhook", "value": [webhook_id, BODY]}]
        return {"title": TITLE, "description": MARK, "active": True, "conditions": conditions, "actions": actions}

    def create(zenpy: Zenpy, made: Made) -> Made:
        return replace(made, trigger=int(zenpy.triggers.create(Trigger(**values(made.webhook))).id))

    if found is None:
        return Change("+", f"trigger {TITLE!r}", ("when a ticket is created or changed", guard), create)
    number = int(found["id"])
    differences = _differences(found, values("" if webhook is None else str(webhook["id"])))
    if not differences:
        return Change("=", f"trigger {TITLE!r} ({number})", do=lambda _zenpy, before: replace(before, trigger=number))

    def repair(zenpy: Zenpy, made: Made) -> Made:
        trigger = Trigger(id=number)
        for name, value in values(made.webhook).items():
            setattr(trigger, name, value)
        zenpy.triggers.update(trigger)
        return replace(made, trigger=number)

    return Change("~", f"trigger {TITLE!r} ({number})", differences, repair)


def _without_webhook(found: Json, *why: str) -> Change:
    def delete(zenpy: Zenpy, made: Made) -> Made:
        zenpy.webhooks.delete(Webhook(id=str(found["id"])))
        return replace(made, webhook="")

    return Change("-", f"webhook {found['name']!r} ({found['id']})", why, delete)


def _without_trigger(found: Json) -> Change:
    def delete(zenpy: Zenpy, made: Made) -> Made:
        zenpy.triggers.delete(Trigger(id=int(found["id"])))
        return replace(made, trigger=0)

    return Change("-", f"trigger {found['title']!r} ({found['id']})", (), delete)


def _differences(found: Json, values: Mapping[str, Any]) -> tuple[str, ...]:
    """A line for each value that is another one; order does not matter in a list of words."""
    lines = []
    for name, value in values.items():
        old = found.get(name)
        if name == "subscriptions":
            if set(old or ()) != set(value):
                lines.append(f"told by: {_told_by(old or ())} -> {_told_by(value)}")
        elif name in ("conditions", "actions"):
            if _text(old) != _text(value):
                lines.append(f"{name}: put right")
        elif old != value:
            lines.append(f"{name}: {old} -> {value}")
    return tuple(lines)


def _text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def _told_by(subscriptions: Sequence[str]) -> str:
    return "its trigger" if CONDITIONAL in subscriptions else f"{len(subscriptions)} kinds of ticket events"
