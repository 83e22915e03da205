"""What a guide's file may say: its sections, the keys of each, and what a value must look like.

What one value says is checked here; what ties values together is checked in `bot.guide.lint`.
"""

from __future__ import annotations

import re
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
    Email,
    File,
    Key,
    SubdivisionCode,
    Text,
    Url,
    Weekdays,
    Zone,
)
from bot.guide.incident_sections import IncidentsPart, SeverityPart
from bot.guide.part import MentionPart, Part
from bot.guide.service_sections import PlatformPart, ServicePart


class BusinessHoursPart(Part):
    """When the organisation works."""

    days: Weekdays
    """On which weekdays it works."""
    opens: ClockTime
    """When work begins."""
    closes: ClockTime
    """When it ends, on the same day."""

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.opens >= self.closes:
            hours = f"opens {self.opens:%H:%M}, closes {self.closes:%H:%M}, within one day"
            raise ValueError(f"business hours never open: {hours}")
        return self


class HolidaysPart(Part):
    """Which public holidays are free."""

    country: CountryCode
    """The country's ISO 3166 code."""
    subdivision: SubdivisionCode | None = None
    """A part of it, by its ISO 3166-2 code."""


class OrganizationPart(Part):
    """Who runs the platform, and when."""

    name: Text
    """What it is called."""
    zone: Zone
    """Where its clocks stand: every local time of the guide is of this zone."""
    business_hours: BusinessHoursPart
    """When it works: backlogs, reviews and reminders go by it."""
    holidays: HolidaysPart | None = None
    """Public holidays, which are no business days; left out, only weekends are free."""


class ChannelPart(Part):
    """A Slack channel."""

    name: ChannelName | None = None
    """What it is called in Slack, without the #; left out, as its key."""
    purpose: Text
    """What it is for, and for whom."""


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
    """A PagerDuty service of its own (`service`), or a level of the escalation policy of P0's first tier
    (`level 2`).
    """
    slack: Literal[True] | None = None
    """It is only mentioned in Slack; written `reach: slack`."""

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.pagerduty is None) == (self.slack is None):
            raise ValueError(f"no one way to reach the tier: {_REACH_HINT}")
        return self


class TierPart(Part):
    """Who is reached at a step."""

    title: Text
    """What it is called."""
    reach: Annotated[ReachPart, BeforeValidator(_reach)]
    """How it is paged."""
    mention: MentionPart = MentionPart()
    """Whom Slack notifies beside that."""


class RunbookPart(Part):
    """A document that says what to do. `tags` are words by which it is found."""

    title: Text
    """What it is called."""
    file: File
    """Its file, relative to `base` or `folder`."""
    tags: Annotated[list[Text], Field(max_length=20)] = Field(default_factory=list)
    """More words by which `/runbook` finds it; at most 20."""


class RunbooksPart(Part):
    """The runbooks by section, and where they are: served under an address, or in a folder."""

    base: Url | None = None
    """The address of a folder that has these files; instead of `folder`."""
    folder: Text | None = None
    """A directory with these files, beside the guide's file or absolute; instead of `base`."""
    sections: dict[Text, dict[Key, RunbookPart]]
    """The runbooks, by the section in which they are listed."""


class DashboardPart(Part):
    """A dashboard to open."""

    title: Text
    """What it is called."""
    url: Url
    """Where it is."""


class TeamPart(Part):
    """A team."""

    title: Text
    """What it is called."""
    channel: str
    """Where it is reached, by the channel's key."""
    email: Email | None = None
    """Its e-mail address."""
    mention: MentionPart = MentionPart()
    """Whom Slack notifies for it."""


class VendorPart(Part):
    """An outside party."""

    title: Text
    """What it is called."""
    purpose: Text
    """What it is for."""
    contact: Text | None = None
    """How to open a case with it."""


class ContactPart(Part):
    """A row of the emergency contacts."""

    title: Text
    """Who it is."""
    how: Text
    """How they are reached."""
    channel: str | None = None
    """Their channel, by its key."""


class RolesPart(Part):
    """Who may do what."""

    responders: MentionPart = MentionPart()
    """Who may work on incidents, alerts, reviews and changes."""
    leads: MentionPart = MentionPart()
    """Who may end, lower or waive what others are called for, put windows and freezes on the calendar, and
    override the gate.
    """
    approvers: MentionPart = MentionPart()
    """Who may approve changes; never their own."""
    security: MentionPart = MentionPart()
    """Who is brought into security incidents."""


class DefaultsPart(Part):
    """What is used where nothing more fitting is named."""

    ops: str
    """The channel of incidents and changes."""
    security: str
    """The channel of security incidents."""
    leadership: str
    """The channel of business stakeholders."""
    team: str
    """The team of what has none."""
    security_team: str
    """The team of security incidents."""
    runbook: str
    """The runbook of what has none."""
    security_runbook: str
    """The runbook of security incidents."""
    dashboards: list[str]
    """The dashboards of what has none, and of the platform."""


class GuidePart(Part):
    """The whole file: its sections."""

    organization: OrganizationPart
    """Who runs the platform, and when."""
    channels: dict[Key, ChannelPart]
    """The Slack channels that the guide's other parts name."""
    severities: dict[Severity, SeverityPart]
    """What each severity asks for, P0 to P3."""
    tiers: dict[Key, TierPart]
    """Who is reached at a step of a severity's path."""
    services: dict[Key, ServicePart]
    """What can break, and be changed."""
    platform: PlatformPart
    """What is promised for the platform as a whole."""
    checklists: dict[Key, ChecklistPart]
    """Procedures that recur."""
    reviews: ReviewsPart = ReviewsPart()
    """What is told of them as a whole."""
    changes: ChangesPart
    """How changes reach production."""
    runbooks: RunbooksPart
    """The documents that say what to do."""
    dashboards: dict[Key, DashboardPart]
    """Where to look."""
    teams: dict[Key, TeamPart]
    """Whose things are."""
    vendors: dict[Key, VendorPart]
    """Outside parties."""
    contacts: list[ContactPart]
    """The emergency contacts."""
    alerts: list[AlertRoutePart]
    """Where alerts go: the first route whose labels match takes one."""
    alerting: AlertingPart = AlertingPart()
    """How alerts are handled."""
    roles: RolesPart = RolesPart()
    """Who may do what; where nobody is named, everybody who is no guest."""
    incidents: IncidentsPart = IncidentsPart()
    """How incidents are run."""
    defaults: DefaultsPart
    """What is used where nothing more fitting is named."""
