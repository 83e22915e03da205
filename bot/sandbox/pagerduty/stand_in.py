"""The stand-in as a whole: the account, served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from aiohttp import web

from bot.sandbox.faults import befalling
from bot.sandbox.pagerduty.acts import StandIn
from bot.sandbox.pagerduty.control import Control
from bot.sandbox.pagerduty.events_api import EventsApi, throttled
from bot.sandbox.pagerduty.faults import EVENTS, REST
from bot.sandbox.pagerduty.rest_shapes import rate_limited

TICK_SECONDS = 0.25


class PagerDutyStandIn(StandIn):
    """PagerDuty on loopback: `app()` serves the Events API, the REST API and `/control/`."""

    def app(self) -> web.Application:
        """The web application, which delivers webhooks while it runs."""
        befall = befalling(self.faults, call=self._called, throttled=_throttled)
        app = web.Application(middlewares=[befall], client_max_size=1024**2)
        app.add_routes(EventsApi(self.account, self.rates).routes())
        app.add_routes(Control(self).routes())
        app.add_routes(self.rest.routes())
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._end_feed)
        return app

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        self.feed.reopen()
        self.webhooks.start()
        ticking = asyncio.get_running_loop().create_task(self._tick())
        yield
        ticking.cancel()
        with suppress(asyncio.CancelledError):
            await ticking
        await self.webhooks.close()

    async def _tick(self) -> None:
        """Have come what time brings; the clock jumps, so that it is looked at often."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            self.lapse()

    async def _end_feed(self, _app: web.Application) -> None:
        self.feed.close()

    def _called(self, request: web.Request) -> str | None:
        """The API that a request is for, which is counted; None for control. Nothing due is still to come."""
        self.lapse()
        if request.path.startswith("/control/"):
            return None
        api = EVENTS if request.path.startswith("/v2/") else REST
        self.calls[api] += 1
        return api


def _throttled(request: web.Request, wait: int) -> web.Response:
    return throttled(wait) if request.path.startswith("/v2/") else rate_limited(wait)
