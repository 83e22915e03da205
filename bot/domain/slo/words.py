"""What is left of an error budget, in words."""

from __future__ import annotations

from bot.domain.slo.counts import Span
from bot.domain.slo.percent import MINUS, percent


def left_words(left: Span) -> str:
    """`82 % of the error budget left`, `the error budget is overdrawn by 57 %`, or between two such."""
    if left.most <= 0:
        return _overdrawn(left)
    if left.is_exact:
        return f"{percent(left.least)} of the error budget left"
    least = percent(left.least) if left.least > 0 else "nothing"
    return f"between {least} and {percent(left.most)} of the error budget left"


def between(one: str, other: str) -> str:
    """Two ends of a span, or the one where they read the same."""
    return one if one == other else f"between {one} and {other}"


def _overdrawn(left: Span) -> str:
    if left.least == 0 == left.most:
        return "the error budget is used up"
    least, most = (percent(one).removeprefix(MINUS) for one in (left.most, left.least))
    return f"the error budget is overdrawn by {between(least, most)}"
