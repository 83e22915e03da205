"""The command that counts."""

from __future__ import annotations

from bot.domain.guide import Guide
from bot.services.requests import Request
from bot.services.statistics import StatisticsReader
from bot.views.blocks import Message
from bot.views.statistics import statistics_message
from handlers.commands.doers import Doers, looker
from handlers.words.counting import Count


class Counting:
    """Answers with figures."""

    def __init__(self, *, statistics: StatisticsReader, guide: Guide) -> None:
        self._statistics = statistics
        self._guide = guide

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return looker(Count, self._count)

    async def _count(self, command: Count, _request: Request) -> Message:
        shown = await self._statistics.of(command.length, command.service)
        titles = {service.key: service.title for service in self._guide.services.values()}
        return statistics_message(shown, titles, zone=self._guide.organization.zone)
