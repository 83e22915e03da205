"""What Prometheus is asked, word for word."""

from datetime import timedelta

import pytest

from bot.domain.guide import Metrics
from bot.domain.slo import promql
from bot.domain.slo.objective import Source
from bot.domain.slo.promql import Past

DAY = Past(length=timedelta(days=1))
METRICS = Metrics(
    requests="http_requests_total",
    duration="http_request_duration_seconds",
    selector=(("service", "payment"),),
    bad='status=~"5.."',
    up="probe_success",
    up_selector=(("job", "probe"),),
)


def test_requests_are_counted_by_series_and_then_summed() -> None:
    assert promql.total(METRICS, Source.REQUESTS, DAY) == (
        'sum(increase(http_requests_total{service="payment"}[1d]))'
    )
    assert promql.bad(METRICS, Source.REQUESTS, DAY) == (
        'sum(increase(http_requests_total{service="payment",status=~"5.."}[1d]))'
    )


def test_the_day_before_is_asked_for_by_an_offset() -> None:
    before = Past(length=timedelta(days=1), before=timedelta(hours=36))
    assert "[1d] offset 36h" in promql.total(METRICS, Source.REQUESTS, before)
    assert promql.covered(METRICS, Source.REQUESTS, before) == (
        'count_over_time((sum(http_requests_total{service="payment"}))[1d:1h] offset 36h)'
    )


def test_a_probe_is_counted_by_its_looks() -> None:
    assert promql.bad(METRICS, Source.PROBE, DAY) == (
        'sum(count_over_time(probe_success{job="probe"}[1d])) - '
        'sum(sum_over_time(probe_success{job="probe"}[1d]))'
    )


def test_a_label_s_value_cannot_end_the_selector() -> None:
    assert promql.series("m", (("a", 'x"} or up{b="\\\n'),)) == 'm{a="x\\"} or up{b=\\"\\\\\\n"}'


@pytest.mark.parametrize(
    ("seconds", "pattern"), [(0.15, r"0\.150*"), (1, r"1(\.0*)?"), (2.5, r"2\.50*"), (10, r"10(\.0*)?")]
)
def test_a_bound_is_found_however_it_is_written(seconds: float, pattern: str) -> None:
    assert promql.bound_pattern(timedelta(seconds=seconds)) == pattern


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (timedelta(days=30), "30d"),
        (timedelta(hours=36), "36h"),
        (timedelta(minutes=90), "90m"),
        (timedelta(seconds=75), "75s"),
    ],
)
def test_durations_are_written_as_prometheus_reads_them(length: timedelta, text: str) -> None:
    assert promql.written(length) == text
