from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slo.chart import BudgetChart, ChartMark, MarkKind
from bot.domain.slo.charting import MOST_MARKS, Step, budget_chart
from bot.domain.slo.percent import percent
from tests.support.builders import NEW_YORK
from tests.support.clock import MONDAY_NOON

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
TITLE = "Payment Service, availability 99.9 %, last 30 days"


def steps(*counts: tuple[float | None, float | None], apart: timedelta = DAY) -> list[Step]:
    """Steps of which the last one ends at Monday noon."""
    first = MONDAY_NOON - apart * (len(counts) - 1)
    return [Step(at=first + apart * n, total=total, bad=bad) for n, (total, bad) in enumerate(counts)]


def chart(
    given_steps: Sequence[Step], *marks: ChartMark, target: float = 0.999, title: str = TITLE
) -> BudgetChart:
    return budget_chart(title, target, given_steps, marks, NEW_YORK)


def incident(label: str, days_ago: float, *, hours: float | None = 2) -> ChartMark:
    at = MONDAY_NOON - days_ago * DAY
    until = None if hours is None else at + hours * HOUR
    return ChartMark(at=at, kind=MarkKind.INCIDENT, label=label, until=until)


def lefts(shown: BudgetChart) -> list[float | None]:
    return [None if point.left is None else round(point.left, 6) for point in shown.points]


def test_what_is_left_is_the_share_of_the_whole_windows_budget() -> None:
    shown = chart(steps((1000, 0), (1000, 1), (2000, 1)))
    assert lefts(shown) == [1, 0.75, 0.5]
    assert [point.bad for point in shown.points] == [0, 0.001, 0.0005]
    assert shown.allowed == pytest.approx(0.001)


def test_who_does_not_see_it_reads_what_it_shows() -> None:
    shown = chart(
        steps((1000, 0), (1000, 1.24), (1000, 0.47), (1000, 0)),
        incident("#41 P2", 3.5),
        incident("#42 P0", 2.25),
    )
    assert shown.alt_text == (
        f"{TITLE}: 57 % of the error budget left; the largest loss, 31 %, came on 14 Mar during "
        "incident #42 P0."
    )


def test_an_overdrawn_budget_is_called_so() -> None:
    shown = chart(steps((1000, 1), (1000, 3)))
    assert f"{TITLE}: the error budget is overdrawn by 100 %; the largest loss, 150 %" in shown.alt_text


def test_where_nothing_was_lost_nothing_is_said_of_it() -> None:
    assert chart(steps((1000, 0), (1000, 0))).alt_text == f"{TITLE}: 100 % of the error budget left."


def test_a_budget_that_is_used_up_exactly_is_not_overdrawn() -> None:
    assert (
        "nothing of the error budget left" in chart(steps((1000, 0.5), (1000, 0.5)), target=0.9995).alt_text
    )


def test_an_incident_in_whose_time_little_was_lost_is_not_blamed() -> None:
    hourly = [(100.0, 5.0 if n == 3 else 0.0) for n in range(24)]
    shown = chart(steps(*hourly, apart=HOUR), incident("#42 P0", 2 / 24, hours=1))
    assert "the largest loss" in shown.alt_text
    assert "#42" not in shown.alt_text


def test_an_incident_that_is_not_over_goes_on() -> None:
    shown = chart(steps((1000, 0), (1000, 0), (1000, 1)), incident("#42 P0", 2, hours=None))
    assert "came on 16 Mar during incident #42 P0" in shown.alt_text


def test_the_day_is_that_of_the_zone() -> None:
    late = [
        Step(at=datetime(2026, 3, 16, hour, tzinfo=UTC), total=100, bad=40 * (hour == 3)) for hour in range(6)
    ]
    assert "came on 15 Mar" in budget_chart(TITLE, 0.5, late, (), NEW_YORK).alt_text
    assert "came on 16 Mar" in budget_chart(TITLE, 0.5, late, (), UTC).alt_text


def test_a_step_that_ends_at_midnight_is_of_the_day_before() -> None:
    midnight = datetime(2026, 3, 16, tzinfo=UTC)
    late = [Step(at=midnight - HOUR, total=100, bad=0), Step(at=midnight, total=100, bad=50)]
    assert "came on 15 Mar" in budget_chart(TITLE, 0.5, late, (), UTC).alt_text


@pytest.mark.parametrize(
    "unknown", [(None, None), (1000, None), (None, 3), (math.nan, 1), (1000, math.inf), (1000, -1)]
)
def test_what_is_not_known_is_a_gap(unknown: tuple[float | None, float | None]) -> None:
    shown = chart(steps((1000, 0), unknown, (1000, 0)))
    assert lefts(shown) == [1, None, 1]
    assert shown.points[1].bad is None
    assert shown.alt_text.endswith("left; nothing is known of 33 % of the time.")


def test_steps_that_are_missing_are_a_gap() -> None:
    whole = steps(*[(1000.0, 0.0)] * 6)
    shown = chart(whole[:2] + whole[4:])
    assert lefts(shown) == [1, 1, None, 1, 1]
    assert shown.points[2].at == whole[2].at
    assert shown.alt_text.endswith("left; nothing is known of 33 % of the time.")


def test_where_nobody_asked_nothing_is_lost_and_nothing_was_bad() -> None:
    shown = chart(steps((1000, 0.5), (0, 0), (1000, 0)))
    assert lefts(shown) == [0.75, 0.75, 0.75]
    assert shown.points[1].bad is None


@pytest.mark.parametrize(
    "none", [[], steps((None, None)), steps((0, 0), (0, 0))], ids=["no step", "unknown", "idle"]
)
def test_where_nothing_was_counted_nothing_is_claimed(none: list[Step]) -> None:
    shown = chart(none)
    assert shown.alt_text == f"{TITLE}: nothing is known of its error budget."
    assert all(point.left is None for point in shown.points)


def test_no_more_are_bad_than_there_were() -> None:
    assert lefts(chart(steps((100, 103), (100, 0)), target=0.5)) == [0, 0]


def test_marks_outside_the_window_are_left_out_and_the_costliest_come_first() -> None:
    shown = chart(
        steps((1000, 0), (1000, 0.1), (1000, 0.4), (1000, 0)),
        incident("before", 40),
        incident("#1 P2", 2.9),
        incident("#2 P0", 1.1, hours=1),
        incident("after", -1),
        ChartMark(at=MONDAY_NOON - 0.5 * DAY, kind=MarkKind.CHANGE, label="C7"),
    )
    assert [mark.label for mark in shown.marks] == ["#2 P0", "#1 P2", "C7"]


def test_an_incident_that_began_before_the_window_reaches_into_it() -> None:
    assert chart(steps((1000, 0)), incident("#1 P0", 3, hours=None)).marks
    assert chart(steps((1000, 0)), incident("#1 P0", 3, hours=71.5)).marks
    assert not chart(steps((1000, 0)), incident("#1 P0", 3, hours=1)).marks


def test_no_more_marks_than_anybody_could_see() -> None:
    many = [incident(f"#{number} P3", 1) for number in range(500)]
    assert len(chart(steps((1000, 0), (1000, 0)), *many).marks) == MOST_MARKS


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1, "100 %"),
        (0.99999999999, "99.9 %"),
        (0.999, "99.9 %"),
        (0.99, "99 %"),
        (0.43999, "43 %"),
        (0.29, "29 %"),
        (1 - 0.9, "10 %"),
        (0.01, "1 %"),
        (0.0099, "0.9 %"),
        (0.003, "0.3 %"),
        (0.0009, "<0.1 %"),
        (0, "0 %"),
        (-0.00001, "−0.1 %"),  # noqa: RUF001 - as it is drawn
        (-0.0042, "−0.5 %"),  # noqa: RUF001
        (-0.0099, "−1 %"),  # noqa: RUF001
        (-0.57, "−57 %"),  # noqa: RUF001
        (-0.571, "−58 %"),  # noqa: RUF001
        (-40, "−4,000 %"),  # noqa: RUF001
    ],
)
def test_a_share_never_looks_nicer_than_it_is(share: float, text: str) -> None:
    assert percent(share) == text


COUNTS = st.one_of(st.none(), st.floats(allow_nan=True, allow_infinity=True), st.floats(0, 1e9), st.just(0.0))
STEPS = st.lists(st.tuples(st.integers(0, 3000), COUNTS, COUNTS), max_size=60)
MARKS = st.lists(
    st.builds(
        lambda at, kind, label, length: ChartMark(
            at=MONDAY_NOON + at * HOUR,
            kind=kind,
            label=label,
            until=None if length is None else MONDAY_NOON + (at + length) * HOUR,
        ),
        st.integers(-500, 3500),
        st.sampled_from(MarkKind),
        st.text(max_size=60),
        st.one_of(st.none(), st.integers(0, 500)),
    ),
    max_size=20,
)
TARGETS = st.sampled_from([0.0, 0.5, 0.95, 0.99, 0.9999, 0.99999])
ZONES = st.sampled_from([UTC, NEW_YORK, ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Kiritimati")])


def read(given_steps: list[tuple[int, float | None, float | None]]) -> list[Step]:
    ordered = {at: (total, bad) for at, total, bad in given_steps}
    return [
        Step(at=MONDAY_NOON + at * HOUR, total=total, bad=bad) for at, (total, bad) in sorted(ordered.items())
    ]


@given(st.text(max_size=2000), TARGETS, STEPS, MARKS, ZONES)
def test_what_is_left_begins_at_the_whole_and_never_rises(
    title: str,
    target: float,
    given_steps: list[tuple[int, float | None, float | None]],
    marks: list[ChartMark],
    zone: ZoneInfo,
) -> None:
    shown = budget_chart(title, target, read(given_steps), marks, zone)
    known = [point.left for point in shown.points if point.left is not None]
    assert all(earlier >= later for earlier, later in zip([1.0, *known], known, strict=False))
    assert all(math.isfinite(left) for left in known)
    assert all(0 <= point.bad <= 1 for point in shown.points if point.bad is not None)
    assert [point.at for point in shown.points] == sorted({point.at for point in shown.points})
    assert 0 < len(shown.alt_text) <= 1000
    assert "\n" not in shown.alt_text


@given(TARGETS, st.lists(st.tuples(st.integers(1, 10**6), st.integers(0, 10**6)), min_size=1, max_size=60))
def test_it_ends_where_the_burn_of_the_window_says(target: float, counts: list[tuple[int, int]]) -> None:
    bad = [min(total, bad) for total, bad in counts]
    shown = chart(
        steps(*((total, one) for (total, _), one in zip(counts, bad, strict=True)), apart=HOUR), target=target
    )
    burn = sum(bad) / sum(total for total, _ in counts) / (1 - target)
    assert shown.points[-1].left == pytest.approx(1 - burn, abs=1e-6 * max(burn, 1))


@given(st.floats(-1e6, 1))
def test_percent_says_all_only_of_all_and_below_zero_only_what_is(share: float) -> None:
    said = percent(share)
    assert (said == "100 %") == (share == 1)
    assert said.startswith("−") == (share < 0)  # noqa: RUF001 - as it is drawn
    assert len(said) < 15
