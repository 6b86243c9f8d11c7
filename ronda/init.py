"""`ronda init`: who we are in the account, a pack that speaks the account's names, and both written down.

Whatever is known already, by flags, environment, `.env` or a pack that lies there, is not asked; what is right stays.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from config.env_file import set_values
from config.settings import read_known_answers, read_settings
from enforcement.clock import SystemClock
from integration.names import names_in
from ronda.asking import Asking
from ronda.init_account import Account, signed_in
from ronda.init_pack import pack_file, speak_the_accounts_names
from ronda.wiring import wire_of

Say = Callable[[str], None]


@dataclass(frozen=True)
class Given:
    """Answers given beforehand; empty: none. ``names``: the pack's name to the account's."""

    account: str = ""
    client_id: str = ""
    email: str = ""
    pack: str = ""
    names: Mapping[str, str] = field(default_factory=dict)


def init(given: Given, env_file: Path, asking: Asking, say: Say) -> None:
    """Set up. Raises MissingAnswer, GatewayError, Unusable, UnusableSettings, CannotWrite, UnwritableValue."""
    known = read_known_answers(env_file)
    account = signed_in(
        Account(
            url=given.account or known.zendesk_url or "",
            client_id=given.client_id or ("" if given.email else known.oauth_client_id or ""),
            client_secret=known.oauth_client_secret.get_secret_value() if known.oauth_client_secret else "",
            email=given.email or ("" if given.client_id else known.email or ""),
            api_token=known.api_token.get_secret_value() if known.api_token else "",
        ),
        asking,
        say,
    )
    pack = pack_file(given.pack or known.pack or "", env_file.parent, asking, say)
    with wire_of(account.settings(env_file if env_file.exists() else None), SystemClock()) as wire:
        speak_the_accounts_names(pack, names_in(wire), given.names, asking, say)
    is_new = set_values(env_file, {**account.values(), "RONDA_PACK": str(pack)})
    read_settings(env_file)
    say(f"{env_file}: {'written; it holds secrets and is yours alone (mode 600)' if is_new else 'is right as it is'}")
    say("Next: `ronda connect --url https://...` makes the webhook; `ronda doctor` checks everything.")
