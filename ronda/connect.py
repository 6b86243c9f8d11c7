"""`ronda connect` and `ronda disconnect`: what the account needs, shown first like a diff, then made and tried."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from config.env_file import set_values
from config.settings import Settings, UnusableSettings
from enforcement.clock import SystemClock
from integration.bridge import ZenpyBridge
from integration.connection import Change, Kind, Made, Wanted, carry_out, planned, planned_removal
from integration.identity import identity_of
from integration.pack_fields import WantedField, planned_field_removal, planned_fields
from integration.wire import Wire
from ronda.asking import Asking
from ronda.connection_file import connection_file, keep_made, read_made
from ronda.packs import load_pack
from ronda.trial import Trial, try_webhook
from ronda.wiring import wire_of
from rules.pack import Pack

PATH = "/webhooks/zendesk"
KINDS: dict[Kind, str] = {
    "event": "Zendesk tells of every event of a ticket by itself; there is no trigger that somebody could switch off.",
    "trigger": "a trigger tells of every ticket that is created or changed: for accounts without ticket events.",
}
Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """``agreed``: the plan was carried out. ``trial``: whether a delivery arrived; None if none was sent."""

    changes: Sequence[Change]
    agreed: bool
    trial: Trial | None = None


def endpoint_of(url: str) -> str:
    """``https://ronda.acme.example`` with the path that the service answers. Raises UnusableSettings."""
    parts = urlsplit(url)
    is_local = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and is_local)):
        raise UnusableSettings(f"--url {url}: expected the address at which Zendesk reaches Ronda, https://...")
    if parts.path not in ("", "/", PATH) or parts.query or parts.fragment:
        raise UnusableSettings(f"--url {url}: Ronda answers at {PATH}; leave the path away")
    return f"{parts.scheme}://{parts.netloc}{PATH}"


def connect(
    settings: Settings, env_file: Path, url: str, kind: Kind, asking: Asking, say: Say, *, rotate: bool = False
) -> Outcome:
    """Make or repair the connection, keep its secret in `.env`, see a delivery arrive.

    Raises UnusableSettings, Unusable, GatewayError, CannotWrite, MissingAnswer.
    """
    endpoint, pack = endpoint_of(url), load_pack(settings.pack)
    host = str(urlsplit(str(settings.zendesk_url)).netloc)
    made = read_made(settings.data, host)
    with _wire(settings, "read") as wire:
        user = identity_of(wire, by_oauth=settings.oauth_client_id is not None).id
        fields = planned_fields(wire, wanted_fields(pack))
        changes = [*fields, *planned(wire, Wanted(endpoint, kind, user), made)]
    say(f"{kind}: {KINDS[kind]}")
    _show(changes, say)
    if not _agreed(changes, asking):
        return Outcome(changes, agreed=False)
    with _wire(settings, _scopes(changes)) as wire:
        made = carry_out(wire, changes, made, lambda now: keep_made(settings.data, now))
        if rotate:
            ZenpyBridge(wire).client().webhooks.reset_secret(made.webhook)
            say("a new signing secret was made; what the old one signed is accepted on")
        secret = str(ZenpyBridge(wire).client().webhooks.show_secret(made.webhook).secret)
        if _keep_secret(settings, env_file, secret):
            say(f"{env_file}: keeps the signing secret; restart the service if it runs")
        trial = try_webhook(wire, settings, made.webhook, endpoint, secret)
    say(f"{'ok' if trial.arrived else 'WRONG'}: {trial.said}")
    return Outcome(changes, agreed=True, trial=trial)


def disconnect(settings: Settings, env_file: Path, asking: Asking, say: Say) -> Outcome:
    """Take away what was made, and nothing else. What nobody remembers is not sought: another folder may live by it.

    Raises GatewayError, CannotWrite, MissingAnswer.
    """
    host = str(urlsplit(str(settings.zendesk_url)).netloc)
    made = read_made(settings.data, host)
    if made == Made(host):
        file = connection_file(settings.data)
        what = f"is no record of a connection with {host}" if file.exists() else ""
        no_record = f"{file}: {what}" if what else f"no record of a connection in this folder ({file})"
        say(f"{no_record}; the account was not asked")
        return Outcome((), agreed=False)
    with _wire(settings, "read") as wire:
        changes = [*planned_removal(wire, made), *planned_field_removal(wire, made)]
    _show(changes, say)
    if not changes:
        say("nothing that `ronda connect` made is in the account")
    elif not _agreed(changes, asking):
        return Outcome(changes, agreed=False)
    with _wire(settings, _scopes(changes)) as wire:
        carry_out(wire, changes, made, lambda now: keep_made(settings.data, now))
    keep_made(settings.data, Made(made.host))
    set_values(env_file, {"RONDA_WEBHOOK_SECRET": "", "RONDA_WEBHOOK_SECRET_OLD": ""})
    return Outcome(changes, agreed=True)


def wanted_fields(pack: Pack) -> list[WantedField]:
    """The custom fields that the pack names, as they are made where they are missing."""
    return [
        WantedField(field.title or name, field.values, field.id) if field else WantedField(name)
        for name, field in pack.desk.fields.items()
    ]


def _agreed(changes: Sequence[Change], asking: Asking) -> bool:
    if all(change.sign == "=" for change in changes):
        return True
    return asking.agreed("Do this in the account?", "--yes")


def _show(changes: Sequence[Change], say: Say) -> None:
    for change in changes:
        say(f"{change.sign} {change.what}")
        for detail in change.details:
            say(f"    {detail}")


def _scopes(changes: Sequence[Change]) -> str:
    """The least that carries these changes out."""
    does = {change.what.partition(" ")[0] for change in changes if change.sign != "="}
    triggers = " triggers:write" if "trigger" in does else ""
    return f"read webhooks:write{triggers}{' write' if 'ticket' in does else ''}"


def _wire(settings: Settings, scope: str) -> AbstractContextManager[Wire]:
    return wire_of(settings.model_copy(update={"oauth_scope": scope}), SystemClock())


def _keep_secret(settings: Settings, env_file: Path, secret: str) -> bool:
    known = settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
    if known == secret:
        return False
    return set_values(env_file, {"RONDA_WEBHOOK_SECRET": secret, "RONDA_WEBHOOK_SECRET_OLD": known})
