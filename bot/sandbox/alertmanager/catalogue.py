"""Believable alerts of the guide's services, as the rules of their Prometheus would fire them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

SERVICES = {
    "api-gateway": "API Gateway",
    "identity": "Identity Service",
    "payment": "Payment Service",
    "content": "Content Service",
}
_OWN_RUNBOOKS = frozenset(SERVICES) - {"content"}

_DASHBOARDS = "https://grafana.suuupra.com/d"
_RUNBOOKS = "https://docs.suuupra.com/runbooks"
_PROMETHEUS = "https://prometheus.suuupra.com/graph"

CRITICAL, WARNING, INFO = "critical", "warning", "info"
PLATFORM, SECURITY = "platform-team", "security-team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An alert that can be fired by name. `title` says it to the person who chooses it."""

    name: str
    title: str
    labels: Mapping[str, str]
    annotations: Mapping[str, str]
    generator_url: str

    def to_json(self) -> dict[str, Any]:
        """The rule as control shows it."""
        shown = {each: self.labels[each] for each in ("severity", "service", "alertname")}
        return {"name": self.name, "title": self.title, **shown, "summary": self.annotations["summary"]}


def rule(
    name: str,
    alertname: str,
    service: str,
    severity: str,
    *,
    summary: str,
    description: str,
    expr: str,
    team: str = PLATFORM,
    runbook: str | None = None,
    dashboard: str = "service-health",
    **labels: str,
) -> Rule:
    """A rule with the links that people want at hand."""
    own = f"{service}-operations" if service in _OWN_RUNBOOKS else "incident-response"
    return Rule(
        name=name,
        title=summary,
        labels={
            "alertname": alertname,
            "service": service,
            "severity": severity,
            "team": team,
            "environment": "production",
            **labels,
        },
        annotations={
            "summary": summary,
            "description": description,
            "runbook_url": f"{_RUNBOOKS}/{runbook or own}.md",
            "dashboard_url": f"{_DASHBOARDS}/{dashboard}?var-service={service}",
        },
        generator_url=f"{_PROMETHEUS}?g0.expr={quote(expr, safe='')}&g0.tab=1",
    )


def errors(service: str, severity: str, share: str, effect: str) -> Rule:
    """Too many failed requests of a service."""
    ratio = (
        f'sum(rate(http_requests_total{{service="{service}",status=~"5.."}}[5m]))'
        f' / sum(rate(http_requests_total{{service="{service}"}}[5m]))'
    )
    return rule(
        f"{service}-errors",
        "HighErrorRate",
        service,
        severity,
        summary=f"{share} of the {SERVICES[service]}'s requests fail",
        description=f"{effect} The share of 5xx answers over the last 5 minutes is {share}.",
        expr=f"{ratio} > 0.01",
    )


def latency(service: str, severity: str, now: str, objective: str) -> Rule:
    """A service that answers too slowly."""
    seconds = int(objective.removesuffix("ms")) / 1000
    buckets = f'sum by (le) (rate(http_request_duration_seconds_bucket{{service="{service}"}}[5m]))'
    return rule(
        f"{service}-latency",
        "HighLatency",
        service,
        severity,
        summary=f"p95 of the {SERVICES[service]} is {now}, objective {objective}",
        description=f"The 95th percentile has been above {objective} for 10 minutes.",
        expr=f"histogram_quantile(0.95, {buckets}) > {seconds}",
    )


def budget(service: str, slo: str, severity: str, *, burn: str, left: str, told: str, expr: str) -> Rule:
    """An error budget that burns too fast, as the rules that are generated from the guide say it.

    `told` is their description. The span is an hour for what is critical, a day for a warning.
    """
    words = f"{SERVICES[service]}: {slo} burns its error budget {burn} times as fast as it may"
    made = rule(
        f"{service}-{slo}-budget",
        "ErrorBudgetBurn",
        service,
        severity,
        summary=words,
        description=told,
        expr=expr,
    )
    window = "1h" if severity == CRITICAL else "1d"
    labels = {"alertname": "ErrorBudgetBurn", "service": service, "slo": slo}
    return replace(
        made,
        labels=labels | {"severity": severity, "window": window},
        annotations={**made.annotations, "burn": burn, "budget": left},
    )


CATALOGUE = (
    errors("payment", CRITICAL, "12.4%", "Customers cannot pay."),
    errors("api-gateway", CRITICAL, "7.9%", "Clients of every service see errors."),
    errors("identity", WARNING, "1.8%", "Some sign-ins fail."),
    errors("content", WARNING, "2.3%", "Some pages stay empty."),
    latency("payment", WARNING, "1.2 s", "500ms"),
    latency("api-gateway", CRITICAL, "840 ms", "150ms"),
    latency("identity", WARNING, "410 ms", "200ms"),
    latency("content", INFO, "330 ms", "300ms"),
    budget(
        "payment",
        "availability",
        CRITICAL,
        burn="15.2",
        left="43 %",
        told="Promised over 30d: 99.99 % of requests succeed. In the last 1h, and still in the last 5m, "
        "at least 14.4 times as many requests failed as that allows. At that rate the whole "
        "budget lasts about 50 h.",
        expr='service:slo_requests_failed:increase1h{service="payment"}'
        ' / service:slo_requests:increase1h{service="payment"} / 0.0001 >= 14.4',
    ),
    budget(
        "content",
        "latency",
        WARNING,
        burn="3.4",
        left="61 %",
        told="Promised over 30d: 95 % of requests take at most 300 ms. In the last 1d, and still in the "
        "last 2h, at least 3 times as many requests took longer as that allows. At that rate the "
        "whole budget lasts about 10 d.",
        expr='service:slo_requests_slow:increase1d{service="content"}'
        ' / service:slo_requests_timed:increase1d{service="content"} / 0.05 >= 3',
    ),
    rule(
        "payment-crash-loop",
        "PodCrashLooping",
        "payment",
        CRITICAL,
        summary="payment-worker-6d9f7c-x2x4k restarts again and again",
        description="The container restarted 6 times in 10 minutes. Last exit code: 137 (OOMKilled).",
        expr='increase(kube_pod_container_status_restarts_total{namespace="payment"}[10m]) > 3',
        runbook="kubernetes-operations",
        dashboard="infrastructure",
        namespace="payment",
        pod="payment-worker-6d9f7c-x2x4k",
    ),
    rule(
        "content-disk",
        "DiskWillFill",
        "content",
        WARNING,
        summary="The disk of content-db-1 is full in about 9 hours",
        description="/var/lib/postgresql is 87% full and grows by 1.4 GiB an hour.",
        expr='predict_linear(node_filesystem_avail_bytes{mountpoint="/var/lib/postgresql"}[6h], 86400) < 0',
        runbook="database-operations",
        dashboard="infrastructure",
        instance="content-db-1:9100",
        mountpoint="/var/lib/postgresql",
    ),
    rule(
        "api-gateway-certificate",
        "CertificateExpiresSoon",
        "api-gateway",
        WARNING,
        summary="The certificate of api.suuupra.com expires in 6 days",
        description="It was not renewed automatically. Without a new one every client is refused.",
        expr="probe_ssl_earliest_cert_expiry - time() < 86400 * 7",
        dashboard="infrastructure",
        instance="https://api.suuupra.com",
    ),
    rule(
        "identity-suspicious-login",
        "SuspiciousLogin",
        "identity",
        CRITICAL,
        summary="Administrator signed in from a new country",
        description="An administrator's account signed in from two countries within 20 minutes.",
        expr="sum(increase(identity_impossible_travel_total[10m])) > 0",
        team=SECURITY,
        runbook="security-incidents",
    ),
    rule(
        "identity-failed-logins",
        "ManyFailedLogins",
        "identity",
        WARNING,
        summary="Failed sign-ins are 40 times the usual",
        description="3,200 failed sign-ins in 5 minutes from 11 addresses; passwords are being guessed.",
        expr="sum(rate(identity_logins_failed_total[5m])) > 10",
        team=SECURITY,
        runbook="security-operations",
    ),
)
"""What the page offers. Services, teams, runbooks and dashboards are those of the shipped guide."""

WATCHDOG = Rule(
    name="watchdog",
    title="Watchdog: always fires, so that its absence is noticed",
    labels={"alertname": "Watchdog", "severity": "none"},
    annotations={
        "summary": "The alerting works",
        "description": "This alert always fires. Where it stops coming, the way of the alerts is broken.",
    },
    generator_url=f"{_PROMETHEUS}?g0.expr=vector%281%29&g0.tab=1",
)


def by_name(name: str) -> Rule:
    """The rule of a name. Raises LookupError."""
    for each in CATALOGUE:
        if each.name == name:
            return each
    raise LookupError(f"No alert is called {name!r}: one of {', '.join(each.name for each in CATALOGUE)}.")
