"""The chart of evidence, as it is drawn: whatever there is to draw."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.charts.asking import asked
from bot.adapters.charts.child import SIGNATURE, ChildCharts
from bot.domain.checklists.evidence_chart import EvidenceChart, chart_step, evidence_chart
from bot.domain.evidence import EvidenceSpec, Sign, Source, Threshold, Unit
from bot.domain.slo.samples import Course, Line, Point
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

PATIENCE_SECONDS = 60.0
WEEK = timedelta(days=7)
Value = Callable[[int], float | None]


@pytest.fixture
async def charts() -> AsyncIterator[ChildCharts]:
    drawn_by = ChildCharts(seconds=PATIENCE_SECONDS)
    yield drawn_by
    await drawn_by.aclose()


def a_line(value: Value, label: str, number: int = 337, late: timedelta = timedelta()) -> Line:
    step = chart_step(WEEK)
    points = ((MONDAY_NOON - late - step * (number - 1 - n), value(n)) for n in range(number))
    return Line(
        labels={"service": label},
        points=tuple(Point(at=at, value=one) for at, one in points if one is not None),
    )


def a_chart(*values: Value, before: Value | None = None, number: int = 337, **changes: Any) -> EvidenceChart:
    spec = EvidenceSpec(
        **{"title": "p95 by service", "source": Source.QUERY, "of": "up", "chart": WEEK, **changes}
    )
    lines = tuple(a_line(value, f"service-{n}", number) for n, value in enumerate(values))
    earlier = Course(lines=(a_line(before, "", number, WEEK),)) if before else None
    made = evidence_chart(spec, Course(lines=lines), earlier, until=MONDAY_NOON, zone=NEW_YORK)
    assert made is not None
    return made


def below(bound: float) -> Threshold:
    return Threshold(sign=Sign.BELOW, bound=bound)


GOOD = a_chart(lambda n: 0.1 + n / 10_000, before=lambda _n: 0.1, unit=Unit.SECONDS, fine=below(0.12))


@pytest.mark.parametrize(
    "chart",
    [
        GOOD,
        a_chart(*(lambda n, k=k: k + n / 100 for k in range(8)), unit=Unit.PER_SECOND),
        a_chart(lambda n: None if 99 < n < 150 else 1e12 * n, unit=Unit.BYTES),
        a_chart(lambda _n: 0.0, fine=Threshold(sign=Sign.EQUAL, bound=0)),
        a_chart(lambda n: 5.0 if n == 3 else None),
        a_chart(lambda n: -5.0 * n, fine=Threshold(sign=Sign.NOT_EQUAL, bound=-100)),
        a_chart(lambda _n: 3.0, fine=below(1e9)),
        a_chart(lambda n: 1e-7 * n, unit=Unit.RATIO, fine=Threshold(sign=Sign.ABOVE, bound=0.5)),
        a_chart(float, title="costs $x^2 \\frac{ $5 🚀 障害\N{ZERO WIDTH JOINER} " + "wide " * 30),
        a_chart(float, number=1, chart=timedelta(hours=1)),
    ],
    ids=["one", "many", "gap", "nothing", "dot", "negative", "far", "tiny", "odd title", "one point"],
)
async def test_it_is_as_large_as_a_phone_shows_it(charts: ChildCharts, chart: EvidenceChart) -> None:
    picture = await charts.draw(chart)
    assert picture.startswith(SIGNATURE)
    assert (picture[16:20], picture[20:24]) == ((1024).to_bytes(4), (960).to_bytes(4))
    assert 10_000 < len(picture) < 400_000


async def test_it_shows_what_it_is_told(charts: ChildCharts) -> None:
    others = (
        replace(GOOD, earlier=None, ago=None),
        replace(GOOD, fine=None),
        replace(GOOD, fine=below(0.13)),
        replace(GOOD, title="Another"),
        replace(GOOD, more=3),
        replace(GOOD, unit=Unit.NUMBER),
    )
    pictures = [await charts.draw(chart) for chart in (GOOD, *others)]
    assert len(set(pictures)) == len(pictures)
    assert await charts.draw(GOOD) == pictures[0]


@pytest.mark.parametrize(
    ("unit", "value", "told", "axis"),
    [
        (Unit.RATIO, 0.001, 0.1, "%"),
        (Unit.SECONDS, 0.25, 250, "ms"),
        (Unit.SECONDS, 90, 90, "seconds"),
        (Unit.SECONDS, 864_000, 10, "days"),
        (Unit.BYTES, 2.0**31, 2, "GiB"),
        (Unit.BYTES, 0, 0, "bytes"),
        (Unit.NUMBER, 61, 61, ""),
        (Unit.NUMBER, 2_500_000, 2.5, "millions"),
        (Unit.PER_SECOND, 61, 61, "a second"),
        (Unit.PER_SECOND, 61_000, 61, "thousands a second"),
    ],
)
def test_numbers_are_in_the_unit_that_the_axis_names(
    unit: Unit, value: float, told: float, axis: str
) -> None:
    said = json.loads(asked(a_chart(lambda _n: value, unit=unit)))
    assert said["unit"] == axis
    assert said["lines"][0]["points"][-1][1] == pytest.approx(told)


VALUES = st.lists(
    st.one_of(st.none(), st.just(0.0), st.floats(-1e9, 1e9), st.floats(0, 1e-6), st.floats(1e200, 1e290)),
    min_size=1,
    max_size=60,
)


@settings(max_examples=5)
@given(
    st.lists(
        st.tuples(
            st.text(max_size=200),
            st.lists(VALUES, min_size=1, max_size=6),
            st.one_of(
                st.none(), st.builds(Threshold, sign=st.sampled_from(Sign), bound=st.floats(-1e9, 1e9))
            ),
            st.sampled_from(Unit),
        ),
        min_size=4,
        max_size=4,
    )
)
async def test_whatever_was_found_is_drawn(
    found: list[tuple[str, list[list[float | None]], Threshold | None, Unit]],
) -> None:
    drawn_by = ChildCharts(seconds=PATIENCE_SECONDS)
    try:
        for title, values, fine, unit in found:
            lines = tuple(
                a_line(one.__getitem__, f"{title[:9]}{n}", len(one)) for n, one in enumerate(values)
            )
            spec = EvidenceSpec(title=title, source=Source.QUERY, of="up", unit=unit, fine=fine, chart=WEEK)
            chart = evidence_chart(spec, Course(lines=lines), None, until=MONDAY_NOON, zone=NEW_YORK)
            if chart is not None:
                assert (await drawn_by.draw(chart)).startswith(SIGNATURE)
    finally:
        await drawn_by.aclose()
