"""What an alert group's card shows: everything it needs, read in one go, so that views only lay it out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.domain.alert import Alert, AlertGroup, Labels, Silence
from bot.domain.card import LinkedChange, MessageRef, NextStep
from bot.domain.guide import Dashboard, Runbook
from bot.domain.page import PageRecord
from bot.domain.severity import Severity

SHOWN = 10
"""Alerts that a card shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkedIncident:
    """The incident that a group belongs to. `at` is where its card stands, `url` that message's address."""

    label: str
    is_open: bool
    at: MessageRef | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StormShare:
    """How many of a storm's groups are of one service (its title) and severity, and how many of them fire."""

    service: str | None
    severity: Severity
    groups: int
    firing: int


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertCard:
    """One alert group as its card shows it.

    `alerts` are the newest, those that fire before the others; `more` counts those that are not among them.
    `service` and `team` are titles; `unknown_service` is what the alerts name instead where the guide has no
    such service. `runbook` is the guide's; `runbook_url`, `dashboard_url` and `graph_url`
    came with the alerts and may be followed, as may `alertmanager_url`. `unlinked` are hosts to which a
    runbook or dashboard of the alerts leads, and a card must not. `pages` are in order, `silence` is the
    newest that was asked for. `storm` says what it consists of where the group stands for others.
    `flapping` says whether it comes and goes, `changes` of which changes of production it may come.
    """

    group: AlertGroup
    alerts: tuple[Alert, ...]
    more: int
    service: str | None
    team: str
    runbook: Runbook
    unknown_service: str | None = None
    dashboards: tuple[Dashboard, ...] = ()
    runbook_url: str | None = None
    dashboard_url: str | None = None
    graph_url: str | None = None
    alertmanager_url: str | None = None
    unlinked: tuple[str, ...] = ()
    next_step: NextStep | None = None
    pages: tuple[PageRecord, ...] = ()
    confirmable: bool = True
    incident: LinkedIncident | None = None
    silence: Silence | None = None
    storm: tuple[StormShare, ...] = ()
    flapping: bool = False
    changes: tuple[LinkedChange, ...] = ()

    @property
    def subject(self) -> AlertGroup:
        """What it shows."""
        return self.group

    @property
    def since(self) -> datetime:
        """The earliest instant at which its message can have been posted."""
        return self.group.carded_at or self.group.started_at


def newest(alerts: Iterable[Alert]) -> tuple[Alert, ...]:
    """Each label set once, as it was told last: what fires before what is over, the newest first."""
    by_labels: dict[str, Alert] = {}
    for alert in alerts:
        known = by_labels.get(alert.fingerprint)
        if known is None or (alert.fires, alert.starts_at) > (known.fires, known.starts_at):
            by_labels[alert.fingerprint] = alert
    order = sorted(by_labels.values(), key=lambda one: one.fingerprint)
    return tuple(sorted(order, key=lambda one: (one.fires, one.starts_at), reverse=True))


def in_common(alerts: Iterable[Alert]) -> Labels:
    """The labels that all of these alerts have, with the same values."""
    listed = [one.labels for one in alerts]
    if not listed:
        return {}
    first, *others = listed
    return {name: value for name, value in first.items() if all(one.get(name) == value for one in others)}


def apart(alert: Alert, common: Labels) -> Labels:
    """The labels by which an alert differs from the others, by name."""
    return {name: alert.labels[name] for name in sorted(alert.labels) if name not in common}
