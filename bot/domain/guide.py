"""The operations guide as values: what the organisation has decided, and the software follows.

Built by `bot.guide`; everything here is frozen and already checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.domain.alert_policy import AlertPolicy, AlertRoute
from bot.domain.change_policy import ChangePolicy
from bot.domain.checklist import Checklist, ReviewPolicy, keys_alike
from bot.domain.incident_policy import IncidentPolicy, SeverityPolicy
from bot.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """When the organisation works: local opening and closing time, and weekdays (Monday is 0)."""

    opens: time
    closes: time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Who runs the platform, where its clocks stand, and which days are free.

    `country` and `subdivision` name the public holidays (ISO 3166 codes); without a country only
    weekends are free.
    """

    name: str
    zone: ZoneInfo
    business_hours: BusinessHours
    country: str | None = None
    subdivision: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """A Slack channel by its key in the guide, e.g. `platform-alerts`; `name` is without the `#`."""

    key: str
    name: str
    purpose: str


class ReachKind(StrEnum):
    """How a tier is reached."""

    SERVICE = "service"  # its own PagerDuty service, by the routing key PAGERDUTY_ROUTING_KEY_<TIER>
    LEVEL = "level"  # a level of the first tier's PagerDuty escalation policy
    SLACK = "slack"  # a mention in Slack only


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """Whom Slack notifies for a tier, team or role: a user group (`S…`), people (`U…`), or both."""

    groups: tuple[str, ...] = ()
    people: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.people)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """Who is reached at one step of a severity's path. `level` is set exactly for `ReachKind.LEVEL`."""

    key: str
    title: str
    reach: ReachKind
    level: int | None = None
    mention: Mention = Mention()


@dataclass(frozen=True, slots=True, kw_only=True)
class Slo:
    """Targets over `window`: `availability` and `error_rate` as fractions, latency p95 as a duration."""

    window: timedelta
    availability: float | None = None
    latency_p95: timedelta | None = None
    error_rate: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Where a service's numbers are in Prometheus: metric names, label matchers, bad-event matcher.

    `duration` is None where nobody measures how long requests take. `up` is the metric that is 1 while it is
    up, and `up_selector` picks its series.
    """

    requests: str
    selector: tuple[tuple[str, str], ...]
    bad: str
    duration: str | None = None
    native_histogram: bool = False
    up: str | None = None
    up_selector: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Something that can break: title, owner, runbook, dashboards and objectives, by the guide's keys.

    `rollback` names the webhook that takes a change of it back; None where that is done by hand.
    """

    key: str
    title: str
    team: str
    runbook: str
    dashboards: tuple[str, ...]
    slo: Slo | None = None
    metrics: Metrics | None = None
    rollback: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Platform:
    """The platform as a whole: its objectives and where its numbers are."""

    slo: Slo
    metrics: Metrics | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Runbook:
    """A document that says what to do; `url` is None where the guide has no `runbooks.base`.

    `tags` are words by which it is found, besides those of its title. `is_readable`: `/runbook` shows what it
    says, by its address or out of a folder.
    """

    key: str
    title: str
    file: str
    section: str
    url: str | None
    tags: tuple[str, ...] = ()
    is_readable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Dashboard:
    """A dashboard to open."""

    key: str
    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A team: where it talks, how it is written to, and whom to mention."""

    key: str
    title: str
    channel: str
    email: str | None = None
    mention: Mention = Mention()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendor:
    """An outside party and how to open a case with it."""

    key: str
    title: str
    purpose: str
    contact: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Whom to reach in an emergency, and how: one row of the guide's emergency contacts."""

    title: str
    how: str
    channel: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """Who may do what, as Slack user groups and people; an empty one means everybody who is no guest."""

    responders: Mention = Mention()
    leads: Mention = Mention()
    approvers: Mention = Mention()
    security: Mention = Mention()

    @property
    def groups(self) -> tuple[str, ...]:
        """The Slack user groups whose members must be known."""
        roles = (self.responders, self.leads, self.approvers, self.security)
        return tuple(dict.fromkeys(group for role in roles for group in role.groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class Defaults:
    """What is used where nothing more fitting is named.

    Channel, team, runbook and dashboards by key: `ops` is the channel in which incidents' cards stand,
    `security` that of security incidents, `leadership` that of business stakeholders.
    """

    ops: str
    security: str
    leadership: str
    team: str
    security_team: str
    runbook: str
    security_runbook: str
    dashboards: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """The whole guide. Mappings keep the guide's order; every key that one value names exists.

    `runbook_folder` holds the runbooks' files, where the guide has them beside itself.
    """

    organization: Organization
    channels: Mapping[str, Channel]
    severities: Mapping[Severity, SeverityPolicy]
    tiers: Mapping[str, Tier]
    services: Mapping[str, Service]
    platform: Platform
    checklists: Mapping[str, Checklist]
    changes: ChangePolicy
    runbooks: Mapping[str, Runbook]
    dashboards: Mapping[str, Dashboard]
    teams: Mapping[str, Team]
    vendors: Mapping[str, Vendor]
    contacts: tuple[Contact, ...]
    alerts: tuple[AlertRoute, ...]
    defaults: Defaults
    roles: Roles = Roles()
    incidents: IncidentPolicy = field(default_factory=IncidentPolicy)
    alerting: AlertPolicy = field(default_factory=AlertPolicy)
    reviews: ReviewPolicy = field(default_factory=ReviewPolicy)
    runbook_folder: Path | None = None

    @property
    def groups_to_know(self) -> tuple[str, ...]:
        """The Slack user groups whose members must be known.

        For rights, to bring people into rooms, and to say who is on call.
        """
        called = tuple(group for tier in self.tiers.values() for group in tier.mention.groups)
        if any(policy.room for policy in self.severities.values()):
            called += tuple(group for team in self.teams.values() for group in team.mention.groups)
        return tuple(dict.fromkeys((*self.roles.groups, *called)))

    @property
    def titled_alike(self) -> frozenset[str]:
        """The keys of the checklists that share their title with another."""
        return keys_alike((key, checklist.title) for key, checklist in self.checklists.items())

    @property
    def first_tier(self) -> Tier:
        """The tier whose PagerDuty service carries the levels: the first of the most urgent path."""
        return self.tiers[self.severities[Severity.P0].path[0]]
