"""What an installation sets by environment variables. Secrets never show in texts, reprs or errors."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict
from typing_extensions import override

from bot.environment import (
    ROUTING_KEY_PREFIX,
    WEBHOOK_SECRET_PREFIX,
    SettingsError,
    read_by_key,
    read_variable,
)

SHORT_SECRET = 16
"""Characters. Shorter ones can be guessed."""
_DATABASES = ("sqlite+aiosqlite:///", "postgresql+asyncpg://")

_NO_HEADER = "cannot be sent; expected a bearer token of letters, digits and signs in one word"

Url = Annotated[str, Field(pattern=r"^https?://[^\s/]+")]


class Settings(BaseSettings):
    """The variables of the outside contract, by their names in lower case."""

    model_config = SettingsConfigDict(
        hide_input_in_errors=True, frozen=True, extra="ignore", env_ignore_empty=True
    )

    slack_bot_token: SecretStr
    slack_signing_secret: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    slack_app_token: SecretStr | None = None
    slack_api_url: Url = "https://slack.com/api/"

    pagerduty_routing_keys: Annotated[dict[str, SecretStr], NoDecode] = {}
    pagerduty_api_key: SecretStr | None = None
    pagerduty_from_email: str | None = None
    pagerduty_webhook_secret: Annotated[tuple[SecretStr, ...], NoDecode] = ()
    pagerduty_events_url: Url = "https://events.pagerduty.com"
    pagerduty_api_url: Url = "https://api.pagerduty.com"

    prometheus_url: Url | None = None
    prometheus_token: SecretStr | None = None
    alertmanager_url: Url | None = None
    alertmanager_webhook_token: SecretStr | None = None

    database_url: SecretStr = SecretStr("sqlite+aiosqlite:///opsbot.db")
    opsbot_guide: Path | None = None
    opsbot_host: str = "127.0.0.1"
    opsbot_port: int = Field(default=3000, ge=0, le=65535)
    opsbot_gate_token: SecretStr | None = None
    opsbot_calendar_token: SecretStr | None = None
    opsbot_webhook_secrets: Annotated[dict[str, SecretStr], NoDecode] = {}
    opsbot_heartbeat_url: Url | None = None

    @property
    def socket_mode(self) -> bool:
        """Whether Slack is reached by Socket Mode instead of HTTP requests."""
        return self.slack_app_token is not None

    @field_validator("slack_signing_secret", "pagerduty_webhook_secret", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Several secrets while one is being rotated, separated by commas."""
        return (
            tuple(part.strip() for part in value.split(",") if part.strip())
            if isinstance(value, str)
            else value
        )

    @field_validator("slack_bot_token", "slack_app_token")
    @classmethod
    def _is_token(cls, value: SecretStr | None, info: Any) -> SecretStr | None:
        prefix = "xoxb-" if info.field_name == "slack_bot_token" else "xapp-"
        if value is not None and not value.get_secret_value().startswith(prefix):
            raise ValueError(f"is not a token of this kind; expected one that begins with {prefix}")
        return value

    @field_validator("prometheus_url")
    @classmethod
    def _is_base(cls, value: str | None) -> str | None:
        return None if value is None else _checked_base(value)

    @field_validator("prometheus_token", "opsbot_gate_token")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[!-~]+", value.get_secret_value()):
            raise ValueError(_NO_HEADER)
        return value

    @field_validator("opsbot_calendar_token")
    @classmethod
    def _fits_a_path(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]+", value.get_secret_value()):
            raise ValueError("cannot be part of an address; expected letters, digits, - and _ only")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_database(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(_DATABASES):
            raise ValueError(
                "names no database that opsbot knows; expected "
                + " or ".join(f"{one}…" for one in _DATABASES)
            )
        return value

    @model_validator(mode="after")
    def _has_what_its_mode_needs(self) -> Settings:
        if not self.socket_mode and not self.slack_signing_secret:
            raise ValueError(
                "SLACK_SIGNING_SECRET: missing; expected the app's signing secret "
                "(or SLACK_APP_TOKEN, for Socket Mode)"
            )
        if self.pagerduty_api_key is not None and self.pagerduty_from_email is None:
            raise ValueError(
                "PAGERDUTY_FROM_EMAIL: missing; expected the e-mail of a PagerDuty user, "
                "since PAGERDUTY_API_KEY is set"
            )
        return self

    @classmethod
    @override
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings, _EnvironmentAndFiles(settings_cls, os.environ))


def _checked_base(url: str) -> str:
    """An address below which paths are appended; its own path may be a prefix. Raises ValueError."""
    example = "expected an address as https://prometheus.example.com or https://example.com/prometheus"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"is not an address; {example}") from None
    if not host or port == 0:
        raise ValueError(f"is not an address; {example}")
    if "@" in parts.netloc:
        raise ValueError("holds a user or password, which would be shown; expected PROMETHEUS_TOKEN instead")
    if "?" in url or "#" in url:
        raise ValueError(f"goes on after its path; {example}")
    return url.rstrip("/")


def _known_database(url: SecretStr) -> SecretStr:
    if not url.get_secret_value().startswith(_DATABASES):
        known = " or ".join(f"{one}…" for one in _DATABASES)
        raise ValueError(f"names no database that opsbot knows; expected {known}")
    return url


class _EnvironmentAndFiles(PydanticBaseSettingsSource):
    """Reads `NAME`, or the file that `NAME_FILE` names, one routing key a tier, and one secret a webhook."""

    def __init__(self, settings_cls: type[BaseSettings], environment: Mapping[str, str]) -> None:
        super().__init__(settings_cls)
        self._environment = environment

    @override
    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return read_variable(self._environment, field_name.upper()), field_name, False

    @override
    def __call__(self) -> dict[str, Any]:
        values: dict[str, Any] = {
            name: read_variable(self._environment, name.upper()) for name in self.settings_cls.model_fields
        }
        values["pagerduty_routing_keys"] = read_by_key(self._environment, ROUTING_KEY_PREFIX)
        values["opsbot_webhook_secrets"] = read_by_key(self._environment, WEBHOOK_SECRET_PREFIX)
        return {name: value for name, value in values.items() if value is not None}


def read_settings() -> Settings:
    """Read the environment. Raises SettingsError with a line for each variable that is wrong."""
    try:
        return Settings()  # type: ignore[call-arg]  # the sources fill the fields in
    except ValidationError as error:
        lines = [_line(part["loc"], part["type"], part["msg"]) for part in error.errors(include_input=False)]
        raise SettingsError("\n".join(lines)) from None


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """Every secret that is set, for what must hide them; a database's password is known by its place."""
    plain = (getattr(settings, name) for name in type(settings).model_fields)
    found: list[str] = []
    for value in plain:
        parts = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else (value,)
        found.extend(part.get_secret_value() for part in parts if isinstance(part, SecretStr))
    return tuple(secret for secret in found if secret != settings.database_url.get_secret_value())


def guessable(settings: Settings) -> Iterator[str]:
    """A line for each secret that anybody may try over the network, and is short."""
    tried = {
        "OPSBOT_GATE_TOKEN": settings.opsbot_gate_token,
        "OPSBOT_CALENDAR_TOKEN": settings.opsbot_calendar_token,
    }
    for name, secret in tried.items():
        if secret is not None and len(secret.get_secret_value()) < SHORT_SECRET:
            yield f"{name} is short enough to be guessed: take {SHORT_SECRET} random characters or more"


def read_database_url() -> SecretStr:
    """Only where the database is, for commands that need nothing else. Raises SettingsError."""
    default: SecretStr = Settings.model_fields["database_url"].default
    url = read_variable(os.environ, "DATABASE_URL")
    if url is None:
        return default
    try:
        return _known_database(SecretStr(url))
    except ValueError as error:
        raise SettingsError(f"DATABASE_URL: {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class GateAccess:
    """Where the bot of this environment listens, and what opens its gate."""

    host: str
    port: int
    token: SecretStr | None


def read_gate_access() -> GateAccess:
    """Only what is needed to ask the gate. Raises SettingsError."""
    fields = Settings.model_fields
    port = read_variable(os.environ, "OPSBOT_PORT") or str(fields["opsbot_port"].default)
    if not re.fullmatch(r"[0-9]{1,5}", port):
        raise SettingsError(f"OPSBOT_PORT: is no port; {_EXPECTED['opsbot_port']}")
    token = read_variable(os.environ, "OPSBOT_GATE_TOKEN")
    if token is not None and not re.fullmatch(r"[!-~]+", token):
        raise SettingsError(
            "OPSBOT_GATE_TOKEN: cannot be sent; expected letters, digits and signs in one word"
        )
    return GateAccess(
        host=read_variable(os.environ, "OPSBOT_HOST") or fields["opsbot_host"].default,
        port=int(port),
        token=None if token is None else SecretStr(token),
    )


def read_guide_path() -> Path | None:
    """Only where the guide is; None for the shipped one."""
    path = read_variable(os.environ, "OPSBOT_GUIDE")
    return Path(path) if path else None


_EXPECTED = {
    "slack_bot_token": "expected the bot's token, which begins with xoxb-",
    "opsbot_port": "expected a port number from 0 to 65535",
}


def _line(place: tuple[int | str, ...], kind: str, message: str) -> str:
    if not place:
        return message.removeprefix("Value error, ")
    name = str(place[0])
    what = "missing" if kind == "missing" else message.removeprefix("Value error, ")
    if kind == "string_pattern_mismatch":
        what = "is not an address; expected one that begins with http:// or https://"
    expected = f"; {_EXPECTED[name]}" if name in _EXPECTED and "expected" not in what else ""
    return f"{name.upper()}: {what}{expected}"
