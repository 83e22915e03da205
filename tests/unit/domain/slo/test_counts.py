"""What a histogram says of durations, for any durations and any buckets."""

import math
from bisect import bisect_left
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slo.counts import Buckets, buckets_of, counted

seconds = st.sampled_from([0.05, 0.1, 0.15, 0.2, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0])
layouts = st.sets(seconds, min_size=1).map(sorted)
durations = st.lists(st.floats(0, 12, allow_nan=False), min_size=1, max_size=200)
"""How long requests took."""


def scraped(took: Sequence[float], bounds: Sequence[float]) -> dict[float, float]:
    """A histogram's counters after these requests."""
    return {bound: float(sum(one <= bound for one in took)) for bound in (*bounds, math.inf)}


def one_histogram(took: Sequence[float], bounds: Sequence[float]) -> Buckets:
    within = scraped(took, bounds)
    made = buckets_of(within, dict.fromkeys(within, 4.0))
    assert made is not None
    return made


def histogram_quantile(share: float, cumulative: Sequence[tuple[float, float]]) -> float:
    """Prometheus' own: bucketQuantile of promql/quantile.go, line by line."""
    rank = share * cumulative[-1][1]
    place = bisect_left([count for _, count in cumulative[:-1]], rank)
    if place == len(cumulative) - 1:
        return cumulative[-2][0]
    end, count, start = cumulative[place][0], cumulative[place][1], 0.0
    if place > 0:
        start = cumulative[place - 1][0]
        count -= cumulative[place - 1][1]
        rank -= cumulative[place - 1][1]
    return start + (end - start) * (rank / count)


@given(durations, layouts, seconds)
def test_the_truth_lies_within_the_bounds(took: list[float], bounds: list[float], threshold: float) -> None:
    counts = one_histogram(took, bounds).slower_than(threshold)
    truth = sum(one > threshold for one in took)
    assert counts.bad.least <= truth <= counts.bad.most <= counts.total == len(took)
    assert counts.bad.is_exact or threshold not in bounds


@given(
    st.lists(st.tuples(durations, layouts, st.floats(0.1, 1)), min_size=1, max_size=5),
    seconds,
)
def test_the_truth_lies_within_the_bounds_of_mixed_layouts(
    instances: list[tuple[list[float], list[float], float]], threshold: float
) -> None:
    """Each instance has a layout of its own for a while, as where one rolls out."""
    within: dict[float, float] = {}
    samples: dict[float, float] = {}
    for took, bounds, share_of_time in instances:
        for bound, count in scraped(took, bounds).items():
            within[bound] = within.get(bound, 0.0) + count
            samples[bound] = samples.get(bound, 0.0) + 1000 * share_of_time
    made = buckets_of(within, samples)
    assert made is not None
    counts = made.slower_than(threshold)
    truth = sum(one > threshold for took, _, _ in instances for one in took)
    assert counts.bad.least <= truth <= counts.bad.most


def test_a_bound_that_one_instance_has_for_a_part_of_the_time_is_not_shared() -> None:
    """As many series have it as have all: but its counter began when the new layout came."""
    made = buckets_of({0.1: 900.0, 0.15: 480.0, math.inf: 1000.0}, {0.1: 700.0, 0.15: 350.0, math.inf: 700.0})
    assert made is not None
    assert set(made.within) == {0.1, math.inf}


def test_a_sample_that_is_under_way_does_not_take_a_bound_away() -> None:
    made = buckets_of({0.1: 900.0, math.inf: 1000.0}, {0.1: 172_799.0, math.inf: 172_800.0})
    assert made is not None
    assert set(made.within) == {0.1, math.inf}


@given(durations, layouts, st.sampled_from([0.5, 0.9, 0.95, 0.99]))
def test_a_quantile_is_prometheus_s(took: list[float], bounds: list[float], share: float) -> None:
    made = one_histogram(took, bounds)
    quantile = made.quantile(share)
    assert quantile is not None
    assert quantile.estimate == pytest.approx(histogram_quantile(share, list(made.within.items())))
    assert quantile.low <= quantile.estimate <= quantile.high


@given(durations, layouts)
def test_the_true_quantile_lies_between_its_bounds(took: list[float], bounds: list[float]) -> None:
    quantile = one_histogram(took, bounds).quantile(0.95)
    assert quantile is not None
    truth = sorted(took)[math.ceil(0.95 * len(took) - 1e-9) - 1]
    assert quantile.low <= truth <= quantile.high


@given(durations, layouts, seconds)
def test_what_is_within_and_what_is_slower_agree_with_the_quantile(
    took: list[float], bounds: list[float], threshold: float
) -> None:
    """A p95 surely above the threshold is a promise surely broken, and the other way round."""
    made = one_histogram(took, bounds)
    quantile, counts = made.quantile(0.95), made.slower_than(threshold)
    assert quantile is not None
    if quantile.low >= threshold:
        assert counts.share.most > 0.05 - 1e-9
    if quantile.high <= threshold:
        assert counts.share.least <= 0.05 + 1e-9


def test_without_a_finite_bound_there_is_no_quantile() -> None:
    assert one_histogram([1.0], ()).quantile(0.95) is None


def test_nothing_has_no_quantile() -> None:
    assert one_histogram([], (0.1,)).quantile(0.95) is None


def test_what_has_no_infinite_bound_is_no_histogram() -> None:
    assert buckets_of({0.1: 5.0}, {0.1: 4.0}) is None


def test_a_hair_less_than_below_is_set_right() -> None:
    made = buckets_of({0.1: 10.000001, 0.2: 10.0, math.inf: 10.0}, {})
    assert made is not None
    assert made.slower_than(0.2).bad.most == 0


@given(st.floats(0, 1e12), st.floats(-10, 1e13))
def test_never_is_more_bad_than_there_is(total: float, bad: float) -> None:
    counts = counted(total, bad)
    assert 0 <= counts.bad.least == counts.bad.most <= total
    assert 0 <= counts.share.least <= 1
