"""Use cases that count routine reviews: everybody may look at figures."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.checklists.figures import OpenProblem, Report, Span
from bot.domain.checklists.report import open_problems, report
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.ports.workspace import Workspace, may_read

LONGEST = timedelta(days=366)
"""What is counted at once."""

_NOW_TOO = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedReviews:
    """The figures of a span; of one checklist with what is still open, where that was asked for."""

    report: Report
    problems: tuple[OpenProblem, ...] = ()


class ReviewCounter:
    """Counts runs. Figures are for everybody; what people wrote in a secret channel is told only there."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, workspace: Workspace) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._workspace = workspace

    async def of(
        self, length: timedelta, checklist: str | None = None, *, channel: str | None = None
    ) -> CountedReviews:
        """The figures of the last `length`, of all or of one checklist (a key of the guide, or a run's).

        `channel` is Slack's id of where they are told. Raises InvalidError.
        """
        if not timedelta() < length <= LONGEST:
            raise InvalidError(f"Reports reach back from 1 to {LONGEST.days} days: `/checklist report 30d`.")
        until = self._clock.now() + _NOW_TOO
        span = Span(since=until - length, until=until, checklist=checklist)

        def body(tx: Transaction) -> CountedReviews:
            runs = tx.runs.between(span.since, span.until)
            alike = self._directory.guide.titled_alike
            figures = report(runs, span, self._directory.guide.organization.zone, alike=alike)
            if checklist is None:
                return CountedReviews(report=figures)
            readable = {run.id: may_read(self._workspace, run, channel) for run in runs}
            return CountedReviews(
                report=figures,
                problems=open_problems(runs, span, lambda run: readable[run.id], alike=alike),
            )

        return await self._store.read(body)
