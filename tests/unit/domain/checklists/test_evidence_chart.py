from __future__ import annotations

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.checklists.evidence_chart import MOST_LINES, EvidenceChart, chart_step, evidence_chart
from bot.domain.evidence import EvidenceSpec, Sign, Source, Threshold, Unit
from bot.domain.slo.samples import Course, Line, Point
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
STEP = chart_step(WEEK)


def a_spec(**changes: Any) -> EvidenceSpec:
    return EvidenceSpec(
        **{
            "title": "Errors",
            "source": Source.QUERY,
            "of": "up",
            "chart": WEEK,
            "unit": Unit.RATIO,
            **changes,
        }
    )


def a_line(
    value: Callable[[int], float | None], *, ago: timedelta = timedelta(), number: int = 4, **labels: str
) -> Line:
    """The last points of a span, an index each from 0."""
    first = MONDAY_NOON - ago - STEP * (number - 1)
    points = ((first + STEP * n, value(n)) for n in range(number))
    return Line(labels=labels, points=tuple(Point(at=at, value=one) for at, one in points if one is not None))


def chart(spec: EvidenceSpec, *lines: Line, before: Line | None = None) -> EvidenceChart:
    earlier = Course(lines=(before,)) if before else None
    made = evidence_chart(spec, Course(lines=lines), earlier, until=MONDAY_NOON, zone=NEW_YORK)
    assert made is not None
    return made


def test_a_week_is_told_by_the_half_hour_and_a_short_span_by_the_minute() -> None:
    assert chart_step(WEEK) == timedelta(minutes=30)
    assert chart_step(HOUR) == timedelta(minutes=1)


def test_a_single_series_comes_with_what_it_was_a_week_ago_at_the_times_of_now() -> None:
    shown = chart(a_spec(), a_line(lambda n: n / 1000), before=a_line(lambda _n: 0.001, ago=WEEK))
    assert shown.earlier is not None
    assert [at for at, _ in shown.earlier.points] == [at for at, _ in shown.lines[0].points]
    assert shown.alt_text == (
        "Errors, last 7 d: 0.3 % now, 0.1 % a week ago, highest 0.3 % on 16 Mar 12:00 EDT."
    )


def test_what_the_chart_itself_reaches_back_to_is_not_drawn_twice() -> None:
    month = a_spec(chart=timedelta(days=28))
    assert chart(month, a_line(lambda _n: 0.1), before=a_line(lambda _n: 0.1, ago=WEEK)).earlier is None


def test_of_several_series_none_is_compared() -> None:
    shown = chart(
        a_spec(),
        a_line(lambda _n: 0.1, service="a"),
        a_line(lambda _n: 0.2, service="b"),
        before=a_line(lambda _n: 0.3, ago=WEEK),
    )
    assert shown.earlier is None
    assert [one.label for one in shown.lines] == ["b", "a"]
    assert (
        shown.alt_text
        == "Errors, last 7 d: b 20 % now, highest 20 % on 16 Mar 10:30 EDT, highest of 2 series."
    )


def test_the_worst_point_decides_whose_line_comes_first() -> None:
    fine = Threshold(sign=Sign.BELOW, bound=0.01)
    shown = chart(
        a_spec(fine=fine),
        a_line(lambda _n: 0.009, service="near"),
        a_line(lambda n: 0.02 if n == 1 else 0.0, service="spike"),
    )
    assert [one.label for one in shown.lines] == ["spike", "near"]
    assert shown.alt_text == (
        "Errors, last 7 d: spike 0 % now, highest 2 % on 16 Mar 11:00 EDT, "
        "not fine (< 1 %) for 25 % of the time, worst of 2 series."
    )


def test_where_more_is_better_the_lowest_is_told() -> None:
    fine = Threshold(sign=Sign.AT_LEAST, bound=0.1)
    shown = chart(a_spec(fine=fine, title="Left"), a_line(lambda n: 0.5 - n / 10))
    assert shown.alt_text == (
        "Left, last 7 d: 20 % now, lowest 20 % on 16 Mar 12:00 EDT, fine (>= 10 %) all the time."
    )


def test_where_something_is_missing_there_is_a_gap() -> None:
    shown = chart(a_spec(), a_line(lambda n: None if n in {2, 3} else 1.0, number=6))
    assert [value for _, value in shown.lines[0].points] == [1.0, 1.0, None, 1.0, 1.0]


def test_of_many_series_a_few_are_shown() -> None:
    shown = chart(a_spec(), *(a_line(lambda _n, k=k: float(k), s=f"s{k}") for k in range(9)))  # type: ignore[misc]
    assert (len(shown.lines), shown.more) == (MOST_LINES, 4)
    assert shown.lines[0].label == "s8"


def test_what_gave_nothing_has_no_chart() -> None:
    for course in (Course(lines=()), Course(lines=(a_line(lambda _n: math.nan),))):
        assert evidence_chart(a_spec(), course, None, until=MONDAY_NOON, zone=NEW_YORK) is None


VALUES = st.lists(st.one_of(st.none(), st.floats()), max_size=40)


@given(
    st.lists(VALUES, max_size=9),
    VALUES,
    st.one_of(st.none(), st.builds(Threshold, sign=st.sampled_from(Sign), bound=st.floats(-9, 9))),
    st.sampled_from(Unit),
    st.text(max_size=300),
)
def test_whatever_was_answered(
    given_lines: list[list[float | None]],
    before: list[float | None],
    fine: Threshold | None,
    unit: Unit,
    title: str,
) -> None:
    lines = tuple(
        a_line(values.__getitem__, number=len(values), s=f"s{k}") for k, values in enumerate(given_lines)
    )
    earlier = Course(lines=(a_line(before.__getitem__, number=len(before), ago=WEEK),))
    spec = a_spec(fine=fine, unit=unit, title=title)
    made = evidence_chart(spec, Course(lines=lines), earlier, until=MONDAY_NOON, zone=NEW_YORK)
    known = [line for line in lines if any(math.isfinite(one.value) for one in line.points)]
    if made is None:
        assert not known
        return
    assert len(made.lines) + made.more == len(known)
    assert len(made.alt_text) <= 2000
    assert (made.earlier is None) or len(known) == 1
    for line in made.lines:
        assert [at for at, _ in line.points] == sorted({at for at, _ in line.points})
        assert all(value is None or math.isfinite(value) for _, value in line.points)
