"""Numbers of promises: what is shown is true of what was counted."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.slo.counts import Counts, Quantile, Span, counted
from bot.domain.slo.objective import Objective, Sli, Source
from bot.domain.slo.words import left_words
from bot.views.slo import numbers

TARGETS = (0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999, 0.99999)


def an_objective(target: float) -> Objective:
    return Objective(sli=Sli.AVAILABILITY, target=target, source=Source.REQUESTS)


@pytest.mark.parametrize(
    ("target", "bad", "total", "shown"),
    [
        (0.999, 0, 1000, "100 %"),
        (0.999, 4, 1_000_000, "99.9996 %"),
        (0.999, 1, 1e12, "99.999999 %"),
        (0.999, 1000, 1_000_000, "99.90 %"),
        (0.999, 1001, 1_000_000, "99.89 %"),
        (0.999, 999, 1_000_000, "99.9001 %"),
        (0.999, 620, 1_000_000, "99.93 %"),
        (0.9999, 200, 1_000_000, "99.98 %"),
        (0.995, 60_000, 1_000_000, "94.00 %"),
        (0.99, 1000, 1000, "0.00 %"),
    ],
)
def test_a_share_is_cut(target: float, bad: float, total: float, shown: str) -> None:
    assert numbers.good_percent(an_objective(target), bad, total) == shown


@given(st.sampled_from(TARGETS), st.floats(0, 1e9), st.floats(1, 1e12))
def test_no_share_is_on_the_wrong_side_of_what_was_promised(target: float, bad: float, total: float) -> None:
    objective, bad = an_objective(target), min(bad, total)
    good = float(numbers.good_percent(objective, bad, total).removesuffix(" %"))
    lost = float(numbers.bad_percent(objective, bad, total).removesuffix(" %"))
    assert (good == 100) == (bad == 0) == (lost == 0)
    exact, promised = 100 * (1 - bad / total), round(target * 100, 9)
    assert good <= exact + 1e-8
    assert math.isclose(good + lost, 100, abs_tol=1e-7)
    if exact < promised - 1e-8:
        assert good < promised
        assert lost > round(100 - promised, 9)
    if exact > promised + 1e-8:
        assert good >= promised


@pytest.mark.parametrize(
    ("burn", "shown"),
    [
        (0, "0×"),
        (0.0001, "<0.01×"),
        (0.432, "0.43×"),
        (0.9951, "<1×"),
        (1.0, "1×"),
        (1.02, "just over 1×"),
        (1.099, "just over 1×"),
        (1.1, "1.1×"),
        (2.345, "2.3×"),
        (9.97, "9.9×"),
        (5.99, "5.9×"),
        (14.399, "14.3×"),
        (14.4, "14.4×"),
        (20, "20×"),
        (126, "130×"),
        (12_345, "12,000×"),
    ],
)
def test_a_burn_rate_never_says_that_something_fires_which_does_not(burn: float, shown: str) -> None:
    assert numbers.rate(burn) == shown


@given(st.floats(0, 1e5))
def test_no_burn_rate_is_on_the_wrong_side_of_one(burn: float) -> None:
    shown = numbers.rate(burn)
    if burn < 1 - 1e-8:
        assert shown.startswith(("0", "<"))
    elif burn > 1 + 1e-8:
        assert shown not in {"0×", "1×"}
        assert not shown.startswith(("0", "<"))


@pytest.mark.parametrize(
    ("low", "high", "estimate", "shown"),
    [
        (0.1, 0.15, 0.1234, "about 123 ms"),
        (0.1, 0.15, 0.15, "about 150 ms"),
        (0.15, 0.25, 0.1501, "about 151 ms"),
        (0.1, 0.25, 0.2, "between 100 ms and 250 ms"),
        (10, math.inf, 10, "over 10 s"),
        (1, 2.5, 1.2345, "about 1.24 s"),
    ],
)
def test_how_long_most_took_is_no_guess_at_a_breach(
    low: float, high: float, estimate: float, shown: str
) -> None:
    found = Quantile(low=low, high=high, estimate=estimate)
    assert numbers.quantile(found, timedelta(milliseconds=150)) == shown


@pytest.mark.parametrize(
    ("least", "most", "shown"),
    [
        (0.82, 0.82, "82 % of the error budget left"),
        (-0.57, -0.57, "the error budget is overdrawn by 57 %"),
        (-0.571, -0.571, "the error budget is overdrawn by 58 %"),
        (0.0, 0.0, "the error budget is used up"),
        (0.1, 0.4, "between 10 % and 40 % of the error budget left"),
        (-0.3, 0.4, "between nothing and 40 % of the error budget left"),
        (-0.4, -0.1, "the error budget is overdrawn by between 10 % and 40 %"),
    ],
)
def test_what_is_left_is_told_in_words(least: float, most: float, shown: str) -> None:
    assert left_words(Span(least=least, most=most)) == shown


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(days=3, hours=4, minutes=59), "3 d 4 h"),
        (timedelta(days=12, hours=4), "12 d"),
        (timedelta(hours=2, minutes=10), "2 h 10 min"),
        (timedelta(hours=11, minutes=10), "11 h"),
        (timedelta(minutes=35, seconds=59), "35 min"),
        (timedelta(seconds=40), "40 s"),
    ],
)
def test_lengths_are_cut_to_what_matters(length: timedelta, shown: str) -> None:
    assert numbers.about(length) == shown


def test_what_is_not_known_exactly_is_shown_between() -> None:
    counts = Counts(total=1000, bad=Span(least=1, most=20))
    assert numbers.good_span(an_objective(0.99), counts) == "between 98.00 % and 99.90 %"
    assert numbers.bad_span(an_objective(0.99), counts) == "between 0.10 % and 2.00 %"
    assert numbers.good_span(an_objective(0.99), counted(1000, 1)) == "99.90 %"


def test_how_much_of_a_window_was_measured_is_cut() -> None:
    assert numbers.days(timedelta(days=30), 15.29 / 30) == "15.2 of 30 d"
    assert numbers.days(timedelta(days=30)) == "30 d"
