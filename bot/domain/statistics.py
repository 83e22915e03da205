"""How incidents went over a span of time: how many, how fast they were taken and ended, who was woken.

Drills, false alarms and what was merged into another incident are left out before this is asked. A
security incident counts, and says neither its service nor anything else of itself.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from statistics import mean, median

from bot.domain.severity import Severity

NIGHT_FROM, NIGHT_TO = time(22), time(6)
"""Local times between which a page is one at night."""

SECURITY = "security"
"""Under what the services of security incidents are counted: a key that no service can have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paged:
    """A page that was handed to the paging service: when, and the step of the path that it was."""

    at: datetime
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One incident, as far as it is counted.

    `acknowledged_at` is when somebody first took it, `resolved_at` when it was last resolved; None where
    that has not happened.
    """

    severity: Severity
    service: str | None
    security: bool
    declared_at: datetime
    acknowledged_at: datetime | None = None
    resolved_at: datetime | None = None
    pages: tuple[Paged, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """How long something took, over `count` incidents."""

    count: int
    median: timedelta
    mean: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of some incidents.

    `escalations` are pages past the first tier, in `escalated` incidents; `at_night` pages by local time.
    """

    count: int
    open: int
    to_acknowledge: Times | None
    to_resolve: Times | None
    pages: int
    escalations: int
    escalated: int
    at_night: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """What is counted: incidents declared from `since` to `until`, of one service where it is named."""

    since: datetime
    until: datetime
    service: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """Seven days of a span (the first may be shorter), by the local instant with which they begin."""

    since: datetime
    by_severity: Mapping[Severity, int]
    to_acknowledge: Times | None

    @property
    def count(self) -> int:
        """How many were declared in it."""
        return sum(self.by_severity.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """All of a span, and its parts: by severity (the worst first) and by service (the most incidents first).

    A service is its key in the guide, `SECURITY`, or None where no service was named.
    """

    span: Span
    all: Figures
    by_severity: Mapping[Severity, Figures]
    by_service: Mapping[str | None, Figures]
    by_week: tuple[Week, ...]


def statistics(incidents: Iterable[Counted], span: Span, zone: tzinfo) -> Statistics:
    """The figures of what was declared in `span`. `zone` says when it is night, and where a week begins.

    Asked for one service, security incidents are left out: to count one would tell what it is about.
    """
    counted = [one for one in incidents if _is_in(one, span)]
    services = {_service(one) for one in counted}
    by_service = {key: [one for one in counted if _service(one) == key] for key in services}
    return Statistics(
        span=span,
        all=figures(counted, zone),
        by_severity={
            severity: figures(of_it, zone)
            for severity in Severity
            if (of_it := [one for one in counted if one.severity is severity])
        },
        by_service={
            key: figures(by_service[key], zone)
            for key in sorted(services, key=lambda key: (-len(by_service[key]), key or ""))
        },
        by_week=_by_week(counted, span, zone),
    )


def figures(incidents: Sequence[Counted], zone: tzinfo) -> Figures:
    """The figures of these incidents."""
    pages = [page for one in incidents for page in one.pages]
    return Figures(
        count=len(incidents),
        open=sum(one.resolved_at is None for one in incidents),
        to_acknowledge=_times(incidents, lambda one: one.acknowledged_at),
        to_resolve=_times(incidents, lambda one: one.resolved_at),
        pages=len(pages),
        escalations=sum(page.step > 0 for page in pages),
        escalated=sum(any(page.step > 0 for page in one.pages) for one in incidents),
        at_night=sum(is_night(page.at, zone) for page in pages),
    )


def is_night(at: datetime, zone: tzinfo) -> bool:
    """Whether clocks in `zone` show a time at which people sleep."""
    local = at.astimezone(zone).time()
    return local >= NIGHT_FROM or local < NIGHT_TO


def _is_in(one: Counted, span: Span) -> bool:
    if not span.since <= one.declared_at <= span.until:
        return False
    return span.service is None or (one.service == span.service and not one.security)


def _service(one: Counted) -> str | None:
    return SECURITY if one.security else one.service


def _times(incidents: Iterable[Counted], end: Callable[[Counted], datetime | None]) -> Times | None:
    """From the declaration to `end`; a corrected time that lies before the declaration counts as none."""
    ends = ((one.declared_at, end(one)) for one in incidents)
    seconds = [max(0.0, (at - declared).total_seconds()) for declared, at in ends if at is not None]
    if not seconds:
        return None
    return Times(
        count=len(seconds), median=timedelta(seconds=median(seconds)), mean=timedelta(seconds=mean(seconds))
    )


def _by_week(incidents: Iterable[Counted], span: Span, zone: tzinfo) -> tuple[Week, ...]:
    """What was declared in each seven days of the span, the last of which end with it."""
    length = timedelta(days=7)
    weeks = -(-(span.until - span.since) // length)
    by_age: defaultdict[int, list[Counted]] = defaultdict(list)
    for one in incidents:
        by_age[(span.until - one.declared_at) // length].append(one)
    return tuple(
        _week(by_age[age], max(span.until - (age + 1) * length, span.since).astimezone(zone))
        for age in reversed(range(weeks))
    )


def _week(incidents: Sequence[Counted], since: datetime) -> Week:
    return Week(
        since=since,
        by_severity=Counter(one.severity for one in incidents),
        to_acknowledge=_times(incidents, lambda one: one.acknowledged_at),
    )
