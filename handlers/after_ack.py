"""What is done after the acknowledgement: supervised, bounded in time, lost in a crash."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from bot.ports.failures import DeliveryFailure

DEADLINE_SECONDS = 10.0
MOST_AT_ONCE = 200
"""More work than this at once is dropped: it only tells people what they can see by looking."""

_log = logging.getLogger(__name__)


class AfterAck:
    """A group of tasks that outlive the request that started them.

    An async context manager: leaving it waits for what still runs, at most `deadline` seconds. One
    task's failure is logged and touches no other.
    """

    def __init__(self, *, deadline: float = DEADLINE_SECONDS) -> None:
        self._deadline = deadline
        self._group = asyncio.TaskGroup()
        self._running = 0

    async def __aenter__(self) -> Self:
        await self._group.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None and issubclass(kind, asyncio.CancelledError):
            await self._group.__aexit__(kind, error, trace)  # ends what still runs, too
        else:
            await self._group.__aexit__(None, None, None)  # the block's own error is no group's

    def start(self, work: Coroutine[Any, Any, None], *, what: str) -> bool:
        """Run `work` in the background; `what` names it in the log. Never waits, never raises.

        False where it is dropped instead.
        """
        if self._running >= MOST_AT_ONCE:
            work.close()
            _log.error("%s is dropped: %d things are done after acknowledgements already", what, MOST_AT_ONCE)
            return False
        guarded = self._guarded(work, what)
        try:
            self._group.create_task(guarded, name=what)
        except RuntimeError:
            guarded.close()
            work.close()
            _log.warning("%s is dropped: the bot is stopping", what)
            return False
        self._running += 1
        return True

    async def _guarded(self, work: Coroutine[Any, Any, None], what: str) -> None:
        try:
            async with asyncio.timeout(self._deadline):
                await work
        except TimeoutError:
            _log.warning("%s took longer than %g s and was given up", what, self._deadline)
        except DeliveryFailure as failure:
            _log.warning("%s failed: %s", what, failure.reason)
        except Exception:  # noqa: BLE001 - the group's boundary: recorded, and no other work is touched
            _log.exception("%s failed", what)
        finally:
            self._running -= 1
