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
    channel: str
    team: str
    service: str | None = None
    severity: Severity | None = None
    page: bool = False
    escalate_after: DurationOrNever = None
    incident_after: AtOnceOrNever = None

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
    within: Duration = timedelta(minutes=5)


class FlappingPart(Part):
    """When firing again is the same episode, and from how often on it is called flapping."""

    within: Duration = timedelta(minutes=10)
    times: Annotated[int, Field(strict=True, ge=1, le=100)] = 3


class WatchdogPart(Part):
    """The alert that always fires, and who is told when it does not."""

    alert: Text
    within: Duration
    channel: str
    team: str
    severity: Severity
    page: bool = True

    @model_validator(mode="after")
    def _not_too_short(self) -> Self:
        if self.within < timedelta(minutes=1):
            raise ValueError("within is shorter than a minute: one that is late would be taken for missing")
        return self


class SummaryPart(Part):
    """When the noisiest alerts are told, on business days."""

    at: ClockTime = time(9)


class AlertingPart(Part):
    """How alerts are handled."""

    severities: dict[Text, Severity] = Field(default_factory=dict)
    link_hosts: list[Host] = Field(default_factory=list)
    storm: StormPart = StormPart()
    flapping: FlappingPart = FlappingPart()
    watchdog: WatchdogPart | None = None
    join_within: Duration = timedelta(hours=1)
    when_resolved: WhenResolved = WhenResolved.ASK
    summary: SummaryPart | None = None
