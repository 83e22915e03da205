"""How the error budgets stand is written down every minute, so that the gate need not ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol

from bot.domain.changes.gate import BudgetNews
from bot.domain.slo.gate import gate
from bot.domain.slo.reading import Report, Reported
from bot.ports.store import Store, Transaction


class Overview(Protocol):
    """Who knows how everything that was promised stands. Every answer is bounded in time."""

    @property
    def is_there(self) -> bool:
        """Whether anything is measured."""

    async def overview(self) -> Sequence[Reported]:
        """How everything stands now, or stood when it was asked last."""


class SloNews:
    """Looks, and notes. What could not be asked is not noted: how old the last news is tells that.

    `said` puts into words how a promise stands.
    """

    def __init__(self, *, reader: Overview, store: Store, said: Callable[[Report], str]) -> None:
        self._reader = reader
        self._store = store
        self._said = said

    async def look(self) -> int:
        """Look once. Of how many budgets something was noted."""
        if not self._reader.is_there:
            return 0
        news = tuple(self._news(await self._reader.overview()))
        if not news:
            return 0

        def body(tx: Transaction) -> None:
            tx.budgets.put(news)

        await self._store.transaction("slo_news", body)
        return len(news)

    def _news(self, found: Sequence[Reported]) -> Iterator[BudgetNews]:
        for one in found:
            report = one.report
            if report is None or one.age is not None or not one.promise.objectives:
                continue
            permission = gate(one.promise.key, report.at, report).permission
            yield BudgetNews(
                service=one.promise.key, permission=permission, said=self._said(report), at=report.at
            )
