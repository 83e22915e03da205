"""Where a group of alerts goes by the guide, how urgent it is, and what it is called."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.alert import Alert
from bot.domain.alert_policy import AlertRoute
from bot.domain.directory import Directory
from bot.domain.routing import Routed, route
from bot.domain.severity import Severity
from tests.support.builders import a_directory, a_guide, an_alert


def alert(name: str = "HighErrorRate", annotations: dict[str, str] | None = None, **labels: str) -> Alert:
    return an_alert(labels={"alertname": name, **labels}, annotations=annotations or {})


def a_route(channel: str = "platform-alerts", **changes: object) -> AlertRoute:
    return replace(AlertRoute(match=(), channel=channel, team="platform-team"), **changes)  # type: ignore[arg-type]


def routed(*alerts: Alert, routes: tuple[AlertRoute, ...] | None = None, **group_labels: str) -> Routed:
    directory: Directory = a_directory()
    if routes is not None:
        directory = a_directory(replace(a_guide(), alerts=routes))
    return route(directory, alerts, group_labels)


def test_the_first_route_that_one_of_the_alerts_matches_takes_them_all() -> None:
    found = routed(alert(severity="warning"), alert(team="security-team"))
    assert found.channel == "security-incidents"
    assert found.team == "security-team"
    assert found.security


def test_what_no_route_matches_goes_to_the_channel_of_incidents_and_pages_nobody() -> None:
    found = routed(alert(), routes=())
    assert (found.channel, found.team, found.security) == ("platform-alerts", "platform-team", False)


def test_a_route_takes_any_of_the_values_of_a_label() -> None:
    routes = (a_route("leadership", match=(("env", ("prod", "live")),)), a_route())
    assert routed(alert(env="live"), routes=routes).channel == "leadership"
    assert routed(alert(env="test"), routes=routes).channel == "platform-alerts"


@pytest.mark.parametrize(
    ("label", "severity"),
    [
        ("critical", Severity.P1),
        ("Critical", Severity.P1),
        ("warning", Severity.P2),
        ("info", Severity.P3),
        ("whatever", Severity.P3),
    ],
)
def test_the_label_says_how_urgent_it_is_where_the_route_does_not(label: str, severity: Severity) -> None:
    assert routed(alert(severity=label), routes=(a_route(),)).severity is severity
    assert routed(alert(severity=label), routes=(a_route(severity=Severity.P0),)).severity is Severity.P0


def test_the_most_urgent_alert_counts_and_speaks_for_the_group() -> None:
    found = routed(
        alert("Slow", {"summary": "a bit slow"}, severity="warning", service="identity"),
        alert("Down", {"description": "all down"}, severity="critical", service="Payment Service"),
        routes=(a_route(),),
    )
    assert found.severity is Severity.P1
    assert found.summary == "all down"
    assert found.service == "payment"
    assert found.name == "Down, Slow"


def test_a_service_is_known_by_key_or_title_only() -> None:
    assert routed(alert(service="PAYMENT")).service == "payment"
    assert routed(alert(service="unknown")).service is None
    assert routed(alert(), routes=(a_route(service="content"),)).service == "content"


def test_a_group_is_called_as_it_is_grouped_or_as_its_alerts_are() -> None:
    alerts = (alert("A"), alert("B"), alert("C"), alert("A"))
    assert routed(*alerts).name == "A, B and 1 more"
    assert routed(*alerts, alertname="A").name == "A"
    assert routed(an_alert(labels={})).name == "unnamed alert"


def test_texts_are_short_and_on_one_line() -> None:
    found = routed(alert("x" * 500, {"summary": "y\n" * 500, "runbook_url": "https://example.com/a"}))
    assert len(found.name) <= 120
    assert len(found.summary) <= 300
    assert "\n" not in found.summary
    assert found.runbook_url == "https://example.com/a"
    assert found.dashboard_url is None


def test_a_tier_has_as_long_as_the_route_says() -> None:
    routes = (a_route(severity=Severity.P1, escalates=True, escalate_after=timedelta(minutes=20)),)
    assert routed(alert(), routes=routes).path.response == timedelta(minutes=20)
    assert routed(alert(severity="critical")).path.response == timedelta(hours=1)
