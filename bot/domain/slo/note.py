"""What an incident's history keeps of its budget: how it stood at a moment, and at the end what it cost."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.event import EventData
from bot.domain.slo.counts import Span
from bot.domain.slo.incident_budget import AtIncident, Cost
from bot.domain.slo.objective import Promise, Sli, Source
from bot.domain.slo.reading import ALMOST_ALL

MILLION = 1_000_000
THOUSAND = 1_000

_DEFAULT_WINDOW = timedelta(days=30)


class Noted(StrEnum):
    """At which moments of an incident its budget is noted."""

    DECLARED = "declared"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class BudgetNote:
    """How the budget of `title` stood `at` a moment of the incident.

    `sli` is that of the objective which stood worst; `left` and `burn` (over the hour before) are its.
    `covered` is the share of the window in which there was something to count, where that is not all of
    it. `costs` is what was bad until then, since the incident's beginning. `why` says why nothing was
    measured, where it was not.
    """

    moment: Noted
    at: datetime
    title: str
    window: timedelta
    sli: Sli | None = None
    left: Span | None = None
    burn: Span | None = None
    covered: float | None = None
    costs: tuple[Cost, ...] = ()
    why: str | None = None

    @property
    def is_measured(self) -> bool:
        """Whether there are numbers."""
        return self.why is None

    @property
    def data(self) -> EventData:
        """It as facts of an event: shares in millionths, burn rates in thousandths."""
        facts: dict[str, str | int | None] = {
            "moment": self.moment.value,
            "at": self.at.isoformat(),
            "title": self.title,
            "window_s": round(self.window.total_seconds()),
            "sli": self.sli,
            **_span_facts("left_millionths", self.left, MILLION),
            **_span_facts("burn_thousandths", self.burn, THOUSAND),
            "covered_millionths": _scaled(self.covered, MILLION),
            "why": self.why,
        }
        for cost in self.costs:
            facts[f"bad_{cost.source}"] = cost.bad
            facts[f"cost_millionths_{cost.source}"] = _at_least_one(cost.share)
        return {key: value for key, value in facts.items() if value is not None}


def note_of(moment: Noted, promise: Promise, found: AtIncident) -> BudgetNote:
    """What is kept of what was measured."""
    worst, window = found.worst, found.report.window
    if worst is None:
        whys = [one.why for one in found.report.measured if one.why]
        why = whys[0] if whys else "Nothing of it is measured."
        return missing_note(moment, promise, found.at, why)
    covered = worst.coverage
    return BudgetNote(
        moment=moment,
        at=found.at,
        title=promise.title,
        window=window,
        sli=worst.objective.sli,
        left=found.left,
        burn=found.hourly_burn,
        covered=None if covered is None or covered >= ALMOST_ALL else covered,
        costs=found.costs,
    )


def missing_note(moment: Noted, promise: Promise, at: datetime, why: str) -> BudgetNote:
    """What is kept where nothing was measured."""
    window = promise.slo.window if promise.slo else _DEFAULT_WINDOW
    return BudgetNote(moment=moment, at=at, title=promise.title, window=window, why=why)


def read_note(data: Mapping[str, Any]) -> BudgetNote | None:
    """The inverse of `BudgetNote.data`; None for facts that are no note."""
    try:
        return BudgetNote(
            moment=Noted(data["moment"]),
            at=datetime.fromisoformat(data["at"]),
            title=str(data["title"]),
            window=timedelta(seconds=data["window_s"]),
            sli=Sli(data["sli"]) if data.get("sli") else None,
            left=_span(data, "left_millionths", MILLION),
            burn=_span(data, "burn_thousandths", THOUSAND),
            covered=_number(data, "covered_millionths", MILLION),
            costs=tuple(_costs(data)),
            why=data.get("why"),
        )
    except (KeyError, ValueError, TypeError, OverflowError):
        return None


def _costs(data: Mapping[str, Any]) -> Iterator[Cost]:
    for source in Source:
        bad = data.get(f"bad_{source}")
        if bad is not None:
            yield Cost(source=source, bad=int(bad), share=_number(data, f"cost_millionths_{source}", MILLION))


def _span_facts(name: str, span: Span | None, scale: int) -> dict[str, int | None]:
    """The least of what it may be, and the most where that is another."""
    if span is None:
        return {}
    most = None if span.is_exact else _scaled(span.most, scale)
    return {name: _scaled(span.least, scale), f"{name}_most": most}


def _span(data: Mapping[str, Any], name: str, scale: int) -> Span | None:
    least = _number(data, name, scale)
    if least is None:
        return None
    most = _number(data, f"{name}_most", scale)
    return Span(least=least, most=least if most is None else most)


def _scaled(number: float | None, scale: int) -> int | None:
    """Rounded down, so that nothing that is not whole becomes so; the noise of floats aside."""
    return None if number is None else math.floor(round(number * scale, 3))


def _at_least_one(share: float | None) -> int | None:
    """What cost something never cost nothing."""
    return None if share is None else max(round(share * MILLION), 1 if share > 0 else 0)


def _number(data: Mapping[str, Any], name: str, scale: int) -> float | None:
    value = data.get(name)
    return None if value is None else int(value) / scale
