"""What happens by the hour: automations, and closing what was solved four weeks ago (HAUTO, HSYS)."""

from emulator.account import Account
from emulator.behaviours.actions import act
from emulator.behaviours.conditions import holds
from emulator.behaviours.edit import Edit
from emulator.behaviours.writing import finish
from emulator.model import FieldEvent, Rule, Ticket, Via

HOUR = 3600
MOST_TICKETS = 1_000  # of one automation in one hour
MOST_UPDATES = 100  # of one ticket by automations
CLOSED_AFTER = 28 * 24 * HOUR
CLOSING = Via("rule", "automation", {"id": 0, "title": "Close tickets 28 days after they were solved"})


def run_hour(account: Account) -> None:
    """Run every active automation once, then close old solved tickets."""
    rules = sorted((rule for rule in account.automations.values() if rule.active), key=lambda rule: rule.position)
    for rule in rules:
        _run(account, rule)
    for ticket in [ticket for ticket in account.tickets.values() if ticket.status == "solved" and not ticket.deleted]:
        if account.clock.seconds() - solved_at(account, ticket) >= CLOSED_AFTER:
            edit = Edit(account, ticket, ticket, None, CLOSING)
            edit.set_status("closed")
            finish(edit)


def _run(account: Account, rule: Rule) -> None:
    via = Via("rule", "automation", {"id": rule.id, "title": rule.title})
    done = 0
    for ticket in list(account.tickets.values()):
        if ticket.status == "closed" or ticket.deleted or ticket.automation_updates >= MOST_UPDATES:
            continue
        edit = Edit(account, ticket, ticket, None, via)
        if not holds(edit, rule.conditions):
            continue
        act(edit, rule.actions, via, rule.title)
        edit.ticket.automation_updates += 1
        finish(edit)
        done += 1
        if done == MOST_TICKETS:
            return


def solved_at(account: Account, ticket: Ticket) -> int:
    """When the ticket was solved last."""
    for audit in reversed(account.audits[ticket.id]):
        for event in audit.events:
            if isinstance(event, FieldEvent) and (event.name, event.value) == ("status", "solved"):
                return audit.created_at
    return ticket.updated_at
