"""Answers to what people ask and press, and modals."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import Effect, Errand
from bot.ports.conversation import Blocks, Replies
from bot.ports.failures import UnknownOutcome

REPLY_SECONDS = 5.0

_EPHEMERAL = Errand(method="chat.postEphemeral", effect=Effect.ADDS)
_SAY = Errand(method="chat.postMessage", effect=Effect.ADDS)
_OPEN = Errand(method="views.open", effect=Effect.ADDS)
_UPDATE = Errand(method="views.update", effect=Effect.SETS)


class SlackReplies(Replies):
    """Answers through the Web API and response_urls. A response_url is never logged."""

    def __init__(self, connection: SlackConnection) -> None:
        self._connection = connection

    @override
    async def ephemeral(
        self, channel: str, user: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        async with _in_time():
            await self._connection.call(
                _EPHEMERAL,
                channel=channel,
                user=user,
                text=text,
                blocks=list(blocks),
                thread_ts=thread,
                parse="none",
                link_names=False,
            )

    @override
    async def say(self, channel: str, *, text: str, blocks: Blocks, thread: str | None = None) -> None:
        async with _in_time():
            await self._connection.call(
                _SAY,
                channel=channel,
                text=text,
                blocks=list(blocks),
                thread_ts=thread,
                parse="none",
                link_names=False,
                unfurl_links=False,
                unfurl_media=False,
            )

    @override
    async def respond(
        self, response_url: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        await self._answer("ephemeral", response_url, text, blocks, thread)

    @override
    async def announce(
        self, response_url: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        await self._answer("in_channel", response_url, text, blocks, thread)

    @override
    async def replace(self, response_url: str, *, text: str, blocks: Blocks) -> None:
        body = {"replace_original": True, "text": text, "blocks": list(blocks)}
        async with _in_time():
            await self._connection.post(response_url, body)

    async def _answer(self, kind: str, url: str, text: str, blocks: Blocks, thread: str | None) -> None:
        body: dict[str, Any] = {
            "response_type": kind,
            "replace_original": False,
            "text": text,
            "blocks": list(blocks),
        }
        async with _in_time():
            await self._connection.post(url, body | ({"thread_ts": thread} if thread else {}))

    @override
    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        async with _in_time():
            answer = await self._connection.call(_OPEN, trigger_id=trigger_id, view=dict(view))
        return str((answer.get("view") or {}).get("id", ""))

    @override
    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        async with _in_time():
            await self._connection.call(_UPDATE, view_id=view_id, view=dict(view))


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(REPLY_SECONDS):
            yield
    except TimeoutError:
        raise UnknownOutcome("Slack did not take the answer in time.") from None
