"""What a guide says about alerts, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.domain.alert_policy import AlertPolicy, AlertRoute, StormPolicy, WhenResolved
from bot.domain.severity import Severity
from bot.guide.finding import Level
from bot.guide.load import check_guide, load_guide
from bot.guide.shipped import shipped
from bot.guide.show import tables

Edit = Callable[..., Path]

SHIPPED = shipped().decode()
ROUTES = SHIPPED[SHIPPED.index("\nalerts:\n") : SHIPPED.index("# How alerts are handled")]
ALERTING = SHIPPED[SHIPPED.index("\nalerting:\n") : SHIPPED.index("# How incidents are run")]
WHERE = "    channel: platform-alerts\n    team: platform-team\n"
REST = "  -" + WHERE[3:]


@pytest.fixture
def guide(tmp_path: Path) -> Edit:
    """Writes the shipped guide with these routes, and this section `alerting`."""

    def write(routes: str = REST, alerting: str | None = None) -> Path:
        text = SHIPPED.replace(ROUTES, f"\nalerts:\n{routes}\n")
        if alerting is not None:
            text = text.replace(ALERTING, f"\nalerting:\n{alerting}\n" if alerting else "\n")
        path = tmp_path / "guide.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def route(path: Path) -> AlertRoute:
    return load_guide(path).alerts[0]


def errors(path: Path) -> list[str]:
    return [finding.text for finding in check_guide(path) if finding.level is Level.ERROR]


def warnings(path: Path) -> list[str]:
    return [one.text for one in check_guide(path) if one.level is Level.WARNING and "fill" not in one.text]


def test_a_route_takes_one_value_of_a_label_or_several(guide: Edit) -> None:
    found = route(guide("  - match: {severity: [critical, page], env: prod}\n" + WHERE + REST))
    assert found.match == (("severity", ("critical", "page")), ("env", ("prod",)))


@pytest.mark.parametrize(
    ("said", "escalates", "after"),
    [
        ("page: false", False, None),
        ("page: true", True, None),
        ("page: true\n    escalate_after: never", False, None),
        ("page: true\n    escalate_after: 10m", True, timedelta(minutes=10)),
        ("escalate_after: 10m", True, timedelta(minutes=10)),
    ],
)
def test_a_route_that_pages_escalates_unless_it_says_no(
    guide: Edit, said: str, escalates: bool, after: timedelta | None
) -> None:
    found = route(guide(f"{REST}    severity: P1\n    {said}\n"))
    assert (found.escalates, found.escalate_after) == (escalates, after)


@pytest.mark.parametrize(
    ("said", "after"), [("at once", timedelta()), ("15m", timedelta(minutes=15)), ("never", None)]
)
def test_when_an_alert_becomes_an_incident(guide: Edit, said: str, after: timedelta | None) -> None:
    assert route(guide(f"{REST}    incident_after: {said}\n")).incident_after == after
    assert route(guide()).incident_after is None


def test_the_shipped_guide_says_what_holds_where_nothing_is_said(guide: Edit) -> None:
    shipped_policy, bare = load_guide(None).alerting, load_guide(guide(alerting="")).alerting
    assert bare == AlertPolicy()
    assert shipped_policy.severities == bare.severities
    assert (shipped_policy.storm, shipped_policy.flapping) == (bare.storm, bare.flapping)
    assert shipped_policy.when_resolved is bare.when_resolved is WhenResolved.ASK
    assert shipped_policy.summary_at == time(9)
    assert shipped_policy.watchdog
    assert shipped_policy.watchdog.page


def test_the_section_is_read(guide: Edit) -> None:
    policy = load_guide(
        guide(
            alerting="""
  severities: {Page: P0, info: P2}
  link_hosts: [runbooks.example.com]
  storm: {cards: 5, within: 1m}
  when_resolved: resolve
"""
        )
    ).alerting
    assert policy.severities["page"] is Severity.P0
    assert policy.severities["info"] is Severity.P2
    assert policy.severities["critical"] is Severity.P1, "what is not said stays"
    assert policy.link_hosts == ("runbooks.example.com",)
    assert policy.storm == StormPolicy(cards=5, within=timedelta(minutes=1))
    assert policy.when_resolved is WhenResolved.RESOLVE
    assert policy.watchdog is None


WATCHDOG = "  watchdog: {{alert: Watchdog, within: 5m, channel: {}, team: {}, severity: {}, page: {}}}\n"


@pytest.mark.parametrize(
    ("routes", "alerting", "said"),
    [
        (REST + "    service: zzz\n", None, '"zzz" is no service'),
        (
            "  - match: {service: [payment, paiment]}\n" + WHERE,
            None,
            '"paiment" is no service',
        ),
        (REST + "    severity: P9\n", None, '"P9" must be one of P0, P1, P2, P3'),
        (REST + "    match: {severity: []}\n", None, '"severity" is empty: at least one is needed'),
        (REST + "    page: true\n", "", "it pages, but names no severity"),
        (REST + "    page: true\n", "  severities: {critical: P3}\n", "page nobody"),
        (REST + "    severity: P3\n    page: true\n", None, "this route pages, but P3 pages nobody"),
        (
            REST + "    severity: P3\n    escalate_after: 5m\n",
            None,
            "this route escalates, but P3",
        ),
        (REST + "    escalate_after: soon\n", None, '"soon" is no duration'),
        (REST + "    incident_after: soon\n", None, 'or "never", or "at once"'),
        (REST, "  link_hosts: ['https://x.example.com']\n", "is no host name"),
        (REST, "  storm: {cards: 0}\n", '"0" is too small for "cards": at least 1'),
        (REST, "  when_resolved: maybe\n", '"maybe" must be one of ask, resolve, nothing'),
        (REST, "  summary: {at: noon}\n", '"noon" is no time of day'),
        (REST, "  severities: {critical: P7}\n", '"P7" must be one of P0, P1, P2, P3'),
        (REST, WATCHDOG.format("zzz", "platform-team", "P1", "true"), '"zzz" is no channel'),
        (REST, WATCHDOG.format("platform-alerts", "zzz", "P1", "true"), '"zzz" is no team'),
        (
            REST,
            WATCHDOG.format("platform-alerts", "platform-team", "P3", "true"),
            "the watchdog pages, but P3",
        ),
    ],
)
def test_what_cannot_be_is_an_error(guide: Edit, routes: str, alerting: str | None, said: str) -> None:
    found = errors(guide(routes, alerting))
    assert any(said in error for error in found), found


def test_a_route_that_pages_may_leave_the_severity_to_the_labels(guide: Edit) -> None:
    assert errors(guide(REST + "    page: true\n", "  severities: {critical: P0}\n")) == []


def test_a_route_behind_one_that_takes_all_its_values_is_a_warning(guide: Edit) -> None:
    first = "  - match: {{severity: [{}]}}\n    channel: platform-alerts\n    team: platform-team\n"
    hidden = first.format("critical, page") + first.format("page") + REST
    assert len(warnings(guide(hidden))) == 1
    assert warnings(guide(first.format("critical, page") + first.format("page, warning") + REST)) == []


def test_security_alerts_that_others_read_are_a_warning(guide: Edit) -> None:
    (text,) = warnings(guide("  - channel: platform-alerts\n    team: security-team\n"))
    assert 'the security team\'s alerts are shown in "platform-alerts"' in text


def test_a_watchdog_that_only_the_security_team_hears_is_a_warning(guide: Edit) -> None:
    alerting = WATCHDOG.format("security-incidents", "security-team", "P1", "false")
    assert len(warnings(guide(alerting=alerting))) == 1


def test_routes_and_policy_are_shown(guide: Edit) -> None:
    shown = tables(
        load_guide(
            guide(
                f"  - match: {{severity: [critical, page]}}\n{WHERE}"
                "    service: payment\n    severity: P0\n    page: true\n    escalate_after: 10m\n"
                "    incident_after: at once\n" + REST
            )
        )
    )
    for word in ("severity=critical|page", "payment", "10 min", "at once"):
        assert word in shown
