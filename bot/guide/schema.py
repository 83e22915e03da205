"""What a guide's file may say: its sections, the keys of each, and what a value must look like.

What one value says is checked here; what ties values together is checked in `bot.guide.lint`.
"""

from __future__ import annotations

import re
from datetime import time, timedelta
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)

from bot.domain.guide import Cadence, ChangeOpening
from bot.domain.nearest import nearest
from bot.domain.severity import Severity
from bot.guide import words


def _matches(pattern: str, complaint: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(text: str) -> str:
        if not compiled.fullmatch(text):
            raise ValueError(f'"{text}" {complaint}')
        return text

    return AfterValidator(check)


def _zone(value: object) -> ZoneInfo:
    names = available_timezones()
    if isinstance(value, str) and value in names:
        return ZoneInfo(value)
    near = nearest(value, sorted(names)) if isinstance(value, str) else None
    hint = f'; nearest: "{near}"' if near else ' such as "America/New_York"'
    raise ValueError(f'"{value}" is no time zone of the IANA database{hint}')


def _weekday_or_none(value: object) -> int | None:
    return None if value is None else words.weekday(value)


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Key = Annotated[
    str, _matches(r"[a-z0-9]+(?:-[a-z0-9]+)*", "is no key: use small letters, digits and single hyphens")
]
Url = Annotated[str, _matches(r"https?://[^\s/<>|]+(?:/[^\s<>|]*)?", "is no http or https address")]
Duration = Annotated[timedelta, BeforeValidator(words.duration)]
Fraction = Annotated[float, BeforeValidator(words.fraction)]
ClockTime = Annotated[time, BeforeValidator(words.clock_time)]
Weekdays = Annotated[frozenset[int], BeforeValidator(words.weekdays)]
Email = Annotated[str, _matches(r"[^@\s<>|]+@[^@\s<>|]+\.[^@\s<>|]+", "is no e-mail address")]
ChannelName = Annotated[
    str, _matches(r"[^\s#A-Z.,<>|]{1,80}", "is no channel name: small letters, no blanks, without the #")
]
MetricName = Annotated[str, _matches(r"[a-zA-Z_:][a-zA-Z0-9_:]*", "is no name of a metric")]
LabelName = Annotated[str, _matches(r"[a-zA-Z_][a-zA-Z0-9_]*", "is no name of a label")]
Matcher = Annotated[
    str,
    _matches(
        r'[a-zA-Z_][a-zA-Z0-9_]*(?:=|!=|=~|!~)"(?:[^"\\]|\\.)*"', "is no label matcher such as status=~\"5..\""
    ),
]
GroupId = Annotated[str, _matches(r"S[A-Z0-9]{5,}", 'is no id of a Slack user group, which begins with "S"')]
PersonId = Annotated[str, _matches(r"[UW][A-Z0-9]{5,}", 'is no id of a Slack member: it begins with "U" or "W"')]
File = Annotated[
    str,
    _matches(
        r"(?!.*\.\./)(?!/)[^\s:?#<>|\\]+\.[a-z]+", "is no relative file name such as incident-response.md"
    ),
]


class Part(BaseModel):
    """A mapping of the guide; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class MentionPart(Part):
    """Whom Slack notifies."""

    groups: list[GroupId] = []
    people: list[PersonId] = []


class BusinessHoursPart(Part):
    """When the organisation works."""

    days: Weekdays
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _order(self) -> Self:
        _opens_before_it_closes(self.opens, self.closes, "business hours never open")
        return self


class HolidaysPart(Part):
    """Which public holidays are free."""

    country: Annotated[str, _matches(r"[A-Z]{2}", "is no ISO 3166 country code such as US")]
    subdivision: Annotated[str, _matches(r"[A-Z0-9]{1,3}", "is no ISO 3166-2 code such as NY")] | None = None


class OrganizationPart(Part):
    """Who runs the platform, and when."""

    name: Text
    zone: Annotated[ZoneInfo, BeforeValidator(_zone)]
    business_hours: BusinessHoursPart
    holidays: HolidaysPart | None = None


class ChannelPart(Part):
    """A Slack channel."""

    name: ChannelName | None = None
    purpose: Text


class SeverityPart(Part):
    """What a severity asks for."""

    title: Text
    meaning: Text
    response: Annotated[timedelta | None, BeforeValidator(words.response_time)]
    path: list[str]
    pages: bool
    repeats: bool = True

    @model_validator(mode="after")
    def _path_and_response(self) -> Self:
        if self.pages and not self.path:
            raise ValueError("it pages, but its path is empty: nobody would be paged")
        if self.response is None and self.path:
            raise ValueError(
                f'"{words.NEXT_BUSINESS_DAY}" goes to the team\'s backlog: leave the path empty, '
                "or give a duration"
            )
        if self.response is not None and not self.path:
            raise ValueError(
                f'its path is empty, so nobody has to answer in time: write "{words.NEXT_BUSINESS_DAY}", '
                "or name tiers"
            )
        return self


def _reach(value: object) -> object:
    if value == "slack":
        return {"slack": True}
    if isinstance(value, str):
        raise ValueError(f'"{value}" is no way to reach a tier: {_REACH_HINT}')
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
        return self


class MetricsPart(Part):
    """Where numbers are in Prometheus."""

    requests: MetricName
    duration: MetricName
    selector: dict[LabelName, str] = {}
    bad: Matcher
    native_histogram: bool = False
    up: MetricName | None = None


class ServicePart(Part):
    """Something that can break."""

    title: Text
    team: str | None = None
    runbook: str | None = None
    dashboards: list[str] = []
    slo: SloPart | None = None
    metrics: MetricsPart | None = None


class PlatformPart(Part):
    """The platform as a whole."""

    slo: SloPart
    metrics: MetricsPart | None = None


def _titled(value: object) -> object:
    return {"title": value} if isinstance(value, str) else value


class ItemPart(Part):
    """One thing to do in a checklist; written as text, or as a mapping where it has evidence."""

    key: Key | None = None
    title: Text
    evidence: dict[Text, Text] = {}


class ChecklistPart(Part):
    """A procedure that recurs."""

    title: Text
    purpose: Text
    cadence: Cadence
    weekday: Annotated[int | None, BeforeValidator(_weekday_or_none)] = None
    business_day: Annotated[int, Field(ge=1, le=15)] | None = None
    at: ClockTime
    channel: str
    team: str
    runbook: str | None = None
    items: Annotated[list[Annotated[ItemPart, BeforeValidator(_titled)]], Field(min_length=1, max_length=40)]

    @model_validator(mode="after")
    def _day(self) -> Self:
        wanted = {Cadence.DAILY: None, Cadence.WEEKLY: "weekday", Cadence.MONTHLY: "business_day"}[self.cadence]
        for name, value in (("weekday", self.weekday), ("business_day", self.business_day)):
            if (value is not None) != (name == wanted):
                verb = "needs" if name == wanted else "has no"
                raise ValueError(f'a {self.cadence} checklist {verb} "{name}"')
        return self


class WindowPart(Part):
    """A weekly window, on one or several days."""

    days: Weekdays
    opens: ClockTime
    closes: ClockTime

    @model_validator(mode="after")
    def _order(self) -> Self:
        _opens_before_it_closes(self.opens, self.closes, "this window never opens")
        return self


class ChangeTypePart(Part):
    """A type of change."""

    title: Text
    starts: ChangeOpening
    windows: list[WindowPart] = []
    approvals: Annotated[int, Field(strict=True, ge=0, le=10)]

    @model_validator(mode="after")
    def _windows(self) -> Self:
        weekly = self.starts is ChangeOpening.WEEKLY
        if weekly and not self.windows:
            raise ValueError("it starts in weekly windows, but has none: its window never opens")
        if self.windows and not weekly:
            raise ValueError(f'"windows" mean nothing where it starts "{self.starts}": write "weekly"')
        return self


class ChangePhasePart(Part):
    """A phase of a change's life."""

    key: Key
    title: Text
    description: Text


class ChangesPart(Part):
    """How changes reach production."""

    types: Annotated[dict[Key, ChangeTypePart], Field(min_length=1)]
    phases: Annotated[list[ChangePhasePart], Field(min_length=1)]


class RunbookPart(Part):
    """A document that says what to do."""

    title: Text
    file: File


class RunbooksPart(Part):
    """The runbooks by section, and where they are served."""

    base: Url | None = None
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


class AlertRoutePart(Part):
    """Where the alerts go whose labels match."""

    match: dict[LabelName, str] = {}
    channel: str
    team: str
    severity: Severity | None = None
    page: bool = False

    @model_validator(mode="after")
    def _severity(self) -> Self:
        if self.page and self.severity is None:
            raise ValueError('it pages, but names no severity: add "severity"')
        return self


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
    changes: ChangesPart
    runbooks: RunbooksPart
    dashboards: dict[Key, DashboardPart]
    teams: dict[Key, TeamPart]
    vendors: dict[Key, VendorPart]
    contacts: list[ContactPart]
    alerts: list[AlertRoutePart]
    roles: RolesPart = RolesPart()
    defaults: DefaultsPart


def _opens_before_it_closes(opens: time, closes: time, complaint: str) -> None:
    if opens >= closes:
        raise ValueError(f"{complaint}: opens {opens:%H:%M}, closes {closes:%H:%M}, within one day")


Section = Any
"""A validated section of a guide: the type that its field of `GuidePart` says."""
