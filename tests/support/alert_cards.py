"""Alert groups' cards for the tests of what is shown."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.alert import Alert, AlertGroup, AlertSource, AlertStatus, Silence, SilenceState
from bot.domain.alert_card import AlertCard, StormShare
from bot.domain.card import NextStep
from bot.domain.severity import Severity
from tests.support.builders import an_alert as an_outside_alert
from tests.support.builders import an_alert_group
from tests.support.cards import ANA, DECLARED, a_card, a_page, after

ID = "0b0e6a1c-2f6c-4d0e-9f57-3f1f3f1c2a12"
COMMON = {"alertname": "HighErrorRate", "service": "api-gateway", "severity": "critical"}


def a_group(**changes: Any) -> AlertGroup:
    """A12, firing since 07:02 UTC with three alerts."""
    group = an_alert_group(
        id=ID, started_at=DECLARED, severity=Severity.P1, firing=3, resolved=1, changed_at=after(4)
    )
    return replace(group, **changes)


def an_alert(instance: str, **changes: Any) -> Alert:
    """An alert of an instance."""
    alert = an_outside_alert(
        fingerprint=instance, starts_at=DECLARED, labels={**COMMON, "instance": instance}
    )
    return replace(alert, **changes)


def an_alert_card(**changes: Any) -> AlertCard:
    """The card of `a_group()`: the first tier is paged, the next one comes in an hour."""
    usual = a_card()
    card = AlertCard(
        group=a_group(),
        alerts=(
            an_alert("node-3:9100", starts_at=after(3)),
            an_alert("node-2:9100"),
            an_alert("node-1:9100"),
            an_alert("node-4:9100", ends_at=after(4)),
        ),
        more=0,
        service="API Gateway",
        team="Platform Team",
        runbook=usual.runbook,
        dashboards=usual.dashboards,
        graph_url="https://prometheus.example.com/graph?g0.expr=rate%28errors%5B5m%5D%29&g0.tab=1",
        alertmanager_url="https://alertmanager.example.com",
        next_step=NextStep(title="Team Lead", due=after(60), pages=True),
        pages=(a_page(0, DECLARED, confirmed_at=after(0.1)),),
    )
    return replace(card, **changes)


def acknowledged() -> AlertCard:
    """Ana has it."""
    group = a_group(acknowledged_by=ANA, acknowledged_at=after(3))
    return an_alert_card(group=group, next_step=None)


def silenced() -> AlertCard:
    """Ana keeps it quiet for an hour."""
    group = a_group(silenced_by=ANA, silenced_until=after(65))
    return an_alert_card(group=group, next_step=None)


def resolved() -> AlertCard:
    """It is over, after Ana took it."""
    group = a_group(
        status=AlertStatus.RESOLVED,
        firing=0,
        resolved=4,
        resolved_at=after(42),
        acknowledged_by=ANA,
        acknowledged_at=after(3),
    )
    alerts = tuple(replace(one, ends_at=after(42)) for one in an_alert_card().alerts)
    return an_alert_card(group=group, alerts=alerts, next_step=None)


def a_silence(**changes: Any) -> Silence:
    """The silence of `silenced()`."""
    silence = Silence(
        id="s1",
        group=ID,
        remote_id="remote-1",
        matchers=(("alertname", "HighErrorRate"),),
        by=ANA,
        comment="",
        starts_at=after(5),
        ends_at=after(65),
        state=SilenceState.ACTIVE,
    )
    return replace(silence, **changes)


def a_storm() -> AlertCard:
    """A storm of 37 groups."""
    group = a_group(
        number=40,
        source=AlertSource.STORM,
        name="Alert storm",
        summary="",
        labels={},
        service=None,
        severity=Severity.P0,
        firing=35,
        resolved=2,
    )
    storm = (
        StormShare(service="Payment", severity=Severity.P1, groups=8, firing=8),
        StormShare(service="API Gateway", severity=Severity.P0, groups=20, firing=20),
        StormShare(service=None, severity=Severity.P1, groups=9, firing=7),
    )
    return an_alert_card(group=group, service=None, alerts=(), storm=storm)
