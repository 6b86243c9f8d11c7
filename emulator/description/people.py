"""Users, identities, groups, memberships and organizations (USERS, IDENT, GROUPS, MEMB)."""

from emulator.description.schema import FLAG, INTEGER, OBJECT, TEXT, TIME, Schema, list_of, maybe, record, word

ROLES = ("end-user", "agent", "admin")
_USER: dict[str, Schema] = {
    "id": INTEGER,
    "url": TEXT,
    "name": TEXT,
    "email": maybe(TEXT),
    "created_at": TIME,
    "updated_at": TIME,
    "time_zone": TEXT,
    "iana_time_zone": TEXT,
    "phone": maybe(TEXT),
    "shared_phone_number": maybe(FLAG),
    "photo": maybe(OBJECT),
    "locale_id": INTEGER,
    "locale": TEXT,
    "organization_id": maybe(INTEGER),
    "role": word(*ROLES),
    "verified": FLAG,
    "external_id": maybe(TEXT),
    "tags": list_of(TEXT),
    "alias": maybe(TEXT),
    "active": FLAG,
    "shared": FLAG,
    "shared_agent": FLAG,
    "last_login_at": maybe(TIME),
    "two_factor_auth_enabled": maybe(FLAG),
    "signature": maybe(TEXT),
    "details": maybe(TEXT),
    "notes": maybe(TEXT),
    "role_type": maybe(INTEGER),
    "custom_role_id": maybe(INTEGER),
    "moderator": FLAG,
    "ticket_restriction": maybe(TEXT),
    "only_private_comments": FLAG,
    "restricted_agent": FLAG,
    "suspended": FLAG,
    "default_group_id": maybe(INTEGER),
    "report_csv": FLAG,
    "user_fields": OBJECT,
}
USER = record(_USER)
_NOBODY = {"id", "url", "created_at", "updated_at"}
ANONYMOUS = record(
    {name: maybe(schema) if name in _NOBODY else schema for name, schema in _USER.items()},
    optional=("two_factor_auth_enabled", "role_type"),
)
IDENTITY = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "user_id": INTEGER,
        "type": TEXT,
        "value": TEXT,
        "verified": FLAG,
        "primary": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
        "undeliverable_count": INTEGER,
        "deliverable_state": TEXT,
        "verification_method": TEXT,
    }
)
GROUP = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "is_public": FLAG,
        "name": TEXT,
        "description": TEXT,
        "default": FLAG,
        "deleted": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
    }
)
MEMBERSHIP = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "user_id": INTEGER,
        "group_id": INTEGER,
        "default": FLAG,
        "created_at": TIME,
        "updated_at": TIME,
    }
)
ORGANIZATION = record(
    {
        "url": TEXT,
        "id": INTEGER,
        "name": TEXT,
        "shared_tickets": FLAG,
        "shared_comments": FLAG,
        "external_id": maybe(TEXT),
        "created_at": TIME,
        "updated_at": TIME,
        "domain_names": list_of(TEXT),
        "details": maybe(TEXT),
        "notes": maybe(TEXT),
        "group_id": maybe(INTEGER),
        "tags": list_of(TEXT),
        "organization_fields": OBJECT,
    }
)
_USER_SAID: dict[str, Schema] = {
    "name": TEXT,
    "email": TEXT,
    "role": word(*ROLES),
    "phone": maybe(TEXT),
    "alias": maybe(TEXT),
    "external_id": maybe(TEXT),
    "organization_id": maybe(INTEGER),
    "verified": FLAG,
    "suspended": FLAG,
    "tags": list_of(TEXT),
}
USER_SAID = record(_USER_SAID, optional=_USER_SAID, more=True)
IDENTITY_SAID = record({"type": TEXT, "value": TEXT, "verified": FLAG}, optional=("verified",), more=True)
MEMBERSHIP_SAID = record({"user_id": INTEGER, "group_id": INTEGER, "default": FLAG}, optional=("default",), more=True)

SCHEMAS: dict[str, Schema] = {
    "User": USER,
    "Identity": IDENTITY,
    "Group": GROUP,
    "GroupMembership": MEMBERSHIP,
    "Organization": ORGANIZATION,
    "UserSaid": USER_SAID,
}
