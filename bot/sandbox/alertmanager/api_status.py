"""API v2: what Alertmanager says of itself; and whether it is well."""

from __future__ import annotations

from aiohttp import web

from bot.sandbox.alertmanager.acts import StandIn
from bot.sandbox.alertmanager.checks import answered
from bot.sandbox.alertmanager.routes import RECEIVER, configuration
from bot.sandbox.alertmanager.times import with_milliseconds
from bot.sandbox.alertmanager.webhook import VERSION

_BUILD = {
    "branch": "sandbox",
    "buildDate": "",
    "buildUser": "",
    "goVersion": "",
    "revision": "stand-in",
    "version": VERSION,
}


class StatusApi:
    """`/api/v2/status`, `/api/v2/receivers`, `/-/healthy` and `/-/ready`."""

    def __init__(self, stand_in: StandIn) -> None:
        self._stand_in = stand_in

    def routes(self) -> list[web.RouteDef]:
        """What it serves."""
        return [
            web.get("/api/v2/status", self._status, allow_head=False),
            web.get("/api/v2/receivers", self._receivers, allow_head=False),
            web.get("/-/healthy", self._well),
            web.get("/-/ready", self._well),
        ]

    async def _status(self, _request: web.Request) -> web.Response:
        webhook = self._stand_in.teller.webhook
        return answered(
            {
                "cluster": {"peers": [], "status": "disabled"},
                "config": {"original": configuration(webhook.url if webhook else "", self._stand_in.timing)},
                "uptime": with_milliseconds(self._stand_in.started_at),
                "versionInfo": _BUILD,
            }
        )

    async def _receivers(self, _request: web.Request) -> web.Response:
        return answered([{"name": RECEIVER}])

    async def _well(self, _request: web.Request) -> web.Response:
        return web.Response(text="OK")
