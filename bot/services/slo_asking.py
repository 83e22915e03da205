"""Many questions at once: a bounded number at a time, and each until the deadline of the whole answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.domain.slo.plan import Query
from bot.domain.slo.reading import Unanswered
from bot.domain.slo.samples import Answer
from bot.ports.failures import DeliveryFailure
from bot.ports.metrics import MetricSource, TookTooLong

ANSWER_SECONDS = 8.0
"""How long a whole answer may take: what is not there by then is told as missing."""

AT_ONCE = 8
"""Questions that are under way, of all answers together; others wait, in the order in which they came."""

LATE = "Prometheus did not answer in time."


Answered = Mapping[Query, Answer | DeliveryFailure]

Question = tuple[str, datetime]
"""A query's text, and the instant for which it is asked."""


class Asking:
    """Asks. A question that fails is a value: it never takes the others with it."""

    def __init__(self, *, source: MetricSource, seconds: float = ANSWER_SECONDS) -> None:
        self._source = source
        self._seconds = seconds
        self._free = asyncio.Semaphore(AT_ONCE)

    async def all(self, asked: Iterable[Query], at: datetime) -> Answered:
        """What each query gives at one instant, or how it failed; in the order of the queries."""
        once = tuple(dict.fromkeys(asked))
        answers = await self.each((query.text, at) for query in once)
        return {query: answers[query.text, at] for query in once}

    async def each(self, asked: Iterable[Question]) -> Mapping[Question, Answer | DeliveryFailure]:
        """The same of texts, each at an instant of its own."""
        once = tuple(dict.fromkeys(asked))
        deadline = asyncio.get_running_loop().time() + self._seconds
        answers = await asyncio.gather(*(self._one(text, at, deadline) for text, at in once))
        return dict(zip(once, answers, strict=True))

    async def _one(self, text: str, at: datetime, deadline: float) -> Answer | DeliveryFailure:
        try:
            async with asyncio.timeout_at(deadline), self._free:
                return await self._source.ask(text, at)
        except TimeoutError:
            return TookTooLong(LATE)
        except DeliveryFailure as failure:
            return failure


def result_of(answered: Answer | DeliveryFailure) -> Answer | Unanswered:
    """What a report is read from: a failure is a state there."""
    if isinstance(answered, DeliveryFailure):
        return Unanswered(reason=answered.reason, late=isinstance(answered, TookTooLong))
    return answered
