"""`export`: a timeline as a file in the card's thread."""

from __future__ import annotations

import asyncio
from datetime import tzinfo

from bot.domain.card import MessageRef
from bot.domain.export import Export
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.ports.files import Files
from bot.services.exports import Exports
from bot.services.requests import Ref, Request
from bot.views import replies as view
from bot.views.blocks import Message
from bot.views.export import exported
from handlers.after_ack import AfterAck
from handlers.commands.doers import Doers, looker
from handlers.words.timeline import ExportTimeline


class Exporting:
    """Notes who asks for a file before the acknowledgement, and shares it after."""

    def __init__(
        self, *, exports: Exports, files: Files, replies: Replies, after_ack: AfterAck, zone: tzinfo
    ) -> None:
        self._exports = exports
        self._files = files
        self._replies = replies
        self._after_ack = after_ack
        self._zone = zone

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return looker(ExportTimeline, self._export)

    async def _export(self, command: ExportTimeline, request: Request) -> Message:
        asked = await self._exports.export(request, Ref(number=command.number), command.format)
        if asked.export is not None and asked.at is not None:
            self._after_ack.start(
                self._share(asked.export, asked.at, request), what="sharing a timeline as a file"
            )
        return view.answer(asked.answer.text, repeated=asked.answer.repeated)

    async def _share(self, export: Export, at: MessageRef, request: Request) -> None:
        incident = export.card.incident
        text = await asyncio.to_thread(exported, export, self._zone)  # long: others are answered meanwhile
        try:
            await self._files.share(
                export.file_name,
                text.encode(),
                title=f"Timeline of {incident.label}",
                comment=f"The timeline of {incident.label}, asked for by {request.actor.name}",
                at=at,
            )
        except DeliveryFailure as failure:
            await self._tell(failure, request)
            raise

    async def _tell(self, failure: DeliveryFailure, request: Request) -> None:
        if request.channel is None:
            return
        message = view.refusal(f"The file could not be shared: {failure.reason} Ask for it again.")
        await self._replies.ephemeral(
            request.channel,
            request.actor.id,
            text=message.text,
            blocks=message.blocks,
            thread=request.thread,
        )
