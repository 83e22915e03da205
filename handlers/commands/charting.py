"""`stats chart`: figures as a picture, posted where they are asked for."""

from __future__ import annotations

from bot.domain.guide import Guide
from bot.domain.incidents_chart import incidents_chart
from bot.domain.statistics import Statistics
from bot.ports.charts import Charts
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.ports.files import Files, Picture
from bot.services.charting import Charting
from bot.services.requests import Request
from bot.views import replies as view
from bot.views.blocks import Message
from bot.views.statistics import chart_comment, statistics_title
from handlers.after_ack import AfterAck
from handlers.commands.doers import Doers, looker
from handlers.words.counting import DrawChart

FILE_NAME = "incidents.png"


class Charter:
    """Counts before the acknowledgement; draws and posts after it."""

    def __init__(
        self,
        *,
        charting: Charting,
        charts: Charts,
        files: Files,
        replies: Replies,
        after_ack: AfterAck,
        guide: Guide,
    ) -> None:
        self._charting = charting
        self._charts = charts
        self._files = files
        self._replies = replies
        self._after_ack = after_ack
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return looker(DrawChart, self._chart)

    async def _chart(self, command: DrawChart, request: Request) -> Message:
        asked = await self._charting.ask(request, command.length, command.service)
        if asked.shown is not None and asked.channel is not None:
            self._after_ack.start(self._post(asked.shown, asked.channel, request), what="posting a chart")
        return view.answer(asked.answer.text, repeated=asked.answer.repeated)

    async def _post(self, shown: Statistics, channel: str, request: Request) -> None:
        titles = {service.key: service.title for service in self._guide.services.values()}
        chart = incidents_chart(shown, statistics_title(shown, titles))
        try:
            picture = Picture(
                name=FILE_NAME,
                content=await self._charts.draw(chart),
                title=chart.title,
                comment=chart_comment(shown, titles, request.actor.name),
                alt_text=chart.alt_text,
            )
            await self._files.show(picture, channel, request.thread)
        except DeliveryFailure as failure:
            await self._tell(failure, channel, request)
            raise

    async def _tell(self, failure: DeliveryFailure, channel: str, request: Request) -> None:
        """Say why there is no chart; to the person alone where the bot may not speak in the channel."""
        message = view.refusal(f"The chart could not be posted: {failure.reason} Then ask for it again.")
        text, blocks, who = message.text, message.blocks, request.actor.id
        try:
            await self._replies.ephemeral(channel, who, text=text, blocks=blocks, thread=request.thread)
        except DeliveryFailure:
            await self._replies.say(who, text=text, blocks=blocks)
