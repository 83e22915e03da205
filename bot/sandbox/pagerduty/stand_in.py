"""The stand-in as a whole: the account, served."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.pagerduty.acts import StandIn
from bot.sandbox.pagerduty.control import Control
from bot.sandbox.pagerduty.events_api import DROPPED, EventsApi, throttled
from bot.sandbox.pagerduty.faults import EVENTS, REST, Fault, FaultKind
from bot.sandbox.pagerduty.rest_api import rate_limited


class PagerDutyStandIn(StandIn):
    """PagerDuty on loopback: `app()` serves the Events API, the REST API and `/control/`."""

    def app(self) -> web.Application:
        """The web application, which delivers webhooks while it runs."""
        app = web.Application(middlewares=[self._befall], client_max_size=1024**2)
        app.add_routes(EventsApi(self.account, self.rates).routes())
        app.add_routes(self.rest.routes())
        app.add_routes(Control(self).routes())
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._end_feed)
        return app

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        self.webhooks.start()
        yield
        await self.webhooks.close()

    async def _end_feed(self, _app: web.Application) -> None:
        self.feed.close()

    @web.middleware
    async def _befall(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        if request.path.startswith("/control/"):
            return await handler(request)
        api = EVENTS if request.path.startswith("/v2/") else REST
        self.calls[api] += 1
        wait, fault = self.faults.take(api)
        response = await self._answer(request, handler, api, fault)
        if wait:
            await asyncio.sleep(wait / 1000)
        return response

    async def _answer(
        self, request: web.Request, handler: Handler, api: str, fault: Fault | None
    ) -> web.StreamResponse:
        match fault.kind if fault else None:
            case FaultKind.RATELIMITED:
                refuse = throttled if api == EVENTS else rate_limited
                return refuse(fault.retry_after if fault else 1)
            case FaultKind.STATUS:
                return web.Response(status=fault.status if fault else 503, text="broken")
            case FaultKind.DOWN:
                return await _hang_up(request)
            case FaultKind.CUT:
                await handler(request)
                return await _hang_up(request)
            case FaultKind.DROP:
                request[DROPPED] = True
            case _:
                pass
        return await handler(request)


async def _hang_up(request: web.Request) -> web.Response:
    """Close the connection once the whole request has come, so that the client has sent it all."""
    await request.read()
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
