"""Waiting until a process that was just started answers."""

from __future__ import annotations

import asyncio
import contextlib
from http import HTTPStatus

import aiohttp

from bot.sandbox.children import Child

_PATIENCE_SECONDS = 60.0
_PAUSE_SECONDS = 0.05
_ONE_TRY = aiohttp.ClientTimeout(total=2)


async def answers(http: aiohttp.ClientSession, url: str, child: Child) -> bool:
    """Whether `url` comes to be answered with a 200 before the process ends, or one loses patience."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while child.running:
                if await _answers_now(http, url):
                    return True
                await asyncio.sleep(_PAUSE_SECONDS)
    return False


async def _answers_now(http: aiohttp.ClientSession, url: str) -> bool:
    with contextlib.suppress(aiohttp.ClientError, TimeoutError):
        async with http.get(url, timeout=_ONE_TRY) as answer:
            return answer.status == HTTPStatus.OK
    return False
