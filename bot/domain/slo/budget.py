"""The arithmetic of error budgets.

Sources: Site Reliability Workbook, chapter 5 (burn rates over several windows); a burn rate of 1 uses up the
budget exactly at the end of the window.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.slo.counts import Counts, Span
from bot.domain.slo.objective import Objective


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnTier:
    """An alert on two windows: `share` of the budget is gone within the long one, and it still burns.

    `pages` says whether it wakes somebody; it is a ticket otherwise.
    """

    long: timedelta
    short: timedelta
    share: float
    pages: bool

    def factor(self, window: timedelta) -> float:
        """From which burn rate on it fires, for an objective over this window: 1 at least.

        What burns more slowly lasts for the window, however short that is.
        """
        return max(self.share * (window / self.long), 1.0)


TIERS = (
    BurnTier(long=timedelta(hours=1), short=timedelta(minutes=5), share=0.02, pages=True),
    BurnTier(long=timedelta(hours=6), short=timedelta(minutes=30), share=0.05, pages=True),
    BurnTier(long=timedelta(days=1), short=timedelta(hours=2), share=0.10, pages=False),
    BurnTier(long=timedelta(days=3), short=timedelta(hours=6), share=0.10, pages=False),
)
"""The fastest first. Over 30 days their factors are 14.4, 6, 3 and 1."""

ENOUGH_BAD = 5
"""Fewer bad events than this in the long window wake nobody: at low traffic one failure would."""


def are_few(bad: float) -> bool:
    """Whether so many wake nobody. Prometheus has to guess at the edges of a window: it is rounded."""
    return math.floor(bad + 0.5) < ENOUGH_BAD


_DIGITS = 9
"""Behind which a share of a budget is the noise of floats: 1 - 0.999 is not 0.001."""


def burn(objective: Objective, counts: Counts) -> Span:
    """How many times as fast as the objective allows it burns."""
    share = counts.share
    return Span(least=share.least / objective.budget, most=share.most / objective.budget)


def left(objective: Objective, window: Counts) -> Span:
    """The share of the window's budget that is left; below 0 where it is overdrawn."""
    burned = burn(objective, window)
    return Span(least=round(1 - burned.most, _DIGITS), most=round(1 - burned.least, _DIGITS))


def bad_left(objective: Objective, window: Counts) -> Span:
    """How many more may be bad, at the traffic of the window; below 0 where too many were."""
    allowed = objective.budget * window.total
    return Span(least=allowed - window.bad.most, most=allowed - window.bad.least)


def outage_left(objective: Objective, window: Counts, length: timedelta) -> timedelta:
    """About how long everything may fail at the window's mean traffic, in the worst case; at least 0."""
    return max(left(objective, window).least, 0.0) * objective.budget * length


def cost_of_one(objective: Objective, window: Counts) -> float:
    """Which share of the window's budget one bad event takes. `window.total` is above 0."""
    return 1 / (objective.budget * window.total)


def spent(objective: Objective, part: Counts, window: Counts) -> Span:
    """Which share of the window's budget a part of it has taken. `window.total` is above 0."""
    cost = cost_of_one(objective, window)
    return Span(least=part.bad.least * cost, most=part.bad.most * cost)


def ends_in(objective: Objective, window: Counts, six_hours: Counts, length: timedelta) -> timedelta | None:
    """When the budget is gone at the rate of the last six hours; None where it is not going, or is gone."""
    rate, remaining = burn(objective, six_hours).most, left(objective, window).least
    if rate <= 1 or remaining <= 0:
        return None
    return remaining * length / rate
