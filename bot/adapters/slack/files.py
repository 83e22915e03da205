"""Files in Slack: uploaded in three steps, of which only the last one shows something."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import Effect, Errand
from bot.ports.failures import TemporaryFailure

SEARCH_SECONDS = 4.0
"""Finding out is part of a send, which must stay well within its lease."""

_PAGES = 5
_PAGE = 200
_EARLIER = timedelta(seconds=60)
"""Slack's clock and ours may differ by so much."""

_URL = Errand(method="files.getUploadURLExternal", effect=Effect.READS)
_HISTORY = Errand(method="conversations.history", effect=Effect.READS)
_REPLIES = Errand(method="conversations.replies", effect=Effect.READS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file. Its name tells it from every other one of the bot's; `alt_text` says what a picture shows."""

    name: str
    title: str
    content: bytes
    comment: str
    alt_text: str | None = None


class SlackFiles:
    """Shares files, and finds those that were."""

    def __init__(self, connection: SlackConnection) -> None:
        self._connection = connection

    async def share(self, upload: Upload, channel: str, thread: str | None, *, where: str) -> str:
        """Share it in a channel (Slack's id), or in a thread there; the file's id.

        Raises ThreadGoneError where that thread is no more, else DeliveryFailure's subclasses.
        """
        place = await self._connection.call(
            _URL, filename=upload.name, length=len(upload.content), alt_txt=upload.alt_text
        )
        file_id = str(place["file_id"])
        await self._connection.upload(str(place["upload_url"]), upload.content)
        done = Errand(method="files.completeUploadExternal", effect=Effect.ADDS, where=where)
        await self._connection.call(
            done,
            files=[{"id": file_id, "title": upload.title}],
            channel_id=channel,
            thread_ts=thread,
            initial_comment=upload.comment,
        )
        return file_id

    async def is_shared(self, name: str, channel: str, thread: str | None, since: datetime) -> bool:
        """Whether a file of that name is in a channel, or in a thread there, since then.

        Raises TemporaryFailure where Slack does not say so in time.
        """
        try:
            async with asyncio.timeout(SEARCH_SECONDS):
                return await self._is_found(name, channel, thread, since - _EARLIER)
        except TimeoutError as error:
            raise TemporaryFailure("Slack was too slow to say whether the file is there already.") from error

    async def _is_found(self, name: str, channel: str, thread: str | None, oldest: datetime) -> bool:
        cursor: str | None = None
        for _ in range(_PAGES):
            page = await self._connection.call(
                _REPLIES if thread else _HISTORY,
                channel=channel,
                ts=thread,
                oldest=f"{oldest.timestamp():.6f}",
                limit=_PAGE,
                cursor=cursor,
            )
            if any(_has(said, name) for said in page.get("messages", ())):
                return True
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return False


def _has(said: Mapping[str, Any], name: str) -> bool:
    return any(file.get("name") == name for file in said.get("files") or ())
