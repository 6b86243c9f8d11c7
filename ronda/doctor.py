"""`ronda doctor`: everything that has to be right for tickets to be looked at, one line a check."""

import os
import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from config.settings import Settings, UnusableSettings, read_settings
from enforcement.clock import SystemClock
from enforcement.store import APPLICATION_ID, SCHEMA
from integration.gateway import AccessDenied, GatewayError, RateLimited, TryLater, WrongAccount
from integration.identity import identity_of
from ronda.check import Check, State, ok, warning, wrong
from ronda.doctor_account import ACCOUNT_CHECKS, OTHERS, Examined
from ronda.doctor_service import service_checks
from ronda.doctor_webhook import WEBHOOK_CHECKS
from ronda.packs import load_pack
from ronda.printed import count_of
from ronda.wiring import wire_of
from rules.pack import Pack
from rules.problems import Unusable

LITTLE, TOO_LITTLE = 500_000_000, 50_000_000  # bytes free on the disk


def examine(env_file: Path) -> Iterator[Check]:
    """All checks, each told as soon as it is known. Raises nothing that a person could mend."""
    try:
        settings = read_settings(env_file)
    except UnusableSettings as error:
        mend = f"put it right in {env_file} or the environment" if env_file.exists() else "ronda init"
        yield wrong("settings", "; ".join(str(error).splitlines()), mend)
        return
    yield _settings(env_file, settings)
    pack = None
    try:
        pack = load_pack(settings.pack)
        yield ok("pack", f"{pack.name} {pack.digest}, {count_of(len(pack.rules), 'rule')}")
    except Unusable as error:
        yield wrong("pack", str(error.problems[0]), f"ronda check {settings.pack}")
    database = _database(settings.data)
    yield database
    if database.state is State.OK:
        yield from service_checks(settings.data)
    yield _disk(settings.data)
    yield from _account(settings, pack)


def _settings(env_file: Path, settings: Settings) -> Check:
    said = f"{env_file}, mode {settings.mode}"
    if env_file.exists() and env_file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        return warning("settings", f"{said}; its secrets are not its owner's alone", f"chmod 600 {env_file}")
    return ok("settings", said)


def _account(settings: Settings, pack: Pack | None) -> Iterator[Check]:
    checks: list[tuple[str, Callable[[Examined], Check]]] = [*ACCOUNT_CHECKS, *WEBHOOK_CHECKS]
    host = settings.zendesk_url.host
    with wire_of(settings, SystemClock()) as wire:
        try:
            identity = identity_of(wire, by_oauth=settings.oauth_client_id is not None)
        except GatewayError as error:
            yield wrong("credentials", str(error), _mend(error))
            yield from (Check(name, State.SKIPPED, "the account cannot be asked") for name, _ in checks)
            return
        how = f"OAuth client {settings.oauth_client_id}" if settings.oauth_client_id else "an API token"
        yield ok("credentials", f"{host}, by {how}, as user {identity.id}")
        if pack is None:
            yield from (Check(name, State.SKIPPED, "the pack cannot be read") for name, _ in checks)
            return
        seen = Examined(wire, settings, pack, identity)
        for name, check in checks:
            try:
                yield check(seen)
            except RateLimited as error:
                yield warning(name, str(error), OTHERS)
            except GatewayError as error:
                yield wrong(name, str(error), _mend(error))


def _mend(error: GatewayError) -> str:
    match error:
        case WrongAccount():
            return "set RONDA_ZENDESK_URL to https://SUBDOMAIN.zendesk.com"
        case AccessDenied():
            return "Admin Center > Apps and integrations > APIs > OAuth clients, then ronda init"
        case TryLater():
            return "see that this machine reaches the internet and that Zendesk works (status.zendesk.com); try again"
        case _:
            return "try again; if it stays, report it with the command's output"


def _database(path: Path) -> Check:
    if not path.exists():
        return ok("database", f"{path}: not there yet; the first start makes it")
    try:
        with closing(sqlite3.connect(f"file:{path.absolute().as_posix()}?mode=ro", uri=True)) as database:
            whose = database.execute("PRAGMA application_id").fetchone()[0]
            version = int(database.execute("PRAGMA user_version").fetchone()[0])
    except sqlite3.Error as error:
        return wrong("database", f"{path}: cannot be read ({error})", "mend its rights, or restore a copy of it")
    if whose != APPLICATION_ID:
        return wrong("database", f"{path}: is another program's file", "name another one by RONDA_DATA")
    if version > len(SCHEMA):
        return wrong("database", f"{path}: a later Ronda wrote it (version {version})", "install that version")
    said = f"{path}, version {version}"
    return ok("database", said if version == len(SCHEMA) else f"{said}; the next start makes it {len(SCHEMA)}")


def _disk(data: Path) -> Check:
    folder = data.absolute().parent
    try:
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return wrong("disk", f"{folder}: {error.strerror}", "make the folder, or name another one by RONDA_DATA")
    said = f"{folder}: {free / 1e9:.1f} GB free"
    if not os.access(folder, os.W_OK | os.X_OK):
        return wrong("disk", f"{folder}: may not be written", "mend its rights, or name another one by RONDA_DATA")
    if free < LITTLE:
        return (wrong if free < TOO_LITTLE else warning)("disk", said, "make room, or name another one by RONDA_DATA")
    return ok("disk", said)
