"""The arithmetic of error budgets, for any numbers."""

from datetime import timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.slo.budget import (
    TIERS,
    BurnTier,
    bad_left,
    burn,
    cost_of_one,
    ends_in,
    left,
    outage_left,
    spent,
)
from bot.domain.slo.counts import Counts, Span
from bot.domain.slo.objective import Objective, Sli, Source
from bot.domain.slo.reading import Measured, State
from bot.domain.slo.verdict import order, verdict

MONTH = timedelta(days=30)
HOUR, SIX_HOURS = timedelta(hours=1), timedelta(hours=6)

targets = st.sampled_from([0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999])
objectives = targets.map(
    lambda target: Objective(sli=Sli.AVAILABILITY, target=target, source=Source.REQUESTS)
)


@st.composite
def counts(draw: st.DrawFn, most: int = 10**9) -> Counts:
    total = draw(st.integers(1, most))
    low, high = sorted((draw(st.integers(0, total)), draw(st.integers(0, total))))
    return Counts(total=total, bad=Span(least=low, most=high))


def exactly(total: float, bad: float) -> Counts:
    return Counts(total=total, bad=Span(least=bad, most=bad))


@given(objectives, counts())
def test_what_is_left_and_what_is_burned_are_all(objective: Objective, window: Counts) -> None:
    remaining, burned = left(objective, window), burn(objective, window)
    assert remaining.least + burned.most == pytest.approx(1)
    assert remaining.most + burned.least == pytest.approx(1)
    assert remaining.least <= remaining.most


@given(objectives, st.lists(st.tuples(st.integers(1, 10**6), st.floats(0, 1)), min_size=1, max_size=20))
def test_what_parts_have_spent_adds_up(objective: Objective, parts: list[tuple[int, float]]) -> None:
    each = [exactly(total, round(total * share)) for total, share in parts]
    whole = exactly(sum(one.total for one in each), sum(one.bad.least for one in each))
    taken = sum(spent(objective, one, whole).most for one in each)
    assert taken == pytest.approx(burn(objective, whole).most)
    assert taken == pytest.approx(1 - left(objective, whole).least)


@given(objectives, counts())
def test_one_more_failure_costs_what_it_is_said_to(objective: Objective, window: Counts) -> None:
    one_more = Counts(total=window.total, bad=Span(least=window.bad.least + 1, most=window.bad.most + 1))
    cost = left(objective, window).least - left(objective, one_more).least
    assert cost == pytest.approx(cost_of_one(objective, window), rel=1e-3, abs=1e-8)


@given(objectives, counts())
def test_as_many_failures_as_are_left_use_the_budget_up(objective: Objective, window: Counts) -> None:
    more = bad_left(objective, window).least
    after = exactly(window.total, window.bad.most + more)
    assert left(objective, after).least == pytest.approx(0, abs=1e-6)


@given(objectives)
def test_a_burn_of_one_uses_the_budget_up_at_the_end_of_the_window(objective: Objective) -> None:
    at_the_limit = exactly(10**9, round(10**9 * objective.budget))
    assert burn(objective, at_the_limit).most == pytest.approx(1)
    assert left(objective, at_the_limit).most == pytest.approx(0, abs=1e-6)


@given(objectives, counts(), counts())
def test_it_ends_when_it_burns_faster_than_it_may(objective: Objective, window: Counts, now: Counts) -> None:
    ends = ends_in(objective, window, now, MONTH)
    rate, remaining = burn(objective, now).most, left(objective, window).least
    assert (ends is not None) == (rate > 1 and remaining > 0)
    if ends is not None:
        assert timedelta() <= ends < MONTH
        assert ends * rate / MONTH == pytest.approx(remaining, rel=1e-3, abs=1e-6)


@given(objectives, counts())
def test_an_outage_as_long_as_is_left_uses_the_budget_up(objective: Objective, window: Counts) -> None:
    assume(left(objective, window).least > 0)
    lasts = outage_left(objective, window, MONTH)
    lost = exactly(0, window.bad.most + window.total * (lasts / MONTH))
    assert spent(objective, lost, window).most == pytest.approx(1, abs=1e-3)


def test_three_nines_leave_forty_three_minutes_of_a_month() -> None:
    objective = Objective(sli=Sli.AVAILABILITY, target=0.999, source=Source.REQUESTS)
    lasts = outage_left(objective, exactly(1_000_000, 0), MONTH)
    assert lasts.total_seconds() == pytest.approx(43.2 * 60, abs=1)


def test_one_failed_payment_at_night_is_a_burn_of_nearly_fourteen() -> None:
    objective = Objective(sli=Sli.AVAILABILITY, target=0.999, source=Source.REQUESTS)
    assert burn(objective, exactly(72, 1)).most == pytest.approx(13.9, abs=0.05)


@pytest.mark.parametrize(("tier", "factor"), list(zip(TIERS, (14.4, 6, 3, 1), strict=True)))
def test_over_thirty_days_the_factors_are_the_workbook_s(tier: BurnTier, factor: float) -> None:
    assert tier.factor(MONTH) == pytest.approx(factor)


@given(objectives, counts(), counts(10**6), counts(10**6), st.integers(0, 10**6))
def test_more_failures_never_make_it_better(
    objective: Objective, window: Counts, hour: Counts, short: Counts, more: int
) -> None:
    def judged(extra: int) -> int:
        grown = [_with_more(one, extra) for one in (window, hour, short)]
        measured = Measured(
            objective=objective,
            state=State.MEASURED,
            window=grown[0],
            burns={HOUR: grown[1], timedelta(minutes=5): grown[2], SIX_HOURS: grown[1]},
            coverage=1.0,
        )
        return order(verdict(measured, MONTH).status)

    assert judged(more) <= judged(0)


def _with_more(one: Counts, extra: int) -> Counts:
    least, most = (min(bad + extra, one.total) for bad in (one.bad.least, one.bad.most))
    return Counts(total=one.total, bad=Span(least=least, most=most))


@pytest.mark.parametrize(
    ("target", "total", "bad"), [(0.999, 10_000, 10), (0.9995, 10_000, 5), (0.9999, 3e7, 3e3)]
)
def test_a_budget_that_is_used_up_exactly_is_neither_left_nor_overdrawn(
    target: float, total: float, bad: float
) -> None:
    objective = Objective(sli=Sli.AVAILABILITY, target=target, source=Source.REQUESTS)
    assert left(objective, exactly(total, bad)) == Span(least=0, most=0)
