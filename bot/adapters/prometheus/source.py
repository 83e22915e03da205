"""The `MetricSource` port by Prometheus."""

from __future__ import annotations

import asyncio
import math
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar, cast

from typing_extensions import override

from bot.adapters.prometheus.breaker import Breaker
from bot.adapters.prometheus.flights import Flight, NotSent, too_late
from bot.adapters.prometheus.kept import Kept
from bot.adapters.prometheus.limits import Limits
from bot.adapters.prometheus.questions import AtInstant, OverSpan, Question
from bot.adapters.prometheus.sessions import Connection
from bot.adapters.threads import BlockingThreads
from bot.domain.slo.samples import Answer, Course
from bot.ports.clock import Clock
from bot.ports.failures import TemporaryFailure
from bot.ports.meter import Meter
from bot.ports.metrics import MetricSource, TookTooLong

CLOSE_SECONDS = 0.5
_DEFAULT = Limits()

T = TypeVar("T", bound=Answer | Course)


class Prometheus(MetricSource):
    """Prometheus, or what speaks its language, below an address.

    Threads of its own ask it, so that nothing of the bot waits where it hangs. What is asked twice at once is
    sent once; an answer is given again for a minute; after three failures in a row it is left alone for ten
    seconds, and then tried with one query, for which the others wait.
    """

    def __init__(
        self, url: str, *, token: str | None = None, clock: Clock, meter: Meter, limits: Limits = _DEFAULT
    ) -> None:
        self._limits = limits
        self._meter = meter
        self._threads = BlockingThreads(
            partial(Connection, url, token, limits), name="prometheus", count=limits.threads
        )
        self._kept = Kept(limits, clock)
        self._breaker = Breaker(limits, clock)
        self._flights: dict[Question[Any], Flight[Any]] = {}
        self._trial: Flight[Any] | None = None

    @property
    @override
    def is_there(self) -> bool:
        return True

    @override
    async def ask(self, query: str, at: datetime) -> Answer:
        return await self._told(AtInstant(query, at))

    @override
    async def course(self, query: str, *, since: datetime, until: datetime, step: timedelta) -> Course:
        return await self._told(OverSpan(query, since, until, step))

    async def aclose(self) -> None:
        """Let go of the threads: within half a second, also of those that hang."""
        await asyncio.to_thread(self._threads.close, CLOSE_SECONDS)
        for flight in tuple(self._flights.values()):
            flight.end(NotSent("Prometheus is asked no more: the bot is stopping."))

    async def _told(self, question: Question[T]) -> T:
        due = asyncio.get_running_loop().time() + self._limits.overall_seconds
        while True:
            if (kept := self._kept.get(question)) is not None:
                self._meter.count_query("kept")
                return cast("T", kept)
            if (flight := self._on_its_way(question)) is not None:
                self._meter.count_query("shared")
                return cast("T", await flight.arrival())
            if self._trial is None:
                return await self._start(question, due).arrival()
            await self._tried(self._trial, due)

    async def _tried(self, trial: Flight[Any], due: float) -> None:
        """Wait until it shows whether there are answers again."""
        try:
            async with asyncio.timeout_at(due):
                await asyncio.wait((trial.told,))
        except TimeoutError:
            raise too_late(self._limits) from None

    def _on_its_way(self, question: Question[Any]) -> Flight[Any] | None:
        flight = self._flights.get(question)
        return None if flight is None or flight.is_given_up else flight

    def _start(self, question: Question[T], due: float) -> Flight[T]:
        """Send it. Raises TemporaryFailure while Prometheus is left alone."""
        rests = self._breaker.rests
        if rests:
            self._meter.count_query("held_back")
            seconds = math.ceil(rests.total_seconds())
            raise TemporaryFailure(
                f"Prometheus did not answer {self._limits.failures} times in a row: it is left alone for "
                f"another {seconds} s.",
                retry_after=rests,
            )
        sent = self._threads.submit(question.put)
        flight = Flight(sent, self._limits, due, partial(self._ended, question))
        self._flights[question] = flight
        if self._breaker.is_open:
            self._trial = flight
        return flight

    def _ended(self, question: Question[Any], flight: Flight[Any]) -> None:
        if self._flights.get(question) is flight:
            del self._flights[question]
        failure = flight.told.exception()
        self._meter.count_query(_outcome(failure))
        if failure is None:
            self._kept.put(question, flight.told.result())
        self._judge(flight, failure)
        self._meter.note_breaker(is_open=self._breaker.is_open)

    def _judge(self, flight: Flight[Any], failure: BaseException | None) -> None:
        """What an end says of Prometheus. A refusal is an answer, too."""
        is_trial = self._trial is flight
        if is_trial:
            self._trial = None
        if isinstance(failure, NotSent):
            return
        if not isinstance(failure, TemporaryFailure):
            self._breaker.answered()
        elif is_trial or not self._breaker.is_open:  # else it was sent before, and makes the pause no longer
            self._breaker.failed()


def _outcome(failure: BaseException | None) -> str:
    match failure:
        case None:
            return "answered"
        case NotSent():
            return "not_sent"
        case TookTooLong():
            return "timed_out"
        case TemporaryFailure():
            return "failed"
        case _:
            return "refused"
