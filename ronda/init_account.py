"""Signing in for the first time: where the account is and by which client, tried at once."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import urlsplit

from config.settings import Settings, read_settings
from enforcement.clock import SystemClock
from integration.gateway import AccessDenied, WrongAccount
from integration.identity import API_TOKENS_END, Identity, identity_of
from ronda.asking import Asking
from ronda.wiring import wire_of

SCOPES = "read tickets:write"
WHERE = """\
Ronda signs in by an OAuth client, which an admin makes once:
  Admin Center > Apps and integrations > APIs > OAuth clients > Add OAuth client
  client kind: Confidential; user: an admin of its own for Ronda, without restrictions
  scopes: read tickets:write webhooks:write triggers:write (and write, if Ronda is to make a ticket field)
Its identifier and its secret, which is shown there once, are asked for here.
(An API token that you still have works too: --email, and RONDA_API_TOKEN. They all stop on 30 April 2027.)"""


@dataclass(frozen=True)
class Account:
    """How to sign in: a client with its secret, or an address with its old API token. Empty: not known yet."""

    url: str = ""
    client_id: str = ""
    client_secret: str = field(default="", repr=False)
    email: str = field(default="", repr=False)
    api_token: str = field(default="", repr=False)

    def settings(self, env_file: Path | None) -> Settings:
        """Raises UnusableSettings."""
        instead = {
            "zendesk_url": self.url,
            "oauth_client_id": self.client_id or None,
            "oauth_client_secret": self.client_secret or None,
            "email": self.email or None,
            "api_token": self.api_token or None,
        }
        return read_settings(env_file, **instead)

    def values(self) -> dict[str, str]:
        """By the names of the settings."""
        return {
            "RONDA_ZENDESK_URL": self.url,
            "RONDA_OAUTH_CLIENT_ID": self.client_id,
            "RONDA_OAUTH_CLIENT_SECRET": self.client_secret,
            "RONDA_EMAIL": self.email,
            "RONDA_API_TOKEN": self.api_token,
        }


def address_of(answer: str) -> str:
    """``acme``, ``acme.zendesk.com`` and whatever page of it is ``https://acme.zendesk.com``."""
    text = answer.strip()
    if "//" not in text:
        text = f"https://{text}" if "." in text else f"https://{text}.zendesk.com"
    parts = urlsplit(text)
    return f"{parts.scheme}://{parts.netloc}"


def signed_in(account: Account, asking: Asking, say: Callable[[str], None]) -> Account:
    """Ask for what is not known, and sign in; what was typed wrong is asked again. So is, where somebody is at a
    terminal, what was known and is wrong: what it was is suggested, the secret apart.

    Raises MissingAnswer, UnusableSettings, AccessDenied, WrongAccount, TryLater.
    """
    known, suggested = account, Account()
    while True:
        whole = _completed(known, suggested, asking, say)
        try:
            identity = _identity(whole)
        except (AccessDenied, WrongAccount) as error:
            if whole == replace(known, url=whole.url):  # nothing was typed that could be typed again
                if not asking.at_terminal:
                    raise
                known = Account(email=whole.email)
            say(f"Zendesk says no: {error}")
            suggested = whole
            continue
        _tell(whole, identity, say)
        return whole


def _completed(known: Account, suggested: Account, asking: Asking, say: Callable[[str], None]) -> Account:
    url = known.url or asking.text(
        "Your Zendesk (its subdomain, or its address)",
        "--account or RONDA_ZENDESK_URL",
        default=suggested.url or None,
    )
    account = replace(known, url=address_of(url))
    if account.email:
        return replace(
            account,
            client_id="",
            client_secret="",
            api_token=known.api_token or asking.text("API token", "RONDA_API_TOKEN", secret=True),
        )
    if not (account.client_id and account.client_secret):
        say(WHERE)
    return replace(
        account,
        client_id=known.client_id
        or asking.text(
            "Client identifier", "--client-id or RONDA_OAUTH_CLIENT_ID", default=suggested.client_id or None
        ),
        client_secret=known.client_secret
        or asking.text("Client secret (not shown)", "RONDA_OAUTH_CLIENT_SECRET", secret=True),
        api_token="",
    )


def _identity(account: Account) -> Identity:
    settings = account.settings(None).model_copy(update={"oauth_scope": SCOPES})
    with wire_of(settings, SystemClock()) as wire:
        return identity_of(wire, by_oauth=bool(account.client_id))


def _tell(account: Account, identity: Identity, say: Callable[[str], None]) -> None:
    host = urlsplit(account.url).netloc
    if identity.scopes is None:
        say(f"{host}: signed in by an API token. It stops on {API_TOKENS_END:%d %B %Y}; make an OAuth client before.")
    else:
        say(f"{host}: signed in. Asked for: {SCOPES}; granted: {' '.join(identity.scopes)}.")
    if not identity.is_unrestricted_admin:
        say(
            f"Warning: the user of these credentials ({identity.role}) is no unrestricted admin:"
            " Ronda sees not all tickets, and what was missed while it was away cannot be read."
        )
