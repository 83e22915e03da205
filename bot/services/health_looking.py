"""Asks how a service does around a change."""

from __future__ import annotations

from bot.domain.changes.looking import lines_of, looked_for
from bot.domain.slo.reading import Unanswered
from bot.ports.failures import PermanentFailure, TemporaryFailure
from bot.ports.metrics import MetricSource
from bot.services.health_work import HealthSeen, LookAtHealth
from bot.services.slo_asking import Asking, result_of


class HealthLooker:
    """Asks everything at once, each question failing by itself."""

    def __init__(self, source: MetricSource) -> None:
        self._asking = Asking(source=source)

    async def send(self, work: LookAtHealth) -> HealthSeen:
        """Ask. Raises DeliveryFailure's subclasses, also where nothing at all was answered."""
        if work.promise is None:
            raise PermanentFailure(work.why or "Nothing is measured.")
        asked = looked_for(work.promise, work.length)
        answers = await self._asking.all(asked, work.at)
        looked = {query: result_of(answer) for query, answer in answers.items()}
        failed = [one for one in looked.values() if isinstance(one, Unanswered)]
        if len(failed) == len(looked):
            raise TemporaryFailure(failed[0].reason)
        return HealthSeen(lines=lines_of(work.promise, work.length, looked))
