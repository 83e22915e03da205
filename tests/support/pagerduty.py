"""PagerDuty's stand-in, served on a free loopback port."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from bot.sandbox.pagerduty import PagerDutyStandIn


@dataclass(frozen=True, slots=True)
class ServedPagerDuty:
    """The stand-in and the address of all its interfaces."""

    stand_in: PagerDutyStandIn
    url: str


@asynccontextmanager
async def served_pagerduty(**options: Any) -> AsyncIterator[ServedPagerDuty]:
    """Serve a stand-in made with `options`; it ends with the block."""
    stand_in = PagerDutyStandIn(**options)
    async with served(stand_in.app()) as url:
        yield ServedPagerDuty(stand_in, url)


@asynccontextmanager
async def served(app: web.Application) -> AsyncIterator[str]:
    """Serve any application on a free loopback port; gives its address."""
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
