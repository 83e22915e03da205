"""The generated rules in a real Prometheus: what they record is what happened, and what fires says it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.domain.slo.recording import Recording
from bot.domain.slo.rules import rule_groups
from bot.guide.load import load_guide
from bot.guide.rules import rules_text
from bot.sandbox.prometheus.promql.labels import Labels
from bot.sandbox.prometheus.promql.samples import Point
from tests.support.history import END
from tests.support.history_prometheus import ToldHistory
from tests.support.prometheus import real_prometheus

HOUR, DAY = 3_600_000, 86_400_000
SPANS = {"1h": HOUR, "2h": 2 * HOUR, "6h": 6 * HOUR}
PATIENCE_SECONDS = 30.0


def expressions() -> Mapping[tuple[str, str], str]:
    """What is recorded, by name and service."""
    return {
        (rule.record, dict(rule.labels)["service"]): rule.expression
        for group in rule_groups(load_guide(None))
        for rule in group.rules
        if isinstance(rule, Recording)
    }


async def the_value(http: aiohttp.ClientSession, query: str, at: float | None = None) -> float | None:
    """The one number that is answered; None for nothing."""
    params = {"query": query} | ({} if at is None else {"time": str(at)})
    async with http.post("/api/v1/query", data=params) as answer:
        body = await answer.json()
    assert body["status"] == "success", body
    result = body["data"]["result"]
    return float(result[0]["value"][1]) if result else None


@pytest.mark.parametrize("service", ["api-gateway", "identity", "content"])
@pytest.mark.parametrize("span", SPANS)
async def test_spans_of_alerts_that_page_are_counted_exactly(
    told: ToldHistory, service: str, span: str
) -> None:
    rules, length = expressions(), SPANS[span]
    async with aiohttp.ClientSession(told.url) as http:
        total = await the_value(http, rules[f"service:slo_requests:increase{span}", service], END / 1000)
        bad = await the_value(http, rules[f"service:slo_requests_failed:increase{span}", service], END / 1000)
    assert total == pytest.approx(told.history.total(service, END, length), rel=1e-9)
    assert bad == pytest.approx(told.history.bad(service, END, length), rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("service", ["api-gateway", "content"])
async def test_what_is_summed_up_of_pieces_is_what_happened(told: ToldHistory, service: str) -> None:
    """But for what began in the last minutes, which is in fewer pieces yet: api-gateway burns just now."""
    rules = expressions()
    truths = {"slo_requests": told.history.total, "slo_requests_failed": told.history.bad}
    async with aiohttp.ClientSession(told.url) as http:
        for name, happened in truths.items():
            piece = rules[f"service:{name}:increase5m", service]
            for days in (1, 3):
                summed = await the_value(http, f"sum_over_time(({piece})[{days}d:1m]) / 5", END / 1000)
                truth = happened(service, END, days * DAY)
                assert summed == pytest.approx(truth, rel=0.03), f"{name} of {days} d"


def burning_now(now: int) -> Iterator[tuple[Labels, Iterable[Point]]]:
    """Payment until just now: 10 requests a second, of which 1 % fail since a quarter of an hour.

    What is recorded of a month says that 57 of a hundred failures that it may have are gone.
    """
    step, began, until = 15_000, now - 7 * HOUR, now - 1000
    failing = now - 15 * 60_000
    scraped = range(began, until, step)
    labels = (("__name__", "http_requests_total"), ("service", "payment"))
    good = [(at, 0.01 * (at - began)) for at in scraped]
    failed = [(at, 0.0001 * max(at - failing, 0)) for at in scraped]
    yield (*labels, ("status", "200")), good
    yield (*labels, ("status", "503")), failed
    minutes = range(now - 30 * DAY, now - 1000, 60_000)
    for name, amount in (("slo_requests", 1000.0), ("slo_requests_failed", 0.057)):
        recorded = (("__name__", f"service:{name}:increase5m"), ("service", "payment"))
        yield recorded, [(at, amount) for at in minutes]


async def the_firing_one(http: aiohttp.ClientSession) -> dict[str, Any]:
    """The alert that fires, once it knows what is left."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            async with http.get("/api/v1/alerts") as answer:
                active = (await answer.json())["data"]["alerts"]
            known = [one for one in active if not one["annotations"]["budget"].startswith("unknown")]
            firing: list[dict[str, Any]] = [one for one in known if one["state"] == "firing"]
            if firing:
                (found,) = firing
                return found
            await asyncio.sleep(0.1)


async def test_a_budget_that_burns_fires_in_a_real_prometheus_and_says_what_is_left(tmp_path: Path) -> None:
    rules, folder = tmp_path / "rules.yaml", tmp_path / "prometheus"
    folder.mkdir()
    text = rules_text(load_guide(None), "the guide")
    for slow in ("interval: 1m", "interval: 2m", "for: 1m"):  # nobody waits for minutes
        text = text.replace(slow, f"{slow.split(':')[0]}: 1s")
    rules.write_text(text)
    now = round(time.time() * 1000)  # noqa: TID251 - Prometheus has its own
    async with (
        real_prometheus(folder, burning_now(now), rules=rules) as url,
        aiohttp.ClientSession(url) as http,
    ):
        alert = await the_firing_one(http)
    assert alert["labels"] == {
        "alertname": "ErrorBudgetBurn",
        "service": "payment",
        "slo": "availability",
        "severity": "critical",
        "window": "1h",
    }
    assert float(alert["annotations"]["burn"]) == pytest.approx(25, rel=0.1)
    assert int(alert["annotations"]["budget"].removesuffix(" %")) in range(30, 44)
