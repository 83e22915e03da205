"""A question that is on its way."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

from bot.adapters.prometheus.limits import Limits
from bot.ports.failures import TemporaryFailure
from bot.ports.metrics import TookTooLong

T = TypeVar("T")


class NotSent(TemporaryFailure):
    """Prometheus was not asked, which says nothing of it."""


class Flight(Generic[T]):
    """One question on its way, for all who ask the same meanwhile. Whatever hangs, it ends when it is due.

    Whoever stops waiting spoils it for nobody else. `on_end` is told once.
    """

    def __init__(
        self, sent: Future[T], limits: Limits, due: float, on_end: Callable[[Flight[T]], None]
    ) -> None:
        loop = asyncio.get_running_loop()
        self.told: asyncio.Future[T] = loop.create_future()
        self._limits = limits
        self._on_end = on_end
        self._waiters = 0
        self._sent = sent
        self._landing = asyncio.wrap_future(sent)
        self._landing.add_done_callback(self._land)
        self._timers = (
            loop.call_later(limits.waiting_seconds, self._wait_no_longer_to_begin),
            loop.call_at(due, self._wait_no_longer),
        )

    @property
    def is_given_up(self) -> bool:
        """Whether it was let go of before it began."""
        return self._sent.cancelled()

    async def arrival(self) -> T:
        """What was answered. Raises what went wrong."""
        self._waiters += 1
        try:
            await asyncio.wait((self.told,))  # unlike `await`, it leaves alone what is waited for
        finally:
            self._waiters -= 1
            if not self._waiters:
                self._sent.cancel()  # which stops it only where it has not begun
        return self.told.result()

    def end(self, failure: Exception) -> None:
        """Have it end now with a failure, unless it has ended."""
        if not self.told.done():
            self.told.set_exception(failure)
            self._ended()
        self._landing.cancel()

    def _land(self, landing: asyncio.Future[T]) -> None:
        """The thread is done with it, or will never begin."""
        failure = _nobody_waits() if landing.cancelled() else landing.exception()
        if self.told.done():
            return
        if failure is not None:
            self.told.set_exception(failure)
        else:
            self.told.set_result(landing.result())
        self._ended()

    def _ended(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self.told.exception()  # looked at here: perhaps nobody waits any more
        self._on_end(self)

    def _wait_no_longer_to_begin(self) -> None:
        if self._sent.cancel():
            self.end(
                NotSent(
                    "Prometheus was not asked: so many go before this query that its turn did not come in "
                    f"{self._limits.waiting_seconds:g} s."
                )
            )

    def _wait_no_longer(self) -> None:
        self.end(too_late(self._limits))


def too_late(limits: Limits) -> TookTooLong:
    """The failure of what takes too long altogether."""
    return TookTooLong(f"Prometheus did not answer within {limits.overall_seconds:g} s.")


def _nobody_waits() -> NotSent:
    return NotSent("Prometheus was not asked: nobody waits for it any more.")
