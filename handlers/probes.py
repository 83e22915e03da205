"""`GET /livez`, `/readyz`, `/metrics`: what watches over the bot reads these."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from bot.ports.store import StoreUnavailable
from bot.services.health import METRICS_CONTENT_TYPE, Health, Part


class Probes:
    """Answers in plain text, a line a part."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def routes(self) -> tuple[web.RouteDef, ...]:
        """The paths served."""
        return (
            web.get("/livez", self.livez),
            web.get("/readyz", self.readyz),
            web.get("/metrics", self.metrics),
        )

    async def livez(self, _request: web.Request) -> web.Response:
        """200 while the timers' loop goes round, else 503: restart it."""
        if self._health.is_alive():
            return web.Response(text="alive\n")
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text="the timers' loop stands still\n")

    async def readyz(self, _request: web.Request) -> web.Response:
        """200 while requests can be served, else 503: send them elsewhere."""
        readiness = await self._health.readiness()
        status = HTTPStatus.OK if readiness.ready else HTTPStatus.SERVICE_UNAVAILABLE
        return web.Response(status=status, text="".join(_line(part) for part in readiness.parts))

    async def metrics(self, _request: web.Request) -> web.Response:
        """Prometheus' text format."""
        try:
            text = await self._health.metrics()
        except StoreUnavailable as error:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, text=f"{error}\n")
        return web.Response(body=text, headers={"Content-Type": METRICS_CONTENT_TYPE})


def _line(part: Part) -> str:
    return f"{'ok' if part.ok else 'FAILED'} {part.name}: {part.text}\n"
