"""The way to the bot: signed HTTP requests, or Socket Mode where the bot is connected by it."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import time
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.sandbox.clock import wall_clock
from bot.sandbox.slack.delivery import Answer, Delivery, Kind, Retry
from bot.sandbox.slack.sockets import Sockets

ACK_SECONDS = 3.0
EVENTS_PATH = "/slack/events"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's `v0` signature of a raw body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class Transport:
    """Sends one delivery once. Signatures carry the machine's time, as the bot checks them by it."""

    def __init__(self, sockets: Sockets, *, ack_seconds: float = ACK_SECONDS) -> None:
        self.bot_url: str | None = None
        self.signing_secret = ""
        self.ack_seconds = ack_seconds
        self._sockets = sockets
        self._session: aiohttp.ClientSession | None = None

    def connect(self, bot_url: str | None, signing_secret: str) -> None:
        """Say where the bot listens, and the secret that signs. None: only by Socket Mode."""
        self.bot_url = bot_url
        self.signing_secret = signing_secret

    async def send(self, delivery: Delivery, retry: Retry | None = None) -> Answer:
        """Send, and wait for the answer for at most three seconds. Never raises for what the bot does."""
        started = time.perf_counter()
        try:
            async with asyncio.timeout(self.ack_seconds):
                answer = await self._send(delivery, retry)
        except TimeoutError:
            answer = Answer(error="operation_timeout")
        except (aiohttp.ClientError, OSError):
            answer = Answer(error="dispatch_failed")
        ms = (time.perf_counter() - started) * 1000
        error = answer.error or (None if _taken(delivery.kind, answer.status) else "dispatch_failed")
        return Answer(status=answer.status, body=answer.body, error=error, ms=ms, no_retry=answer.no_retry)

    async def close(self) -> None:
        """Close the connections to the bot."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _send(self, delivery: Delivery, retry: Retry | None) -> Answer:
        if self._sockets.count or self.bot_url is None:
            return await self._by_socket(delivery, retry)
        return await self._by_http(self.bot_url, delivery, retry)

    async def _by_socket(self, delivery: Delivery, retry: Retry | None) -> Answer:
        again = {"retry_attempt": retry.number, "retry_reason": retry.reason} if retry else {}
        if delivery.kind is Kind.EVENT and retry is None:
            again = {"retry_attempt": 0, "retry_reason": ""}
        accepts = delivery.kind is not Kind.EVENT
        body = await self._sockets.send(delivery.kind, delivery.payload, accepts_response=accepts, **again)
        return Answer(status=200, body=body if accepts else None)

    async def _by_http(self, bot_url: str, delivery: Delivery, retry: Retry | None) -> Answer:
        body, content_type = delivery.body()
        timestamp = str(wall_clock() // 1000)
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self.signing_secret, timestamp, body),
        }
        if retry is not None:
            headers |= {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason}
        if self._session is None:
            self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0))
        url = bot_url.rstrip("/") + EVENTS_PATH
        async with self._session.post(url, data=body, headers=headers, allow_redirects=False) as response:
            return Answer(
                status=response.status,
                body=_parsed(response.content_type, await response.text()),
                no_retry=response.headers.get("X-Slack-No-Retry") == "1",
            )


def _taken(kind: Kind, status: int | None) -> bool:
    """Whether the status acknowledges: any success does for an event, only 200 for the rest."""
    if status is None:
        return False
    return status // 100 == 2 if kind is Kind.EVENT else status == HTTPStatus.OK  # noqa: PLR2004 - 2xx


def _parsed(content_type: str, text: str) -> Any:
    if not text:
        return None
    if content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text
