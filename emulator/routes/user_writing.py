"""Creating and changing people, their identities and memberships (USERS, IDENT, MEMB)."""

from collections.abc import Callable
from typing import Any

from emulator.account import Account
from emulator.behaviours.ticket_values import as_id, read_tags
from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.model import Identity, Json, Membership, User
from emulator.refusals import Problem, Refusal, problem
from emulator.routes.users import find_user
from emulator.shapes.people import identity_json, membership_json, user_json

ROLES = ("end-user", "agent", "admin")
TEXTS = ("name", "alias", "phone", "external_id", "locale", "time_zone", "signature")
FLAGS = ("verified", "suspended", "active")
IDENTITIES = ("email", "phone_number", "messaging", "twitter", "facebook", "google", "any_channel", "foreign", "sdk")


def create(call: Call) -> Answer:
    """A new person; an address that somebody has already is 422."""
    account, document = call.account, call.document("user")
    values = _checked(account, document)
    email = document.get("email")
    problems: dict[str, list[Problem]] = {}
    if not values.get("name"):
        problems["name"] = [problem("Name", "is too short (minimum one character)", "BlankValue")]
    if email is not None and (not isinstance(email, str) or "@" not in email):
        problems["email"] = [problem("Email", "is not properly formatted", "InvalidFormat")]
    elif email is not None and account.user_by_email(email) is not None:
        problems["email"] = [problem("Email", f"{email} is already being used by another user", "DuplicateValue")]
    if problems:
        raise Refusal.invalid(problems)
    user = account.add_end_user(values["name"], email)
    _set(call.account, user, values)
    return created({"user": user_json(account, user)}, f"{account.address}/api/v2/users/{user.id}.json")


def update(call: Call) -> Answer:
    user = find_user(call)
    _set(call.account, user, _checked(call.account, call.document("user")))
    user.updated_at = call.account.clock.seconds()
    return ok({"user": user_json(call.account, user)})


def delete(call: Call) -> Answer:
    """The person can no longer be used; their tickets stay."""
    user = find_user(call)
    user.active = False
    call.account.people_changed()
    return ok({"user": user_json(call.account, user)})


def _checked(account: Account, document: dict[str, Json]) -> dict[str, Any]:
    """What a document says about a person. Raises Refusal (422)."""
    values: dict[str, Any] = {}
    problems: dict[str, list[Problem]] = {}
    for name in TEXTS:
        if name in document:
            values[name] = None if document[name] is None else str(document[name])
    for name in ("locale", "time_zone", "name"):
        if name in values and not values[name]:
            del values[name]
    for name in FLAGS:
        if isinstance(document.get(name), bool):
            values[name] = document[name]
    if "tags" in document:
        values["tags"] = read_tags(document["tags"])
    if "role" in document:
        values["role"] = document["role"]
        if document["role"] not in ROLES:
            problems["role"] = [problem("Role", "is invalid", "InvalidValue")]
    if "organization_id" in document:
        number = as_id(document["organization_id"])
        values["organization_id"] = number
        if document["organization_id"] is not None and number not in account.organizations:
            problems["organization"] = [problem("Organization", "is invalid", "InvalidValue")]
    if problems:
        raise Refusal.invalid(problems)
    return values


def _set(account: Account, user: User, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(user, name, value)
    account.people_changed()


def add_identity(call: Call) -> Answer:
    account, user, document = call.account, find_user(call), call.document("identity")
    kind, value = document.get("type"), document.get("value")
    if kind not in IDENTITIES or not isinstance(value, str) or not value.strip():
        raise Refusal.invalid({"value": [problem("Value", "is invalid", "InvalidValue")]})
    if kind == "email" and account.user_by_email(value) is not None:
        text = f"{value} is already being used by another user"
        raise Refusal.invalid({"value": [problem("Email", text, "DuplicateValue")]})
    identity = account.add_identity(user, kind, value, primary=False)
    identity.verified = document.get("verified") is True
    return created({"identity": identity_json(account, identity)})


def find_identity(call: Call) -> Identity:
    """The identity of the path. Raises Refusal (404)."""
    identity = call.account.identities.get(call.path("identity_id"))
    if identity is None or identity.user_id != find_user(call).id:
        raise Refusal.not_found()
    return identity


def show_identity(call: Call) -> Answer:
    return ok({"identity": identity_json(call.account, find_identity(call))})


def verify(call: Call) -> Answer:
    """The address is the person's; with a primary one the person counts as verified."""
    identity = find_identity(call)
    identity.verified, identity.updated_at = True, call.account.clock.seconds()
    call.account.people_changed()
    if identity.primary:
        call.account.users[identity.user_id].verified = True
    return ok({"identity": identity_json(call.account, identity)})


def make_primary(call: Call) -> Answer:
    account, chosen = call.account, find_identity(call)
    for identity in account.identities.values():
        if identity.user_id == chosen.user_id and identity.type == chosen.type:
            identity.primary = identity is chosen
    if chosen.type == "email":
        account.users[chosen.user_id].email = chosen.value
    account.people_changed()
    rows = [identity for identity in account.identities.values() if identity.user_id == chosen.user_id]
    return ok({"identities": [identity_json(account, identity) for identity in rows]})


def remove_identity(call: Call) -> Answer:
    identity = find_identity(call)
    if identity.primary:
        raise Refusal.invalid({"base": [problem("Identity", "cannot be deleted while it is primary")]})
    del call.account.identities[identity.id]
    call.account.people_changed()
    call.account.know_emails()
    return no_content()


def join(call: Call) -> Answer:
    """Put an agent into a group; the first group of an agent is the default one."""
    account, document = call.account, call.document("group_membership")
    user_id, group_id = as_id(document.get("user_id")), as_id(document.get("group_id"))
    user = account.users.get(user_id or 0)
    if user is None or not user.is_staff or group_id is None or group_id not in account.groups:
        raise Refusal.invalid({"base": [problem("Membership", "needs an agent and a group", "InvalidValue")]})
    if account.is_member(user.id, group_id):
        raise Refusal.invalid({"user_id": [problem("User", "has already been taken", "DuplicateValue")]})
    now, first = account.clock.seconds(), not account.memberships_of(user.id)
    number = account.ids.next("membership", account.memberships)
    membership = Membership(number, user.id, group_id, first or document.get("default") is True, now, now)
    account.memberships[number] = membership
    if membership.default:
        _only_default(account, membership)
    return created({"group_membership": membership_json(account, membership)})


def make_default(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    membership = account.memberships.get(call.path("membership_id"))
    if membership is None or membership.user_id != user.id:
        raise Refusal.not_found()
    membership.default = True
    _only_default(account, membership)
    rows = account.memberships_of(user.id)
    return ok({"group_memberships": [membership_json(account, each) for each in rows]})


def _only_default(account: Account, chosen: Membership) -> None:
    for membership in account.memberships_of(chosen.user_id):
        membership.default = membership is chosen


def _admin(method: str, path: str, handler: Callable[[Call], Answer], scope: str = "users:write") -> Any:
    return api(method, path, handler, scope, who="admin")


_USER = "/api/v2/users/{user_id:int}"
_IDENTITY = f"{_USER}/identities/{{identity_id:int}}"

routes = [
    api("POST", "/api/v2/users", create, "users:write"),
    api("PUT", _USER, update, "users:write"),
    _admin("DELETE", _USER, delete),
    api("POST", f"{_USER}/identities", add_identity, "users:write"),
    api("GET", _IDENTITY, show_identity, "users:read"),
    _admin("DELETE", _IDENTITY, remove_identity),
    api("PUT", f"{_IDENTITY}/verify", verify, "users:write"),
    api("PUT", f"{_IDENTITY}/make_primary", make_primary, "users:write"),
    _admin("POST", "/api/v2/group_memberships", join, "write"),
    _admin("PUT", f"{_USER}/group_memberships/{{membership_id:int}}/make_default", make_default, "write"),
]
