"""The chart of an error budget, as it is drawn: whatever there is to draw."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.charts.asking import asked
from bot.adapters.charts.child import SIGNATURE, ChildCharts
from bot.adapters.charts.worker import DRAWING
from bot.domain.slo.chart import BudgetChart, ChartMark, MarkKind
from bot.domain.slo.charting import Step, budget_chart
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

HOUR = timedelta(hours=1)
PATIENCE_SECONDS = 60.0


@pytest.fixture
async def charts() -> AsyncIterator[ChildCharts]:
    drawn_by = ChildCharts(seconds=PATIENCE_SECONDS)
    yield drawn_by
    await drawn_by.aclose()


def hourly(
    number: int, *, bad: Sequence[float | None] = (), title: str = "Payment Service, last 30 d"
) -> BudgetChart:
    """A chart of so many hours with 1,000 events each, of which the last ones were as bad as given."""
    shares = [0.0] * (number - len(bad)) + list(bad)
    steps = [
        Step(at=MONDAY_NOON - HOUR * (number - 1 - n), total=1000, bad=None if one is None else one * 1000)
        for n, one in enumerate(shares)
    ]
    return budget_chart(title, 0.999, steps, marks(number), NEW_YORK)


def marks(hours: int) -> list[ChartMark]:
    """Twenty incidents, of which one is not over, and forty changes."""
    spots = [MONDAY_NOON - HOUR * hours * n / 41 for n in range(1, 41)]
    incidents = [
        ChartMark(at=at, kind=MarkKind.INCIDENT, label=f"#{n} P0", until=at + HOUR if n else None)
        for n, at in enumerate(spots[::2])
    ]
    return incidents + [ChartMark(at=at, kind=MarkKind.CHANGE, label="C7") for at in spots]


@pytest.mark.parametrize(
    "chart",
    [
        hourly(720, bad=[0.3, 0.02, None, None, 0.0001, 0]),
        hourly(1, bad=[0.001]),
        hourly(2, bad=[0, 0.5]),
        hourly(720),
        hourly(720, bad=[None] * 720),
        hourly(720, bad=[1.0] * 30),
        hourly(720, bad=[1.0] * 720),
        hourly(24, title="costs $x^2 \\frac{ $5 🚀 障害\N{ZERO WIDTH JOINER} " + "wide " * 30),
        budget_chart("Nothing", 0.999, (), (), UTC),
    ],
    ids=["month", "one", "two", "no errors", "unknown", "overdrawn", "all bad", "odd title", "no step"],
)
async def test_it_is_as_large_as_a_phone_shows_it(charts: ChildCharts, chart: BudgetChart) -> None:
    picture = await charts.draw(chart)
    assert picture.startswith(SIGNATURE)
    assert (picture[16:20], picture[20:24]) == ((1024).to_bytes(4), (960).to_bytes(4))
    assert 10_000 < len(picture) < 300_000


async def test_it_shows_what_it_is_told(charts: ChildCharts) -> None:
    good = hourly(48)
    pictures = [
        await charts.draw(chart)
        for chart in (
            good,
            hourly(48, bad=[0.001]),
            hourly(48, bad=[None]),
            hourly(48, title="Another"),
            BudgetChart(
                title=good.title,
                alt_text=good.alt_text,
                points=good.points,
                allowed=good.allowed,
                marks=(),
                zone=good.zone,
            ),
        )
    ]
    assert len(set(pictures)) == len(pictures)
    assert await charts.draw(good) == pictures[0]


SHARES = st.one_of(st.none(), st.just(0.0), st.floats(0, 1), st.floats(0, 1e-6))
MARKS = st.builds(
    lambda at, kind, label, hours: ChartMark(
        at=MONDAY_NOON - at * HOUR,
        kind=kind,
        label=label,
        until=None if hours is None else MONDAY_NOON + (hours - at) * HOUR,
    ),
    st.integers(-5, 200),
    st.sampled_from(MarkKind),
    st.text(max_size=30),
    st.one_of(st.none(), st.integers(0, 300)),
)


@settings(max_examples=3)
@given(
    st.lists(
        st.tuples(st.text(max_size=200), st.lists(SHARES, max_size=60), st.lists(MARKS, max_size=12)),
        min_size=3,
        max_size=4,
    ),
    st.sampled_from([0.0, 0.5, 0.99, 0.99999]),
)
def test_whatever_there_is_is_drawn(
    several: list[tuple[str, list[float | None], list[ChartMark]]], target: float
) -> None:
    async def draw_them() -> None:
        charts = ChildCharts(seconds=PATIENCE_SECONDS)
        try:
            for title, shares, there in several:
                steps = [
                    Step(at=MONDAY_NOON - n * HOUR, total=1000, bad=None if one is None else one * 1000)
                    for n, one in reversed(list(enumerate(shares)))
                ]
                picture = await charts.draw(budget_chart(title, target, steps, there, NEW_YORK))
                assert picture.startswith(SIGNATURE)
        finally:
            await charts.aclose()

    asyncio.run(draw_them())


def test_names_of_incidents_are_in_nobodys_way_and_the_most_important_ones_are_there() -> None:
    program = f"""
import random, sys
sys.path.insert(0, {DRAWING[-1]!r})
from marks import LANES, MOST_NAMED, Mark, lanes
chosen = random.Random(7)
for _ in range(300):
    there = [
        Mark(at=float(chosen.randrange(100)), until=None, is_incident=chosen.random() < 0.8, label="#" * n)
        for n in (chosen.randrange(1, 12) for _ in range(chosen.randrange(20)))
    ]
    named = lanes(there, 1.5)
    incidents = [mark for mark in there if mark.is_incident]
    assert incidents[:1] == [mark for mark in incidents[:1] if mark in named]
    assert len(named) <= MOST_NAMED and all(mark.is_incident for mark in named)
    assert all(0 <= lane < LANES for lane in named.values())
    for one, lane in named.items():
        end = one.at + len(one.label) * 1.5
        for other, others in named.items():
            assert not one.at < other.at < end or others < lane, (one, other)
            assert one is other or one.at != other.at or others != lane, (one, other)
print("fine")
"""
    ran = subprocess.run(
        [sys.executable, "-I", "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert (ran.stdout, ran.stderr) == ("fine\n", "")


def changed(**other: object) -> bytes:
    return json.dumps(json.loads(asked(hourly(3))) | other).encode()


@pytest.mark.parametrize(
    "wanted",
    [
        changed(points=[]),
        changed(points=[[1, 1, 1]] * 4000),
        changed(points=[[2e9, 1, 0], [1e9, 1, 0]]),
        changed(points=[[1e9, 1.5, 0]]),
        changed(points=[[1e9, 1, 7]]),
        changed(points=[[1e9, float("nan"), 0]]),
        changed(points=[[1e9, 1]]),
        changed(points=[[1e99, 1, 0]]),
        changed(allowed=0),
        changed(step=0),
        changed(title=None),
        changed(now="x" * 1000),
        changed(ticks=[[1, "x"]] * 100),
        changed(marks=[{"at": 1e9, "until": None, "kind": "party", "label": "x"}]),
        changed(marks=[{"at": 1e9, "until": None, "kind": "change"}]),
        changed(marks=[{"at": 1e9, "until": None, "kind": "change", "label": "x"}] * 1000),
    ],
)
def test_what_is_no_chart_is_refused(wanted: bytes) -> None:
    framed = len(wanted).to_bytes(4) + wanted
    ran = subprocess.run(DRAWING, input=framed, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout[:1]) == (0, b"R")
