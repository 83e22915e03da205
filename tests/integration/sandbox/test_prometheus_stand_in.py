from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from prometheus_api_client import PrometheusConnect
from prometheus_api_client.exceptions import PrometheusApiClientException

from bot.domain.evidence import EvidenceSpec, Source
from bot.guide.load import load_guide
from tests.support.prometheus import ServedPrometheus, served_prometheus

MONDAY_NOON = 1_773_676_800_000
MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS


@dataclass(slots=True)
class Hands:
    """A clock that a test moves."""

    now: int = MONDAY_NOON

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Hands:
    return Hands()


@pytest.fixture
async def prometheus(clock: Hands) -> AsyncIterator[ServedPrometheus]:
    async with served_prometheus(clock=clock) as served:
        yield served


@pytest.fixture
async def http(prometheus: ServedPrometheus) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(prometheus.url) as session:
        yield session


async def get(http: aiohttp.ClientSession, path: str, **params: Any) -> tuple[int, dict[str, Any]]:
    async with http.get(f"/api/v1/{path}", params=params) as answer:
        return answer.status, await answer.json()


async def result(http: aiohttp.ClientSession, query: str, **params: Any) -> list[Any]:
    status, body = await get(http, "query", query=query, **params)
    assert status == 200, body
    found: list[Any] = body["data"]["result"]
    return found


async def by_service(http: aiohttp.ClientSession, query: str) -> dict[str, float]:
    return {each["metric"]["service"]: float(each["value"][1]) for each in await result(http, query)}


async def control(http: aiohttp.ClientSession, route: str, /, **body: Any) -> tuple[int, Any]:
    async with http.post(f"/control/{route}", json=body) as answer:
        return answer.status, await answer.json()


async def state(http: aiohttp.ClientSession) -> dict[str, Any]:
    async with http.get("/control/state") as answer:
        shown: dict[str, Any] = await answer.json()
        return shown


MILLISECOND = timedelta(milliseconds=1)


def evidence_queries() -> list[EvidenceSpec]:
    """What the shipped guide's checklists ask Prometheus."""
    items = [item for checklist in load_guide(None).checklists.values() for item in checklist.items]
    return [spec for item in items for spec in item.evidence if spec.source is Source.QUERY]


ERRORS_5M = (
    'sum by (service) (increase(http_requests_total{status=~"5.."}[5m]))'
    " / sum by (service) (increase(http_requests_total[5m]))"
)


# Queries


async def test_a_query_is_answered_at_the_present_in_prometheus_form(http: aiohttp.ClientSession) -> None:
    assert await get(http, "query", query='up{job="payment"}') == (
        200,
        {
            "status": "success",
            "data": {
                "resultType": "vector",
                "result": [
                    {
                        "metric": {"__name__": "up", "job": "payment", "instance": "payment:8080"},
                        "value": [MONDAY_NOON // 1000, "1"],
                    }
                ],
            },
            "warnings": ["generated data"],
        },
    )


async def test_a_query_may_come_as_a_form(http: aiohttp.ClientSession) -> None:
    async with http.post("/api/v1/query", data={"query": "1 + 1", "time": "12.5"}) as answer:
        assert (await answer.json())["data"] == {"resultType": "scalar", "result": [12.5, "2"]}


async def test_sixty_days_of_history_are_there_and_no_more(http: aiohttp.ClientSession) -> None:
    query = 'count_over_time(up{job="payment"}[90d])'
    [series] = await result(http, query)
    assert int(series["value"][1]) == 60 * DAY_MS // 15_000


async def test_nothing_is_there_of_the_future(http: aiohttp.ClientSession, clock: Hands) -> None:
    assert await result(http, "up", time=(clock.now + HOUR_MS) / 1000) == []


async def test_an_unknown_metric_has_no_series(http: aiohttp.ClientSession) -> None:
    assert await result(http, "no_such_metric") == []


async def test_a_range_query_gives_each_step(http: aiohttp.ClientSession, clock: Hands) -> None:
    status, body = await get(
        http,
        "query_range",
        query="sum(rate(http_requests_total[5m]))",
        start=(clock.now - 30 * DAY_MS) / 1000,
        end=clock.now / 1000,
        step="1h",
    )
    [series] = body["data"]["result"]
    rates = [float(value) for _, value in series["values"]]
    assert (status, len(rates)) == (200, 721)
    assert max(rates) > 2 * min(rates), "there is no day and night"


async def test_more_points_than_eleven_thousand_are_refused(http: aiohttp.ClientSession) -> None:
    status, body = await get(http, "query_range", query="1", start=0, end=11_001, step=1)
    assert (status, body["errorType"]) == (400, "bad_data")
    assert body["error"].startswith("exceeded maximum resolution of 11,000 points per timeseries")


async def test_what_the_stand_in_does_not_know_is_refused_by_name(http: aiohttp.ClientSession) -> None:
    assert await get(http, "query", query="topk(1, up)") == (
        400,
        {
            "status": "error",
            "errorType": "bad_data",
            "error": 'invalid parameter "query": 1: generated data: this stand-in does not know the'
            ' aggregation "topk"',
            "warnings": ["generated data"],
        },
    )


async def test_series_that_cannot_be_matched_fail_the_query(http: aiohttp.ClientSession) -> None:
    status, body = await get(http, "query", query="http_requests_total * on (service) http_requests_total")
    assert (status, body["errorType"]) == (422, "execution")
    assert "many-to-many matching not allowed" in body["error"]


async def test_a_query_that_may_take_no_time_times_out(http: aiohttp.ClientSession) -> None:
    status, body = await get(http, "query", query="sum(up)", timeout="0")
    assert (status, body["errorType"]) == (503, "timeout")


async def test_every_evidence_query_of_the_guide_is_answered_now_and_for_comparison(
    http: aiohttp.ClientSession, clock: Hands
) -> None:
    specs = evidence_queries()
    assert len(specs) > 15
    for spec in specs:
        assert await result(http, spec.of), spec
        if spec.compare is not None:
            before = (clock.now - spec.compare / MILLISECOND) / 1000
            assert await result(http, spec.of, time=before), spec


async def test_every_chart_of_the_guides_evidence_has_its_line(
    http: aiohttp.ClientSession, clock: Hands
) -> None:
    charted = [spec for spec in evidence_queries() if spec.chart is not None]
    assert charted
    for spec in charted:
        assert spec.chart is not None
        span = spec.chart / MILLISECOND
        bounds = {"start": (clock.now - span) / 1000, "end": clock.now / 1000, "step": span / 1000 / 100}
        status, body = await get(http, "query_range", query=spec.of, **bounds)
        assert status == 200, spec
        assert {len(series["values"]) for series in body["data"]["result"]} == {101}, spec


async def test_one_thing_is_to_be_found_and_the_rest_is_fine(http: aiohttp.ClientSession) -> None:
    odd = []
    for spec in evidence_queries():
        if spec.fine is not None:
            found = await result(http, spec.of)
            wrong = [each["metric"] for each in found if not spec.fine.holds(float(each["value"][1]))]
            odd += [(spec.title, metric) for metric in wrong]
    assert odd == [("Memory in use by node", {"instance": "worker-3:9100"})]


async def test_what_the_services_run_on_can_be_looked_at(http: aiohttp.ClientSession, clock: Hands) -> None:
    busy = await result(http, '1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[15m]))')
    assert {each["metric"]["instance"]: round(float(each["value"][1]), 1) for each in busy} == {
        "worker-1:9100": 0.5,
        "worker-2:9100": 0.5,
        "worker-3:9100": 0.6,
        "database-1:9100": 0.4,
    }
    [backup] = await result(http, "time() - kube_cronjob_status_last_successful_time")
    assert float(backup["value"][1]) == 13 * 3600 + 52 * 60 + 30
    await control(http, "service", name="payment", error_ratio=1)
    clock.now += MINUTE_MS
    [failed] = await result(http, 'kube_pod_status_phase{phase="Failed"} > 0')
    assert failed["metric"]["pod"] == "payment-0"


# Labels, health, build


async def test_series_and_labels_can_be_listed(http: aiohttp.ClientSession) -> None:
    _, values = await get(http, "label/service/values")
    assert values["data"] == ["api-gateway", "content", "identity", "payment"]
    _, labels = await get(http, "labels", **{"match[]": "http_request_duration_seconds_bucket"})
    assert labels["data"] == ["__name__", "instance", "job", "le", "service"]
    _, series = await get(http, "series", **{"match[]": "probe_success"})
    assert series["data"] == [
        {"__name__": "probe_success", "instance": "https://suuupra.com", "job": "probe"}
    ]


@pytest.mark.parametrize("path", ["/", "/-/healthy", "/-/ready"])
async def test_it_is_well_and_says_that_it_generates(http: aiohttp.ClientSession, path: str) -> None:
    async with http.get(path) as answer:
        assert (answer.status, answer.headers["X-Generated-Data"]) == (200, "true")


async def test_its_build_and_retention_are_told(http: aiohttp.ClientSession) -> None:
    _, build = await get(http, "status/buildinfo")
    _, runtime = await get(http, "status/runtimeinfo")
    assert (build["data"]["version"], runtime["data"]["storageRetention"]) == ("2.42.0", "60d")


# Control


async def test_an_outage_shows_in_the_queries_and_ends_in_time(
    http: aiohttp.ClientSession, clock: Hands
) -> None:
    await control(http, "service", name="payment", error_ratio=0.4, for_minutes=10)
    clock.now += 6 * MINUTE_MS
    assert (await by_service(http, ERRORS_5M))["payment"] == pytest.approx(0.4, rel=0.01)
    clock.now += 10 * MINUTE_MS
    assert (await by_service(http, ERRORS_5M))["payment"] < 0.01


async def test_slowness_shows_in_the_quantile(http: aiohttp.ClientSession, clock: Hands) -> None:
    p95 = (
        "histogram_quantile(0.95, sum by (service, le) (increase(http_request_duration_seconds_bucket[5m])))"
    )
    usual = (await by_service(http, p95))["identity"]
    await control(http, "service", name="identity", latency=4)
    clock.now += 6 * MINUTE_MS
    assert (await by_service(http, p95))["identity"] > 3 * usual


async def test_a_service_that_fails_everything_is_down(http: aiohttp.ClientSession, clock: Hands) -> None:
    await control(http, "service", name="api-gateway", error_ratio=1)
    clock.now += MINUTE_MS
    [down] = await result(http, "up == 0")
    [probe] = await result(http, "probe_success")
    assert (down["metric"]["job"], probe["value"][1]) == ("api-gateway", "0")


async def test_the_state_shows_each_service_as_it_is_now(http: aiohttp.ClientSession) -> None:
    await control(http, "service", name="payment", error_ratio=0.02, for_minutes=5)
    shown = await state(http)
    services = {each["name"]: each for each in shown["services"]}
    assert (shown["now"], list(services)) == (MONDAY_NOON, ["api-gateway", "identity", "payment", "content"])
    assert [each["healthy"] for each in services.values()] == [True, True, False, True]
    assert services["payment"] == {
        "name": "payment",
        "requests_per_second": pytest.approx(19, abs=4),
        "error_ratio": 0.02,
        "latency": 1.0,
        "p95_ms": pytest.approx(435, abs=20),
        "healthy": False,
        "changes_at": MONDAY_NOON + 5 * MINUTE_MS,
    }


async def test_a_reset_makes_everything_as_usual(http: aiohttp.ClientSession) -> None:
    await control(http, "service", name="payment", error_ratio=0.02)
    await control(http, "faults", kind="down", call="metadata")
    _, shown = await control(http, "reset")
    assert all(each["healthy"] for each in shown["services"])
    assert shown["faults"] == []


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"name": "paymnt"}, "there is no service 'paymnt': 'payment'?"),
        ({"error_ratio": 0.1}, "missing field: name"),
        ({"name": "payment", "error_ratio": 1.5}, "1.5 is no number from 0 to 1"),
        ({"name": "payment", "latency": 0}, "0 is no number from 0.01 to 100"),
        ({"name": "payment", "for_minutes": "ten"}, "'ten' is no number from 0 to 86400"),
    ],
)
async def test_a_change_that_makes_no_sense_is_refused(
    http: aiohttp.ClientSession, body: dict[str, Any], error: str
) -> None:
    assert await control(http, "service", **body) == (400, {"error": error})


async def test_a_change_is_told_to_those_who_watch(http: aiohttp.ClientSession) -> None:
    async with http.get("/control/feed", params={"after": "0"}) as feed:
        await control(http, "service", name="content", error_ratio=0.5)
        lines = [await feed.content.readline() for _ in range(5)]
    assert lines[3] == b"event: service\n"
    assert json.loads(lines[4].removeprefix(b"data: "))["name"] == "content"


# Faults


async def test_a_fault_befalls_the_calls_it_is_for(http: aiohttp.ClientSession) -> None:
    await control(http, "faults", kind="status", call="query_range", status=502)
    async with http.get("/api/v1/query_range") as answer:
        assert answer.status == 502
    assert await result(http, "sum(up)")


async def test_an_error_is_in_prometheus_words(http: aiohttp.ClientSession) -> None:
    await control(http, "faults", kind="error", call="query", error="timeout", count=1)
    status, body = await get(http, "query", query="up")
    assert (status, body["status"], body["errorType"]) == (503, "error", "timeout")


async def test_a_proxy_in_front_may_say_too_many(http: aiohttp.ClientSession) -> None:
    await control(http, "faults", kind="ratelimited", retry_after=7)
    async with http.get("/api/v1/query", params={"query": "up"}) as answer:
        assert (answer.status, answer.headers["Retry-After"]) == (429, "7")


# A client's library, and a process of its own


async def test_prometheus_api_client_drives_it(prometheus: ServedPrometheus, clock: Hands) -> None:
    present = datetime.fromtimestamp(clock.now / 1000, UTC)

    def drive() -> tuple[bool, set[str], str, int]:
        with PrometheusConnect(prometheus.url, timeout=10) as client:
            return (
                client.check_prometheus_connection(),
                set(client.all_metrics()),
                client.custom_query("count(up)", params={"time": clock.now / 1000})[0]["value"][1],
                len(client.custom_query_range("up", present.replace(hour=12), present, "60")[0]["values"]),
            )

    connected, metrics, targets, points = await asyncio.to_thread(drive)

    assert (connected, targets, points) == (True, "8", 241)
    assert {"up", "http_requests_total", "http_request_duration_seconds_bucket"} <= metrics


async def test_prometheus_api_client_sees_what_is_refused(prometheus: ServedPrometheus) -> None:
    def drive() -> None:
        with PrometheusConnect(prometheus.url, timeout=10) as client:
            client.custom_query("topk(1, up)")

    with pytest.raises(PrometheusApiClientException, match="this stand-in does not know"):
        await asyncio.to_thread(drive)


async def test_it_runs_as_a_process_of_its_own_with_the_sandboxs_clock(tmp_path: Path) -> None:
    offset = tmp_path / "offset"
    offset.write_text(str(-400 * DAY_MS))
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.sandbox.prometheus", "--clock", offset, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        lines = [(await process.stdout.readline()).decode().strip() for _ in range(2)]
        url = lines[1].removeprefix("PROMETHEUS_URL=")
        async with aiohttp.ClientSession(url) as http:
            before = (await state(http))["now"]
            offset.write_text(str(-300 * DAY_MS))
            assert (await state(http))["now"] - before >= 100 * DAY_MS
            assert await result(http, "sum(increase(http_requests_total[30d]))")
    finally:
        process.terminate()
        await process.communicate()
    assert process.returncode == 0


def test_the_stand_in_imports_nothing_of_the_bot_and_no_client_of_prometheus() -> None:
    script = (
        "import sys, bot.sandbox.prometheus.__main__\n"
        "print([name for name in sys.modules if name.startswith(('prometheus_', 'requests'))"
        " or name.startswith('bot.') and '.sandbox' not in name])"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True)
    assert done.stdout.strip() == b"[]"
