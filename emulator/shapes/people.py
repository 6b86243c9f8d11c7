"""The JSON of users, identities, groups, memberships and organizations."""

from emulator.account import Account
from emulator.clock import iso
from emulator.model import Group, Identity, Json, Membership, Organization, User

LOCALE_IDS = {"en-US": 1, "es": 2, "pt-BR": 19, "fr": 16, "de": 8}


def user_json(account: Account, user: User) -> dict[str, Json]:
    role_type = {"end-user": None, "admin": 4}.get(user.role, 1 if user.light else 0)
    return {
        "id": user.id,
        "url": f"{account.address}/api/v2/users/{user.id}.json",
        "name": user.name,
        "email": user.email,
        "created_at": iso(user.created_at),
        "updated_at": iso(user.updated_at),
        "time_zone": user.time_zone,
        "iana_time_zone": user.time_zone,
        "phone": user.phone,
        "shared_phone_number": None,
        "photo": None,
        "locale_id": LOCALE_IDS.get(user.locale, 1),
        "locale": user.locale,
        "organization_id": user.organization_id,
        "role": user.role,
        "verified": user.verified,
        "external_id": user.external_id,
        "tags": list(user.tags),
        "alias": user.alias,
        "active": user.active,
        "shared": False,
        "shared_agent": False,
        "last_login_at": None,
        "two_factor_auth_enabled": None,
        "signature": user.signature,
        "details": None,
        "notes": None,
        "role_type": role_type,
        "custom_role_id": None,
        "moderator": user.role == "admin",
        "ticket_restriction": user.restriction if user.is_staff else "requested",
        "only_private_comments": user.light,
        "restricted_agent": not user.is_staff or user.restriction is not None,
        "suspended": user.suspended,
        "default_group_id": account.default_group(user.id) if user.is_staff else None,
        "report_csv": user.role == "admin",
        "user_fields": {},
    }


ANONYMOUS: dict[str, Json] = {
    "id": None,
    "url": None,
    "name": "Anonymous user",
    "email": "invalid@example.com",
    "created_at": None,
    "updated_at": None,
    "time_zone": "UTC",
    "iana_time_zone": "Etc/UTC",
    "phone": None,
    "shared_phone_number": None,
    "photo": None,
    "locale_id": 1,
    "locale": "en-US",
    "organization_id": None,
    "role": "end-user",
    "verified": False,
    "external_id": None,
    "tags": [],
    "alias": "",
    "active": False,
    "shared": False,
    "shared_agent": False,
    "last_login_at": None,
    "signature": None,
    "details": "",
    "notes": "",
    "custom_role_id": None,
    "moderator": False,
    "ticket_restriction": "requested",
    "only_private_comments": False,
    "restricted_agent": True,
    "suspended": False,
    "default_group_id": None,
    "report_csv": False,
    "user_fields": {},
}


def identity_json(account: Account, identity: Identity) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/users/{identity.user_id}/identities/{identity.id}.json",
        "id": identity.id,
        "user_id": identity.user_id,
        "type": identity.type,
        "value": identity.value,
        "verified": identity.verified,
        "primary": identity.primary,
        "created_at": iso(identity.created_at),
        "updated_at": iso(identity.updated_at),
        "undeliverable_count": 0,
        "deliverable_state": "deliverable",
        "verification_method": "low" if identity.verified else "none",
    }


def group_json(account: Account, group: Group) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/groups/{group.id}.json",
        "id": group.id,
        "is_public": group.is_public,
        "name": group.name,
        "description": group.description,
        "default": group.default,
        "deleted": group.deleted,
        "created_at": iso(group.created_at),
        "updated_at": iso(group.updated_at),
    }


def membership_json(account: Account, membership: Membership) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/group_memberships/{membership.id}.json",
        "id": membership.id,
        "user_id": membership.user_id,
        "group_id": membership.group_id,
        "default": membership.default,
        "created_at": iso(membership.created_at),
        "updated_at": iso(membership.updated_at),
    }


def organization_json(account: Account, organization: Organization) -> dict[str, Json]:
    return {
        "url": f"{account.address}/api/v2/organizations/{organization.id}.json",
        "id": organization.id,
        "name": organization.name,
        "shared_tickets": False,
        "shared_comments": False,
        "external_id": organization.external_id,
        "created_at": iso(organization.created_at),
        "updated_at": iso(organization.created_at),
        "domain_names": [],
        "details": None,
        "notes": None,
        "group_id": organization.group_id,
        "tags": [],
        "organization_fields": {},
    }
