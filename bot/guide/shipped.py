"""The guide that the package carries, as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from types import MappingProxyType
from typing import Any

from bot.guide.document import EVERY, FIRST, Filling, Place, filled

SHIPPED = "operations-guide.yaml"
NOTHING: Mapping[str, str] = MappingProxyType({})
NOBODY: Mapping[str, Sequence[str]] = MappingProxyType({})


def shipped() -> bytes:
    """The file's content."""
    return files("manifests").joinpath(SHIPPED).read_bytes()


def write_copy(
    to: Path,
    *,
    tiers: Mapping[str, Sequence[str]],
    teams: Mapping[str, Sequence[str]],
    runbooks: str,
    dashboards: str,
    rooms: Sequence[str] = (),
    alerts: Sequence[Mapping[str, Any]] = (),
    alert_hosts: Sequence[str] = (),
    watchdog_within: str | None = None,
    webhooks: Mapping[str, str] = NOTHING,
    rollbacks: Mapping[str, str] = NOTHING,
    roles: Mapping[str, Sequence[str]] = NOBODY,
) -> None:
    """Write the shipped guide to a file, with what an organization fills in.

    `tiers` and `teams`: the Slack user groups (ids) that each mentions. `runbooks`: the folder beside the
    file that has them. `dashboards`: the address of the folder that has each under its key. `rooms`: the
    severities that get a channel of their own. `alerts`: routes before those of the file. `alert_hosts`: to
    which hosts links of alerts may lead. `watchdog_within`: how long it may be silent, where not as shipped.
    `webhooks`: addresses by the webhook's key. `rollbacks`: by service, the webhook that takes a change back.
    `roles`: the people (ids) who have each.
    """
    values: dict[Place, Filling] = {
        ("runbooks", "folder"): runbooks,
        ("dashboards", EVERY, "url"): f"{dashboards}/{EVERY}",
    }
    for section, mentions in (("tiers", tiers), ("teams", teams)):
        values |= {(section, key, "mention", "groups"): groups for key, groups in mentions.items()}
    values |= {("severities", severity, "room"): True for severity in rooms}
    values |= {("alerts", FIRST): alerts, ("alerting", "link_hosts"): alert_hosts}
    values |= {("changes", "webhooks", key, "url"): url for key, url in webhooks.items()}
    values |= {("services", key, "rollback"): webhook for key, webhook in rollbacks.items()}
    values |= {("roles", role, "people"): people for role, people in roles.items()}
    if watchdog_within is not None:
        values[("alerting", "watchdog", "within")] = watchdog_within
    to.write_text(filled(shipped().decode(), values), encoding="utf-8")
