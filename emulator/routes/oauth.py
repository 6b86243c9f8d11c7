"""OAuth: access tokens by client credentials (GRANT)."""

import hmac
import secrets

from emulator.http import Answer, Call, api, created, no_content, ok
from emulator.model import Token
from emulator.refusals import Refusal

SHORTEST, LONGEST, USUAL = 300, 172_800, 1_800


def _no(error: str, description: str, status: int = 400) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})


def grant(call: Call) -> Answer:
    """A token for the client's own user. A misspelt scope still yields a token, which then opens nothing."""
    account, asked = call.account, call.json()
    if asked.get("grant_type") != "client_credentials":
        raise _no("unsupported_grant_type", "The authorization grant type is not supported by the emulator.")
    client = account.clients.get(str(asked.get("client_id")))
    secret = str(asked.get("client_secret", ""))
    if client is None or not hmac.compare_digest(client.secret.encode(), secret.encode(errors="replace")):
        raise _no("invalid_client", "Client authentication failed due to unknown client or wrong secret.", 401)
    user = account.users[client.user_id]
    if not user.active or user.suspended:
        raise _no("invalid_client", "The user of the client has no access.", 401)
    lifetime = asked.get("expires_in", USUAL)
    if isinstance(lifetime, bool) or not isinstance(lifetime, int) or not SHORTEST <= lifetime <= LONGEST:
        raise _no("invalid_request", f"expires_in must be between {SHORTEST} and {LONGEST}")
    scope = str(asked.get("scope", "read"))
    allowed = {word for word in scope.split() if {word, word.rpartition(":")[2]} & set(client.scopes)}
    granted = tuple(word for word in scope.split() if word in allowed or not _is_scope(word))
    if not granted:
        raise _no("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    value = secrets.token_hex(32)
    account.tokens[value] = Token(value, user.id, granted, account.clock.now() + lifetime)
    body = {"access_token": value, "token_type": "bearer", "scope": " ".join(granted), "expires_in": lifetime}
    return created(body)


def _is_scope(word: str) -> bool:
    resource, colon, verb = word.partition(":")
    return word in ("read", "write", "impersonate") or (bool(colon) and bool(resource) and verb in ("read", "write"))


def current(call: Call) -> Answer:
    """The token that made this request."""
    value = call.request.headers.get("Authorization", "").partition(" ")[2]
    token = call.account.tokens.get(value)
    if token is None:
        raise Refusal.not_found()
    return ok({"token": {"scopes": list(token.scopes), "user_id": token.user_id, "expires_at": token.expires_at}})


def revoke(call: Call) -> Answer:
    value = call.request.headers.get("Authorization", "").partition(" ")[2]
    call.account.tokens.pop(value, None)
    return no_content()


routes = [
    api("POST", "/oauth/tokens", grant, None),
    api("GET", "/api/v2/oauth/tokens/current", current, "read"),
    api("DELETE", "/api/v2/oauth/tokens/current", revoke, "write"),
]
