"""Where an answer goes that comes after the acknowledgement: to all who read there, or to the asker alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from typing_extensions import override

from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.views.blocks import Message


class Tell(Protocol):
    """How one request is answered. Raises DeliveryFailure's subclasses."""

    async def everybody(self, message: Message) -> None:
        """For all who read where it was asked."""

    async def alone(self, message: Message) -> None:
        """For the one who asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InChannel(Tell):
    """Asked in a channel or a thread of it, by a mention."""

    replies: Replies
    request: Request

    @override
    async def everybody(self, message: Message) -> None:
        channel, thread = _channel(self.request), self.request.thread
        await self.replies.say(channel, text=message.text, blocks=message.blocks, thread=thread)

    @override
    async def alone(self, message: Message) -> None:
        channel, thread, who = _channel(self.request), self.request.thread, self.request.actor.id
        await self.replies.ephemeral(channel, who, text=message.text, blocks=message.blocks, thread=thread)


@dataclass(frozen=True, slots=True, kw_only=True)
class InDirect(InChannel):
    """Asked where nobody else reads."""

    @override
    async def alone(self, message: Message) -> None:
        await self.everybody(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class ByUrl(Tell):
    """Asked by a slash command or a button, whose answers Slack takes by a URL, wherever that was."""

    replies: Replies
    url: str
    thread: str | None = None

    @override
    async def everybody(self, message: Message) -> None:
        text, blocks = message.text, message.blocks
        await self.replies.announce(self.url, text=text, blocks=blocks, thread=self.thread)

    @override
    async def alone(self, message: Message) -> None:
        text, blocks = message.text, message.blocks
        await self.replies.respond(self.url, text=text, blocks=blocks, thread=self.thread)


@dataclass(frozen=True, slots=True, kw_only=True)
class InPlace(ByUrl):
    """A button changes the very message that it is under."""

    @override
    async def everybody(self, message: Message) -> None:
        await self.replies.replace(self.url, text=message.text, blocks=message.blocks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quietly(ByUrl):
    """A button whose answer is nobody else's business."""

    @override
    async def everybody(self, message: Message) -> None:
        await self.alone(message)


def tell_slash(replies: Replies, request: Request) -> Tell:
    """How a slash command is answered."""
    if request.response_url is None:
        return InChannel(replies=replies, request=request)
    return ByUrl(replies=replies, url=request.response_url)


def _channel(request: Request) -> str:
    assert request.channel is not None, "what people write stands somewhere"
    return request.channel
