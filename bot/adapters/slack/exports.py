"""Files that people ask for, shared in threads."""

from __future__ import annotations

import asyncio

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.files import SlackFiles, Upload
from bot.domain.card import MessageRef
from bot.ports.failures import UnknownOutcome
from bot.ports.files import Files


class SlackExports(Files):
    """Uploads, and shares what was uploaded in one thread."""

    def __init__(self, connection: SlackConnection) -> None:
        self._files = SlackFiles(connection)

    @override
    async def share(self, name: str, content: bytes, *, title: str, comment: str, at: MessageRef) -> None:
        upload = Upload(name=name, title=title, content=content, comment=comment)
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self._files.share(upload, at.channel, at.ts, where="the incident's thread")
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the file in time.") from error
