"""How a budget stood at an instant of an incident, and what the incident cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.slo.budget import burn, left, spent
from bot.domain.slo.counts import Counts, Span
from bot.domain.slo.reading import Measured, Report


@dataclass(frozen=True, slots=True, kw_only=True)
class AtIncident:
    """What was measured at an instant; `cost` has the counts between the incident's beginning and then.

    `worst` is the objective that stood worst, None where nothing could be measured. `cost` is None where
    it was not asked for, or is not known.
    """

    at: datetime
    report: Report
    worst: Measured | None
    cost: Counts | None = None

    @property
    def left(self) -> Span | None:
        """The share of the budget that was left."""
        if self.worst is None or self.worst.window is None:
            return None
        return left(self.worst.objective, self.worst.window)

    @property
    def hourly_burn(self) -> Span | None:
        """How fast it burned over the hour before."""
        counts = None if self.worst is None else self.worst.burns.get(timedelta(hours=1))
        return None if self.worst is None or counts is None else burn(self.worst.objective, counts)

    @property
    def cost_share(self) -> Span | None:
        """Which share of the window's budget the incident took."""
        if self.worst is None or self.worst.window is None or self.cost is None:
            return None
        return spent(self.worst.objective, self.cost, self.worst.window)
