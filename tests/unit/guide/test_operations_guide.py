"""Every fact of the operations guide, written out here, is in the guide that is shipped."""

from __future__ import annotations

from datetime import time, timedelta

import pytest

from bot.domain.change_policy import ChangeOpening, Window
from bot.domain.checklist import Cadence, Whose
from bot.domain.evidence import Source
from bot.domain.guide import Guide, Organization, ReachKind
from bot.domain.severity import Severity
from bot.guide.load import check_guide, load_guide

TUESDAY, THURSDAY = 1, 3


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(None)


@pytest.mark.parametrize(
    ("title", "how", "channel"),
    [
        ("On-call Engineer", "PagerDuty escalation", None),
        ("Platform Team", "Slack #platform-alerts", "platform-alerts"),
        ("Security Team", "Slack #security-incidents", "security-incidents"),
        ("Business Stakeholders", "Slack #leadership", "leadership"),
    ],
)
def test_an_emergency_contact_is_in_the_guide(
    guide: Guide, title: str, how: str, channel: str | None
) -> None:
    contact = next(contact for contact in guide.contacts if contact.title == title)
    assert (contact.how, contact.channel) == (how, channel)
    assert channel is None or guide.channels[channel].name == channel


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Platform Overview", "http://grafana.suuupra.com/d/platform-overview"),
        ("Service Health", "http://grafana.suuupra.com/d/service-health"),
        ("Business Metrics", "http://grafana.suuupra.com/d/business-kpis"),
        ("Infrastructure Status", "http://grafana.suuupra.com/d/infrastructure"),
    ],
)
def test_a_critical_dashboard_is_in_the_guide(guide: Guide, title: str, url: str) -> None:
    assert (title, url) in {(board.title, board.url) for board in guide.dashboards.values()}


@pytest.mark.parametrize(
    ("section", "title", "file"),
    [
        ("Service-Specific Operations", "API Gateway Operations", "api-gateway-operations.md"),
        ("Service-Specific Operations", "Identity Service Operations", "identity-operations.md"),
        ("Service-Specific Operations", "Payment Service Operations", "payment-operations.md"),
        ("Service-Specific Operations", "Database Operations", "database-operations.md"),
        ("Infrastructure Operations", "Kubernetes Operations", "kubernetes-operations.md"),
        ("Infrastructure Operations", "Monitoring Operations", "monitoring-operations.md"),
        ("Infrastructure Operations", "Security Operations", "security-operations.md"),
        ("Emergency Procedures", "Incident Response", "incident-response.md"),
        ("Emergency Procedures", "Disaster Recovery", "disaster-recovery.md"),
        ("Emergency Procedures", "Security Incident Response", "security-incidents.md"),
    ],
)
def test_a_runbook_is_in_the_guide(guide: Guide, section: str, title: str, file: str) -> None:
    runbook = next(runbook for runbook in guide.runbooks.values() if runbook.file == file)
    assert (runbook.section, runbook.title) == (section, title)
    assert runbook.url is None  # the guide does not say where they are served


@pytest.mark.parametrize(
    ("cadence", "title", "purpose"),
    [
        (Cadence.DAILY, "Health Check", "Review service health dashboards"),
        (Cadence.DAILY, "Alert Review", "Check and acknowledge alerts"),
        (Cadence.DAILY, "Capacity Review", "Monitor resource utilization"),
        (Cadence.DAILY, "Performance Review", "Check SLI/SLO compliance"),
        (Cadence.WEEKLY, "Security Review", "Review security alerts and logs"),
        (Cadence.WEEKLY, "Backup Verification", "Verify backup integrity"),
        (Cadence.WEEKLY, "Cost Review", "Review cloud spend and optimization"),
        (Cadence.WEEKLY, "Capacity Planning", "Review growth trends"),
        (Cadence.MONTHLY, "DR Testing", "Test disaster recovery procedures"),
        (Cadence.MONTHLY, "Security Audit", "Comprehensive security review"),
        (Cadence.MONTHLY, "Performance Review", "SLO and performance analysis"),
        (Cadence.MONTHLY, "Documentation Review", "Update runbooks and procedures"),
    ],
)
def test_a_procedure_is_in_the_guide(guide: Guide, cadence: Cadence, title: str, purpose: str) -> None:
    [checklist] = [
        checklist
        for checklist in guide.checklists.values()
        if (checklist.cadence, checklist.title) == (cadence, title)
    ]
    assert checklist.purpose == purpose
    assert checklist.items


def test_daily_procedures_are_of_whoever_is_on_call_and_the_others_anybodys(guide: Guide) -> None:
    whose = {(each.cadence, each.owner.whose) for each in guide.checklists.values()}
    assert whose == {
        (Cadence.DAILY, Whose.ON_CALL),
        (Cadence.WEEKLY, Whose.ANYBODY),
        (Cadence.MONTHLY, Whose.ANYBODY),
    }


@pytest.mark.parametrize(
    ("checklist", "source", "of"),
    [
        ("health-check", Source.LINK, "http://grafana.suuupra.com/d/service-health"),
        ("health-check", Source.SLO, "all"),
        ("alert-review", Source.ALERTS, "unacknowledged"),
        ("alert-review", Source.ALERTS, "noisiest"),
        ("daily-performance-review", Source.SLO, "all"),
        ("capacity-planning", Source.CHANGES, "ahead"),
        ("dr-testing", Source.INCIDENTS, "open"),
        ("monthly-performance-review", Source.SLO, "all"),
    ],
)
def test_a_procedure_shows_what_it_is_about(guide: Guide, checklist: str, source: Source, of: str) -> None:
    specs = [spec for item in guide.checklists[checklist].items for spec in item.evidence]
    assert (source, of) in {(spec.source, spec.of) for spec in specs}


def test_capacity_is_held_against_limits_and_drawn(guide: Guide) -> None:
    specs = [spec for item in guide.checklists["capacity-review"].items for spec in item.evidence]
    assert sum(spec.fine is not None for spec in specs) == 5
    assert any(spec.chart for spec in specs)


def test_dr_testing_has_its_runbook(guide: Guide) -> None:
    assert guide.checklists["dr-testing"].runbook == "disaster-recovery"


def test_the_procedures_are_these_twelve(guide: Guide) -> None:
    assert len(guide.checklists) == 12


@pytest.mark.parametrize(
    ("severity", "title", "response", "path"),
    [
        (Severity.P0, "Critical", timedelta(minutes=15), ["On-call Engineer", "Team Lead", "Director"]),
        (Severity.P1, "High", timedelta(hours=1), ["On-call Engineer", "Team Lead"]),
        (Severity.P2, "Medium", timedelta(hours=4), ["On-call Engineer"]),
    ],
)
def test_a_severity_that_pages_is_in_the_guide(
    guide: Guide, severity: Severity, title: str, response: timedelta, path: list[str]
) -> None:
    policy = guide.severities[severity]
    assert (policy.title, policy.response, policy.pages) == (title, response, True)
    assert [guide.tiers[tier].title for tier in policy.path] == path


def test_p3_is_low_and_goes_to_the_team_backlog_by_the_next_business_day(guide: Guide) -> None:
    policy = guide.severities[Severity.P3]
    assert (policy.title, policy.response, policy.path, policy.pages) == ("Low", None, (), False)
    assert "team backlog" in policy.meaning


def test_every_tier_is_reached_by_a_pagerduty_service_of_its_own(guide: Guide) -> None:
    assert {key: tier.reach for key, tier in guide.tiers.items()} == dict.fromkeys(
        ("on-call", "team-lead", "director"), ReachKind.SERVICE
    )


def test_the_first_tier_is_on_call(guide: Guide) -> None:
    assert guide.first_tier.key == "on-call"


def test_the_platform_has_its_three_objectives(guide: Guide) -> None:
    slo = guide.platform.slo
    assert (slo.availability, slo.latency_p95, slo.error_rate) == (0.999, timedelta(milliseconds=500), 0.001)


@pytest.mark.parametrize(
    ("service", "title", "availability", "p95"),
    [
        ("api-gateway", "API Gateway", 0.999, 150),
        ("identity", "Identity Service", 0.9995, 200),
        ("payment", "Payment Service", 0.9999, 500),
        ("content", "Content Service", 0.995, 300),
    ],
)
def test_a_service_has_its_objectives(
    guide: Guide, service: str, title: str, availability: float, p95: int
) -> None:
    slo = guide.services[service].slo
    assert guide.services[service].title == title
    assert slo is not None
    assert (slo.availability, slo.latency_p95) == (availability, timedelta(milliseconds=p95))


@pytest.mark.parametrize(
    ("service", "runbook"),
    [
        ("api-gateway", "api-gateway-operations.md"),
        ("identity", "identity-operations.md"),
        ("payment", "payment-operations.md"),
        ("content", "incident-response.md"),
    ],
)
def test_a_service_has_its_runbook_or_else_incident_response(
    guide: Guide, service: str, runbook: str
) -> None:
    assert guide.runbooks[guide.services[service].runbook].file == runbook


def test_the_deployment_process_has_its_five_phases_in_order(guide: Guide) -> None:
    assert [(phase.title, phase.description) for phase in guide.changes.phases] == [
        ("Planning", "Change request and approval"),
        ("Testing", "Staging environment validation"),
        ("Deployment", "Gradual rollout with monitoring"),
        ("Validation", "Post-deployment health checks"),
        ("Rollback", "Automated rollback procedures"),
    ]


def test_standard_changes_start_on_tuesday_and_thursday_from_two_to_four(guide: Guide) -> None:
    standard = guide.changes.types["standard"]
    assert (standard.opening, standard.approvals) == (ChangeOpening.WEEKLY, 1)
    assert standard.windows == tuple(
        Window(weekday=weekday, opens=time(14), closes=time(16)) for weekday in (TUESDAY, THURSDAY)
    )


def test_major_changes_start_in_planned_maintenance_windows(guide: Guide) -> None:
    major = guide.changes.types["major"]
    assert (major.opening, major.windows, major.approvals) == (ChangeOpening.PLANNED, (), 2)


def test_emergency_changes_start_anytime_with_approval(guide: Guide) -> None:
    emergency = guide.changes.types["emergency"]
    assert (emergency.opening, emergency.windows, emergency.approvals) == (ChangeOpening.ANYTIME, (), 1)


@pytest.mark.parametrize(
    ("team", "title", "email", "channel"),
    [
        ("platform-team", "Platform Team", "platform-team@suuupra.com", "platform-alerts"),
        ("security-team", "Security Team", "security-team@suuupra.com", "security-incidents"),
        ("devops-team", "DevOps Team", "devops-team@suuupra.com", "platform-alerts"),
    ],
)
def test_a_team_is_in_the_guide(guide: Guide, team: str, title: str, email: str, channel: str) -> None:
    found = guide.teams[team]
    assert (found.title, found.email, found.channel) == (title, email, channel)


@pytest.mark.parametrize(
    ("title", "purpose"),
    [
        ("AWS Support", "Enterprise support case"),
        ("PagerDuty", "Incident management"),
        ("DataDog", "Monitoring support"),
    ],
)
def test_a_vendor_is_in_the_guide(guide: Guide, title: str, purpose: str) -> None:
    assert (title, purpose) in {(vendor.title, vendor.purpose) for vendor in guide.vendors.values()}


def test_the_organization_is_suuupra_on_new_york_office_hours(guide: Guide) -> None:
    organization: Organization = guide.organization
    hours = organization.business_hours
    assert (organization.name, organization.zone.key, organization.country) == (
        "Suuupra",
        "America/New_York",
        "US",
    )
    assert (hours.opens, hours.closes, hours.weekdays) == (time(9), time(17), frozenset(range(5)))


def test_no_alert_pages_by_itself(guide: Guide) -> None:
    assert not any(route.page for route in guide.alerts)


def test_the_shipped_guide_has_no_errors_and_says_what_to_fill_in() -> None:
    assert [finding.text for finding in check_guide(None)] == [
        '"on-call" has no user group or person to mention: fill in "mention"',
        '"team-lead" has no user group or person to mention: fill in "mention"',
        '"director" has no user group or person to mention: fill in "mention"',
        '"content" has no runbook: fill it in; until then "incident-response" stands in',
        '"content" has no team: fill it in; until then "platform-team" stands in',
        "runbooks are names only: fill in where they are, set runbooks.base or runbooks.folder",
        (
            "everybody who is no guest approves changes, overrides the gate and freezes: "
            "fill in roles.approvers and roles.leads"
        ),
    ]
    assert {finding.level for finding in check_guide(None)} == {"warning"}
