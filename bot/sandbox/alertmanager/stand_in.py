"""The stand-in as a whole: the alerts, served."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.sandbox.alertmanager.acts import StandIn
from bot.sandbox.alertmanager.api_alerts import AlertsApi
from bot.sandbox.alertmanager.api_silences import SilencesApi
from bot.sandbox.alertmanager.api_status import StatusApi
from bot.sandbox.alertmanager.checks import RefusedError, refusal
from bot.sandbox.alertmanager.control import Control
from bot.sandbox.faults import befalling

_API = "/api/v2/"
_LARGEST_BODY = 16 * 1024**2


class AlertmanagerStandIn(StandIn):
    """Alertmanager on loopback: `app()` serves API v2 and `/control/`."""

    def app(self) -> web.Application:
        """The web application, which notifies the webhook while it runs."""
        befall = befalling(self.faults, call=_called, throttled=_throttled)
        app = web.Application(middlewares=[befall, _answer_in_its_words], client_max_size=_LARGEST_BODY)
        for api in (AlertsApi(self), SilencesApi(self), StatusApi(self), Control(self)):
            app.add_routes(api.routes())
        app.cleanup_ctx.append(self._running)
        app.on_shutdown.append(self._end_feed)
        return app

    async def _running(self, _app: web.Application) -> AsyncIterator[None]:
        ticker = asyncio.get_running_loop().create_task(self._ticking())
        yield
        ticker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await ticker
        await self.teller.close()

    async def _ticking(self) -> None:
        while self.tick_seconds is not None:
            self.tick()
            await asyncio.sleep(self.tick_seconds)

    async def _end_feed(self, _app: web.Application) -> None:
        self.feed.close()


@web.middleware
async def _answer_in_its_words(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Errors of the API as the API words them."""
    try:
        return await handler(request)
    except RefusedError as refused:
        return refused.answer()
    except web.HTTPMethodNotAllowed as error:
        if not request.path.startswith(_API):
            raise
        allowed = ",".join(sorted(error.allowed_methods, reverse=True))
        message = f"method {request.method} is not allowed, but [{allowed}] are"
        return refusal(error.status, message).answer()
    except web.HTTPNotFound as error:
        if not request.path.startswith(_API):
            raise
        return refusal(error.status, f"path {request.path} was not found").answer()


def _called(request: web.Request) -> str | None:
    """The part of the API that a request is for; None for everything else."""
    if not request.path.startswith(_API):
        return None
    part = request.path.removeprefix(_API).partition("/")[0]
    return "silences" if part == "silence" else part


def _throttled(_request: web.Request, wait: int) -> web.Response:
    return web.Response(status=429, headers={"Retry-After": str(wait)})
