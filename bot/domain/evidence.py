"""Evidence: what an item of a checklist looks at, what was found, and whether that is fine.

A specification comes from the guide and stays with the run; what was found is kept beside it, so that a
card shows it without asking anybody again.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

A_WEEK = timedelta(days=7)


class Source(StrEnum):
    """Who is asked."""

    QUERY = "query"  # Prometheus, by a query of the guide's
    SLO = "slo"  # how what was promised stands: of a service, of the platform, or of all
    ALERTS = "alerts"  # what nobody has acknowledged, or what fired most
    INCIDENTS = "incidents"  # what is open
    CHANGES = "changes"  # when changes may start next
    LINK = "link"  # nobody: a page to open


class Unit(StrEnum):
    """What a number is, so that it reads well."""

    NUMBER = "number"
    RATIO = "ratio"  # 0.001 reads 0.1 %
    SECONDS = "seconds"
    BYTES = "bytes"
    PER_SECOND = "per_second"


class Sign(StrEnum):
    """How a value is held against a bound."""

    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    EQUAL = "="
    NOT_EQUAL = "!="


_HOLDS: Mapping[Sign, Callable[[float, float], bool]] = {
    Sign.BELOW: operator.lt,
    Sign.AT_MOST: operator.le,
    Sign.ABOVE: operator.gt,
    Sign.AT_LEAST: operator.ge,
    Sign.EQUAL: operator.eq,
    Sign.NOT_EQUAL: operator.ne,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """What is fine. `bound` is in the unit of the evidence, ratios as fractions."""

    sign: Sign
    bound: float

    def holds(self, value: float) -> bool:
        """Whether `value` is fine. What is no number never is."""
        return not math.isnan(value) and _HOLDS[self.sign](value, self.bound)


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceSpec:
    """What is looked at. `of` says what, in the words of the source.

    A query; a service's key, `platform` or `all`; `unacknowledged` or `noisiest`; `open`; `ahead`; an
    address. `compare` is how long ago the value is asked for once more, `chart` how far back a line is
    drawn: both are for queries alone.
    """

    title: str
    source: Source
    of: str
    unit: Unit = Unit.NUMBER
    fine: Threshold | None = None
    compare: timedelta | None = A_WEEK
    chart: timedelta | None = None


class Judgement(StrEnum):
    """Whether what was found is fine."""

    FINE = "fine"
    NOT_FINE = "not_fine"
    UNKNOWN = "unknown"  # it could not be seen
    NONE = "none"  # nothing says what would be fine


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One series of what was found, by its labels in words; `before` is its value then. None: no number."""

    label: str
    now: float | None
    before: float | None = None
    fine: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What was found for one specification, at an instant.

    `values` are a query's, the worst first, `more` counts those left out; `lines` are what the other sources
    say, in plain words; `failed` says in a sentence why nothing was found.
    """

    title: str
    source: Source
    judgement: Judgement
    at: datetime
    unit: Unit = Unit.NUMBER
    values: tuple[Value, ...] = ()
    more: int = 0
    lines: tuple[str, ...] = ()
    url: str | None = None
    failed: str | None = None


def worst(found: tuple[Found, ...]) -> Judgement:
    """The judgement of an item, over all that was found for it."""
    order = (Judgement.NOT_FINE, Judgement.UNKNOWN, Judgement.FINE)
    judged = {one.judgement for one in found}
    return next((each for each in order if each in judged), Judgement.NONE)
