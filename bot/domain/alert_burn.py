"""What an alert says about an error budget, in its annotations `burn` and `budget`: text from outside."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from bot.domain.alert import Alert
from bot.domain.text import clean

BURN, BUDGET, WINDOW = "burn", "budget", "window"

_LONGEST = 80
"""Characters of an annotation that are looked at."""

_NUMBER = re.compile(r"(\d{1,9}(?:\.\d{1,9})?) ?[x\N{MULTIPLICATION SIGN}]?", re.ASCII)
_SHARE = re.compile(
    r"(?P<minus>[-\N{MINUS SIGN}]?)(?P<number>\d{1,9}(?:\.\d{1,9})?) ?%(?P<rest>.*)", re.ASCII
)
_SPAN = re.compile(r"(\d{1,4})(s|m|h|d|w)", re.ASCII)
_UNITS = {"m": "min"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How many per cent of the budget are left, below 0 where it is overdrawn; `rest`: what is said of it."""

    percent: float
    rest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BurnTold:
    """How many times as fast as it may a budget burns, over which span, and what is left of it.

    What is no number is there as it was said. None: nothing was said.
    """

    burn: float | str | None
    over: str | None
    budget: Budget | str | None


def burn_told(alert: Alert) -> BurnTold | None:
    """What the alert says of an error budget; None where it is about something else."""
    burn = clean(alert.annotations.get(BURN, ""), _LONGEST)
    budget = clean(alert.annotations.get(BUDGET, ""), _LONGEST)
    if not burn and not budget:
        return None
    return BurnTold(
        burn=_number(burn) if burn else None,
        over=_span(alert.labels.get(WINDOW, "")),
        budget=_budget(budget) if budget else None,
    )


def _number(text: str) -> float | str:
    found = _NUMBER.fullmatch(text)
    return float(found[1]) if found else text


def _budget(text: str) -> Budget | str:
    found = _SHARE.fullmatch(text)
    if found is None:
        return text
    share = float(found["number"])
    return Budget(percent=math.copysign(share, -1) if found["minus"] and share else share, rest=found["rest"])


def _span(text: str) -> str | None:
    found = _SPAN.fullmatch(text)
    return f"{found[1]} {_UNITS.get(found[2], found[2])}" if found else None
