"""What is done now and then: APScheduler calls it, and keeps nothing. Its only home.

APScheduler reads the wall clock itself, so it only calls at intervals; what is due is computed from
`Clock` and rows, and a call missed or doubled changes nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from scheduler.guarded import guarded


class Jobs:
    """Runs each job at its interval, never twice at once. Trouble in one is logged and stays with it."""

    def __init__(self) -> None:
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._stopping = False

    def every(
        self, seconds: float, name: str, call: Callable[[], Awaitable[object]], *, first: float | None = None
    ) -> None:
        """Call `call` every `seconds`, for the first time after `first`, or after the first interval."""

        async def run() -> None:
            try:
                await guarded(call(), otherwise=None, what="a periodic job", job=name)
            except asyncio.CancelledError:
                if not self._stopping:
                    raise  # else APScheduler would log as an error that somebody was still waited for

        self._scheduler.add_job(
            run,
            IntervalTrigger(seconds=seconds),
            id=name,
            max_instances=1,
            **_at_first(first),
            coalesce=True,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        """Begin. The running event loop is used."""
        self._scheduler.start()

    def stop(self) -> None:
        """End; what runs just now is not waited for."""
        self._stopping = True
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


def _at_first(seconds: float | None) -> Mapping[str, datetime]:
    """When a job is called first, where not after its interval: by the clock that APScheduler reads."""
    if seconds is None:
        return {}
    return {"next_run_time": datetime.now(UTC) + timedelta(seconds=seconds)}  # noqa: TID251 - see above
