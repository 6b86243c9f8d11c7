"""Who we are in the account: our user's role and restrictions, and what our token may do.

https://developer.zendesk.com/api-reference/ticketing/users/users/#show-self
https://developer.zendesk.com/api-reference/ticketing/oauth/oauth_tokens/
https://developer.zendesk.com/api-reference/ticketing/account-configuration/account_settings/
"""

from dataclasses import dataclass
from datetime import date, datetime

from integration.gateway import AccessDenied
from integration.parse import reading
from integration.wire import Wire, json_of, served_at

API_TOKENS_END = date(
    2027, 4, 30
)  # https://developer.zendesk.com/documentation/api-basics/authentication/oauth-migration/


@dataclass(frozen=True, slots=True)
class Identity:
    """``restriction``: what limits the tickets our user sees; None: nothing. ``scopes``: None for an API token.

    ``zendesk_time``: its clock, UTC.
    """

    id: int
    role: str
    restriction: str | None
    only_private_comments: bool
    scopes: tuple[str, ...] | None
    zendesk_time: datetime | None = None

    @property
    def is_unrestricted_admin(self) -> bool:
        return self.role == "admin" and self.restriction is None and not self.only_private_comments


def identity_of(wire: Wire, *, by_oauth: bool) -> Identity:
    """Two calls; one with an API token. Raises AccessDenied, TryLater, WrongAccount, UnreadableAnswer."""
    answer = wire.read("/api/v2/users/me")
    with reading("/users/me"):
        user = json_of(answer)["user"]
        if not user.get("id"):  # bad credentials are answered 200, with nobody
            raise AccessDenied(
                f"{wire.origin.host} does not know these credentials: the address or the token is wrong, or the token"
                " was deactivated, as API tokens are after 30 days without use; make an OAuth client instead"
            )
        return Identity(
            id=int(user["id"]),
            role=str(user.get("role")),
            restriction=user.get("ticket_restriction"),
            only_private_comments=bool(user.get("only_private_comments")),
            scopes=_scopes(wire) if by_oauth else None,
            zendesk_time=served_at(answer),
        )


@dataclass(frozen=True, slots=True)
class AccountState:
    """``followers``: whether CCs and followers are on. ``remaining``: requests left in this minute, of ``limit``."""

    followers: bool
    remaining: int | None
    limit: int | None


def state_of(wire: Wire) -> AccountState:
    """One call. Raises AccessDenied, TryLater, WrongAccount, UnreadableAnswer."""
    answer = wire.read("/api/v2/account/settings")
    with reading("the account's settings"):
        return AccountState(
            followers=bool(json_of(answer)["settings"]["tickets"].get("follower_and_email_cc_collaborations")),
            remaining=_number(answer.headers.get("x-rate-limit-remaining")),
            limit=_number(answer.headers.get("x-rate-limit")),
        )


def _scopes(wire: Wire) -> tuple[str, ...]:
    with reading("/oauth/tokens/current"):
        return tuple(str(scope) for scope in json_of(wire.read("/api/v2/oauth/tokens/current"))["token"]["scopes"])


def _number(text: str | None) -> int | None:
    return int(text) if text is not None and text.isdecimal() else None
