"""Who calls: Basic with an old API token, or an OAuth bearer token with its scopes (OAMIG, GRANT)."""

import base64
import binascii
from dataclasses import dataclass

from emulator.account import Account
from emulator.model import User
from emulator.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Caller:
    user: User
    scopes: tuple[str, ...] | None = None  # None: an API token, which may do what its user may
    client: bool = False


def authenticate(account: Account, authorization: str | None) -> Caller | None:
    """The caller, or None without credentials. Raises Refusal (401) on wrong ones."""
    if not authorization:
        return None
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "basic":
        return _basic(account, rest)
    if scheme.lower() == "bearer":
        return _bearer(account, rest.strip())
    raise Refusal.unauthenticated()


def _basic(account: Account, encoded: str) -> Caller:
    try:
        name, _, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal.unauthenticated() from error
    user = account.user_by_email(name.removesuffix("/token"))
    usable = user is not None and user.active and not user.suspended
    if user is None or not usable or not name.endswith("/token") or secret not in account.api_tokens:
        raise Refusal.unauthenticated()
    return Caller(user)


def _bearer(account: Account, value: str) -> Caller:
    token = account.tokens.get(value)
    if token is None or (token.expires_at is not None and token.expires_at <= account.clock.now()):
        raise Refusal.invalid_token()
    user = account.users.get(token.user_id)
    if user is None or not user.active or user.suspended:
        raise Refusal.invalid_token()
    return Caller(user, token.scopes, client=True)


def check_scope(caller: Caller, needed: str) -> None:
    """Raise Refusal (403) unless `needed` (`tickets:read`, or the global `read`) was granted."""
    if caller.scopes is None:
        return
    verb = needed.rpartition(":")[2]
    if needed not in caller.scopes and verb not in caller.scopes:
        description = f"You are missing the following required scopes: {needed}"
        raise Refusal(403, {"error": "Forbidden", "description": description})
