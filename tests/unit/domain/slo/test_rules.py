"""Which rules Prometheus is given for which objectives."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.guide import Guide, Slo
from bot.domain.slo.budget import TIERS
from bot.domain.slo.recording import Recording
from bot.domain.slo.rules import BurnAlert, RuleGroup, rule_groups
from bot.guide.load import load_guide

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def guide() -> Guide:
    return load_guide(None)


def of_payment(guide: Guide, *, slo: Slo | None = None, native: bool = False) -> tuple[RuleGroup, ...]:
    """The groups of one service, with these objectives or measured otherwise."""
    service = guide.services["payment"]
    assert service.metrics is not None
    changed = replace(
        service, slo=slo or service.slo, metrics=replace(service.metrics, native_histogram=native)
    )
    groups = rule_groups(replace(guide, services={"payment": changed}))
    return tuple(group for group in groups if group.name.startswith("slo:payment"))


def recorded(groups: tuple[RuleGroup, ...]) -> dict[str, str]:
    found = [rule for group in groups for rule in group.rules if isinstance(rule, Recording)]
    assert len({rule.record for rule in found}) == len(found), "a name is recorded twice"
    return {rule.record: rule.expression for rule in found}


def alerts(groups: tuple[RuleGroup, ...]) -> list[BurnAlert]:
    return [rule for group in groups for rule in group.rules if isinstance(rule, BurnAlert)]


def test_each_objective_has_an_alert_for_each_tier(guide: Guide) -> None:
    found = Counter((one.labels["service"], one.labels["slo"]) for one in alerts(rule_groups(guide)))
    services = {(key, slo): 4 for key in guide.services for slo in ("availability", "latency")}
    platform = {("platform", slo): 4 for slo in ("availability", "latency", "error_rate")}
    assert found == services | platform


def test_faster_tiers_are_evaluated_first_and_two_of_them_page(guide: Guide) -> None:
    labels = [one.labels for one in alerts(of_payment(guide)) if one.labels["slo"] == "latency"]
    told = [(one["window"], one["severity"]) for one in labels]
    assert told == [("1h", "critical"), ("6h", "critical"), ("1d", "warning"), ("3d", "warning")]


def test_what_is_not_measured_has_no_rules(guide: Guide) -> None:
    service = replace(guide.services["payment"], metrics=None)
    names = [group.name for group in rule_groups(replace(guide, services={"payment": service}))]
    assert names == ["slo:platform", "slo:platform:30d"]


def test_shares_are_not_recorded(guide: Guide) -> None:
    names = recorded(of_payment(guide))
    assert {name.rpartition(":")[2] for name in names} == {
        *(f"increase{span}" for span in ("5m", "30m", "1h", "2h", "6h", "1d", "3d", "30d")),
        "coverage30d",
    }


def test_a_window_that_an_alert_looks_at_is_recorded_once(guide: Guide) -> None:
    for days in (1, 3, 7):
        groups = of_payment(guide, slo=Slo(window=days * DAY, availability=0.99))
        assert f"service:slo_requests:increase{days}d" in recorded(groups)
        assert f"service:slo_requests:coverage{days}d" in recorded(groups)


@pytest.mark.parametrize(("days", "factors"), [(30, [14.4, 6, 3, 1]), (7, [3.36, 1.4, 1, 1]), (1, [1] * 4)])
def test_the_rates_are_those_of_the_guides_window_and_never_what_a_budget_can_bear(
    days: int, factors: list[float]
) -> None:
    assert [tier.factor(days * DAY) for tier in TIERS] == pytest.approx(factors)


def test_two_objectives_that_count_the_same_record_it_once(guide: Guide) -> None:
    slo = Slo(window=30 * DAY, availability=0.99, error_rate=0.001)
    groups = of_payment(guide, slo=slo)
    assert len(alerts(groups)) == 8
    assert not [name for name in recorded(groups) if "probes" in name]


def test_slow_requests_are_counted_among_those_that_have_the_bound(guide: Guide) -> None:
    timed = recorded(of_payment(guide))["service:slo_requests_timed:increase1h"]
    assert timed == (
        'sum(increase(http_request_duration_seconds_count{service="payment"}[1h]) and ignoring (le) '
        'increase(http_request_duration_seconds_bucket{service="payment",le=~"0\\\\.50*"}[1h]))'
    )


def test_a_native_histogram_without_requests_has_no_slow_ones(guide: Guide) -> None:
    slow = recorded(of_payment(guide, native=True))["service:slo_requests_slow:increase1h"]
    total = 'histogram_count(sum(increase(http_request_duration_seconds{service="payment"}[1h])))'
    assert slow.startswith(f"{total} * (1 - histogram_fraction(0, 0.5, ")
    assert slow.endswith(f") >= 0\nor\n0 * {total}")


def test_a_title_with_braces_is_no_template(guide: Guide) -> None:
    service = replace(guide.services["payment"], title="{{ .Labels }} Service")
    found = alerts(rule_groups(replace(guide, services={"payment": service})))
    assert found[-1].annotations["summary"].startswith('{{ "{{" }} .Labels }} Service: ')


def test_links_are_those_that_the_guide_has(guide: Guide) -> None:
    books = {
        key: replace(book, url=f"https://docs.example.com/{key}") for key, book in guide.runbooks.items()
    }
    (without, *_), (linked, *_) = (
        [one for one in alerts(rule_groups(each)) if one.labels["service"] == "payment"]
        for each in (guide, replace(guide, runbooks=books))
    )
    assert "runbook_url" not in without.annotations
    assert linked.annotations["runbook_url"] == "https://docs.example.com/payment-operations"
    assert linked.annotations["dashboard_url"] == guide.dashboards["service-health"].url
