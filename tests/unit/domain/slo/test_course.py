"""The steps of a chart, from lines as Prometheus gives them."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.slo.charting import Step
from bot.domain.slo.counts import counted
from bot.domain.slo.course import Stretch, as_counted, steps
from bot.domain.slo.objective import Objective, Sli, Source
from bot.domain.slo.plan import Of
from bot.domain.slo.samples import Course, Line, Point

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
AVAILABILITY = Objective(sli=Sli.AVAILABILITY, target=0.999, source=Source.REQUESTS)
LATENCY = Objective(
    sli=Sli.LATENCY, target=0.95, source=Source.DURATION, threshold=timedelta(milliseconds=150)
)
ENDS = tuple(NOON + HOUR * number for number in (1, 2, 3, 4))


def told(
    lines: Mapping[Of, dict[int, float]], *, objective: Objective = AVAILABILITY, native: bool = False
) -> tuple[Step, ...]:
    """What is made of lines: numbers by the hour."""
    given = tuple(
        Line(
            labels={"of": of},
            points=tuple(Point(at=NOON + HOUR * hour, value=value) for hour, value in points.items()),
        )
        for of, points in lines.items()
    )
    stretch = Stretch(since=NOON, until=ENDS[-1], step=HOUR)
    return steps(Course(lines=given), objective, stretch, native=native)


def bad(made: tuple[Step, ...]) -> list[float | None]:
    return [step.bad for step in made]


def test_every_step_of_the_span_is_there_and_what_was_not_counted_is_not_known() -> None:
    made = told({Of.TOTAL: {2: 10.0, 4: 20.0}, Of.BAD: {4: 1.0}})
    assert [step.at for step in made] == list(ENDS)
    assert [(step.total, step.bad) for step in made] == [(None, None), (10, 0), (None, None), (20, 1)]


def test_what_never_failed_has_no_line_of_failures() -> None:
    assert bad(told({Of.TOTAL: {1: 10.0, 2: 10.0, 3: 10.0, 4: 10.0}})) == [0, 0, 0, 0]


def test_where_the_bound_is_missing_nothing_is_known_of_slow_requests() -> None:
    made = told(
        {Of.TOTAL: {1: 10.0, 2: 10.0, 3: 10.0, 4: 0.0}, Of.WITHIN: {1: 9.0, 2: 10.0}}, objective=LATENCY
    )
    assert bad(made) == [1, 0, None, 0]


def test_a_native_histogram_tells_a_share() -> None:
    made = told({Of.TOTAL: {1: 10.0, 2: 0.0}, Of.WITHIN: {1: 0.9}}, objective=LATENCY, native=True)
    assert [round(one, 9) if one is not None else None for one in bad(made)] == [1, 0, None, None]


def test_nothing_is_known_of_nothing() -> None:
    assert bad(told({})) == [None] * 4


def test_where_the_threshold_is_no_bound_at_all_nothing_is_known() -> None:
    assert bad(told({Of.TOTAL: {1: 10.0, 2: 10.0, 3: 10.0, 4: 10.0}}, objective=LATENCY)) == [None] * 4


def test_the_steps_of_a_chart_end_at_what_the_answer_says() -> None:
    given = tuple(
        Step(at=NOON + n * HOUR, total=None if n == 1 else 100.0, bad=None if n == 1 else 2.0)
        for n in range(4)
    )
    scaled = as_counted(given, counted(330.0, 3.0))
    assert sum(step.total or 0.0 for step in scaled) == pytest.approx(330.0)
    assert sum(step.bad or 0.0 for step in scaled) == pytest.approx(3.0)
    assert scaled[1] == given[1]
    assert as_counted((), counted(330.0, 3.0)) == ()
