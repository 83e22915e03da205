"""The guide as plain text tables, at most 100 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.domain.guide import (
    BusinessHours,
    Guide,
    Mention,
    ReachKind,
    Runbook,
    Slo,
    Tier,
)
from bot.domain.incident_policy import SeverityPolicy
from bot.domain.text import duration
from bot.guide import words
from bot.guide.layout import NONE, Row, section
from bot.guide.show_alerts import alert_tables
from bot.guide.show_changes import change_tables
from bot.guide.show_checklists import checklist_tables

_SECOND = timedelta(seconds=1)


def tables(guide: Guide) -> str:
    """The whole guide for people to read: a heading and a table for each section."""
    return "\n".join(section(title, head, rows) for title, head, rows in _sections(guide))


def _sections(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    yield "Organization", ("", ""), _organization(guide)
    yield "Emergency contacts", ("contact", "reached by"), ((each.title, each.how) for each in guide.contacts)
    yield from _people(guide)
    yield from _objectives(guide)
    yield from _procedures(guide)
    yield from _documents(guide)
    yield from alert_tables(guide)
    yield "Defaults", ("", ""), _defaults(guide)


def _people(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    head = ("severity", "response time", "path", "pages", "meaning")
    yield "Escalation matrix", head, (_severity(guide, policy) for policy in guide.severities.values())
    yield (
        "While an incident runs",
        ("severity", "updates", "still on it?", "leadership"),
        (_running(policy) for policy in guide.severities.values()),
    )
    yield (
        "Tiers",
        ("tier", "title", "reached by", "mentions"),
        ((tier.key, tier.title, _reach(tier), _mention(tier.mention)) for tier in guide.tiers.values()),
    )
    yield (
        "Channels",
        ("channel", "name in Slack", "purpose"),
        ((channel.key, f"#{channel.name}", channel.purpose) for channel in guide.channels.values()),
    )
    yield (
        "Teams",
        ("team", "title", "channel", "e-mail", "mentions"),
        (
            (team.key, team.title, _channel(guide, team.channel), team.email or NONE, _mention(team.mention))
            for team in guide.teams.values()
        ),
    )
    roles = guide.roles
    yield (
        "Roles",
        ("role", "who has it"),
        (
            (role, _mention(mention, "everybody who is no guest"))
            for role, mention in (
                ("responders", roles.responders),
                ("leads", roles.leads),
                ("approvers", roles.approvers),
                ("security", roles.security),
            )
        ),
    )
    yield (
        "Vendors",
        ("vendor", "title", "purpose", "contact"),
        (
            (vendor.key, vendor.title, vendor.purpose, vendor.contact or NONE)
            for vendor in guide.vendors.values()
        ),
    )


def _objectives(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    head = ("service", "availability", "p95", "error rate", "over")
    services = ((service.title, *_slo(service.slo)) for service in guide.services.values())
    yield "Service level objectives", head, [("Platform", *_slo(guide.platform.slo)), *services]
    yield (
        "Services",
        ("service", "title", "team", "runbook", "dashboards"),
        (
            (service.key, service.title, service.team, service.runbook, ", ".join(service.dashboards))
            for service in guide.services.values()
        ),
    )


def _procedures(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    yield from checklist_tables(guide)
    yield from change_tables(guide)


def _document(guide: Guide, book: Runbook) -> str:
    """Where a runbook is; what to set where the guide does not say."""
    if guide.runbook_folder is not None:
        return str(guide.runbook_folder / book.file)
    return book.url or f"{book.file} (set runbooks.base or runbooks.folder)"


def _documents(guide: Guide) -> Iterator[tuple[str, Row, Iterable[Row]]]:
    yield (
        "Runbooks",
        ("runbook", "title", "section", "document", "tags"),
        (
            (book.key, book.title, book.section, _document(guide, book), ", ".join(book.tags) or NONE)
            for book in guide.runbooks.values()
        ),
    )
    yield (
        "Dashboards",
        ("dashboard", "title", "address"),
        ((board.key, board.title, board.url) for board in guide.dashboards.values()),
    )


def _organization(guide: Guide) -> Iterator[Row]:
    organization = guide.organization
    region = NONE
    if organization.country is not None:
        region = "-".join(filter(None, (organization.country, organization.subdivision)))
    yield "name", organization.name
    yield "time zone", organization.zone.key
    yield "business hours", _hours(organization.business_hours)
    yield "public holidays", region


def _hours(hours: BusinessHours) -> str:
    return f"{_days(hours.weekdays)} {hours.opens:%H:%M}-{hours.closes:%H:%M}"


def _days(weekdays: Iterable[int]) -> str:
    return ", ".join(words.WEEKDAYS[day][:3] for day in sorted(weekdays))


def _severity(guide: Guide, policy: SeverityPolicy) -> Row:
    response = words.NEXT_BUSINESS_DAY if policy.response is None else duration(policy.response)
    path = " > ".join(guide.tiers[tier].title for tier in policy.path) or "team backlog"
    pages = "no" if not policy.pages else "yes, repeats" if policy.repeats else "yes, once each"
    return f"{policy.severity} {policy.title}", response, path, pages, policy.meaning


def _running(policy: SeverityPolicy) -> Row:
    updates = f"every {duration(policy.update_every)}" if policy.update_every else NONE
    asked = f"after {duration(policy.still_on_it)}" if policy.still_on_it else NONE
    return f"{policy.severity} {policy.title}", updates, asked, "told" if policy.leadership else NONE


def _reach(tier: Tier) -> str:
    match tier.reach:
        case ReachKind.SERVICE:
            return "PagerDuty service"
        case ReachKind.LEVEL:
            return f"PagerDuty level {tier.level}"
        case ReachKind.SLACK:
            return "Slack"


def _mention(mention: Mention, otherwise: str = NONE) -> str:
    return ", ".join((*mention.groups, *mention.people)) or otherwise


def _channel(guide: Guide, key: str) -> str:
    return f"#{guide.channels[key].name}"


def _slo(slo: Slo | None) -> Row:
    if slo is None:
        return (NONE,) * 4
    latency = NONE if slo.latency_p95 is None else f"< {_latency(slo.latency_p95)}"
    errors = NONE if slo.error_rate is None else f"< {_percent(slo.error_rate)}"
    available = NONE if slo.availability is None else _percent(slo.availability)
    return available, latency, errors, duration(slo.window)


def _percent(fraction: float) -> str:
    return f"{fraction * 100:.9g}%"


def _latency(length: timedelta) -> str:
    if length < _SECOND:
        return f"{length // timedelta(milliseconds=1)} ms"
    return f"{length / _SECOND:g} s"


def _defaults(guide: Guide) -> Iterator[Row]:
    defaults = guide.defaults
    yield "incidents", _channel(guide, defaults.ops)
    yield "security incidents", _channel(guide, defaults.security)
    yield "business stakeholders", _channel(guide, defaults.leadership)
    roomy = ", ".join(policy.severity for policy in guide.severities.values() if policy.room)
    yield "channel of their own", roomy or NONE
    owed = guide.incidents.postmortem.due.items()
    yield "post-mortem", ", ".join(f"{severity} in {_business_days(days)}" for severity, days in owed) or NONE
    yield "team", defaults.team
    yield "security team", defaults.security_team
    yield "runbook", defaults.runbook
    yield "security runbook", defaults.security_runbook
    yield "dashboards", ", ".join(defaults.dashboards)


def _business_days(days: int) -> str:
    return f"{days} business day{'s' if days > 1 else ''}"
