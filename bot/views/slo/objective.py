"""One objective of a report: its number against what was promised, its budget, and how fast that burns."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, tzinfo

from bot.domain.slo import budget
from bot.domain.slo.counts import Counts
from bot.domain.slo.objective import BURN_WINDOWS, Objective, Sli
from bot.domain.slo.percent import percent
from bot.domain.slo.reading import ALMOST_ALL, Measured, Report
from bot.domain.slo.verdict import SIX_HOURS, Reason, Verdict
from bot.domain.slo.words import left_words
from bot.views.blocks import Block, section
from bot.views.markup import Markup, bold, inert, moment
from bot.views.slo import numbers
from bot.views.slo.words import (
    EMOJIS,
    NAMES,
    bad_events,
    bound,
    limit,
    may_be_bad,
    over,
    promised,
    state_word,
)

COSTLY = 0.05
"""From this share of the budget on it is said what one failure costs."""

_LONG = 700


def objective_block(report: Report, measured: Measured, judged: Verdict, zone: tzinfo) -> Block:
    """Everything about one objective."""
    lines = [_first(measured, judged)]
    if measured.window is not None:
        lines += _measured(report, measured, measured.window, judged, zone)
    elif measured.why:
        lines.append(inert(measured.why, _LONG))
    return section(Markup("\n".join(lines)))


def in_brief(measured: Measured) -> str:
    """The number against what was promised: `availability 99.98 % (≥ 99.9 %)`."""
    objective, window = measured.objective, measured.window
    name = "errors" if objective.sli is Sli.ERROR_RATE else NAMES[objective.sli].lower()
    if window is None:
        return f"{name} {state_word(measured)}"
    number = _number(measured, window)
    told = number if number.startswith("p95") else f"{name} {number}"
    return f"{told} ({bound(objective)})"


def _first(measured: Measured, judged: Verdict) -> Markup:
    name, mark = bold(Markup(NAMES[measured.objective.sli])), EMOJIS[judged.status]
    if measured.window is None:
        return Markup(f"{mark} {name}: {bold(Markup(state_word(measured)))} · {promised(measured.objective)}")
    number = bold(inert(_number(measured, measured.window)))
    return Markup(f"{mark} {name} {number} · {promised(measured.objective)}")


def _number(measured: Measured, window: Counts) -> str:
    objective = measured.objective
    if objective.sli is Sli.ERROR_RATE:
        return numbers.bad_span(objective, window)
    if objective.threshold is None:
        return numbers.good_span(objective, window)
    if measured.p95 is None:
        return f"{numbers.good_span(objective, window)} within {limit(objective.threshold)}"
    return f"p95 {numbers.quantile(measured.p95, objective.threshold)}"


def _measured(
    report: Report, measured: Measured, window: Counts, judged: Verdict, zone: tzinfo
) -> Iterator[Markup]:
    objective = measured.objective
    if objective.threshold is not None:
        yield _within(measured, window)
    yield _budget(report, measured, window)
    yield from _low_traffic(objective, window)
    yield _burns(measured, judged)
    yield from _end(report, measured, window, zone)
    yield from _before(report, measured)
    yield from _doubts(report, measured, judged)


def _within(measured: Measured, window: Counts) -> Markup:
    objective, about = measured.objective, "About " if measured.is_estimate else ""
    assert objective.threshold is not None, "only latency has a threshold"
    share = numbers.good_span(objective, window)
    needed = numbers.target_percent(objective.target)
    slowest = limit(objective.threshold)
    return inert(f"{about}{share} of the requests took at most {slowest} (needed: {needed})")


def _budget(report: Report, measured: Measured, window: Counts) -> Markup:
    objective = measured.objective
    left, had = budget.left(objective, window), numbers.whole_left(objective.budget * window.total)
    words = left_words(left)
    headline = bold(inert(words[:1].upper() + words[1:]))
    if left.least <= 0:
        return Markup(f"{headline}: {bad_events(objective, _counts(window))} of {had} allowed")
    more = budget.bad_left(objective, window).least
    if more < 1:  # less than one is left, however large a share of the budget that is
        return Markup(f"{headline}, but not one more may be bad: {bad_events(objective, _counts(window))}")
    told = f"{may_be_bad(objective, numbers.whole_left(more))} ({_counts(window)} of {had} allowed did)"
    if objective.threshold is None:
        outage = numbers.about(budget.outage_left(objective, window, _length(report, measured)))
        told += f", or about {outage} of full outage"
    return Markup(f"{headline}: {told}")


def _length(report: Report, measured: Measured) -> timedelta:
    """In how long the traffic of the window came: as much of it as was measured."""
    return report.window * (1.0 if measured.coverage is None else measured.coverage)


def _counts(window: Counts) -> str:
    if window.bad.is_exact:
        return numbers.count(window.bad.least)
    return f"between {numbers.count(window.bad.least)} and {numbers.count(window.bad.most)}"


def _low_traffic(objective: Objective, window: Counts) -> Iterator[Markup]:
    cost = budget.cost_of_one(objective, window)
    if cost >= COSTLY:
        one, of = bad_events(objective, "1").removeprefix("1 "), numbers.count(window.total)
        share = f"{percent(cost)} of the budget" if cost < 1 else "more than the whole budget"
        yield inert(f"⚠️ Low volume ({of} in all): one {one} costs {share}")


def _burns(measured: Measured, judged: Verdict) -> Markup:
    if measured.burns_missing is not None:
        return Markup(f"Burn rate: {inert(f'NO ANSWER. {measured.burns_missing}', _LONG)}")
    pages = () if judged.tier is None else (judged.tier.long, judged.tier.short)
    told = ((inert(_burn(measured, length)), length in pages) for length in BURN_WINDOWS)
    return Markup(f"Burn rate: {' · '.join(bold(one) if loud else one for one, loud in told)}")


def _burn(measured: Measured, length: timedelta) -> str:
    counts, name = measured.burns.get(length), numbers.window(length)
    if counts is None:
        return f"{name} –"  # noqa: RUF001 - a dash where there is nothing
    if counts.total <= 0:
        return f"{name} no traffic"
    rate = budget.burn(measured.objective, counts)
    few = rate.most > 1 and budget.are_few(counts.bad.most)
    behind = f" (only {numbers.count(counts.bad.most)})" if few else ""
    return f"{name} {numbers.times(rate)}{behind}"


def _end(report: Report, measured: Measured, window: Counts, zone: tzinfo) -> Iterator[Markup]:
    six_hours = measured.burns.get(SIX_HOURS)
    if six_hours is None:
        return
    length = budget.ends_in(measured.objective, window, six_hours, _length(report, measured))
    if length is not None:
        at = _moment(report.at + length, zone, report.at)
        few = " That rests on few failures." if budget.are_few(six_hours.bad.most) else ""
        yield Markup(f"At the rate of the last 6 h the budget ends in {numbers.about(length)}, {at}.{few}")


def _moment(at: datetime, zone: tzinfo, now: datetime) -> Markup:
    return moment(at, zone, day=now)


def _before(report: Report, measured: Measured) -> Iterator[Markup]:
    before, objective = measured.previous, measured.objective
    if before is None or before.total <= 0:
        return
    past = numbers.days(report.window)
    left = left_words(budget.left(objective, before))
    if objective.threshold is not None and measured.previous_p95 is not None:
        number = f"p95 {numbers.quantile(measured.previous_p95, objective.threshold)}"
    elif objective.sli is Sli.ERROR_RATE:
        number = numbers.bad_span(objective, before)
    else:
        number = numbers.good_span(objective, before)
    yield inert(f"The {past} before: {number}, {left}", _LONG)


def _doubts(report: Report, measured: Measured, judged: Verdict) -> Iterator[Markup]:
    """What makes the number worth less than it looks."""
    share = measured.coverage
    if share is None:
        yield Markup("⚠️ How much of the window was measured is not known: that query got no answer")
    elif share < ALMOST_ALL:
        verdict = "; too little for a verdict" if judged.reason is Reason.LITTLE_DATA else ""
        yield Markup(f"⚠️ Partial: {numbers.days(report.window, share)} measured{verdict}")
    if measured.gone:
        yield Markup("⚠️ There are no series any more: the numbers end where those ended")
    yield from _inexact(measured)
    if judged.tier is not None:
        long, short = over(judged.tier.long), over(judged.tier.short)
        yield inert(f"This pages: over {long} and over {short} it burns at least {_factor(report, judged)}")


def _inexact(measured: Measured) -> Iterator[Markup]:
    """Why what was bad is not known exactly."""
    threshold, window = measured.objective.threshold, measured.window
    if window is None:
        return
    if threshold is None:
        if not window.bad.is_exact:
            yield Markup(
                "⚠️ What failed cannot be told: a value is no number, or a probe's is neither 0 nor 1"
            )
    elif not window.bad.is_exact:
        yield Markup(
            f"⚠️ {limit(threshold)} is no bucket's bound in the histogram: "
            "how many were slower is known only between the bounds beside it"
        )
    elif measured.is_estimate:
        yield Markup(
            f"⚠️ {limit(threshold)} may lie within a bucket of the native histogram: "
            "how many were slower is an estimate"
        )


def _factor(report: Report, judged: Verdict) -> str:
    assert judged.tier is not None, "only a tier has a factor"
    slo = report.promise.slo
    window = report.window if slo is None else slo.window
    return f"{judged.tier.factor(window):.3g}×"
