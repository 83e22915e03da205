"""What the numbers say about a promise: in one word, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.slo.budget import TIERS, BurnTier, are_few, burn, left
from bot.domain.slo.counts import Counts, Span
from bot.domain.slo.objective import Objective
from bot.domain.slo.reading import ENOUGH, Measured, Report, State

LITTLE = 0.10
"""Less than this share of the budget is a risk."""

SIX_HOURS = timedelta(hours=6)


class Status(StrEnum):
    """How it stands. The worst first."""

    SPENT = "spent"  # the budget is gone
    PAGING = "paging"  # it burns so fast that somebody is woken
    UNKNOWN = "unknown"
    AT_RISK = "at_risk"
    OK = "ok"


class Reason(StrEnum):
    """Why it stands so."""

    BUDGET_SPENT = "budget_spent"
    FAST_BURN = "fast_burn"
    LITTLE_LEFT = "little_left"
    BURNING = "burning"  # faster than it may, over six hours
    ENOUGH_LEFT = "enough_left"
    NOT_MEASURED = "not_measured"  # `Measured.why` says what is missing
    LITTLE_DATA = "little_data"  # too little of the window is covered
    COVERAGE_UNKNOWN = "coverage_unknown"
    BURN_UNKNOWN = "burn_unknown"  # `Measured.burns_missing` says why, or a window has too few samples
    GONE = "gone"  # there is nothing to count any more
    BETWEEN_BOUNDS = "between_bounds"  # the threshold is no bucket's bound, and it depends


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How one objective stands, and why. `tier` is what pages now, also where all is spent."""

    status: Status
    reason: Reason
    tier: BurnTier | None = None


def verdict(measured: Measured, alert_window: timedelta) -> Verdict:
    """How an objective stands. `alert_window` is the window that its alerts are about: the guide's.

    Bounds are read in its favour for what accuses (so that nobody is stopped by a bucket), and against it
    for what acquits; where the two differ nothing is known. What is not known acquits nobody.
    """
    if measured.state is not State.MEASURED or measured.window is None:
        return Verdict(status=Status.UNKNOWN, reason=Reason.NOT_MEASURED)
    if measured.coverage is None:
        return Verdict(status=Status.UNKNOWN, reason=Reason.COVERAGE_UNKNOWN)
    if measured.coverage < ENOUGH:
        return Verdict(status=Status.UNKNOWN, reason=Reason.LITTLE_DATA)
    remaining = left(measured.objective, measured.window)
    tier = paging(measured, alert_window)
    if remaining.most <= 0:
        return Verdict(status=Status.SPENT, reason=Reason.BUDGET_SPENT, tier=tier)
    if tier is not None:
        return Verdict(status=Status.PAGING, reason=Reason.FAST_BURN, tier=tier)
    unknown = _unknown(measured, remaining, alert_window)
    if unknown is not None:
        return Verdict(status=Status.UNKNOWN, reason=unknown)
    return _of_budget(measured, remaining)


def paging(measured: Measured, alert_window: timedelta) -> BurnTier | None:
    """The fastest tier that wakes somebody now, if any does: its long and its short window both burn."""
    return next((tier for tier in TIERS if tier.pages and _fires(measured, tier, alert_window)), None)


def worst(report: Report) -> tuple[Measured, Verdict] | None:
    """The objective that stands worst; None where nothing was promised or measured."""
    return next(iter(worst_first(report, report.measured)), None)


def worst_first(report: Report, measured: Iterable[Measured]) -> list[tuple[Measured, Verdict]]:
    """Objectives of a report and their verdicts; of those that stand alike the one with less left first."""
    window = alert_window(report)
    judged = [(one, verdict(one, window)) for one in measured]
    return sorted(judged, key=lambda pair: (_ORDER[pair[1].status], _left(pair[0])))


def status(report: Report) -> Status:
    """How a promise stands: as its worst objective."""
    found = worst(report)
    return Status.UNKNOWN if found is None else found[1].status


def alert_window(report: Report) -> timedelta:
    """The window of the guide's objectives, whatever was asked for."""
    slo = report.promise.slo
    return report.window if slo is None else slo.window


def order(value: Status) -> int:
    """By how bad it is: the worst is 0."""
    return _ORDER[value]


def _left(measured: Measured) -> float:
    """How much is left at least; nothing can be less than where nobody knows."""
    return -math.inf if measured.window is None else left(measured.objective, measured.window).least


def _unknown(measured: Measured, remaining: Span, alert_window: timedelta) -> Reason | None:
    """Why it cannot be said how it stands, where it is neither known to be spent nor to wake somebody."""
    if measured.gone:
        return Reason.GONE
    if remaining.least <= 0:
        return Reason.BETWEEN_BOUNDS
    if measured.burns_missing is not None:
        return Reason.BURN_UNKNOWN
    doubts = [_doubt(measured, tier, alert_window) for tier in TIERS if tier.pages]
    return next((doubt for doubt in doubts if doubt is not None), None)


def _doubt(measured: Measured, tier: BurnTier, alert_window: timedelta) -> Reason | None:
    """Why a tier that is not known to fire may do so."""
    long, short = measured.burns.get(tier.long), measured.burns.get(tier.short)
    factor = tier.factor(alert_window)
    if long is None or are_few(long.bad.most) or burn(measured.objective, long).most < factor:
        return None
    if short is None:
        return Reason.BURN_UNKNOWN
    return Reason.BETWEEN_BOUNDS if burn(measured.objective, short).most >= factor else None


def _of_budget(measured: Measured, remaining: Span) -> Verdict:
    """How it stands where something is left, and nobody is woken."""
    if remaining.least < LITTLE:
        return Verdict(status=Status.AT_RISK, reason=Reason.LITTLE_LEFT)
    if _burns(measured.objective, measured.burns.get(SIX_HOURS)):
        return Verdict(status=Status.AT_RISK, reason=Reason.BURNING)
    return Verdict(status=Status.OK, reason=Reason.ENOUGH_LEFT)


_ORDER = {value: place for place, value in enumerate(Status)}


def _fires(measured: Measured, tier: BurnTier, alert_window: timedelta) -> bool:
    long, short = measured.burns.get(tier.long), measured.burns.get(tier.short)
    if long is None or short is None or are_few(long.bad.least):
        return False
    factor = tier.factor(alert_window)
    return min(burn(measured.objective, long).least, burn(measured.objective, short).least) >= factor


def _burns(objective: Objective, counts: Counts | None) -> bool:
    """Whether, in the worst case, it burns faster than it may."""
    return counts is not None and not are_few(counts.bad.most) and burn(objective, counts).most > 1
