"""Users and their identities (USERS, IDENT)."""

from collections.abc import Sequence

from emulator.behaviours.authentication import authenticate
from emulator.http import Answer, Call, api, ok
from emulator.model import Json, User
from emulator.pages import paged
from emulator.refusals import Refusal
from emulator.routes.tickets import included, page_of_tickets
from emulator.shapes.people import ANONYMOUS, group_json, identity_json, membership_json, organization_json, user_json


def find_user(call: Call) -> User:
    """The user of the path. Raises Refusal (404)."""
    user = call.account.users.get(call.path("user_id"))
    if user is None or not user.active:
        raise Refusal.not_found()
    return user


def me(call: Call) -> Answer:
    """Without credentials, and with wrong ones, Zendesk answers 200 and an anonymous user."""
    try:
        caller = authenticate(call.account, call.request.headers.get("Authorization"))
    except Refusal as refusal:
        if refusal.body.get("error") == "invalid_token":
            raise
        caller = None
    return ok({"user": ANONYMOUS if caller is None else user_json(call.account, caller.user)})


def index(call: Call) -> Answer:
    roles = {value for key, value in call.query.items() if key in ("role", "role[]")}
    rows = [user for user in call.account.users.values() if user.active and (not roles or user.role in roles)]
    return page_of_users(call, rows)


def page_of_users(call: Call, rows: list[User]) -> Answer:
    """A page of users, with their organizations if `include` says so."""
    account = call.account

    def organizations(page: Sequence[User]) -> dict[str, Json]:
        if "organizations" not in included(call):
            return {}
        ids = sorted({user.organization_id for user in page if user.organization_id is not None})
        return {"organizations": [organization_json(account, account.organizations[number]) for number in ids]}

    return paged(call, "users", rows, lambda user: user_json(account, user), organizations)


def show(call: Call) -> Answer:
    return ok({"user": user_json(call.account, find_user(call))})


def show_many(call: Call) -> Answer:
    account = call.account
    if "external_ids" in call.query:
        wanted = {word.casefold() for word in call.query["external_ids"].split(",")}
        rows = [user for user in account.users.values() if (user.external_id or "").casefold() in wanted]
    else:
        rows = [account.users[number] for number in call.ids() if number in account.users]
    return page_of_users(call, rows)


def search(call: Call) -> Answer:
    """By name, e-mail address or `role:agent`, words matching on their beginnings; or by external id."""
    account = call.account
    rows = [user for user in account.users.values() if user.active]
    if "external_id" in call.query:
        wanted = call.query["external_id"].casefold()
        rows = [user for user in rows if (user.external_id or "").casefold() == wanted]
    for word in call.query.get("query", "").split():
        rows = [user for user in rows if _matches(user, word.strip('"').casefold())]
    return page_of_users(call, rows)


def _matches(user: User, word: str) -> bool:
    key, colon, value = word.partition(":")
    if colon and key in ("role", "email", "name", "external_id"):
        return str(getattr(user, key) or "").casefold().startswith(value)
    words = [*user.name.casefold().split(), (user.email or "").casefold()]
    return any(each.startswith(word) for each in words)


def identities(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = [identity for identity in account.identities.values() if identity.user_id == user.id]
    return paged(call, "identities", rows, lambda identity: identity_json(account, identity))


def groups(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = [account.groups[membership.group_id] for membership in account.memberships_of(user.id)]
    return paged(call, "groups", rows, lambda group: group_json(account, group))


def memberships(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = account.memberships_of(user.id)
    return paged(call, "group_memberships", rows, lambda membership: membership_json(account, membership))


def requested(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = [account.tickets[number] for number in account.requested.get(user.id, [])]
    return page_of_tickets(call, [ticket for ticket in rows if not ticket.deleted])


def assigned(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = [ticket for ticket in account.tickets.values() if ticket.assignee_id == user.id and not ticket.deleted]
    return page_of_tickets(call, rows)


def ccd(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = [ticket for ticket in account.tickets.values() if user.id in ticket.email_cc_ids and not ticket.deleted]
    return page_of_tickets(call, rows)


def followed(call: Call) -> Answer:
    account, user = call.account, find_user(call)
    rows = [ticket for ticket in account.tickets.values() if user.id in ticket.follower_ids and not ticket.deleted]
    return page_of_tickets(call, rows)


_USER = "/api/v2/users/{user_id:int}"

routes = [
    api("GET", "/api/v2/users/me", me, None),
    api("GET", "/api/v2/users", index, "users:read"),
    api("GET", "/api/v2/users/show_many", show_many, "users:read"),
    api("GET", "/api/v2/users/search", search, "users:read"),
    api("GET", _USER, show, "users:read"),
    api("GET", f"{_USER}/identities", identities, "users:read"),
    api("GET", f"{_USER}/groups", groups, "users:read"),
    api("GET", f"{_USER}/group_memberships", memberships, "users:read"),
    api("GET", f"{_USER}/tickets/requested", requested, "tickets:read"),
    api("GET", f"{_USER}/tickets/assigned", assigned, "tickets:read"),
    api("GET", f"{_USER}/tickets/ccd", ccd, "tickets:read"),
    api("GET", f"{_USER}/tickets/followed", followed, "tickets:read"),
]
