"""Pictures of figures."""

from __future__ import annotations

from typing import Protocol

from bot.domain.checklists.evidence_chart import EvidenceChart
from bot.domain.checklists.report_chart import ReviewsChart
from bot.domain.incidents_chart import IncidentsChart
from bot.domain.slo.chart import BudgetChart

Chart = IncidentsChart | BudgetChart | ReviewsChart | EvidenceChart
"""Whatever can be drawn."""


class Charts(Protocol):
    """Draws. Losing a drawing is accepted.

    Raises `TemporaryFailure` or `PermanentFailure` of `bot.ports.failures`.
    """

    async def draw(self, chart: Chart) -> bytes:
        """A chart as a PNG."""
