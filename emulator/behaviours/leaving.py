"""What happens to the tickets of an agent who leaves a group (HSYS and HGRP differ: a switch)."""

from emulator.account import Account
from emulator.behaviours.edit import Edit
from emulator.behaviours.writing import finish
from emulator.model import Membership, User, Via

WORKING = ("new", "open", "pending", "hold")
LEFT = Via("group_change")


def leave_group(account: Account, membership: Membership, remover: User) -> None:
    """Remove the membership; the agent's working tickets stay in the group and lose their assignee, or change it."""
    del account.memberships[membership.id]
    heir = None
    if account.switches.agent_left_group == "remover" and account.is_member(remover.id, membership.group_id):
        heir = remover.id
    for ticket in list(account.tickets.values()):
        held = (ticket.group_id, ticket.assignee_id) == (membership.group_id, membership.user_id)
        if held and ticket.status in WORKING and not ticket.deleted:
            edit = Edit(account, ticket, ticket, remover, LEFT)
            edit.set("assignee_id", heir)
            finish(edit)
