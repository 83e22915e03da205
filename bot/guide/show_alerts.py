"""What a guide says about alerts, as tables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.domain.alert_policy import AlertPolicy, AlertRoute
from bot.domain.guide import Guide
from bot.domain.severity import Severity
from bot.domain.text import duration
from bot.guide import words
from bot.guide.layout import NONE, Row


def alert_tables(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    """Titles, heads and rows."""
    head = ("labels", "channel", "team", "service", "severity", "pages", "next tier after", "incident after")
    yield "Alert routes", head, (_route(guide, route) for route in guide.alerts)
    yield "Alerts", ("", ""), _alerting(guide, guide.alerting)


def _route(guide: Guide, route: AlertRoute) -> Row:
    labels = ", ".join(f"{name}={'|'.join(values)}" for name, values in route.match) or "all others"
    return (
        labels,
        f"#{guide.channels[route.channel].name}",
        route.team,
        route.service or "label",
        route.severity or "label",
        "yes" if route.page else "no",
        _next_tier(route),
        _incident(route),
    )


def _next_tier(route: AlertRoute) -> str:
    if not route.escalates:
        return words.NEVER
    return duration(route.escalate_after) if route.escalate_after else "by severity"


def _incident(route: AlertRoute) -> str:
    if route.incident_after is None:
        return words.NEVER
    return duration(route.incident_after) if route.incident_after else words.AT_ONCE


def _alerting(guide: Guide, policy: AlertPolicy) -> Iterator[Row]:
    for severity in Severity:
        labels = ", ".join(word for word, meant in policy.severities.items() if meant is severity)
        if labels:
            yield f"severity {severity}", f"label severity={labels.replace(', ', ' or ')}"
    storm, flapping = policy.storm, policy.flapping
    yield "storm", f"more than {storm.cards} new cards of a channel in {duration(storm.within)}"
    yield "flapping", f"{flapping.times} times again within {duration(flapping.within)} of the end"
    yield "joins an incident", f"of its service for {duration(policy.join_within)}"
    yield "all resolved", str(policy.when_resolved)
    yield "links to", ", ".join(policy.link_hosts) or "hosts of this guide"
    yield "summary", f"business days {policy.summary_at:%H:%M}" if policy.summary_at else NONE
    dog = policy.watchdog
    if dog is None:
        yield "watchdog", NONE
        return
    told = f"#{guide.channels[dog.channel].name}, {dog.team}, {dog.severity}"
    paged = ", pages" if dog.page else ""
    yield "watchdog", f"{dog.alert} missing for {duration(dog.within)}: {told}{paged}"
