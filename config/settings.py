"""All settings, read from the environment and `.env`: the only reader of the environment.

Every setting has its line in `config/example.env`.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal, TypeVar

from cronsim import CronSim, CronSimError
from pydantic import AnyHttpUrl, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class UnusableSettings(Exception):
    """One line a problem: the variable's name and what is wrong with it. Values are not repeated."""


class DataSettings(BaseSettings):
    """Where a service's data is, by which clock it goes and where it brakes: enough for the commands beside it.

    Names in the environment are these, in capitals, after ``RONDA_``.
    """

    model_config = SettingsConfigDict(env_prefix="RONDA_", extra="ignore", frozen=True, env_ignore_empty=True)

    data: Path = Path("ronda.sqlite")
    clock_url: AnyHttpUrl | None = Field(default=None, description="an emulator's clock, to run on")
    max_public_messages_per_hour: int = Field(default=60, ge=0)


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
    mode: Literal["audit", "warn", "enforce"] = "audit"
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


def read_settings(env_file: Path | None = Path(".env"), **instead: Any) -> Settings:
    """``instead``: values that stand before the environment's and the file's. Raises UnusableSettings."""
    return _read(Settings, env_file, **instead)


def read_known_answers(env_file: Path | None = Path(".env")) -> KnownAnswers:
    """Raises UnusableSettings."""
    return _read(KnownAnswers, env_file)


def read_data_settings(env_file: Path | None = Path(".env")) -> DataSettings:
    """Raises UnusableSettings."""
    return _read(DataSettings, env_file)


def _read(kind: type[S], env_file: Path | None, **instead: Any) -> S:
    try:
        return kind(_env_file=env_file, **instead)
    except ValidationError as error:
        lines = []
        for each in error.errors(include_url=False, include_input=False):
            name = "RONDA_" + "_".join(str(part) for part in each["loc"]).upper() if each["loc"] else ""
            message = each["msg"].removeprefix("Value error, ")
            if each["type"] == "missing":
                message = "is not set (environment or .env; config/example.env lists them all)"
            lines.append(f"{name}: {message}" if name else message)
        raise UnusableSettings("\n".join(lines)) from None
