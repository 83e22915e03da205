"""Files that people ask for, shared in threads and channels."""

from __future__ import annotations

import asyncio

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.files import SlackFiles, Upload
from bot.domain.card import MessageRef
from bot.ports.failures import UnknownOutcome
from bot.ports.files import Files, Picture


class SlackExports(Files):
    """Uploads, and shares what was uploaded in one place."""

    def __init__(self, connection: SlackConnection) -> None:
        self._files = SlackFiles(connection)

    @override
    async def share(self, name: str, content: bytes, *, title: str, comment: str, at: MessageRef) -> None:
        upload = Upload(name=name, title=title, content=content, comment=comment)
        await self._share(upload, at.channel, at.ts, where="the incident's thread")

    @override
    async def show(self, picture: Picture, channel: str, thread: str | None) -> None:
        upload = Upload(
            name=picture.name,
            title=picture.title,
            content=picture.content,
            comment=picture.comment,
            alt_text=picture.alt_text,
        )
        await self._share(upload, channel, thread, where="this channel")

    async def _share(self, upload: Upload, channel: str, thread: str | None, *, where: str) -> None:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._files.share(upload, channel, thread, where=where)
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the file in time.") from error
