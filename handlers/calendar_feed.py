"""`GET /calendar/<token>/changes.ics`: the calendar of changes, for calendars that subscribe to it."""

from __future__ import annotations

import hmac
import logging
from http import HTTPStatus

from aiohttp import hdrs, web

from bot.ports.store import StoreUnavailable
from bot.services.calendar_feed import CalendarFeed, Feed

FEED_PATH = "/calendar/{token}/changes.ics"

_OFF = "the calendar's feed is off: set OPSBOT_CALENDAR_TOKEN"
_AGAIN_SECONDS = "60"

_log = logging.getLogger(__name__)


class FeedPage:
    """The file at its secret path. Without a `token` it is off."""

    def __init__(self, *, feed: CalendarFeed | None, token: str | None) -> None:
        self._feed = feed
        self._token = token

    async def get(self, request: web.Request) -> web.Response:
        """The file; 304 for who has it, 404 for who does not know the path, 503 without the database."""
        if self._feed is None or not self._token:
            return web.json_response({"error": _OFF}, status=HTTPStatus.NOT_FOUND)
        given = request.match_info["token"]
        if not hmac.compare_digest(given.encode(errors="replace"), self._token.encode()):
            raise web.HTTPNotFound
        try:
            feed = await self._feed.read()
        except StoreUnavailable as error:
            _log.warning("the calendar's feed cannot be read: %s", error)
            headers = {hdrs.RETRY_AFTER: _AGAIN_SECONDS}
            said = {"error": "the database does not answer"}
            return web.json_response(said, status=HTTPStatus.SERVICE_UNAVAILABLE, headers=headers)
        return _answer(request, feed)


def _answer(request: web.Request, feed: Feed) -> web.Response:
    headers = {hdrs.ETAG: f'"{feed.tag}"', hdrs.CACHE_CONTROL: "private, no-cache"}
    known = request.if_none_match or ()
    if any(one.value in {feed.tag, "*"} for one in known):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers[hdrs.CONTENT_DISPOSITION] = 'inline; filename="changes.ics"'
    return web.Response(body=feed.body, content_type=feed.content_type, charset="utf-8", headers=headers)
