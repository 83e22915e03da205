"""`@opsbot ack`: the grammar of `/incident` in a message, which also works in threads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import DomainError
from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.commands.incident import IncidentCommand
from handlers.replies import refused
from handlers.slack_text import after_mention
from handlers.who import Who


class Mentions:
    """Carries out a mention's line before the acknowledgement, and answers after it."""

    def __init__(self, *, command: IncidentCommand, replies: Replies, after_ack: AfterAck, who: Who) -> None:
        self._command = command
        self._who = who
        self._replies = replies
        self._after_ack = after_ack

    async def hear(self, body: Mapping[str, Any]) -> None:
        """Carry out an `app_mention` event, where a person wrote it."""
        event = body["event"]
        if not _is_from_a_person(event):
            return
        request = self._who.event(body)
        text = after_mention(event.get("text") or "", _bot(body))
        try:
            message = await self._command.carry_out(text, request)
        except DomainError as error:
            message = refused(error)
        assert message is not None, "a mention opens no form"
        self._after_ack.start(self._say(request, message), what="answering a mention")

    async def _say(self, request: Request, message: Message) -> None:
        assert request.channel is not None
        await self._replies.ephemeral(
            request.channel,
            request.actor.id,
            text=message.text,
            blocks=message.blocks,
            thread=request.thread,
        )


def _is_from_a_person(event: Mapping[str, Any]) -> bool:
    is_bot = event.get("bot_id") is not None or event.get("subtype") == "bot_message"
    return not is_bot and isinstance(event.get("user"), str) and isinstance(event.get("channel"), str)


def _bot(body: Mapping[str, Any]) -> str | None:
    """The user id under which the bot is installed, as the event tells it."""
    match body.get("authorizations"):
        case [{"user_id": str(user_id)}, *_]:
            return user_id
        case _:
            return None
