"""What a chart costs: the first one, for which a process starts, and those that it draws after it."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import psutil

from bot.adapters.charts.child import ChildCharts
from bot.adapters.charts.worker import Worker
from bot.domain.incidents_chart import incidents_chart
from bot.domain.severity import Severity
from bot.domain.slo.chart import ChartMark, MarkKind
from bot.domain.slo.charting import Step, budget_chart
from bot.domain.statistics import Counted, Span, statistics
from bot.ports.charts import Chart
from tests.bench.machine import load
from tests.bench.report import p50, p99, show
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

WARM = 5
"""How many are drawn after the first one, in each round."""

STEPS = 720
_HOUR = timedelta(hours=1)
_PATIENCE_SECONDS = 60.0
_MIB = 2**20


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Milliseconds of waiting and of the child's processor time, and its resident MiB, of each chart."""

    waited: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    memory: list[float] = field(default_factory=list)


def run(folder: Path, *, quick: bool) -> None:
    """Take and print the table."""
    del folder
    rounds = 2 if quick else 12
    taken = asyncio.run(_measured(rounds))
    show(
        "A chart",
        f"{rounds} rounds: a new child for each kind of chart draws one, and {WARM} more; kinds take turns. "
        f"Wall time as the bot waits for it, processor time of the child (its start included), p50 / p99 in "
        f"ms; {load()} at the end.",
        ["chart", "", "waited ms", "CPU ms", "CPU: warm / cold", "child MiB"],
        [row for name, (cold, warm) in taken.items() for row in _rows(name, cold, warm)],
    )


def _rows(name: str, cold: Cost, warm: Cost) -> list[list[str]]:
    ratio = f"{p50(warm.cpu) / p50(cold.cpu):.2f}"
    return [[name, "first", *_cells(cold, "1")], ["", "further", *_cells(warm, ratio)]]


def _cells(cost: Cost, ratio: str) -> list[str]:
    waited, cpu = (f"{p50(taken):.0f} / {p99(taken):.0f}" for taken in (cost.waited, cost.cpu))
    return [waited, cpu, ratio, f"{max(cost.memory):.0f}"]


async def _measured(rounds: int) -> Mapping[str, tuple[Cost, Cost]]:
    """By chart: the first ones, and those after them."""
    shown = {f"budget, {STEPS} steps": _a_budget(), "incidents, 30 days": _incidents()}
    taken = {name: (Cost(), Cost()) for name in shown}
    for turn in range(rounds + 1):
        for name, chart in shown.items():
            charts = ChildCharts(seconds=_PATIENCE_SECONDS)
            try:
                for number in range(WARM + 1):
                    await _draw(charts, chart, taken[name][number > 0], counts=turn > 0)
            finally:
                await charts.aclose()
    return taken


async def _draw(charts: ChildCharts, chart: Chart, cost: Cost, *, counts: bool) -> None:
    """Draw one; the first round has cold files, and does not count."""
    used = _used(charts)
    began = time.perf_counter()
    await charts.draw(chart)
    waited = time.perf_counter() - began
    child = psutil.Process(_pid(charts))
    if counts:
        cost.waited.append(waited * 1000)
        cost.cpu.append((_used(charts) - used) * 1000)
        cost.memory.append(child.memory_info().rss / _MIB)


def _used(charts: ChildCharts) -> float:
    """Processor seconds of the child so far."""
    if charts._worker is None:
        return 0
    times = psutil.Process(_pid(charts)).cpu_times()
    return float(times.user + times.system)


def _pid(charts: ChildCharts) -> int:
    worker = charts._worker
    assert isinstance(worker, Worker)
    return worker._process.pid


def _a_budget() -> Chart:
    """Thirty days by the hour, with two incidents and five changes."""
    began = MONDAY_NOON - _HOUR * STEPS
    steps = [
        Step(
            at=began + _HOUR * (n + 1),
            total=1000,
            bad=300.0 if n in (200, 500) else max(0.0, math.sin(n) - 0.4),
        )
        for n in range(STEPS)
    ]
    incidents = [
        ChartMark(
            at=began + _HOUR * n, kind=MarkKind.INCIDENT, label=f"#{n} P0", until=began + _HOUR * (n + 2)
        )
        for n in (200, 500)
    ]
    changes = [ChartMark(at=began + _HOUR * n, kind=MarkKind.CHANGE, label="C1") for n in range(90, 700, 120)]
    return budget_chart(
        "Payment, availability 99.9 %, last 30 d", 0.999, steps, incidents + changes, NEW_YORK
    )


def _incidents() -> Chart:
    counted = [
        Counted(
            severity=list(Severity)[age % 4],
            service="payment",
            security=False,
            declared_at=MONDAY_NOON - timedelta(days=age),
            acknowledged_at=MONDAY_NOON - timedelta(days=age) + timedelta(minutes=4),
        )
        for age in range(30)
    ]
    span = Span(since=MONDAY_NOON - timedelta(days=30), until=MONDAY_NOON)
    return incidents_chart(statistics(counted, span, NEW_YORK), "Incidents of the last 30 d")
