"""What the numbers say, from samples as Prometheus gives them."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.guide import Metrics, Slo
from bot.domain.slo.objective import BURN_WINDOWS, Promise, Source
from bot.domain.slo.plan import Of, Part, queries
from bot.domain.slo.promql import written
from bot.domain.slo.reading import Measured, Report, Results, State, Unanswered, read
from bot.domain.slo.samples import Answer, Sample
from bot.domain.slo.verdict import Reason, Status, paging, status, verdict, worst

MONTH = timedelta(days=30)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PAYMENT = Promise(
    key="payment",
    title="Payment Service",
    slo=Slo(window=MONTH, availability=0.999, latency_p95=timedelta(milliseconds=150)),
    metrics=Metrics(
        requests="http_requests_total",
        duration="http_request_duration_seconds",
        selector=(("service", "payment"),),
        bad='status=~"5.."',
    ),
)


def numbers(**named: float) -> tuple[Sample, ...]:
    return tuple(Sample(labels={"of": name}, value=value) for name, value in named.items())


def buckets(of: Of, by_bound: Mapping[str, float]) -> Iterable[Sample]:
    return (Sample(labels={"of": of, "le": bound}, value=value) for bound, value in by_bound.items())


def burning(by_window: Mapping[timedelta, tuple[float, float]]) -> tuple[Sample, ...]:
    return tuple(
        Sample(labels={"of": of, "window": written(window)}, value=value)
        for window, (total, bad) in by_window.items()
        for of, value in ((Of.TOTAL, total), (Of.BAD, bad))
    )


COVERED = numbers(hours=720, present=4, judged=4, hours_judged=720)
QUIET = burning(dict.fromkeys(BURN_WINDOWS, (1000, 0)))


def reported(
    window: Iterable[Sample],
    *,
    burns: tuple[Sample, ...] = QUIET,
    coverage: tuple[Sample, ...] = COVERED,
    latency: Iterable[Sample] = (),
    latency_burns: tuple[Sample, ...] = (),
) -> Report:
    given = {
        (Source.REQUESTS, Part.WINDOW): tuple(window),
        (Source.REQUESTS, Part.BURNS): burns,
        (Source.REQUESTS, Part.COVERAGE): coverage,
        (Source.DURATION, Part.WINDOW): tuple(latency),
        (Source.DURATION, Part.BURNS): latency_burns,
        (Source.DURATION, Part.COVERAGE): numbers(hours=720, present=4),
    }
    results: Results = {
        query: Answer(samples=given.get((query.source, query.part), ()))
        for query in queries(PAYMENT, MONTH, previous=False)
    }
    return read(PAYMENT, MONTH, NOON, results)


def availability(report: Report) -> Measured:
    return report.measured[0]


def test_no_failure_yet_is_no_missing_number() -> None:
    measured = availability(reported(numbers(total=1_000_000)))
    assert measured.window is not None
    assert (measured.state, measured.window.bad.most) == (State.MEASURED, 0)
    assert verdict(measured, MONTH).status is Status.OK


def test_no_series_are_no_data_and_name_metric_and_selector() -> None:
    measured = availability(reported(()))
    assert measured.state is State.NO_DATA
    assert 'http_requests_total{service="payment"}' in (measured.why or "")
    assert verdict(measured, MONTH).status is Status.UNKNOWN


def test_no_requests_are_no_traffic() -> None:
    assert availability(reported(numbers(total=0, bad=0))).state is State.NO_TRAFFIC


def test_where_no_series_says_what_failed_nothing_is_said_of_failures() -> None:
    measured = availability(reported(numbers(total=1000), coverage=numbers(hours=720, present=4)))
    assert (measured.state, "label status" in (measured.why or "")) == (State.UNJUDGED, True)


@pytest.mark.parametrize(
    ("bad", "expected"),
    [(0, Status.OK), (899, Status.OK), (901, Status.AT_RISK), (999, Status.AT_RISK), (1001, Status.SPENT)],
)
def test_the_budget_decides(bad: float, expected: Status) -> None:
    assert verdict(availability(reported(numbers(total=1_000_000, bad=bad))), MONTH).status is expected


@pytest.mark.parametrize(("hours", "expected"), [(359, Status.UNKNOWN), (361, Status.OK)])
def test_half_of_the_window_is_needed_for_a_verdict(hours: float, expected: Status) -> None:
    report = reported(
        numbers(total=1000, bad=0), coverage=numbers(hours=hours, present=4, judged=4, hours_judged=hours)
    )
    assert verdict(availability(report), MONTH).status is expected


def test_a_page_needs_both_windows() -> None:
    fast = {timedelta(hours=1): (10_000.0, 200.0), timedelta(minutes=5): (800.0, 16.0)}
    both = availability(reported(numbers(total=10_000_000, bad=0), burns=burning(fast)))
    over = availability(
        reported(
            numbers(total=10_000_000, bad=0), burns=burning({**fast, timedelta(minutes=5): (800.0, 0.0)})
        )
    )
    assert verdict(both, MONTH).reason is Reason.FAST_BURN
    assert paging(over, MONTH) is None


@pytest.mark.parametrize(("bad", "expected"), [(4.4, Status.OK), (4.6, Status.PAGING)])
def test_as_many_are_enough_as_for_the_alert_which_rounds_them(bad: float, expected: Status) -> None:
    night = {timedelta(hours=1): (72.0, bad), timedelta(minutes=5): (6.0, 4.0)}
    measured = availability(reported(numbers(total=1_000_000, bad=10), burns=burning(night)))
    assert verdict(measured, MONTH).status is expected


def test_few_failures_page_nobody() -> None:
    night = {timedelta(hours=1): (72.0, 4.0), timedelta(minutes=5): (6.0, 4.0)}
    measured = availability(reported(numbers(total=1_000_000, bad=10), burns=burning(night)))
    assert verdict(measured, MONTH).status is Status.OK


@pytest.mark.parametrize(
    ("within_100ms", "within_200ms", "expected"),
    [(960, 990, Status.OK), (900, 940, Status.SPENT), (940, 990, Status.UNKNOWN)],
)
def test_a_threshold_that_is_no_bound_is_judged_by_the_bounds_beside_it(
    within_100ms: float, within_200ms: float, expected: Status
) -> None:
    events = {"0.1": within_100ms, "0.2": within_200ms, "+Inf": 1000}
    latency = (*buckets(Of.EVENTS, events), *buckets(Of.SAMPLES, dict.fromkeys(events, 4.0)))
    report = reported(numbers(total=1000, bad=0), latency=latency)
    assert verdict(report.measured[1], MONTH).status is expected


def test_a_bound_that_is_no_number_counts_nothing() -> None:
    events = {"0.15": 990, "fast": 3, "NaN": 1, "+Inf": 1000}
    latency = (*buckets(Of.EVENTS, events), *buckets(Of.SAMPLES, dict.fromkeys(events, 4.0)))
    window = reported(numbers(total=1000, bad=0), latency=latency).measured[1].window
    assert window is not None
    assert (window.bad.least, window.bad.most) == (10, 10)


def test_a_bound_that_only_some_series_have_is_not_used() -> None:
    events = {"0.1": 500, "0.15": 300, "0.2": 990, "+Inf": 1000}
    series = {"0.1": 4, "0.15": 2, "0.2": 4, "+Inf": 4}
    latency = (*buckets(Of.EVENTS, events), *buckets(Of.SAMPLES, series))
    window = reported(numbers(total=1000, bad=0), latency=latency).measured[1].window
    assert window is not None
    assert (window.bad.least, window.bad.most) == (10, 500)


@pytest.mark.parametrize(
    ("coverage", "expected"),
    [
        (numbers(hours=720, present=4, judged=4, hours_judged=300), State.UNJUDGED),
        (numbers(hours=720, hours_judged=720), State.MEASURED),
        (numbers(present=1, judged=1), State.MEASURED),
        (numbers(present=1), State.UNJUDGED),
        (numbers(hours=720, present=4, hours_judged=710), State.UNJUDGED),
    ],
    ids=["labelled since Monday", "gone", "young", "young and not labelled", "labelled until last night"],
)
def test_no_failures_count_only_where_they_would_be_seen(
    coverage: tuple[Sample, ...], expected: State
) -> None:
    assert availability(reported(numbers(total=1000), coverage=coverage)).state is expected


def without(missing: Part, *, bad: float | None = None) -> Measured:
    """Availability, where one question was not answered."""
    window = numbers(total=1_000_000) if bad is None else numbers(total=1_000_000, bad=bad)
    answers = {Part.WINDOW: window, Part.BURNS: QUIET, Part.COVERAGE: COVERED}
    asked = queries(PAYMENT, MONTH, previous=False)
    results: Results = {
        query: Unanswered(reason="it took too long", late=True)
        if query.part is missing
        else Answer(samples=answers[query.part])
        for query in asked
    }
    return availability(read(PAYMENT, MONTH, NOON, results))


def test_no_failures_are_not_believed_where_it_is_not_known_whether_they_would_be_seen() -> None:
    assert without(Part.COVERAGE).state is State.FAILED
    some = without(Part.COVERAGE, bad=1)
    assert (some.state, verdict(some, MONTH).reason) == (State.MEASURED, Reason.COVERAGE_UNKNOWN)


def test_what_may_be_paging_is_no_yes() -> None:
    found = verdict(without(Part.BURNS), MONTH)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.BURN_UNKNOWN)
    assert verdict(without(Part.BURNS, bad=5000), MONTH).status is Status.SPENT


def test_a_long_window_that_burns_is_no_yes_where_the_short_one_has_too_few_samples() -> None:
    fast = burning({timedelta(hours=1): (10_000.0, 200.0)})
    found = verdict(availability(reported(numbers(total=10_000_000, bad=0), burns=fast)), MONTH)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.BURN_UNKNOWN)


def test_what_is_gone_is_not_fine() -> None:
    over = numbers(hours=700, hours_judged=700)
    found = verdict(availability(reported(numbers(total=1_000_000, bad=0), coverage=over)), MONTH)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.GONE)


def test_where_only_the_worst_case_pages_nothing_is_known() -> None:
    bounds = ("0.1", "0.2", "+Inf")
    fast = tuple(
        Sample(labels={"of": Of.EVENTS, "window": written(window), "le": bound}, value=value)
        for window, total in ((timedelta(hours=1), 1000.0), (timedelta(minutes=5), 100.0))
        for bound, value in zip(bounds, (0.1 * total, 0.99 * total, total), strict=True)
    )
    month = (*buckets(Of.EVENTS, dict.fromkeys(bounds, 1e6)), *buckets(Of.SAMPLES, dict.fromkeys(bounds, 9)))
    report = reported(numbers(total=1000, bad=0), latency=month, latency_burns=fast)
    found = verdict(report.measured[1], MONTH)
    assert (found.status, found.reason) == (Status.UNKNOWN, Reason.BETWEEN_BOUNDS)


def test_a_query_that_fails_leaves_the_others() -> None:
    asked = queries(PAYMENT, MONTH, previous=False)
    results: Results = {
        query: Unanswered(reason="timed out", late=True)
        if query.source is Source.DURATION
        else Answer(
            samples={Part.WINDOW: numbers(total=1000, bad=0), Part.BURNS: QUIET}.get(query.part, COVERED)
        )
        for query in asked
    }
    report = read(PAYMENT, MONTH, NOON, results)
    assert [one.state for one in report.measured] == [State.MEASURED, State.FAILED]
    assert [one.is_late for one in report.measured] == [False, True]
    assert status(report) is Status.UNKNOWN


@pytest.mark.parametrize(
    ("bad", "slow", "expected"), [(300, 4, 0), (300, 20, 1), (1500, 100, 1), (3000, 60, 0)]
)
def test_of_two_that_stand_alike_that_is_told_of_which_less_is_left(
    bad: float, slow: float, expected: int
) -> None:
    events = {"0.15": 1000 - slow, "+Inf": 1000}
    latency = (*buckets(Of.EVENTS, events), *buckets(Of.SAMPLES, dict.fromkeys(events, 4.0)))
    report = reported(numbers(total=1_000_000, bad=bad), latency=latency)
    found = worst(report)
    assert found is not None
    assert found[0] is report.measured[expected]
