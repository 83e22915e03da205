"""Has charts drawn by a child process, which stays for the next one for a while."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from typing_extensions import override

from bot.adapters.charts.asking import asked
from bot.adapters.charts.worker import DRAWING, Said, Worker, WorkerDiedError
from bot.ports.charts import Chart, Charts
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure

DRAWING_SECONDS = 7.0
"""From being asked to the picture, waiting for others' included; the rest of the time is the upload's."""

IDLE_SECONDS = 300.0
"""How long the child waits for more work."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = b"P"
_NO_LIBRARY = 3

_log = logging.getLogger(__name__)


class ChildCharts(Charts):
    """One drawing at a time, bounded in time; a child that takes longer is killed, and a new one started.

    There is one child for the whole bot. `aclose` ends it.
    """

    def __init__(
        self,
        *,
        seconds: float = DRAWING_SECONDS,
        idle_seconds: float = IDLE_SECONDS,
        command: Sequence[str] = DRAWING,
    ) -> None:
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._command = command
        self._one_at_a_time = asyncio.Semaphore(1)
        self._worker: Worker | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._closed = False

    @override
    async def draw(self, chart: Chart) -> bytes:
        wanted = asked(chart)
        try:
            async with asyncio.timeout(self._seconds), self._one_at_a_time:
                said = await self._said(wanted)
        except TimeoutError as error:
            raise TemporaryFailure(f"Drawing it took longer than {self._seconds:g} s.") from error
        except OSError as error:
            raise TemporaryFailure(f"The drawing could not be started ({error.strerror}).") from error
        if said.letter != _PICTURE or not said.content.startswith(SIGNATURE):
            _log.error("a chart was not drawn: %s", said.content[:200].decode(errors="replace"))
            raise _a_bug()
        return said.content

    async def aclose(self) -> None:
        """End the child; no more charts are drawn."""
        self._closed = True
        if self._worker is not None:
            self._worker.kill()
        async with self._one_at_a_time:  # whoever waits for it hears of it first
            self._stay()
            if self._worker is not None:
                await self._worker.ended()

    async def _said(self, wanted: bytes) -> Said:
        """The answer of the child that is there, else (also where it turns out to have died) of a new one."""
        self._stay()
        if self._worker is not None and self._worker.is_there:
            try:
                return await self._ask(self._worker, wanted)
            except WorkerDiedError:
                _log.info("the child that draws charts has ended; a new one is started")
        self._go_on()
        self._worker = await Worker.start(self._command)
        self._go_on()
        try:
            return await self._ask(self._worker, wanted)
        except WorkerDiedError as death:
            self._go_on()
            raise _told(await self._worker.ended(), death) from death

    def _go_on(self) -> None:
        if self._closed:
            raise TemporaryFailure("The bot is stopping.")

    async def _ask(self, worker: Worker, wanted: bytes) -> Said:
        try:
            said = await worker.ask(wanted)
        except BaseException:
            await worker.ended()  # it may still be at it, and the next answer must not be this one's
            raise
        self._idle = asyncio.get_running_loop().call_later(self._idle_seconds, worker.kill)
        return said

    def _stay(self) -> None:
        """The child is not idle any more."""
        if self._idle is not None:
            self._idle.cancel()
            self._idle = None


def _told(code: int, death: WorkerDiedError) -> DeliveryFailure:
    """Why a child that was new could not draw."""
    if code == _NO_LIBRARY:
        return PermanentFailure(
            "Charts need matplotlib, which is not installed beside the bot: reinstall opsbot."
        )
    _log.error("a chart was not drawn: %s (code %d)", death, code)
    return _a_bug()


def _a_bug() -> PermanentFailure:
    return PermanentFailure("It could not be drawn, which is a bug in opsbot.")
