"""Pictures in Slack, in the threads of messages."""

from __future__ import annotations

from datetime import datetime

from typing_extensions import override

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.files import SlackFiles, Upload
from bot.domain.card import MessageRef
from bot.ports.files import Picture
from bot.ports.pictures import Pictures
from bot.views.markup import inert

_COMMENT = 1000


class SlackPictures(Pictures):
    """Uploads and shares."""

    def __init__(self, connection: SlackConnection) -> None:
        self._files = SlackFiles(connection)

    @override
    async def hangs(self, name: str, at: MessageRef, since: datetime) -> bool:
        return await self._files.is_shared(name, at.channel, at.ts, since)

    @override
    async def hang(self, picture: Picture, at: MessageRef) -> None:
        upload = Upload(
            name=picture.name,
            title=picture.title,
            content=picture.content,
            comment=inert(picture.comment, _COMMENT),
            alt_text=picture.alt_text,
        )
        await self._files.share(upload, at.channel, at.ts, where="the message's thread")
