"""Where a group of alerts goes by the guide, how urgent it is, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.alert import Alert, Labels
from bot.domain.alert_policy import AlertRoute
from bot.domain.directory import Directory
from bot.domain.guide import Guide
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.domain.text import clean

NAME_LIMIT = 120
SUMMARY_LIMIT = 300
ADDRESS_LIMIT = 2000

_SEVERITY_LABEL = "severity"
SERVICE_LABEL = "service"
"""Names whose alert it is, where its route does not."""

_NAME_LABEL = "alertname"
_SUMMARIES = ("summary", "description", "message")
_RUNBOOKS = ("runbook_url", "runbook")
_DASHBOARDS = ("dashboard_url", "dashboard")
_NAMES_SHOWN = 2
_LEAST = Severity.P3


@dataclass(frozen=True, slots=True, kw_only=True)
class Routed:
    """Where a group goes: all of an alert group that the guide and its alerts' texts decide.

    `channel`, `team` and `service` are keys of the guide.
    """

    channel: str
    team: str
    service: str | None
    security: bool
    severity: Severity
    path: Path
    incident_after: timedelta | None
    name: str
    summary: str
    runbook_url: str | None
    dashboard_url: str | None


def route(directory: Directory, alerts: Sequence[Alert], group_labels: Labels) -> Routed:
    """Where these alerts go together: the first route that one of them matches takes them all.

    What no route matches goes to the channel of incidents, and pages nobody.
    """
    guide = directory.guide
    taken = _route_of(guide, alerts)
    ranked = sorted(alerts, key=lambda alert: _severity_of(guide, alert.labels).rank)
    severity = taken.severity or _severity_of(guide, ranked[0].labels)
    return Routed(
        channel=taken.channel,
        team=taken.team,
        service=taken.service or _service(guide, ranked),
        security=taken.channel == guide.defaults.security,
        severity=severity,
        path=_path(directory, taken, severity),
        incident_after=taken.incident_after,
        name=_name(ranked, group_labels),
        summary=_annotation(ranked, _SUMMARIES, SUMMARY_LIMIT) or "",
        runbook_url=_annotation(ranked, _RUNBOOKS, ADDRESS_LIMIT),
        dashboard_url=_annotation(ranked, _DASHBOARDS, ADDRESS_LIMIT),
    )


def _route_of(guide: Guide, alerts: Iterable[Alert]) -> AlertRoute:
    labels = [alert.labels for alert in alerts]
    for one in guide.alerts:
        if any(one.takes(each) for each in labels):
            return one
    return AlertRoute(match=(), channel=guide.defaults.ops, team=guide.defaults.team)


def _severity_of(guide: Guide, labels: Labels) -> Severity:
    """What an alert's own label means; the least where it says nothing that the guide knows."""
    said = labels.get(_SEVERITY_LABEL, "").casefold()
    return guide.alerting.severities.get(said, _LEAST)


def _service(guide: Guide, ranked: Iterable[Alert]) -> str | None:
    """The service that the most urgent alert names, by the guide's key or title."""
    keys = _by_word(guide)
    named = (alert.labels.get(SERVICE_LABEL, "").casefold() for alert in ranked)
    return next((keys[word] for word in named if word in keys), None)


def _by_word(guide: Guide) -> Mapping[str, str]:
    titles = {service.title.casefold(): key for key, service in guide.services.items()}
    return {**titles, **{key: key for key in guide.services}}


def _path(directory: Directory, taken: AlertRoute, severity: Severity) -> Path:
    """The severity's path: whom it reaches where somebody asks for it, and what of that by itself."""
    policy = directory.guide.severities[severity]
    if not policy.pages:
        return directory.alert_path(severity, page=False, escalate_after=None)
    after = (taken.escalate_after or policy.response) if taken.escalates else None
    return directory.alert_path(severity, page=taken.page, escalate_after=after)


def _name(ranked: Sequence[Alert], group_labels: Labels) -> str:
    """What its alerts are called; the first two names where they are several."""
    if group_labels.get(_NAME_LABEL):
        return clean(group_labels[_NAME_LABEL], NAME_LIMIT)
    names = list(dict.fromkeys(alert.name for alert in ranked))
    shown = ", ".join(clean(name, NAME_LIMIT // _NAMES_SHOWN) for name in names[:_NAMES_SHOWN])
    more = len(names) - _NAMES_SHOWN
    return f"{shown} and {more} more" if more > 0 else shown


def _annotation(ranked: Iterable[Alert], names: Sequence[str], limit: int) -> str | None:
    """The first of these annotations that the most urgent alert has, or else the next one."""
    found = (_first(alert.annotations.get, names) for alert in ranked)
    text = next((one for one in found if one), None)
    return clean(text, limit) if text else None


def _first(get: Callable[[str], str | None], names: Iterable[str]) -> str | None:
    return next((text for name in names if (text := get(name))), None)
