"""What the operations guide decides about alerts: where each goes, whom it reaches, what becomes of it.

A part of the guide (`bot.domain.guide`); everything here is frozen and already checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from types import MappingProxyType

from bot.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRoute:
    """Where alerts go, and whom they reach.

    A route takes an alert that has one of the values of each label in `match`. `service` is the guide's key;
    None: the alert's own label says it. `severity` is None where the route leaves it to the alert's label.
    `page`: the severity's first tier is paged at once. `escalates`: further tiers come by themselves while
    nobody acknowledges; where it does not page at once, the first one, too. `escalate_after` is how long each
    tier has for it; None: the severity's response time. `incident_after` is how long nobody may acknowledge
    it before it becomes an incident by itself, zero for at once, None for never.
    """

    match: tuple[tuple[str, tuple[str, ...]], ...]
    channel: str
    team: str
    service: str | None = None
    severity: Severity | None = None
    page: bool = False
    escalates: bool = False
    escalate_after: timedelta | None = None
    incident_after: timedelta | None = None

    def takes(self, labels: Mapping[str, str]) -> bool:
        """Whether an alert with these labels goes this way."""
        return all(labels.get(name) in values for name, values in self.match)


class WhenResolved(StrEnum):
    """What is done with an incident when all its alerts are resolved."""

    ASK = "ask"
    RESOLVE = "resolve"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class StormPolicy:
    """How many new cards a channel bears within a time, before further groups share one."""

    cards: int = 20
    within: timedelta = timedelta(minutes=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class FlappingPolicy:
    """Firing again `within` this time of the resolve is the same episode; from `times` on it flaps."""

    within: timedelta = timedelta(minutes=10)
    times: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchdogPolicy:
    """The alert that always fires. Where it is silent for longer than `within`, people are told."""

    alert: str
    within: timedelta
    channel: str
    team: str
    severity: Severity
    page: bool


SEVERITIES: Mapping[str, Severity] = MappingProxyType(
    {
        "critical": Severity.P1,
        "error": Severity.P2,
        "warning": Severity.P2,
        "info": Severity.P3,
        "none": Severity.P3,
    }
)
"""What the label `severity` means where a guide does not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertPolicy:
    """How alerts are handled.

    `severities` maps values of the label `severity`, in small letters, to the guide's severities, for routes
    that name none.
    `link_hosts` are the hosts to which addresses that come with alerts may lead, beside the guide's own.
    `join_within` is how long after its declaration, or its last alert, an incident takes in alerts of
    its service. `summary_at` is the local time of the daily summary on business days; None: none.
    """

    severities: Mapping[str, Severity] = field(default_factory=lambda: SEVERITIES)
    link_hosts: tuple[str, ...] = ()
    storm: StormPolicy = StormPolicy()
    flapping: FlappingPolicy = FlappingPolicy()
    watchdog: WatchdogPolicy | None = None
    join_within: timedelta = timedelta(hours=1)
    when_resolved: WhenResolved = WhenResolved.ASK
    summary_at: time | None = None
