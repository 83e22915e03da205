"""What a guide's file may say about alerts: its sections `alerts` and `alerting`."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.domain.alert_policy import WhenResolved
from bot.domain.severity import Severity
from bot.guide import words
from bot.guide.fields import AtOnceOrNever, ClockTime, Duration, DurationOrNever, Host, LabelName, Text
from bot.guide.part import Part


class AlertRoutePart(Part):
    """Where the alerts go whose labels match."""

    match: dict[
        LabelName, Annotated[list[str], BeforeValidator(words.listed), Field(min_length=1, max_length=50)]
    ] = Field(default_factory=dict)
    """Labels with the values that match; left out, everything does."""
    channel: str
    """Where its cards stand, by the channel's key."""
    team: str
    """Whose they are, by the team's key."""
    service: str | None = None
    """What they are about; left out, the label `service` says it."""
    severity: Severity | None = None
    """How grave they are; left out, the label `severity` says it."""
    page: bool = False
    """Whether the first tier is paged."""
    escalate_after: DurationOrNever = None
    """When the next tier is reached; left out, by the severity's response time where it pages."""
    incident_after: AtOnceOrNever = None
    """When what fires becomes an incident by itself."""

    @property
    def escalates(self) -> bool:
        """Whether tiers come by themselves while nobody acknowledges: where it pages, unless it says no."""
        if "escalate_after" in self.model_fields_set:
            return self.escalate_after is not None
        return self.page

    def takes_all_of(self, other: AlertRoutePart) -> bool:
        """Whether everything that the other takes matches here as well."""
        return all(
            name in other.match and set(other.match[name]) <= set(values)
            for name, values in self.match.items()
        )


class StormPart(Part):
    """How many new cards a channel bears within a time."""

    cards: Annotated[int, Field(strict=True, ge=1, le=200)] = 20
    """More new cards than these in one channel are a storm, shown as one card."""
    within: Duration = timedelta(minutes=5)
    """Within how long they are counted."""


class FlappingPart(Part):
    """When firing again is the same episode, and from how often on it is called flapping."""

    within: Duration = timedelta(minutes=10)
    """What fires again so soon after its end is the same episode."""
    times: Annotated[int, Field(strict=True, ge=1, le=100)] = 3
    """From how often on it is called flapping."""


class WatchdogPart(Part):
    """The alert that always fires, and who is told when it does not."""

    alert: Text
    """The alert that always fires."""
    within: Duration
    """How long it may be missing; a minute or more."""
    channel: str
    """Where that is told."""
    team: str
    """Who is told."""
    severity: Severity
    """How grave that is."""
    page: bool = True
    """Whether somebody is paged for it."""

    @model_validator(mode="after")
    def _not_too_short(self) -> Self:
        if self.within < timedelta(minutes=1):
            raise ValueError("within is shorter than a minute: one that is late would be taken for missing")
        return self


class SummaryPart(Part):
    """When the noisiest alerts are told, on business days."""

    at: ClockTime = time(9)
    """When the noisiest alerts are told."""


class AlertingPart(Part):
    """How alerts are handled."""

    severities: dict[Text, Severity] = Field(default_factory=dict)
    """What values of the label `severity` mean."""
    link_hosts: list[Host] = Field(default_factory=list)
    """Hosts to which links of alerts may lead, beside those of this guide."""
    storm: StormPart = StormPart()
    """How many new cards a channel bears."""
    flapping: FlappingPart = FlappingPart()
    """When firing again is the same episode."""
    watchdog: WatchdogPart | None = None
    """The alert that always fires, and who is told when it does not."""
    join_within: Duration = timedelta(hours=1)
    """How long alerts of its service join an open incident."""
    when_resolved: WhenResolved = WhenResolved.ASK
    """What becomes of an incident when all its alerts are resolved."""
    summary: SummaryPart | None = None
    """When the noisiest alerts are told, on business days; left out, never."""
