"""Use cases that have a chart drawn for a channel."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.errors import ForbiddenError, InvalidError
from bot.domain.rights import Rights
from bot.domain.statistics import Statistics
from bot.ports.clock import Clock
from bot.ports.store import Store, Transaction
from bot.services.receipts import Refusal, answered, earlier_reply, keep_answer, keep_refusal
from bot.services.record import Record
from bot.services.requests import Answer, Request
from bot.services.statistics import StatisticsReader

_COMING = "The chart comes here in a moment, for everybody to see."


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedChart:
    """What was answered; and what is to be drawn and posted there, unless that was done before."""

    answer: Answer
    shown: Statistics | None = None


class Charting:
    """Counts what is to be drawn: everybody but guests may have it posted, once for each time they ask."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        directory: Directory,
        statistics: StatisticsReader,
        rights: Rights,
    ) -> None:
        self._store = store
        self._clock = clock
        self._directory = directory
        self._statistics = statistics
        self._rights = rights

    async def ask(self, request: Request, length: timedelta, service: str | None) -> AskedChart:
        """Note who asked, and count. Raises DomainError.

        A request that comes again gets the answer again and no second chart.
        """
        if request.channel is None:
            raise InvalidError("A chart is posted into a channel: ask for it in one.")
        shown = await self._statistics.of(length, service)
        if not shown.all.count:
            raise InvalidError("No incident was declared in that time: there is nothing to draw.")
        answer = answered(await self._store.transaction("chart", lambda tx: self._noted(tx, request)))
        if answer.repeated:
            return AskedChart(answer=answer)
        return AskedChart(answer=answer, shown=shown)

    def _noted(self, tx: Transaction, request: Request) -> Answer | Refusal:
        earlier = earlier_reply(tx, request)
        if earlier is not None:
            return earlier
        record = Record(tx=tx, now=self._clock.now(), actor=request.actor, directory=self._directory)
        try:
            self._rights.check(Deed.CHART, request.actor)
        except ForbiddenError as error:
            return keep_refusal(record, request, error, Deed.CHART)
        return keep_answer(record, request, Answer(text=_COMING))
