"""The stand-in as a whole: generated data, served."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.control import Body, fault_routes, feed_route, posts, shows
from bot.sandbox.faults import befalling
from bot.sandbox.prometheus.acts import StandIn
from bot.sandbox.prometheus.http_api import HttpApi

_QUERIES = {"/api/v1/query": "query", "/api/v1/query_range": "query_range"}
_METADATA = ("/api/v1/label", "/api/v1/series")


class PrometheusStandIn(StandIn):
    """Prometheus on loopback: `app()` serves its HTTP API and `/control/`."""

    def app(self) -> web.Application:
        """The web application."""
        app = web.Application(
            middlewares=[befalling(self.faults, call=_call, throttled=_throttled)], client_max_size=1024**2
        )
        app.add_routes(HttpApi(self.database, self.clock).routes())
        app.add_routes(shows({"state": lambda _query: self.state()}))
        app.add_routes(posts({"service": self._service_of, "reset": lambda _body: self.reset()}))
        app.add_routes([feed_route(self.feed), *fault_routes(self.faults)])
        app.on_response_prepare.append(_mark)
        app.on_shutdown.append(self._end_feed)
        return app

    def _service_of(self, body: Body) -> Body:
        more = dict(body)
        return self.set_service(more.pop("name"), **more)

    async def _end_feed(self, _app: web.Application) -> None:
        self.feed.close()


def _call(request: web.Request) -> str | None:
    if request.path.startswith("/control/"):
        return None
    return _QUERIES.get(request.path) or ("metadata" if request.path.startswith(_METADATA) else "status")


def _throttled(_request: web.Request, retry_after: int) -> web.Response:
    """As from a proxy: Prometheus itself limits nobody."""
    return web.Response(status=429, text="Too Many Requests\n", headers={"Retry-After": str(retry_after)})


async def _mark(_request: web.Request, response: web.StreamResponse) -> None:
    """Also what has no room for a warning says what it is."""
    response.headers["X-Generated-Data"] = "true"
