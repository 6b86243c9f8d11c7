"""How we say who we are: OAuth client credentials, or an old API token while those last.

https://developer.zendesk.com/api-reference/ticketing/oauth/grant_type_tokens/
"""

import json
import re
import threading
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx

from integration.gateway import AccessDenied, RateLimited, Unreachable, UnreadableAnswer, WrongAccount

LIFETIME = 7200  # seconds that a token is asked for
MARGIN = timedelta(seconds=120)  # it is renewed this long before it ends


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """A confidential OAuth client of the account. Audits need the global ``read``; the setup command needs more."""

    client_id: str
    client_secret: str = field(repr=False)
    scope: str = "read tickets:write"


@dataclass(frozen=True, slots=True)
class ApiToken:
    """An old API token. None can be created any more, and all stop on 30 April 2027."""

    email: str = field(repr=False)
    token: str = field(repr=False)


def auth_for(credentials: OAuthClient | ApiToken, token_url: str, now: Callable[[], datetime]) -> httpx.Auth:
    if isinstance(credentials, ApiToken):
        return httpx.BasicAuth(f"{credentials.email}/token", credentials.token)
    return ClientCredentials(credentials, token_url, now)


@dataclass(frozen=True, slots=True)
class _Token:
    value: str = field(repr=False)
    renew_at: datetime


class ClientCredentials(httpx.Auth):
    """A bearer token, renewed before it ends and once when it is refused. One token for all threads."""

    def __init__(self, client: OAuthClient, token_url: str, now: Callable[[], datetime]) -> None:
        self._client = client
        self._url = token_url
        self._now = now
        self._token: _Token | None = None
        self._lock = threading.Lock()

    def sync_auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        token = yield from self._live_token(refused="")
        request.headers["Authorization"] = f"Bearer {token}"
        response = yield request
        if response.status_code == httpx.codes.UNAUTHORIZED:
            token = yield from self._live_token(refused=token)
            request.headers["Authorization"] = f"Bearer {token}"
            yield request

    def _live_token(self, refused: str) -> Generator[httpx.Request, httpx.Response, str]:
        with self._lock:
            token = self._token
            if token is None or token.value == refused or self._now() >= token.renew_at:
                answer = yield self._request()
                answer.read()
                token = self._token = self._granted(answer)
            return token.value

    def _request(self) -> httpx.Request:
        asked = {
            "grant_type": "client_credentials",
            "client_id": self._client.client_id,
            "client_secret": self._client.client_secret,
            "scope": self._client.scope,
            "expires_in": LIFETIME,
        }
        return httpx.Request("POST", self._url, json=asked)

    def _granted(self, answer: httpx.Response) -> _Token:
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            raise RateLimited("too many tokens were asked for", 60)
        if answer.is_redirect or answer.status_code == httpx.codes.NOT_FOUND:
            raise WrongAccount(f"no Zendesk account answers at {answer.request.url.host}: is the subdomain right?")
        if answer.is_server_error:
            raise Unreachable(f"no token: Zendesk answered {answer.status_code}", 5)
        if not answer.is_success:
            raise AccessDenied(
                f"no token for the OAuth client {self._client.client_id}: Zendesk answered {_named(answer)};"
                " check its identifier and secret, and that it is a confidential client"
            )
        try:
            granted = answer.json()
            value, scope = str(granted["access_token"]), str(granted.get("scope") or self._client.scope)
            lives = timedelta(seconds=float(granted.get("expires_in") or LIFETIME))
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise UnreadableAnswer("the OAuth token", type(error).__name__) from error
        missing = set(self._client.scope.split()) - set(scope.split())
        if missing:
            raise AccessDenied(
                f"the token was granted without {', '.join(sorted(missing))}: check the spelling of the scopes"
                " and what the OAuth client may ask for"
            )
        return _Token(value, self._now() + max(lives - MARGIN, lives / 2))


def _named(answer: httpx.Response) -> str:
    """The status, with OAuth's own word for what is wrong where there is one: such a word holds no secret."""
    try:
        word = json.loads(answer.content).get("error")
    except (ValueError, AttributeError):
        word = None
    safe = isinstance(word, str) and re.fullmatch(r"[a-z_]{1,40}", word)
    return f"{answer.status_code} {word}" if safe else str(answer.status_code)
