"""What ties a guide's alert routes to the rest of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.severity import Severity
from bot.guide.alert_sections import AlertingPart, AlertRoutePart
from bot.guide.document import Document
from bot.guide.finding import Finding
from bot.guide.incident_sections import SeverityPart
from bot.guide.schema import DefaultsPart


def paging_routes(
    document: Document,
    alerts: list[AlertRoutePart],
    alerting: AlertingPart,
    severities: Mapping[Severity, SeverityPart],
) -> Iterator[Finding]:
    """Who pages must have somebody to page."""
    silent = {severity for severity, policy in severities.items() if not policy.pages}
    for index, route in enumerate(alerts):
        reaching = {"pages": route.page, "escalates": route.escalate_after is not None}
        if route.severity is None and any(reaching.values()):
            yield from _by_label(document, index, set(alerting.severities.values()), silent)
        if route.severity in silent:
            for verb in (verb for verb, does in reaching.items() if does):
                text = f"this route {verb}, but {route.severity} pages nobody"
                key = "page" if verb == "pages" else "escalate_after"
                yield document.error(("alerts", index, key), text)


def _by_label(
    document: Document, index: int, mapped: set[Severity], silent: set[Severity]
) -> Iterator[Finding]:
    """The alerts' own label says how urgent they are: then the guide says what it means."""
    if not mapped:
        text = 'it pages, but names no severity: add "severity", or say in "alerting.severities" what'
        yield document.error(("alerts", index), f"{text} the alerts' own label means")
    elif mapped <= silent:
        text = 'it pages, but all severities in "alerting.severities" page nobody'
        yield document.error(("alerts", index), text)


def hidden_routes(document: Document, alerts: list[AlertRoutePart]) -> Iterator[Finding]:
    """A route behind one that takes all of its alerts."""
    for index, route in enumerate(alerts):
        for before, earlier in enumerate(alerts[:index]):
            if earlier.takes_all_of(route):
                line = document.position(("alerts", before)).line
                text = f"no alert comes here: the route on line {line} takes them all before"
                yield document.warning(("alerts", index), text)
                break


def security_routes(
    document: Document, alerts: list[AlertRoutePart], defaults: DefaultsPart
) -> Iterator[Finding]:
    """What the security team's alerts say is read in the security channel only."""
    for index, route in enumerate(alerts):
        if route.team == defaults.security_team and route.channel != defaults.security:
            text = (
                f'the security team\'s alerts are shown in "{route.channel}", where others read them; in '
                f'"{defaults.security}" nothing of what they say leaves the channel'
            )
            yield document.warning(("alerts", index, "channel"), text)


def watchdog(
    document: Document,
    alerting: AlertingPart,
    severities: Mapping[Severity, SeverityPart],
    defaults: DefaultsPart,
) -> Iterator[Finding]:
    """Those who are to hear of it can."""
    part = alerting.watchdog
    if part is None:
        return
    policy = severities.get(part.severity)
    if part.page and policy is not None and not policy.pages:
        text = f"the watchdog pages, but {part.severity} pages nobody"
        yield document.error(("alerting", "watchdog", "page"), text)
    if part.channel == defaults.security:
        text = "that the monitoring system gives no sign of life would only be told to the security team"
        yield document.warning(("alerting", "watchdog", "channel"), text)
