"""Texts are kept for a while, and for longer where they cannot be read anew."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from typing_extensions import override

from bot.adapters.runbooks.source import Source
from bot.domain.guide import Runbook
from bot.ports.clock import Clock
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.runbooks import Copy, Library

FRESH = timedelta(minutes=5)
"""For how long a text is as good as new."""

PAUSE = timedelta(seconds=30)
"""For how long what could not be read is not tried again: a server that hangs keeps the first waiting."""

READ_SECONDS = 5.5
MOST_AT_ONCE = 8

_NO_FOLDER = "The guide does not say where its runbooks are: set `runbooks.base` or `runbooks.folder`."


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    text: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failed:
    failure: DeliveryFailure
    at: datetime


class KeptLibrary(Library):
    """A source, and what was read of it: one text a runbook.

    Those who ask for the same at once wait for one reading. A text that cannot be read anew is given as it
    was, with its age.
    """

    def __init__(self, source: Source, *, clock: Clock, within: float = READ_SECONDS) -> None:
        self._source = source
        self._clock = clock
        self._within = within
        self._kept: dict[str, _Kept] = {}
        self._failed: dict[str, _Failed] = {}
        self._locks: dict[str, asyncio.Lock] = {}
        self._at_once = asyncio.Semaphore(MOST_AT_ONCE)

    @property
    @override
    def is_there(self) -> bool:
        return True

    @override
    async def text(self, runbook: Runbook) -> Copy:
        fresh = self._fresh(runbook.key)
        if fresh is not None:
            return fresh
        failed = self._failed.get(runbook.key)
        if failed is not None and timedelta() <= self._clock.now() - failed.at < PAUSE:
            return self._stale(runbook.key, failed.failure)
        try:
            async with asyncio.timeout(self._within):
                return await self._read(runbook)
        except TimeoutError:
            failure: DeliveryFailure = TemporaryFailure(f"{runbook.file} could not be read in time.")
        except DeliveryFailure as refused:
            failure = refused
        self._failed[runbook.key] = _Failed(failure=failure, at=self._clock.now())
        return self._stale(runbook.key, failure)

    async def aclose(self) -> None:
        """End what the source has open."""
        await self._source.aclose()

    async def _read(self, runbook: Runbook) -> Copy:
        async with self._locks.setdefault(runbook.key, asyncio.Lock()):
            fresh = self._fresh(runbook.key)  # somebody else may have read it meanwhile
            if fresh is not None:
                return fresh
            async with self._at_once:
                text = await self._source.read(runbook)
            self._kept[runbook.key] = _Kept(text=text, at=self._clock.now())
            return Copy(text=text)

    def _fresh(self, key: str) -> Copy | None:
        kept = self._kept.get(key)
        if kept is None or not timedelta() <= self._clock.now() - kept.at < FRESH:
            return None
        return Copy(text=kept.text)

    def _stale(self, key: str, failure: DeliveryFailure) -> Copy:
        """What was read before; raises the failure where nothing was."""
        kept = self._kept.get(key)
        if kept is None:
            raise failure.with_traceback(None)
        return Copy(text=kept.text, age=max(timedelta(), self._clock.now() - kept.at))


class NoLibrary(Library):
    """The guide has the runbooks' names only."""

    @property
    @override
    def is_there(self) -> bool:
        return False

    @override
    async def text(self, runbook: Runbook) -> Copy:
        raise PermanentFailure(_NO_FOLDER)
