"""`stats chart`: figures as a picture, posted where they are asked for."""

from __future__ import annotations

from bot.domain.guide import Guide
from bot.domain.incidents_chart import incidents_chart
from bot.domain.statistics import Statistics
from bot.services.charting import Charting
from bot.services.requests import Request
from bot.views import replies as view
from bot.views.blocks import Message
from bot.views.statistics import chart_comment, statistics_title
from handlers.after_ack import AfterAck
from handlers.commands.doers import Doers, looker
from handlers.pictures import Pictures
from handlers.words.counting import DrawChart

FILE_NAME = "incidents.png"


class Charter:
    """Counts before the acknowledgement; draws and posts after it."""

    def __init__(
        self,
        *,
        charting: Charting,
        pictures: Pictures,
        after_ack: AfterAck,
        guide: Guide,
    ) -> None:
        self._charting = charting
        self._pictures = pictures
        self._after_ack = after_ack
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return looker(DrawChart, self._chart)

    async def _chart(self, command: DrawChart, request: Request) -> Message:
        asked = await self._charting.ask(request, command.length, command.service)
        if asked.shown is not None:
            self._after_ack.start(self._post(asked.shown, request), what="posting a chart")
        return view.answer(asked.answer.text, repeated=asked.answer.repeated)

    async def _post(self, shown: Statistics, request: Request) -> None:
        titles = {service.key: service.title for service in self._guide.services.values()}
        chart = incidents_chart(shown, statistics_title(shown, titles))
        comment = chart_comment(shown, titles, request.actor.name)
        await self._pictures.post(chart, FILE_NAME, comment, request)
