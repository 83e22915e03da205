"""What is read from an answer, however Prometheus writes it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guide import Metrics, Slo
from bot.domain.slo.counts import Quantile, Span
from bot.domain.slo.objective import BURN_WINDOWS, Promise
from bot.domain.slo.plan import Of, Part, queries
from bot.domain.slo.promql import written
from bot.domain.slo.reading import Measured, Report, State, read
from bot.domain.slo.samples import Answer, Sample
from bot.domain.slo.verdict import Status, verdict

MONTH, HOUR = timedelta(days=30), timedelta(hours=1)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
CLASSIC = Promise(
    key="payment",
    title="Payment Service",
    slo=Slo(window=MONTH, latency_p95=timedelta(seconds=1)),
    metrics=Metrics(
        requests="http_requests_total",
        duration="http_request_duration_seconds",
        selector=(),
        bad='status=~"5.."',
    ),
)
assert CLASSIC.metrics is not None
NATIVE = replace(CLASSIC, metrics=replace(CLASSIC.metrics, native_histogram=True))
PROBED = replace(
    CLASSIC,
    slo=Slo(window=MONTH, availability=0.999),
    metrics=replace(CLASSIC.metrics, up="probe_success"),
)
COUNTED = replace(CLASSIC, slo=Slo(window=MONTH, availability=0.999))


def numbers(named: Mapping[Of, float], **labels: str) -> tuple[Sample, ...]:
    return tuple(Sample(labels={"of": of, **labels}, value=value) for of, value in named.items())


COVERED = numbers({Of.HOURS: 721, Of.HOURS_BEFORE: 700, Of.PRESENT: 3})
JUDGED = (*COVERED, *numbers({Of.JUDGED: 3, Of.HOURS_JUDGED: 721}))


def measured(promise: Promise, by_part: Mapping[Part, Iterable[Sample]]) -> Measured:
    answers = {Part.COVERAGE: COVERED, **by_part}
    given = {query: Answer(samples=tuple(answers.get(query.part, ()))) for query in queries(promise, MONTH)}
    report: Report = read(promise, MONTH, NOON, given)
    return report.measured[0]


def test_a_native_histogram_is_read_by_its_shares() -> None:
    window = numbers({Of.TOTAL: 1000, Of.WITHIN: 0.97, Of.P95: 0.42})
    burns = [
        sample
        for length in BURN_WINDOWS
        for sample in numbers({Of.TOTAL: 100, Of.WITHIN: 0.9}, window=written(length))
    ]
    found = measured(NATIVE, {Part.WINDOW: window, Part.BURNS: burns})
    assert found.window is not None
    assert found.window.bad.most == pytest.approx(30)
    assert found.burns[HOUR].bad.most == pytest.approx(10)
    assert found.p95 == Quantile(low=0.42, high=0.42, estimate=0.42)


@pytest.mark.parametrize(
    ("promise", "milliseconds", "is_estimate"),
    [
        (NATIVE, 250, False),
        (NATIVE, 2000, False),
        (NATIVE, 150, True),
        (NATIVE, 1001, True),
        (CLASSIC, 150, False),
    ],
)
def test_a_native_histogram_is_an_estimate_where_no_bucket_ends_at_the_threshold(
    promise: Promise, milliseconds: int, *, is_estimate: bool
) -> None:
    asked = replace(promise, slo=Slo(window=MONTH, latency_p95=timedelta(milliseconds=milliseconds)))
    window = (
        *numbers({Of.TOTAL: 1000, Of.WITHIN: 0.97, Of.P95: 0.42}),
        *numbers({Of.EVENTS: 9, Of.SAMPLES: 1}, le="0.15"),
        *numbers({Of.EVENTS: 10, Of.SAMPLES: 1}, le="+Inf"),
    )
    given = window[:3] if promise is NATIVE else window[3:]
    assert measured(asked, {Part.WINDOW: given}).is_estimate is is_estimate


def test_of_no_requests_a_native_histogram_has_no_share() -> None:
    """histogram_fraction and histogram_quantile of nothing are NaN."""
    found = measured(NATIVE, {Part.WINDOW: numbers({Of.TOTAL: 0, Of.WITHIN: math.nan, Of.P95: math.nan})})
    assert found.state is State.NO_TRAFFIC


def test_a_share_that_is_missing_is_nothing_known() -> None:
    found = measured(NATIVE, {Part.WINDOW: numbers({Of.TOTAL: 10})})
    assert found.window is not None
    assert found.window.bad == Span(least=0, most=10)


def test_a_bound_that_is_written_in_two_ways_is_one() -> None:
    window = [
        *numbers({Of.EVENTS: 600, Of.SAMPLES: 5}, le="1"),
        *numbers({Of.EVENTS: 390, Of.SAMPLES: 5}, le="1.0"),
        *numbers({Of.EVENTS: 1000, Of.SAMPLES: 10}, le="+Inf"),
    ]
    found = measured(CLASSIC, {Part.WINDOW: window})
    assert found.window is not None
    assert found.window.bad == Span(least=10, most=10)


def test_a_part_of_the_window_is_read_by_the_bounds_that_hold_for_all_of_it() -> None:
    """A layout with the threshold's bound came yesterday: the last hour has it in all, the month does not."""
    window = [
        *numbers({Of.EVENTS: 900, Of.SAMPLES: 1000}, le="0.5"),
        *numbers({Of.EVENTS: 40, Of.SAMPLES: 30}, le="1"),
        *numbers({Of.EVENTS: 1000, Of.SAMPLES: 1000}, le="+Inf"),
    ]
    hour = [
        *numbers({Of.EVENTS: 9}, le="0.5", window="1h"),
        *numbers({Of.EVENTS: 10}, le="1", window="1h"),
        *numbers({Of.EVENTS: 10}, le="+Inf", window="1h"),
    ]
    found = measured(CLASSIC, {Part.WINDOW: window, Part.BURNS: hour})
    assert found.window is not None
    assert found.window.bad == Span(least=0, most=100)
    assert found.burns[HOUR].bad == Span(least=0, most=1)


def test_looks_from_outside_are_counted_by_what_failed() -> None:
    found = measured(PROBED, {Part.WINDOW: numbers({Of.TOTAL: 2880, Of.BAD: 3})})
    assert found.window is not None
    assert found.window.share.most == pytest.approx(3 / 2880)


@pytest.mark.parametrize(
    ("promise", "bad"),
    [(PROBED, math.nan), (PROBED, -5760), (COUNTED, math.nan), (COUNTED, math.inf)],
    ids=[
        "a probe that was NaN",
        "no probe: it is 3",
        "a counter that was NaN",
        "a counter that was infinite",
    ],
)
def test_failures_that_are_no_number_are_not_none(promise: Promise, bad: float) -> None:
    found = measured(promise, {Part.WINDOW: numbers({Of.TOTAL: 2880, Of.BAD: bad}), Part.COVERAGE: JUDGED})
    assert found.window is not None
    assert found.window.bad == Span(least=0, most=2880)
    assert verdict(found, MONTH).status is Status.UNKNOWN


@given(st.sampled_from([math.nan, math.inf, -math.inf]))
def test_what_is_no_number_of_requests_is_no_data(total: float) -> None:
    parts = {Part.WINDOW: numbers({Of.TOTAL: total, Of.BAD: 0}), Part.COVERAGE: JUDGED}
    assert measured(COUNTED, parts).state is State.NO_DATA


def test_a_window_of_which_the_ends_are_both_counted_is_not_covered_by_more_than_all() -> None:
    found = measured(PROBED, {Part.WINDOW: numbers({Of.TOTAL: 2880, Of.BAD: 3})})
    assert found.coverage == 1


@pytest.mark.parametrize(("hours", "is_told"), [(683, False), (684, True)])
def test_the_period_before_is_compared_where_nearly_all_of_it_is_covered(
    hours: float, *, is_told: bool
) -> None:
    parts = {
        Part.WINDOW: numbers({Of.TOTAL: 100, Of.BAD: 0}),
        Part.PREVIOUS: numbers({Of.TOTAL: 90, Of.BAD: 1}),
        Part.COVERAGE: numbers({Of.HOURS: 720, Of.HOURS_BEFORE: hours, Of.PRESENT: 1}),
    }
    assert (measured(PROBED, parts).previous is not None) is is_told


@pytest.mark.parametrize(("judged", "is_told"), [(0, False), (600, False), (700, True)])
def test_the_period_before_is_no_hundred_per_cent_where_nothing_said_what_failed_in_it(
    judged: float, *, is_told: bool
) -> None:
    parts = {
        Part.WINDOW: numbers({Of.TOTAL: 100, Of.BAD: 0}),
        Part.PREVIOUS: numbers({Of.TOTAL: 90}),
        Part.COVERAGE: numbers(
            {
                Of.HOURS: 720,
                Of.HOURS_JUDGED: 720,
                Of.HOURS_BEFORE: 720,
                Of.HOURS_JUDGED_BEFORE: judged,
                Of.PRESENT: 1,
                Of.JUDGED: 1,
            }
        ),
    }
    assert (measured(COUNTED, parts).previous is not None) is is_told


def test_what_nothing_was_asked_of_is_gone_or_was_never_there() -> None:
    gone = measured(
        PROBED, {Part.WINDOW: numbers({Of.TOTAL: 5, Of.BAD: 0}), Part.COVERAGE: numbers({Of.HOURS: 3})}
    )
    never = measured(PROBED, {Part.COVERAGE: ()})
    assert (gone.gone, gone.state) == (True, State.MEASURED)
    assert (never.gone, never.state) == (False, State.NO_DATA)
