"""The stand-in against the real Prometheus: the same samples, the same questions, the same answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest

from bot.sandbox.prometheus import PrometheusStandIn
from bot.sandbox.prometheus.services import SERVICES, Condition
from tests.support.prometheus import real_prometheus, series_of, served_prometheus
from tests.support.prometheus_answers import ask, difference, without_version_3

HOUR_MS = 3_600_000
LAST_HOUR = 498_762 * HOUR_MS
NOW = LAST_HOUR + 2_437_500
FAILS_AT = LAST_HOUR - 8 * HOUR_MS + 40_000
"""Shortly before a scrape of the content service: how far a new counter is extrapolated back to zero is
what versions of Prometheus differ in, where that is between a half and a whole interval."""
KEPT_MS = 36 * HOUR_MS
INTERVAL_MS = 60_000
INSTANTS = (
    NOW / 1000,
    (LAST_HOUR - 10 * HOUR_MS) / 1000,  # on a scrape, and at a full hour
    (NOW - 35 * HOUR_MS) / 1000 + 0.123,  # ranges reach back beyond the first sample
    (NOW + 200_000) / 1000,  # the newest sample is old, but not too old
    (NOW + 7_200_000) / 1000,  # nothing is there any more
)
S = 'service="payment"'
M, H = "http_requests_total", "http_request_duration_seconds"
TOTAL = f"sum by (service)(increase({M}[1d]))"
BAD = f'sum by (service)(increase({M}{{status=~"5.."}}[1d]))'
FACTS = (
    f"sum by (service)(increase({M}{{{S}}}[1d] offset 2h))",
    f'sum by (service)(increase({M}{{{S},status=~"5.."}}[1d]))',
    f'1 - (sum(increase({M}{{{S},status=~"5.."}}[1d])) or vector(0)) / (sum(increase({M}{{{S}}}[1d])) > 0)',
    f"({BAD} or 0*{TOTAL}) / ({TOTAL} > 0)",
    f"histogram_quantile(0.95, sum by (le)(increase({H}_bucket{{{S}}}[1d])))",
    f"histogram_quantile(0.95, sum by (service, le)(rate({H}_bucket[5m])))",
    f'1 - sum(increase({H}_bucket{{{S},le="0.5"}}[6h])) / (sum(increase({H}_count{{{S}}}[6h])) > 0)',
    f'sum(increase({H}_bucket{{le=~"1(\\\\.0)?"}}[6h]))',
    f"count_over_time((sum({M}{{{S}}}))[1d:1h]) / 25",
    f"sum by (service) (rate({M}[5m]))",
    "count(up == 0) or vector(0)",
    'count(ALERTS{alertstate="firing"}) or vector(0)',
    f"sum by (service) (increase({M}[7d])) / sum by (service) (increase({M}[7d] offset 7d))",
    " or ".join(
        f'label_replace(label_replace({query}, "window", "{window}", "", ""), "of", "{of}", "", "")'
        for window in ("5m", "30m", "1h", "6h", "3d")
        for of, query in (
            ("total", f"sum(increase({M}{{{S}}}[{window}]))"),
            ("bad", f'sum(increase({M}{{{S},status=~"5.."}}[{window}]))'),
        )
    ),
    f'label_replace(sum by (le)(increase({H}_bucket{{{S},le=~"0.5|1"}}[1h])), "window", "1h", "", "")',
    f'sum(increase({H}_bucket{{{S},le=~"0\\\\.5|0\\\\.5(\\\\.0)?"}}[1h]))',
    f"count by (le)(increase({H}_bucket{{{S}}}[1d]))",
    f'count(count_over_time({M}{{status!=""}}[1d]))',
    f"sum(count_over_time({M}{{{S},status!=''}}[1d])) / sum(count_over_time({M}{{{S}}}[1d]))",
    f"count_over_time((sum({M}{{{S}}} offset 12h))[1d:1h])",
    f"count_over_time((sum({M}{{{S}}}))[1d:1h] offset 12h)",
    "sum(sum_over_time(probe_success{job='probe'}[1d])) / sum(count_over_time(probe_success[1d]))",
    f"histogram_fraction(0, 0.15, sum(rate({H}{{{S}}}[1d])))",
    f"histogram_count(sum(increase({H}{{{S}}}[1d])))",
    f"histogram_sum(sum(increase({H}{{{S}}}[1d])))",
    f"histogram_quantile(0.95, sum(rate({H}{{{S}}}[1d])))",
    f"histogram_fraction(0, 0.15, sum(rate({H}{{{S}}}[1d]))) * histogram_count(sum(rate({H}[1d])))",
    *(f"sum(rate({M}[{window}])) by (service)" for window in ("5m", "30m", "1h", "2h", "6h", "1d", "3d")),
)
SHAPES = (
    f"{M}",
    f"{M}{{status!~'2..|404', service!=\"identity\"}}",
    f'{{__name__=~"{H}_(sum|count)", {S}}}',
    f"{M}{{}} offset -5m",
    f"{M}{{{S}}} offset 90m",
    f"{M}[5m]",
    "up[10m] offset 3h",
    f"{M}{{{S}}}[10m:90s]",
    f"{M}{{{S}}}[10m:] offset 1h",
    f"rate({M}[61s])",
    f"rate({M}[30s])",
    f"increase({H}_sum[3d])",
    "increase(up[1d])",
    *(f"{each}_over_time(up[1d])" for each in ("count", "sum", "avg", "max", "min")),
    *(f"{each}_over_time({M}{{{S}}}[1h])" for each in ("count", "sum", "avg", "max", "min")),
    f"max_over_time(sum by (service)(rate({M}[5m]))[6h:10m])",
    f"avg_over_time((rate({M}{{{S}}}[5m]) > 0.5)[6h:7m] offset 1h)",
    f"rate(sum({M})[1h:])",
    f"increase((sum without (le) ({H}_bucket))[3h:11m])",
    "max_over_time(vector(time())[5m:1m])",
    "avg_over_time(probe_success[12h])",
    "predict_linear(node_filesystem_avail_bytes[1d:1h], 14 * 86400)",
    "predict_linear(node_memory_MemAvailable_bytes[6h], 3600)",
    "predict_linear(node_memory_MemAvailable_bytes[6h] offset 2h, -60)",
    "predict_linear(node_memory_MemTotal_bytes[6h], 3600)",
    "predict_linear(up[61s], time())",
    'rate(node_cpu_seconds_total{cpu="0"}[15m])',
    "avg by (job) (node_memory_MemAvailable_bytes) / on (job) sum by (job) (node_memory_MemTotal_bytes)",
    *(f"{each} by (service, status) ({M})" for each in ("sum", "avg", "max", "min", "count")),
    f"sum without (instance, job) ({M})",
    f"SUM({M}) BY (status)",
    f"count({M})",
    "sum(nothing_of_the_kind)",
    f"sum by (nothing_of_the_kind) ({M})",
    f"{M} / on (service, status) {M}",
    f"{M} - ignoring (job) {M}",
    f"{M} == {M}",
    f"{M} >= bool {M} offset 5m",
    f"{M} > 100000",
    f"100000 < {M}",
    f"{M} > bool 100000",
    f"-{M}",
    f"{M} % 1000 ^ 0.5",
    f"{M} and on (service) up",
    f'{M} unless {M}{{status=~"5.."}}',
    f'{M}{{status="200"}} or {M}{{status="404"}} and {M}',
    f"up or on (job) {M}",
    f"sum({M}) / sum(up == 7)",
    f"vector(1) / vector(0) or {M}",
    f"histogram_quantile(0.5, {H}_bucket)",
    f"histogram_quantile(1.2, sum by (le) ({H}_bucket))",
    f"histogram_quantile(0.999999999, sum by (le) ({H}_bucket))",
    f"histogram_quantile(0.0001, sum by (le) (rate({H}_bucket[1h])))",
    f'histogram_quantile(0.9, {H}_bucket{{le!="+Inf"}})',
    f"histogram_quantile(0.9, {M})",
    f"rate({{__name__=~'{H}_(sum|count)'}}[5m])",
    f"{M} + {H}_count",
    f"up + on (job) {M}",
    f"{M} + on (job) up",
    f"histogram_count({M})",
    f"histogram_sum({M})",
    f"histogram_fraction(0, 1, {H}_bucket)",
    f"histogram_fraction(0, 1, {M} + on (job) up)",
    f'label_replace({M}, "kind", "$1-${{1}}x$$ $$1 $2x ${{more}} $1_ $ ${{", "status", "(?P<more>.).(.)")',
    f'label_replace({M}, "kind", "$1", "status", "2(.)")',
    f'label_replace({M}, "status", "none", "nothing_of_the_kind", "")',
    f'label_replace({M}, "service", "$1", "nothing_of_the_kind", "(.*)")',
    f'label_replace({M}, "__name__", "renamed", "job", ".*")',
    f'label_replace({M}, "status", "", "status", ".*")',
    f'label_replace({M}, "no label", "a", "status", ".*")',
    f'label_replace({M}, "", "a", "status", ".*")',
    f'label_replace({M}, "a", "a", "status", "(")',
    'label_replace(nothing_of_the_kind, "a", "a", "status", "(")',
    f'label_replace({M}, "a", `b`, ("status"), \'200|404\')',
    "label_replace(vector(1), 'a', 'b', '', '') or label_replace(vector(2), 'a', 'c', '', '')",
    f"sum({M}) by (service) * on (service) sum by (service) (increase({H}_sum[1h]))  # a comment",
)
SCALARS = (
    "1",
    "-1 ^ 2",
    "2 ^ 3 ^ 2",
    "2 * 3 + 4 % 3 - 10 / 4",
    "1 - -1",
    "0x1F + 017 + .5 + 1e3 + 08",
    "Inf - inf",
    "-Inf",
    "nAn",
    "1 / 0",
    "-1 / 0",
    "0 / 0",
    "5 % 0",
    "-5 % 3",
    "(-8) ^ 0.5",
    "1 > bool 2",
    "1 == bool 1.0 != bool 0",
    "1e-7",
    "1.25e-9",
    "123456789012345678901234",
    "0.000001",
    "1e20 / 3",
    "0.1 + 0.2",
    "vector(-0)",
    "time()",
    "vector(time() / 86400)",
)
REFUSED = (
    "",
    "   ",
    "{}",
    '{a=""}',
    '{a=~".*"}',
    "a{b='c'",
    "a{b=c}",
    "a{b}",
    "a{,}",
    'a{__name__="b"}',
    "a[5m",
    "a[0s]",
    "a[5m30h]",
    "a[5mm]",
    "(a)[5m]",
    "a offset 5m [5m]",
    "a offset 5m offset 6m",
    "(a) offset 5m",
    "a[5m] offset",
    "sum(a[5m])",
    "rate(a)",
    "rate(a[5m], 1)",
    "rate()",
    "rate(a[5m],)",
    "vector(a)",
    "increase(sum(a))",
    "1 > 2",
    "1 and a",
    "a + bool b",
    "a[5m] + 1",
    "-a[5m]",
    "1 + on (a) b",
    "a +",
    "* a",
    "a b",
    "a by (b)",
    "sum a",
    "sum by a (b)",
    "sum(a) by (b",
    "(a",
    "a)",
    'a{b="\\d"}',
    "a{b=~'('}",
    "'open",
    "a ? b",
    "1.2.3",
    "label_replace(a, 'b', 'c', 'd')",
    "label_replace(a, b, 'c', 'd', 'e')",
    "label_replace('a', 'b', 'c', 'd', 'e')",
    "label_replace(a[5m], 'b', 'c', 'd', 'e')",
    "label_replace(1, 'b', 'c', 'd', 'e')",
    "predict_linear(a[5m])",
    "predict_linear(a[5m], b)",
    "predict_linear(a, 1)",
    "histogram_fraction(0, a)",
    "histogram_count(1)",
    "-'a'",
    "'a' + 1",
    "a + 'b'",
    "sum('a')",
    "'a'[5m:]",
    "'a' offset 5m",
    "vector('a')",
    "1[5m:1m]",
    "a[5m][5m:1m]",
    "a{b='c' d='e'}",
)
RANGES = (
    (f"sum by (service) (rate({M}[5m]))", 12 * HOUR_MS, "10m"),
    (f"histogram_quantile(0.95, sum by (le) (rate({H}_bucket{{{S}}}[1h])))", 35 * HOUR_MS, "3600"),
    ("up", 24 * HOUR_MS, "1007.5"),
    (f'sum({M}{{status=~"5..",service="content"}})', 35 * HOUR_MS, "1h"),
    ("vector(1) > bool time() % 7", HOUR_MS, "1m"),
    ("time()", HOUR_MS, "90s"),
    (f"count_over_time((sum({M}))[3h:1h])", 35 * HOUR_MS, "30m"),
    (f"{M}[5m]", HOUR_MS, "1m"),
    ("1", 30 * 24 * HOUR_MS, "60"),
    ("1", -HOUR_MS, "60"),
    ("1", HOUR_MS, "0"),
    ("1", HOUR_MS, "soon"),
)
TIMES = (
    "1795543432",
    "1795543432.1235",
    "1.795543432e9",
    "2026-11-24T18:03:52Z",
    "2026-11-24T18:03:52.5678Z",
    "2026-11-24T13:03:52-05:00",
    "2026-11-24 18:03:52",
    "yesterday",
)


@dataclass(slots=True)
class Hands:
    """A clock that a test sets."""

    now: int

    def __call__(self) -> int:
        return self.now


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[tuple[aiohttp.ClientSession, aiohttp.ClientSession]]:
    """The stand-in and the real Prometheus, over what the stand-in has seen of two bad nights."""
    clock = Hands(NOW - 20 * HOUR_MS)
    *others, content = SERVICES
    faultless = replace(content, usual=Condition(error_ratio=0))
    options = {"clock": clock, "interval": INTERVAL_MS, "retention": KEPT_MS}
    async with served_prometheus(services=[*others, faultless], **options) as served:
        _have_bad_nights(served.stand_in, clock)
        async with (
            real_prometheus(tmp_path, series_of(served.stand_in)) as url,
            aiohttp.ClientSession(served.url) as ours,
            aiohttp.ClientSession(url) as real,
        ):
            await without_version_3(real)
            yield ours, real


def _have_bad_nights(stand_in: PrometheusStandIn, clock: Hands) -> None:
    stand_in.set_service("payment", error_ratio=1, for_minutes=45)
    stand_in.set_service("api-gateway", latency=3)
    clock.now = FAILS_AT
    stand_in.set_service("content", error_ratio=0.01)
    stand_in.set_service("api-gateway", error_ratio=0.6, latency=1, for_minutes=20)
    clock.now = NOW


async def test_the_stand_in_answers_every_query_as_the_real_prometheus_does(
    both: tuple[aiohttp.ClientSession, aiohttp.ClientSession],
) -> None:
    asked = [("query", {"query": query, "time": at}) for query in (*FACTS, *SHAPES) for at in INSTANTS]
    asked += [("query", {"query": query, "time": INSTANTS[0]}) for query in (*SCALARS, *REFUSED)]
    asked += [
        ("query_range", {"query": query, "start": (NOW - length) / 1000, "end": NOW / 1000, "step": step})
        for query, length, step in RANGES
    ]
    asked += [("query", {"query": "time()", "time": time}) for time in TIMES]

    differences = [
        found
        for path, params in asked
        if (found := difference(*[await ask(each, path, params) for each in both]))
    ]

    assert not differences, "\n".join(differences)
