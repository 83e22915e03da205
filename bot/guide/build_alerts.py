"""From the checked sections about alerts to the domain's values."""

from __future__ import annotations

from types import MappingProxyType

from bot.domain.alert_policy import (
    SEVERITIES,
    AlertPolicy,
    AlertRoute,
    FlappingPolicy,
    StormPolicy,
    WatchdogPolicy,
)
from bot.guide.alert_sections import AlertingPart, AlertRoutePart


def alert_route(part: AlertRoutePart) -> AlertRoute:
    """Where some alerts go."""
    return AlertRoute(
        match=tuple((name, tuple(values)) for name, values in part.match.items()),
        channel=part.channel,
        team=part.team,
        service=part.service,
        severity=part.severity,
        page=part.page,
        escalates=part.escalates,
        escalate_after=part.escalate_after,
        incident_after=part.incident_after,
    )


def alert_policy(part: AlertingPart) -> AlertPolicy:
    """How alerts are handled."""
    said = {word.casefold(): severity for word, severity in part.severities.items()}
    return AlertPolicy(
        severities=MappingProxyType({**SEVERITIES, **said}),
        link_hosts=tuple(part.link_hosts),
        storm=StormPolicy(**part.storm.model_dump()),
        flapping=FlappingPolicy(**part.flapping.model_dump()),
        watchdog=WatchdogPolicy(**part.watchdog.model_dump()) if part.watchdog else None,
        join_within=part.join_within,
        when_resolved=part.when_resolved,
        summary_at=part.summary.at if part.summary else None,
    )
