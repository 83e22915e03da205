"""`POST /webhooks/pagerduty`: what people do in PagerDuty, told by PagerDuty."""

from __future__ import annotations

import logging
from http import HTTPStatus

from aiohttp import web

from bot.ports.pager_news import PagerNews
from bot.ports.store import StoreUnavailable
from bot.services.pager_sync import PagerSync
from handlers.webhooks.pagerduty_news import (
    DELIVERY_HEADER,
    SIGNATURE_HEADER,
    MalformedNewsError,
    is_signed,
    read_news,
)

PATH = "/webhooks/pagerduty"

_log = logging.getLogger(__name__)


class PagerDutyWebhook:
    """Believes what is signed with one of `secrets`; without any it is off."""

    def __init__(self, *, sync: PagerSync, secrets: tuple[str, ...]) -> None:
        self._sync = sync
        self._secrets = secrets

    async def post(self, request: web.Request) -> web.Response:
        """202 once the news is on disk; 503 makes PagerDuty tell it again."""
        if not self._secrets:
            return _refused(HTTPStatus.NOT_FOUND, "PAGERDUTY_WEBHOOK_SECRET is not set")
        body = await request.read()
        if not is_signed(body, request.headers.get(SIGNATURE_HEADER), self._secrets):
            _log.warning("a webhook of PagerDuty is refused: its signature does not match")
            return _refused(HTTPStatus.UNAUTHORIZED, "the signature does not match")
        try:
            news = read_news(body)
        except MalformedNewsError as error:
            _log.warning("a webhook of PagerDuty is refused: %s", error)
            return _refused(HTTPStatus.BAD_REQUEST, str(error))
        return await self._hear(news, request.headers.get(DELIVERY_HEADER, ""))

    async def _hear(self, news: PagerNews, delivery: str) -> web.Response:
        try:
            await self._sync.hear(news)
        except StoreUnavailable as error:
            _log.error("a webhook of PagerDuty (%r) waits to be told again: %s", delivery, error)
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE, "the database does not answer")
        return web.Response(status=HTTPStatus.ACCEPTED)


def _refused(status: HTTPStatus, why: str) -> web.Response:
    return web.json_response({"error": why}, status=status)
