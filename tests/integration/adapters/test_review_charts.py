"""The chart of routine reviews, as it is drawn: whatever there is to draw."""

from __future__ import annotations

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.charts.asking import asked
from bot.adapters.charts.child import SIGNATURE, ChildCharts
from bot.adapters.charts.worker import DRAWING
from bot.domain.checklists.figures import ReviewWeek, Tally
from bot.domain.checklists.report_chart import ReviewsChart

MONDAY = date(2026, 11, 2)
PATIENCE_SECONDS = 60.0


@pytest.fixture
async def charts() -> AsyncIterator[ChildCharts]:
    drawn_by = ChildCharts(seconds=PATIENCE_SECONDS)
    yield drawn_by
    await drawn_by.aclose()


def chart(*weeks: Tally, title: str = "Routine reviews, November 2026", since: date = MONDAY) -> ReviewsChart:
    return ReviewsChart(
        title=title,
        alt_text=title,
        weeks=tuple(
            ReviewWeek(monday=since + n * timedelta(days=7), runs=runs) for n, runs in enumerate(weeks)
        ),
    )


A_MONTH = (
    Tally(in_time=18, late=2),
    Tally(in_time=21, late=1, carried=1),
    Tally(in_time=15, late=4, carried=2, missed=3),
    Tally(in_time=22, late=1),
    Tally(in_time=4, open=1),
)


@pytest.mark.parametrize(
    "drawn",
    [
        chart(*A_MONTH),
        chart(Tally(in_time=1)),
        chart(Tally()),
        chart(*[Tally(missed=3)] * 2),
        chart(*[Tally(in_time=n % 7, missed=n % 3) for n in range(53)], since=date(2025, 12, 1)),
        chart(*A_MONTH, title="costs $x^2 \\frac{ $5 🚀 障害\N{ZERO WIDTH JOINER} " + "wide " * 12),
    ],
    ids=["month", "one", "nothing", "all missed", "year", "odd title"],
)
async def test_it_is_as_large_as_a_phone_shows_it(charts: ChildCharts, drawn: ReviewsChart) -> None:
    picture = await charts.draw(drawn)
    assert picture.startswith(SIGNATURE)
    assert (picture[16:20], picture[20:24]) == ((1024).to_bytes(4), (960).to_bytes(4))
    assert 8_000 < len(picture) < 300_000


async def test_it_shows_what_it_is_told(charts: ChildCharts) -> None:
    told = [Tally(in_time=2), Tally(late=2), Tally(carried=2), Tally(missed=2), Tally(in_time=1, missed=1)]
    pictures = [await charts.draw(chart(one)) for one in told]
    assert len(set(pictures)) == len(pictures)
    assert await charts.draw(chart(told[0])) == pictures[0]
    assert await charts.draw(chart(told[0], since=MONDAY + timedelta(days=7))) != pictures[0]


COUNTS = st.integers(0, 100_000) | st.integers(0, 3)
WEEKS = st.builds(Tally, in_time=COUNTS, late=COUNTS, missed=COUNTS, carried=COUNTS, open=COUNTS)


@settings(max_examples=3)
@given(
    st.lists(
        st.tuples(st.text(max_size=80), st.lists(WEEKS, min_size=1, max_size=60)), min_size=3, max_size=4
    )
)
def test_whatever_there_is_is_drawn(several: list[tuple[str, list[Tally]]]) -> None:
    async def draw_them() -> None:
        charts = ChildCharts(seconds=PATIENCE_SECONDS)
        try:
            for title, weeks in several:
                assert (await charts.draw(chart(*weeks, title=title))).startswith(SIGNATURE)
        finally:
            await charts.aclose()

    asyncio.run(draw_them())


def changed(**other: object) -> bytes:
    return json.dumps(json.loads(asked(chart(*A_MONTH))) | other).encode()


@pytest.mark.parametrize(
    "wanted",
    [
        changed(weeks=[]),
        changed(weeks=[{"from": "2 Nov", "counts": [1, 2, 3, 4]}] * 61),
        changed(weeks=[{"from": "2 Nov", "counts": [1, 2, 3]}]),
        changed(weeks=[{"from": "2 Nov", "counts": [1, 2, 3, -4]}]),
        changed(weeks=[{"from": "2 Nov", "counts": [1, 2, 3, 4.5]}]),
        changed(weeks=[{"from": "2 Nov", "counts": [1, 2, 3, 1_000_000]}]),
        changed(weeks=[{"from": None, "counts": [1, 2, 3, 4]}]),
        changed(weeks=[{"counts": [1, 2, 3, 4]}]),
        changed(title="x" * 1000),
        changed(title=None),
    ],
)
def test_what_is_no_chart_is_refused(wanted: bytes) -> None:
    framed = len(wanted).to_bytes(4) + wanted
    ran = subprocess.run(DRAWING, input=framed, capture_output=True, timeout=60, check=False)
    assert (ran.returncode, ran.stdout[:1]) == (0, b"R")
