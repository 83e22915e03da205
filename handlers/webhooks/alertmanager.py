"""`POST /webhooks/alertmanager`: what fires and what is over, told by Alertmanager."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus

from aiohttp import web

from bot.ports.clock import Clock
from bot.ports.meter import Meter
from bot.ports.store import StoreUnavailable
from bot.services.alert_intake import AlertIntake
from handlers.bearer import knows
from handlers.webhooks.alertmanager_news import MalformedNewsError, read_news

PATH = "/webhooks/alertmanager"
VARIABLE = "ALERTMANAGER_WEBHOOK_TOKEN"

BODIES = 4
"""Bodies in memory at once: each may be as large as what the server takes."""
WAIT_SECONDS = 8.0
"""How long a body waits for its turn, and how long it may take to arrive."""
RETRY_SECONDS = 5

_log = logging.getLogger(__name__)


class AlertmanagerWebhook:
    """Believes who knows `token`; without one it is off.

    Alertmanager tells again what was answered with a 5xx, and nothing else: what may pass is a 503.
    """

    def __init__(
        self,
        *,
        intake: AlertIntake,
        clock: Clock,
        meter: Meter,
        token: str | None,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        self._intake = intake
        self._clock = clock
        self._meter = meter
        self._token = token
        self._wait_seconds = wait_seconds
        self._turns = asyncio.Semaphore(BODIES)

    async def post(self, request: web.Request) -> web.Response:
        """200 once the news are on disk."""
        if self._token is None:
            return self._refused(HTTPStatus.NOT_FOUND, "off", f"{VARIABLE} is not set")
        if not knows(request.headers.get("Authorization"), self._token):
            return self._refused(
                HTTPStatus.UNAUTHORIZED,
                "unauthorized",
                f"the bearer token is not that of {VARIABLE}: set http_config.authorization of the receiver",
            )
        try:
            async with asyncio.timeout(self._wait_seconds):
                await self._turns.acquire()
        except TimeoutError:
            return self._later("overloaded", "too many at once")
        try:
            return await self._take(request)
        finally:
            self._turns.release()

    async def _take(self, request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(self._wait_seconds):
                body = await request.read()
        except TimeoutError:
            return self._later("overloaded", "the body did not arrive in time")
        except web.HTTPRequestEntityTooLarge:
            why = "the body is larger than 1 MiB: set max_alerts of the webhook"
            return self._refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "malformed", why)
        try:
            news = read_news(body, self._clock.now())
        except MalformedNewsError as error:
            return self._refused(HTTPStatus.BAD_REQUEST, "malformed", str(error))
        try:
            heard = await self._intake.hear(news)
        except StoreUnavailable as error:
            _log.error("news of alerts wait to be told again: %s", error)
            return self._later("unavailable", "the database does not answer")
        self._meter.count_alert_news(heard.value)
        return web.Response()

    def _later(self, outcome: str, why: str) -> web.Response:
        self._meter.count_alert_news(outcome)
        return web.json_response(
            {"error": why},
            status=HTTPStatus.SERVICE_UNAVAILABLE,
            headers={"Retry-After": str(RETRY_SECONDS)},
        )

    def _refused(self, status: HTTPStatus, outcome: str, why: str) -> web.Response:
        self._meter.count_alert_news(outcome)
        _log.warning("a webhook of Alertmanager is refused: %s", why)
        return web.json_response({"error": why}, status=status)
