"""What a guide's file may say: its sections, the keys of each, and what a value must look like.

What one value says is checked here; what ties values together is checked in `bot.guide.lint`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.domain.severity import Severity
from bot.guide.alert_sections import AlertingPart, AlertRoutePart
from bot.guide.change_sections import ChangesPart
from bot.guide.checklist_sections import ChecklistPart, ReviewsPart
from bot.guide.fields import (
    ChannelName,
    ClockTime,
    CountryCode,
    Duration,
    Email,
    File,
    Fraction,
    Key,
    LabelName,
    Matcher,
    MetricName,
    SubdivisionCode,
    Text,
    Url,
    Weekdays,
    Zone,
)
from bot.guide.incident_sections import IncidentsPart, SeverityPart
from bot.guide.matching import check_matcher
from bot.guide.part import MentionPart, Part


class BusinessHoursPart(Part):
    """When the organisation works."""

    days: Weekdays
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.opens >= self.closes:
            hours = f"opens {self.opens:%H:%M}, closes {self.closes:%H:%M}, within one day"
            raise ValueError(f"business hours never open: {hours}")
        return self


class HolidaysPart(Part):
    """Which public holidays are free."""

    country: CountryCode
    subdivision: SubdivisionCode | None = None


class OrganizationPart(Part):
    """Who runs the platform, and when."""

    name: Text
    zone: Zone
    business_hours: BusinessHoursPart
    holidays: HolidaysPart | None = None


class ChannelPart(Part):
    """A Slack channel."""

    name: ChannelName | None = None
    purpose: Text


def _reach(value: object) -> object:
    if value == "slack":
        return {"slack": True}
    if isinstance(value, str):
        raise ValueError(f'"{value}" is no way to reach a tier: {_REACH_HINT}')  # noqa: TRY004 - pydantic's
    return value


def _pagerduty(value: object) -> int:
    """The level, or 0 for a service of its own."""
    found = re.fullmatch(r"level ([1-9][0-9]?)", " ".join(value.split())) if isinstance(value, str) else None
    if value == "service":
        return 0
    if found is None:
        raise ValueError(f'"{value}" is no way to reach a tier: {_REACH_HINT}')
    return int(found[1])


_REACH_HINT = 'write "pagerduty: service", "pagerduty: level 2" or "slack"'


class ReachPart(Part):
    """How a tier is reached: `pagerduty` is 0 for its own service, else the level of the first tier's."""

    pagerduty: Annotated[int, BeforeValidator(_pagerduty)] | None = None
    slack: Literal[True] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.pagerduty is None) == (self.slack is None):
            raise ValueError(f"no one way to reach the tier: {_REACH_HINT}")
        return self


class TierPart(Part):
    """Who is reached at a step."""

    title: Text
    reach: Annotated[ReachPart, BeforeValidator(_reach)]
    mention: MentionPart = MentionPart()


class SloPart(Part):
    """Objectives."""

    window: Duration = timedelta(days=30)
    availability: Fraction | None = None
    latency_p95: Duration | None = None
    error_rate: Fraction | None = None

    @model_validator(mode="after")
    def _some_target(self) -> Self:
        if self.availability is None and self.latency_p95 is None and self.error_rate is None:
            raise ValueError("no objective: set availability, latency_p95 or error_rate")
        if self.window < timedelta(days=1):
            raise ValueError("the window of an objective is at least a day")
        if self.window % timedelta(hours=1):
            raise ValueError("the window of an objective is a whole number of hours")
        return self


class MetricsPart(Part):
    """Where numbers are in Prometheus."""

    requests: MetricName
    duration: MetricName | None = None
    selector: dict[LabelName, str] = Field(default_factory=dict)
    bad: Matcher
    native_histogram: bool = False
    up: MetricName | None = None
    up_selector: dict[LabelName, str] | None = None

    @model_validator(mode="after")
    def _counts_failures(self) -> Self:
        check_matcher(self.bad, self.selector)
        return self

    @model_validator(mode="after")
    def _names_the_metric(self) -> Self:
        for ending in ("_bucket", "_count", "_sum"):
            if self.duration is not None and self.duration.endswith(ending):
                raise ValueError(
                    f'"duration" is written without "{ending}": {self.duration.removesuffix(ending)}'
                )
        return self

    @model_validator(mode="after")
    def _of_up(self) -> Self:
        if self.up_selector is not None and self.up is None:
            raise ValueError('"up_selector" picks the series of "up", which is missing')
        return self


class ServicePart(Part):
    """Something that can break."""

    title: Text
    team: str | None = None
    runbook: str | None = None
    dashboards: list[str] = Field(default_factory=list)
    slo: SloPart | None = None
    metrics: MetricsPart | None = None
    rollback: str | None = None

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        _latency_is_measured(self.slo, self.metrics)
        return self


class PlatformPart(Part):
    """The platform as a whole."""

    slo: SloPart
    metrics: MetricsPart | None = None

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        _latency_is_measured(self.slo, self.metrics)
        return self


class RunbookPart(Part):
    """A document that says what to do. `tags` are words by which it is found."""

    title: Text
    file: File
    tags: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)


class RunbooksPart(Part):
    """The runbooks by section, and where they are: served under an address, or in a folder."""

    base: Url | None = None
    folder: Text | None = None
    sections: dict[Text, dict[Key, RunbookPart]]


class DashboardPart(Part):
    """A dashboard to open."""

    title: Text
    url: Url


class TeamPart(Part):
    """A team."""

    title: Text
    channel: str
    email: Email | None = None
    mention: MentionPart = MentionPart()


class VendorPart(Part):
    """An outside party."""

    title: Text
    purpose: Text
    contact: Text | None = None


class ContactPart(Part):
    """A row of the emergency contacts."""

    title: Text
    how: Text
    channel: str | None = None


class RolesPart(Part):
    """Who may do what."""

    responders: MentionPart = MentionPart()
    leads: MentionPart = MentionPart()
    approvers: MentionPart = MentionPart()
    security: MentionPart = MentionPart()


class DefaultsPart(Part):
    """What is used where nothing more fitting is named."""

    ops: str
    security: str
    leadership: str
    team: str
    security_team: str
    runbook: str
    security_runbook: str
    dashboards: list[str]


class GuidePart(Part):
    """The whole file: its sections."""

    organization: OrganizationPart
    channels: dict[Key, ChannelPart]
    severities: dict[Severity, SeverityPart]
    tiers: dict[Key, TierPart]
    services: dict[Key, ServicePart]
    platform: PlatformPart
    checklists: dict[Key, ChecklistPart]
    reviews: ReviewsPart = ReviewsPart()
    changes: ChangesPart
    runbooks: RunbooksPart
    dashboards: dict[Key, DashboardPart]
    teams: dict[Key, TeamPart]
    vendors: dict[Key, VendorPart]
    contacts: list[ContactPart]
    alerts: list[AlertRoutePart]
    alerting: AlertingPart = AlertingPart()
    roles: RolesPart = RolesPart()
    incidents: IncidentsPart = IncidentsPart()
    defaults: DefaultsPart


def _latency_is_measured(slo: SloPart | None, metrics: MetricsPart | None) -> None:
    promised = slo is not None and slo.latency_p95 is not None
    if promised and metrics is not None and metrics.duration is None:
        raise ValueError('latency_p95 is promised, but "metrics" has no "duration" to measure it')
