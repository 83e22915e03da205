"""What must hold between the guide's services and how they are asked for and measured."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.domain.slo.objective import PLATFORM
from bot.guide.document import Document
from bot.guide.finding import Finding
from bot.guide.service_sections import PlatformPart, ServicePart

SLO_WORDS = frozenset({PLATFORM, "all", "gate", "help", "list", "queries"})
"""What `/slo` takes for something else than a service."""


def askable(document: Document, services: Mapping[str, ServicePart]) -> Iterator[Finding]:
    """No service is called as a word of the command that asks for it."""
    for key in services:
        if key in SLO_WORDS:
            text = f'"{key}" is a word of /slo: a service needs another key'
            yield document.error(("services", key), text, of_key=True)


def measured(document: Document, services: Mapping[str, ServicePart]) -> Iterator[Finding]:
    """What is promised is measured somewhere."""
    for key, service in services.items():
        if service.slo is not None and service.metrics is None:
            text = f'"{key}" has objectives, but no "metrics": nobody can say whether they are met'
            yield document.warning(("services", key), text)


def told_twice(document: Document, services: Mapping[str, ServicePart]) -> Iterator[Finding]:
    """No number of a service is told twice, and none is that of another service."""
    seen: dict[object, str] = {}
    for key, service in services.items():
        if service.metrics is None:
            continue
        slo, counted = (
            service.slo,
            (service.metrics.requests, tuple(sorted(service.metrics.selector.items()))),
        )
        if slo is not None and slo.availability and slo.error_rate and service.metrics.up is None:
            text = f'availability and error_rate of "{key}" are both counted from requests: one number, twice'
            yield document.warning(("services", key, "slo"), text)
        if counted in seen:
            text = f'"{key}" counts the same requests as "{seen[counted]}": let "selector" tell them apart'
            yield document.warning(("services", key, "metrics"), text)
        seen.setdefault(counted, key)


def two_numbers(document: Document, platform: PlatformPart) -> Iterator[Finding]:
    """Uptime and error rate of the platform are not the same number told twice."""
    both = platform.slo.availability is not None and platform.slo.error_rate is not None
    if both and platform.metrics is not None and platform.metrics.up is None:
        text = (
            "availability and error_rate are both counted from requests, so they are one number told twice: "
            'fill in "up", such as up: probe_success'
        )
        yield document.warning(("platform", "metrics"), text)
