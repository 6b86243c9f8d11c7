"""Runs triggers on an update that is being made (HTRIG): in order, each at most once, again after a change."""

from emulator.behaviours.actions import act
from emulator.behaviours.conditions import holds
from emulator.behaviours.edit import Edit
from emulator.model import Via


def run_triggers(edit: Edit) -> None:
    """Walk the active triggers by position; after one that changed the ticket the walk begins anew."""
    account = edit.account
    if edit.ticket.status == "closed" and edit.before is not None and edit.before.status == "closed":
        return
    waiting = sorted((rule for rule in account.triggers.values() if rule.active), key=lambda rule: rule.position)
    index = 0
    while index < len(waiting):
        rule = waiting[index]
        if not holds(edit, rule.conditions):
            index += 1
            continue
        del waiting[index]
        recorded = len(edit.events)
        act(edit, rule.actions, Via("rule", "trigger", {"id": rule.id, "title": rule.title}), rule.title)
        if len(edit.events) > recorded and account.switches.triggers_fire_again:
            index = 0
