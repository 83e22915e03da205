"""How a budget stood at an instant of an incident, and what the incident cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.slo.budget import burn, left, spent
from bot.domain.slo.counts import Counts, Span
from bot.domain.slo.objective import Objective, Source
from bot.domain.slo.reading import ENOUGH, Measured, Report, State
from bot.domain.slo.verdict import worst_first

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What was bad between an incident's beginning and its end, and which share of the budget that is.

    `share` is None where too little of the window is known.
    """

    source: Source
    bad: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AtIncident:
    """What was measured at an instant.

    `counted` has what was counted from the incident's beginning until then, of each objective for which
    that is known; nothing where it was not asked for.
    """

    at: datetime
    report: Report
    counted: tuple[tuple[Objective, Counts], ...] = ()

    @property
    def worst(self) -> Measured | None:
        """The objective that stood worst, of those that are measured: what is unknown hides nothing."""
        known = [one for one in self.report.measured if one.state is State.MEASURED]
        return next((measured for measured, _ in worst_first(self.report, known)), None)

    @property
    def failed(self) -> str | None:
        """Why nothing could be measured though there may be numbers: the question was not answered."""
        failures = [one.why for one in self.report.measured if one.state is State.FAILED]
        return failures[0] if failures and self.worst is None else None

    @property
    def left(self) -> Span | None:
        """The share of the budget that was left; None where too little of the window is covered."""
        worst = self.worst
        if worst is None or worst.window is None or not _is_covered(worst):
            return None
        return left(worst.objective, worst.window)

    @property
    def hourly_burn(self) -> Span | None:
        """How fast it burned over the hour before."""
        worst = self.worst
        counts = None if worst is None else worst.burns.get(HOUR)
        return None if worst is None or counts is None else burn(worst.objective, counts)

    @property
    def costs(self) -> tuple[Cost, ...]:
        """What the incident cost, by what is counted: of objectives that count the same, the dearest."""
        dearest: dict[Source, Cost] = {}
        for cost in self._costs():
            known = dearest.get(cost.source)
            if known is None or (cost.share or 0) > (known.share or 0):
                dearest[cost.source] = cost
        return tuple(dearest.values())

    def _costs(self) -> Iterator[Cost]:
        by_objective = {one.objective: one for one in self.report.measured}
        for objective, counts in self.counted:
            measured = by_objective.get(objective)
            if measured is None or measured.window is None or not counts.bad.is_exact:
                continue  # between bucket bounds nobody knows
            known = measured.window.total > 0 and _is_covered(measured)
            share = spent(objective, counts, measured.window).most if known else None
            yield Cost(source=objective.source, bad=round(counts.bad.most), share=share)


def _is_covered(measured: Measured) -> bool:
    return measured.coverage is not None and measured.coverage >= ENOUGH
