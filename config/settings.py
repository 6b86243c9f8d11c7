"""All settings, read from the environment and `.env`: the only reader of the environment.

Every setting has its line in `config/example.env`.
"""

import os
from collections.abc import Iterator
from datetime import datetime
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, TypeVar

from cronsim import CronSim, CronSimError
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.env_file import UnreadableFile, bindings_of, broken_lines

PREFIX = "RONDA_"
DEFAULT = Path(".env")


class UnusableSettings(Exception):
    """One line a problem: the variable's name and what is wrong with it. Values are not repeated."""


class DataSettings(BaseSettings):
    """Where a service's data is, by which clock it goes, where it brakes and how far it goes: enough for the commands
    beside it.

    Names in the environment are these, in capitals, after ``RONDA_``.
    """

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True)

    data: Path = Path("ronda.sqlite")
    clock_url: AnyHttpUrl | None = Field(default=None, description="an emulator's clock, to run on")
    max_public_messages_per_hour: int = Field(default=60, ge=0)
    mode: Literal["audit", "warn", "enforce"] = "audit"


class KnownAnswers(DataSettings):
    """What is known so far of how to sign in and of the pack: setting up may begin with nothing."""

    zendesk_url: str | None = None
    oauth_client_id: str | None = None
    oauth_client_secret: SecretStr | None = None
    email: str | None = None
    api_token: SecretStr | None = None
    pack: str | None = None


class Settings(DataSettings):
    """All that a service needs. Times are seconds."""

    zendesk_url: AnyHttpUrl = Field(description="https://SUBDOMAIN.zendesk.com")
    oauth_client_id: str | None = None
    oauth_client_secret: SecretStr | None = None
    oauth_scope: str = "read tickets:write"
    email: str | None = None
    api_token: SecretStr | None = None

    webhook_secret: SecretStr | None = None
    webhook_secret_old: SecretStr | None = None
    webhook_test_mode: bool = False
    webhook_old_after: float = Field(default=300.0, gt=0)

    pack: str = "website"
    host: str = "127.0.0.1"
    port: int = Field(default=8080, ge=0, le=65535)
    trusted_proxies: str = Field(default="", description="addresses or networks whose X-Forwarded-* are believed")
    workers: int = Field(default=4, ge=1, le=64)
    rounds_every: float = Field(default=300.0, ge=60, description="between two rounds for what changed unheard")
    timeout: float = Field(default=30.0, gt=0, description="for one call to Zendesk")
    max_updates_per_hour: int = Field(default=500, ge=1)
    audit_cron: str = Field(default="", description="when the service audits all tickets, in the pack's zone")
    audit_folder: Path = Path("audits")
    audit_ticket_for: str = Field(default="", description="the agent who gets a ticket about each audit")
    audit_webhook: AnyHttpUrl | None = Field(default=None, description="told of each audit, in JSON")
    audit_max_tickets: int = Field(default=200, ge=0, description="touched by what one audit found")
    audit_max_share: float = Field(default=0.1, ge=0, le=1, description="of the tickets that rules apply to")
    audit_max_public_messages: int = Field(default=20, ge=0, description="caused by one audit")
    audit_max_to_requester: int = Field(default=2, ge=0, description="public messages in a day, when audits cause them")
    log_format: Literal["text", "json"] = "text"
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @field_validator("audit_cron")
    @classmethod
    def _a_cron_expression(cls, text: str) -> str:
        try:
            if text:
                next(CronSim(text, datetime(2026, 1, 1)))  # noqa: DTZ001 # any moment will do
        except (CronSimError, StopIteration) as error:
            why = str(error) or "its moment never comes"
            raise ValueError(f"is no cron expression ({why}); '0 6 * * 1' is Mondays at six") from None
        return text

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses_or_networks(cls, text: str) -> str:
        for each in filter(None, map(str.strip, text.split(","))):
            try:
                ip_network(each)
            except ValueError:
                raise ValueError(f"{each!r} is neither an address nor a network, such as 10.0.0.0/8") from None
        return text

    @field_validator("zendesk_url")
    @classmethod
    def _https_unless_local(cls, url: AnyHttpUrl) -> AnyHttpUrl:
        if url.scheme != "https" and url.host not in ("127.0.0.1", "localhost", "::1", "[::1]"):
            raise ValueError("must begin with https://; credentials do not travel in the clear")
        return url

    @model_validator(mode="after")
    def _one_way_to_sign_in(self) -> "Settings":
        if bool(self.oauth_client_id) != bool(self.oauth_client_secret):
            raise ValueError("RONDA_OAUTH_CLIENT_ID and RONDA_OAUTH_CLIENT_SECRET go together")
        if bool(self.email) != bool(self.api_token):
            raise ValueError("RONDA_EMAIL and RONDA_API_TOKEN go together")
        if not self.oauth_client_id and not self.email:
            raise ValueError(
                "no way to sign in: set RONDA_OAUTH_CLIENT_ID and RONDA_OAUTH_CLIENT_SECRET "
                "(Admin Center > Apps and integrations > APIs > OAuth clients)"
            )
        return self

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """The current signing secret first, then the one that is being rotated out."""
        both = (self.webhook_secret, self.webhook_secret_old)
        return tuple(secret.get_secret_value() for secret in both if secret is not None)


S = TypeVar("S", bound=DataSettings)


def read_settings(env_file: Path | None = DEFAULT, **instead: Any) -> Settings:
    """``instead``: values that stand before the environment's and the file's. Raises UnusableSettings.

    Only the file of the usual name need not be there: another was meant to be read.
    """
    return _read(Settings, _there(env_file), **instead)


def read_known_answers(env_file: Path | None = DEFAULT) -> KnownAnswers:
    """The file may still have to be written. Raises UnusableSettings."""
    return _read(KnownAnswers, env_file)


def read_data_settings(env_file: Path | None = DEFAULT) -> DataSettings:
    """Raises UnusableSettings."""
    return _read(DataSettings, _there(env_file))


def _there(env_file: Path | None) -> Path | None:
    if env_file is not None and env_file != DEFAULT and not env_file.exists():
        raise UnusableSettings(f"{env_file}: cannot be read (No such file or directory)")
    return env_file


def _read(kind: type[S], env_file: Path | None, **instead: Any) -> S:
    if problems := list(_misspelt(env_file)):
        raise UnusableSettings("\n".join(problems))
    try:
        return kind(_env_file=env_file, _env_file_encoding="utf-8-sig", **instead)
    except ValidationError as error:
        lines = []
        for each in error.errors(include_url=False, include_input=False):
            name = "RONDA_" + "_".join(str(part) for part in each["loc"]).upper() if each["loc"] else ""
            message = each["msg"].removeprefix("Value error, ")
            if each["type"] == "missing":
                message = "is not set (environment or .env; config/example.env lists them all)"
            lines.append(f"{name}: {message}" if name else message)
        raise UnusableSettings("\n".join(lines)) from None


def _misspelt(env_file: Path | None) -> Iterator[str]:
    """Lines and names that would be passed over, and so a default came in force. Other programs' names may stand."""
    names = set(os.environ)
    if env_file is not None and env_file.exists():
        try:
            bindings = bindings_of(env_file)
        except UnreadableFile as error:
            yield str(error)
            return
        yield from (f"{env_file}:{line}: {wrong}" for line, wrong in broken_lines(bindings))
        names.update(each.key for each in bindings if each.key is not None)
    known = [name.upper() for name in Settings.model_fields]
    for name in sorted(names):
        rest = name.upper().removeprefix(PREFIX)
        if name.upper().startswith(PREFIX) and rest not in known:
            close = get_close_matches(rest, known, n=1)
            yield f"{name}: no such setting" + (f"; did you mean {PREFIX}{close[0]}?" if close else "")
