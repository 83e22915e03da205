"""From the checked sections of a guide's file to the domain's values."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from bot.domain.guide import (
    BusinessHours,
    Channel,
    Contact,
    Dashboard,
    Defaults,
    Guide,
    Mention,
    Metrics,
    Organization,
    Platform,
    ReachKind,
    Roles,
    Runbook,
    Service,
    Slo,
    Team,
    Tier,
    Vendor,
)
from bot.domain.severity import Severity
from bot.guide import schema, service_sections
from bot.guide.build_alerts import alert_policy, alert_route
from bot.guide.build_changes import change_policy
from bot.guide.build_checklists import checklist, review_policy
from bot.guide.build_incidents import incident_policy, severity_policy
from bot.guide.keyed import by_key
from bot.guide.part import MentionPart


def build(part: schema.GuidePart, *, postmortem_template: str, runbook_folder: Path | None = None) -> Guide:
    """The guide's values. `part` has passed the lint: what is named in it exists."""
    addresses = {key: board.url for key, board in part.dashboards.items()}
    return Guide(
        organization=_organization(part.organization),
        channels=by_key(part.channels, _channel),
        severities=MappingProxyType({key: severity_policy(key, part.severities[key]) for key in Severity}),
        tiers=by_key(part.tiers, _tier),
        services=by_key(part.services, lambda key, service: _service(key, service, part.defaults)),
        platform=Platform(slo=_slo(part.platform.slo), metrics=_metrics(part.platform.metrics)),
        checklists=by_key(part.checklists, lambda key, each: checklist(key, each, addresses)),
        reviews=review_policy(part.reviews),
        changes=change_policy(part.changes),
        runbooks=_runbooks(part.runbooks, in_folder=runbook_folder is not None),
        dashboards=by_key(part.dashboards, lambda key, board: Dashboard(key=key, **board.model_dump())),
        teams=by_key(part.teams, _team),
        vendors=by_key(part.vendors, lambda key, vendor: Vendor(key=key, **vendor.model_dump())),
        contacts=tuple(Contact(**contact.model_dump()) for contact in part.contacts),
        alerts=tuple(map(alert_route, part.alerts)),
        alerting=alert_policy(part.alerting),
        defaults=_defaults(part.defaults),
        roles=_roles(part.roles),
        incidents=incident_policy(part.incidents, template=postmortem_template),
        runbook_folder=runbook_folder,
    )


def _organization(part: schema.OrganizationPart) -> Organization:
    hours = part.business_hours
    return Organization(
        name=part.name,
        zone=part.zone,
        business_hours=BusinessHours(opens=hours.opens, closes=hours.closes, weekdays=hours.days),
        country=part.holidays.country if part.holidays else None,
        subdivision=part.holidays.subdivision if part.holidays else None,
    )


def _channel(key: str, part: schema.ChannelPart) -> Channel:
    return Channel(key=key, name=part.name or key, purpose=part.purpose)


def _tier(key: str, part: schema.TierPart) -> Tier:
    level = part.reach.pagerduty
    return Tier(
        key=key,
        title=part.title,
        reach=_reach(level),
        level=level or None,
        mention=_mention(part.mention),
    )


def _reach(level: int | None) -> ReachKind:
    if level is None:
        return ReachKind.SLACK
    return ReachKind.LEVEL if level else ReachKind.SERVICE


def _mention(part: MentionPart) -> Mention:
    return Mention(groups=tuple(part.groups), people=tuple(part.people))


def _service(key: str, part: service_sections.ServicePart, defaults: schema.DefaultsPart) -> Service:
    return Service(
        key=key,
        title=part.title,
        team=part.team or defaults.team,
        runbook=part.runbook or defaults.runbook,
        dashboards=tuple(part.dashboards or defaults.dashboards),
        slo=None if part.slo is None else _slo(part.slo),
        metrics=_metrics(part.metrics),
        rollback=part.rollback,
    )


def _slo(part: service_sections.SloPart) -> Slo:
    return Slo(
        window=part.window,
        availability=part.availability,
        latency_p95=part.latency_p95,
        error_rate=part.error_rate,
    )


def _metrics(part: service_sections.MetricsPart | None) -> Metrics | None:
    if part is None:
        return None
    return Metrics(
        requests=part.requests,
        duration=part.duration,
        selector=tuple(part.selector.items()),
        bad=part.bad,
        native_histogram=part.native_histogram,
        up=part.up,
        up_selector=tuple((part.selector if part.up_selector is None else part.up_selector).items()),
    )


def _runbooks(part: schema.RunbooksPart, *, in_folder: bool) -> Mapping[str, Runbook]:
    base = part.base.rstrip("/") if part.base else None
    return MappingProxyType(
        {
            key: Runbook(
                key=key,
                title=runbook.title,
                file=runbook.file,
                section=section,
                url=f"{base}/{runbook.file}" if base else None,
                tags=tuple(runbook.tags),
                is_readable=in_folder or base is not None,
            )
            for section, runbooks in part.sections.items()
            for key, runbook in runbooks.items()
        }
    )


def _team(key: str, part: schema.TeamPart) -> Team:
    return Team(
        key=key,
        title=part.title,
        channel=part.channel,
        email=part.email,
        mention=_mention(part.mention),
    )


def _roles(part: schema.RolesPart) -> Roles:
    return Roles(
        responders=_mention(part.responders),
        leads=_mention(part.leads),
        approvers=_mention(part.approvers),
        security=_mention(part.security),
    )


def _defaults(part: schema.DefaultsPart) -> Defaults:
    return Defaults(
        ops=part.ops,
        security=part.security,
        leadership=part.leadership,
        team=part.team,
        security_team=part.security_team,
        runbook=part.runbook,
        security_runbook=part.security_runbook,
        dashboards=tuple(part.dashboards),
    )
