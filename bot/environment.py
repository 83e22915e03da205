"""Variables of the environment, and what is kept in files instead: their names, and how each is read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

ROUTING_KEY_PREFIX = "PAGERDUTY_ROUTING_KEY_"
WEBHOOK_SECRET_PREFIX = "OPSBOT_WEBHOOK_SECRET_"  # noqa: S105 - the name of one
_FILE_SUFFIX = "_FILE"


class SettingsError(Exception):
    """The environment cannot be used. One line a variable: what is wrong, and what is expected."""


def read_variable(environment: Mapping[str, str], name: str) -> str | None:
    """A variable's value, or the content of the file that `<name>_FILE` names. Empty counts as not set."""
    value = environment.get(name, "").strip() or None
    path = environment.get(name + _FILE_SUFFIX, "").strip()
    if not path:
        return value
    if value is not None:
        raise SettingsError(f"{name}: set twice; expected {name} or {name}{_FILE_SUFFIX}, not both")
    try:
        return Path(path).read_text(encoding="utf-8").strip() or None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"{name}{_FILE_SUFFIX}: cannot be read ({type(error).__name__}): {path}"
        ) from error


def read_by_key(environment: Mapping[str, str], prefix: str) -> dict[str, str]:
    """Secrets by the guide's key: `PAGERDUTY_ROUTING_KEY_ON_CALL` is the tier `on-call`'s."""
    names = {name.removesuffix(_FILE_SUFFIX) for name in environment if name.startswith(prefix)}
    found = {name: read_variable(environment, name) for name in sorted(names)}
    return {_key(name, prefix): value for name, value in found.items() if value is not None}


def _key(variable: str, prefix: str) -> str:
    return variable.removeprefix(prefix).lower().replace("_", "-")


def tier_of(variable: str) -> str:
    """The guide's key of the tier whose routing key a variable holds."""
    return _key(variable, ROUTING_KEY_PREFIX)


def variable_of(tier: str) -> str:
    """The variable that holds a tier's routing key."""
    return ROUTING_KEY_PREFIX + tier.upper().replace("-", "_")


def hook_variable_of(webhook: str) -> str:
    """The variable that holds the secret of a webhook, by the guide's key."""
    return WEBHOOK_SECRET_PREFIX + webhook.upper().replace("-", "_")
