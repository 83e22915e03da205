"""What was handed over is what it has to be, or raises ValueError or TypeError."""

from __future__ import annotations

import math
from typing import Any

LONGEST_TEXT = 200
"""Far more than is ever sent."""


def text(given: Any) -> str:
    """A text of a reasonable length."""
    if not isinstance(given, str) or len(given) > LONGEST_TEXT:
        raise ValueError("a text is none, or too long")
    return given


def number(given: Any, least: float = -math.inf, most: float = math.inf) -> float:
    """A finite number between two others."""
    value = float(given)
    if not math.isfinite(value) or not least <= value <= most:
        raise ValueError("a number is none, or out of its bounds")
    return value


def perhaps(given: Any, least: float = -math.inf, most: float = math.inf) -> float:
    """The same, or not-a-number where there is none."""
    return math.nan if given is None else number(given, least, most)
