"""Charts, drawn and posted where they are asked for; the asker is told why where that fails."""

from __future__ import annotations

from bot.ports.charts import Chart, Charts
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.ports.files import Files, Picture
from bot.services.requests import Request
from bot.views import replies as view
from bot.views.blocks import Message
from bot.views.markup import Markup


class Pictures:
    """Draws and posts, after the acknowledgement."""

    def __init__(self, *, charts: Charts, files: Files, replies: Replies) -> None:
        self._charts = charts
        self._files = files
        self._replies = replies

    async def post(self, chart: Chart, name: str, comment: Markup, request: Request) -> None:
        """Draw a chart and post it where it was asked for, with a comment; `name` is the file's.

        Raises DeliveryFailure's subclasses, once the asker knows why.
        """
        assert request.channel is not None, "a chart is asked for somewhere"
        try:
            picture = Picture(
                name=name,
                content=await self._charts.draw(chart),
                title=chart.title,
                comment=comment,
                alt_text=chart.alt_text,
            )
            await self._files.show(picture, request.channel, request.thread)
        except DeliveryFailure as failure:
            await self.tell(failure.reason, request)
            raise

    async def tell(self, why: str, request: Request) -> None:
        """Say why there is no chart, to the asker alone; in a conversation of their own where it must be."""
        message = view.refusal(f"The chart could not be posted: {why} Then ask for it again.")
        try:
            await self._tell_there(message, request)
        except DeliveryFailure:
            await self._replies.say(request.actor.id, text=message.text, blocks=message.blocks)

    async def _tell_there(self, message: Message, request: Request) -> None:
        text, blocks, who, thread = message.text, message.blocks, request.actor.id, request.thread
        if request.response_url is not None:
            await self._replies.respond(request.response_url, text=text, blocks=blocks, thread=thread)
            return
        assert request.channel is not None, "a chart is asked for somewhere"
        await self._replies.ephemeral(request.channel, who, text=text, blocks=blocks, thread=thread)
