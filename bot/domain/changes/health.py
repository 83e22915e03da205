"""How a service did before it was changed and since, by what was promised of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Trend(StrEnum):
    """What a change made of a number."""

    SAME = "same"
    BETTER = "better"
    WORSE = "worse"
    UNKNOWN = "unknown"  # before or after, nothing was measured


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthLine:
    """One number, with the words in which it is told: `Availability`, `99.98 %`, kept its promise or not.

    `value` is in the number's own unit (a fraction, seconds, requests a second), None where nothing was
    measured, for which `said` says why. `kept` is None where nothing was promised, or nothing is known.
    `key` tells numbers apart, and stays.
    """

    key: str
    title: str
    value: float | None
    said: str
    kept: bool | None = None
