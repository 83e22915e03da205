"""Storms: what fires when a whole cluster fails, no two alerts alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count, islice, product

from bot.sandbox.alertmanager.catalogue import CRITICAL, SERVICES, WARNING, Rule, rule

LARGEST = 10_000
MOST_GROUPS = 500
FEW_GROUPS = 12

_FIRST = (("HighErrorRate", CRITICAL), ("HighLatency", WARNING), ("PodCrashLooping", CRITICAL))
_THINGS = (
    "Api",
    "Billing",
    "Cache",
    "Cart",
    "Cron",
    "Database",
    "Dns",
    "Export",
    "Feed",
    "Images",
    "Index",
    "Ingress",
    "Ledger",
    "Login",
    "Mail",
    "Metrics",
    "Orders",
    "Proxy",
    "Queue",
    "Replica",
    "Search",
    "Session",
    "Stock",
    "Worker",
    "Volume",
)
_FAILURES = (
    ("Down", CRITICAL),
    ("Slow", WARNING),
    ("Failing", CRITICAL),
    ("Restarting", WARNING),
    ("Full", WARNING),
)


def storm(size: int, groups: int = FEW_GROUPS) -> list[Rule]:
    """So many alerts, evenly over so many groups (by name and service): the first of each group come first.

    Raises ValueError for less than one, and for more than a storm has.
    """
    if not 1 <= size <= LARGEST:
        raise ValueError(f"count must be an integer from 1 to {LARGEST}")
    if not 1 <= groups <= MOST_GROUPS:
        raise ValueError(f"groups must be an integer from 1 to {MOST_GROUPS}")
    return list(islice(_instances(groups), size))


def _instances(groups: int) -> Iterator[Rule]:
    for number in count(1):
        for service, (alertname, severity) in islice(_kinds(groups), groups):
            yield _instance(number, service, alertname, severity)


def _kinds(groups: int) -> Iterator[tuple[str, tuple[str, str]]]:
    more = (((f"{thing}{failure}", severity)) for thing, (failure, severity) in product(_THINGS, _FAILURES))
    kinds = (*_FIRST, *more)
    return product(SERVICES, kinds[: -(-groups // len(SERVICES))])


def _instance(number: int, service: str, alertname: str, severity: str) -> Rule:
    pod = f"{service}-{number:03d}"
    return rule(
        f"storm-{alertname}-{pod}",
        alertname,
        service,
        severity,
        summary=f"{alertname} on {pod}",
        description=f"{pod} of the {SERVICES[service]} is not healthy.",
        expr=f'opsbot_sandbox_unhealthy{{pod="{pod}"}} > 0',
        dashboard="infrastructure",
        instance=f"{pod}:8080",
        pod=pod,
    )
