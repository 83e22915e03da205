"""Shares as people read them."""

from __future__ import annotations

import math

MINUS = "\N{MINUS SIGN}"

_LEAST = 0.1
_NEARLY_ALL = 99
_WHOLE = 10
_DIGITS = 9
"""Behind which a float's last digits are noise: 29.0 is no 28.999999999999996."""


def percent(share: float) -> str:
    """A share of a budget, never nicer than it is: `43 %`, `99.9 %`, `0.4 %`, `<0.1 %`; below 0 `-57 %`."""
    exact = round(abs(share) * 100, _DIGITS)
    if share < 0:
        return f"{MINUS}{_worse(exact)} %"
    if share and exact < _LEAST:
        return f"<{_LEAST} %"
    if 0 < exact < 1 or (share < 1 and exact > _NEARLY_ALL):
        return f"{min(math.floor(round(exact * 10, _DIGITS)) / 10, _NEARLY_ALL + 0.9):.1f} %"
    return f"{math.floor(exact):,} %"


def _worse(exact: float) -> str:
    """Rounded up: an overdrawn budget is no less overdrawn than it says."""
    tenths = max(math.ceil(round(exact * 10, _DIGITS)), 1)
    return f"{tenths / 10:.1f}" if exact < 1 and tenths < _WHOLE else f"{math.ceil(exact):,}"
