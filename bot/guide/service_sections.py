"""What a guide's file may say of what can break: its promises, and where they are measured."""

from __future__ import annotations

from datetime import timedelta
from typing import Self

from pydantic import Field, model_validator

from bot.guide.fields import Duration, Fraction, LabelName, Matcher, MetricName, Text
from bot.guide.matching import check_matcher
from bot.guide.part import Part


class SloPart(Part):
    """Objectives."""

    window: Duration = timedelta(days=30)
    """Over how long the objectives hold: a day or more, in whole hours."""
    availability: Fraction | None = None
    """The share of requests, or of probes, that is good."""
    latency_p95: Duration | None = None
    """What 95 % of the requests take at most."""
    error_rate: Fraction | None = None
    """The share of requests that may fail."""

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
    """The counter of requests."""
    duration: MetricName | None = None
    """The histogram of how long they take, without `_bucket`; needed where `latency_p95` is promised."""
    selector: dict[LabelName, str] = Field(default_factory=dict)
    """Labels by which its series are picked, of all these metrics."""
    bad: Matcher
    """Which requests failed, as a label matcher."""
    native_histogram: bool = False
    """Whether `duration` is a native histogram."""
    up: MetricName | None = None
    """A probe's metric, 1 while it is available; left out, availability is counted in requests."""
    up_selector: dict[LabelName, str] | None = None
    """Labels by which series of `up` are picked; left out, as `selector` says."""

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
    """What it is called."""
    team: str | None = None
    """Whose it is, by the team's key; left out, `defaults.team`, and the lint says so."""
    runbook: str | None = None
    """What to read first, by its key; left out, `defaults.runbook`, and the lint says so."""
    dashboards: list[str] = Field(default_factory=list)
    """Where to look first, by their keys; left out, `defaults.dashboards`."""
    slo: SloPart | None = None
    """What is promised for it."""
    metrics: MetricsPart | None = None
    """Where that is measured."""
    rollback: str | None = None
    """The webhook of `changes.webhooks` that takes its changes back; left out, that is done by hand."""

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        _latency_is_measured(self.slo, self.metrics)
        return self


class PlatformPart(Part):
    """The platform as a whole."""

    slo: SloPart
    """What is promised for all of it."""
    metrics: MetricsPart | None = None
    """Where that is measured."""

    @model_validator(mode="after")
    def _measurable(self) -> Self:
        _latency_is_measured(self.slo, self.metrics)
        return self


def _latency_is_measured(slo: SloPart | None, metrics: MetricsPart | None) -> None:
    promised = slo is not None and slo.latency_p95 is not None
    if promised and metrics is not None and metrics.duration is None:
        raise ValueError('latency_p95 is promised, but "metrics" has no "duration" to measure it')
