"""Groups and memberships (GROUPS, MEMB)."""

from emulator.behaviours.leaving import leave_group
from emulator.http import Answer, Call, api, no_content, ok
from emulator.model import Group, Membership
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.shapes.people import group_json, membership_json, user_json


def find_group(call: Call) -> Group:
    """The group of the path. Raises Refusal (404)."""
    group = call.account.groups.get(call.path("group_id"))
    if group is None or group.deleted:
        raise Refusal.not_found()
    return group


def index(call: Call) -> Answer:
    rows = [group for group in call.account.groups.values() if not group.deleted]
    return paged(call, "groups", rows, lambda group: group_json(call.account, group))


def show(call: Call) -> Answer:
    return ok({"group": group_json(call.account, find_group(call))})


def users(call: Call) -> Answer:
    account = call.account
    rows = [account.users[number] for number in account.members(find_group(call).id)]
    return paged(call, "users", rows, lambda user: user_json(account, user))


def memberships(call: Call) -> Answer:
    return page_of_memberships(call, list(call.account.memberships.values()))


def memberships_of_group(call: Call) -> Answer:
    group = find_group(call)
    return page_of_memberships(call, [each for each in call.account.memberships.values() if each.group_id == group.id])


def membership(call: Call) -> Answer:
    return ok({"group_membership": membership_json(call.account, find_membership(call))})


def remove_membership(call: Call) -> Answer:
    leave_group(call.account, find_membership(call), call.user)
    return no_content()


def find_membership(call: Call) -> Membership:
    """The membership of the path. Raises Refusal (404)."""
    found = call.account.memberships.get(call.path("membership_id"))
    if found is None:
        raise Refusal.not_found()
    return found


def page_of_memberships(call: Call, rows: list[Membership]) -> Answer:
    account = call.account
    return paged(call, "group_memberships", rows, lambda membership: membership_json(account, membership))


routes = [
    api("GET", "/api/v2/groups", index, "read"),
    api("GET", "/api/v2/groups/assignable", index, "read"),
    api("GET", "/api/v2/groups/{group_id:int}", show, "read"),
    api("GET", "/api/v2/groups/{group_id:int}/users", users, "users:read"),
    api("GET", "/api/v2/groups/{group_id:int}/memberships", memberships_of_group, "read"),
    api("GET", "/api/v2/groups/{group_id:int}/memberships/assignable", memberships_of_group, "read"),
    api("GET", "/api/v2/group_memberships", memberships, "read"),
    api("GET", "/api/v2/group_memberships/assignable", memberships, "read"),
    api("GET", "/api/v2/group_memberships/{membership_id:int}", membership, "read"),
    api("DELETE", "/api/v2/group_memberships/{membership_id:int}", remove_membership, "write", who="admin"),
]
