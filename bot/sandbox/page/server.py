"""The page's server: static files, the stand-ins under one origin, the clock, and the bot's process."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol

import aiohttp
from aiohttp import web

from bot.sandbox.page import elsewhere
from bot.sandbox.page.clock import MovedClock
from bot.sandbox.page.feed import Feed
from bot.sandbox.page.guard import add_headers, same_origin_only
from bot.sandbox.page.proxy import Proxy, StandIn

STATIC = Path(__file__).parent / "static"


class BotProcess(Protocol):
    """The bot, as the page sees and handles it."""

    on_change: Callable[[], None]

    def to_json(self) -> dict[str, Any]:
        """`state` (`starting`, `running`, `down`), `exit_code` and the `log`'s last lines."""
        ...

    async def start(self) -> None:
        """Start it, unless it runs; returns once it answers or has ended."""
        ...

    async def kill(self) -> None:
        """`kill -9`."""
        ...


class Page:
    """The page's routes."""

    def __init__(self, feed: Feed, clock: MovedClock, bot: BotProcess) -> None:
        self._feed = feed
        self._clock = clock
        self._bot = bot
        bot.on_change = lambda: feed.publish("bot", bot.to_json())

    async def index(self, _request: web.Request) -> web.FileResponse:
        """The page."""
        return web.FileResponse(STATIC / "index.html")

    async def show_clock(self, _request: web.Request) -> web.Response:
        """What time it is in the sandbox."""
        return web.json_response(self._clock.to_json())

    async def advance_clock(self, request: web.Request) -> web.Response:
        """`{"advance_ms": N}` moves the time on; `{"to": "next-morning"}` to the next business morning."""
        try:
            body = await request.json()
            if isinstance(body, dict) and "to" in body:
                self._advance_to(body["to"])
            else:
                self._clock.advance(_whole_number(body, "advance_ms"))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        clock = self._clock.to_json()
        self._feed.publish("clock", clock)
        return web.json_response(clock)

    def _advance_to(self, there: Any) -> None:
        if there != "next-morning":
            raise ValueError('"to" must be "next-morning"')
        self._clock.advance_to_next_morning()

    async def show_bot(self, _request: web.Request) -> web.Response:
        """Whether the bot runs, and the end of its log."""
        return web.json_response(self._bot.to_json())

    async def kill_bot(self, _request: web.Request) -> web.Response:
        """`kill -9` on the bot."""
        await self._bot.kill()
        return web.json_response(self._bot.to_json())

    async def start_bot(self, _request: web.Request) -> web.Response:
        """Start the bot again."""
        await self._bot.start()
        return web.json_response(self._bot.to_json())

    def routes(self) -> list[web.AbstractRouteDef]:
        """Every route but the stand-ins'."""
        return [
            web.get("/", self.index),
            web.static("/static", STATIC),
            web.get("/feed", self._feed.handle),
            web.get("/clock", self.show_clock),
            web.post("/clock", self.advance_clock),
            web.get("/bot", self.show_bot),
            web.post("/bot/kill", self.kill_bot),
            web.post("/bot/start", self.start_bot),
        ]


def page_app(
    *,
    slack: str,
    pagerduty: str,
    alertmanager: str | None = None,
    prometheus: str | None = None,
    deployer: str | None = None,
    bot: BotProcess,
    clock: MovedClock,
    http: aiohttp.ClientSession,
) -> web.Application:
    """The application, given the stand-ins' addresses. It answers its own page on loopback only.

    Without an address of Alertmanager's, Prometheus' or the deployer's stand-in, its routes are not there,
    and the page shows nothing of it.
    """
    addresses = {
        "slack": slack,
        "pagerduty": pagerduty,
        "alertmanager": alertmanager,
        "prometheus": prometheus,
        "deployer": deployer,
    }
    stand_ins = [StandIn(name, url) for name, url in addresses.items() if url is not None]
    feed = Feed(stand_ins, http)
    app = web.Application(middlewares=[same_origin_only])
    app.on_response_prepare.append(add_headers)
    app.add_routes([*Page(feed, clock, bot).routes(), *elsewhere.routes()])
    for stand_in in stand_ins:
        proxy = Proxy(stand_in, http)
        for method in ("GET", "POST", "DELETE"):
            app.router.add_route(method, f"/{stand_in.name}/{{route:(?!feed$)[a-z]+}}", proxy.handle)

    async def closing(_app: web.Application) -> None:
        feed.close()

    app.on_shutdown.append(closing)
    return app


def _whole_number(body: Any, name: str) -> int:
    value = body.get(name) if isinstance(body, dict) else None
    if not isinstance(value, int) or isinstance(value, bool):
        raise ValueError(f"{name} must be a whole number")  # noqa: TRY004 - an error of the request
    return value
