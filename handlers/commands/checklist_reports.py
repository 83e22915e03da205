"""The commands about checklists that look back: runs as they were, and figures with a chart."""

from __future__ import annotations

from bot.domain.checklist import called
from bot.domain.checklists.figures import Report
from bot.domain.checklists.report_chart import report_title, reviews_chart
from bot.domain.deed import Deed
from bot.domain.errors import ForbiddenError
from bot.domain.guide import Guide
from bot.domain.rights import Rights
from bot.services.checklist_history import ChecklistHistory
from bot.services.checklist_report import ReviewCounter
from bot.services.questions import Questions
from bot.services.requests import Request
from bot.views.blocks import Message
from bot.views.checklists.history import history_message
from bot.views.checklists.report import chart_comment, report_message
from handlers.after_ack import AfterAck
from handlers.commands.doers import Doers, looker
from handlers.pictures import Pictures
from handlers.words.checklist_reports import CountReviews, ListHistory

FILE_NAME = "reviews.png"


class ChecklistCounting:
    """Answers at once; the chart comes after that, for everybody in the channel, where guests did not ask."""

    def __init__(
        self,
        *,
        counter: ReviewCounter,
        history: ChecklistHistory,
        questions: Questions,
        rights: Rights,
        pictures: Pictures,
        after_ack: AfterAck,
        guide: Guide,
    ) -> None:
        self._counter = counter
        self._history = history
        self._questions = questions
        self._rights = rights
        self._pictures = pictures
        self._after_ack = after_ack
        self._guide = guide
        self._zone = guide.organization.zone

    @property
    def doers(self) -> Doers:
        """Who does what is asked."""
        return {**looker(ListHistory, self._list), **looker(CountReviews, self._count)}

    async def _list(self, command: ListHistory, request: Request) -> Message:
        runs, more = await self._history.newest(command.key, channel=request.channel)
        return history_message(runs, title=self._title(command.key), more=more, zone=self._zone)

    async def _count(self, command: CountReviews, request: Request) -> Message:
        counted = await self._counter.of(command.length, command.key, channel=request.channel)
        if self._is_drawn(counted.report, request) and await self._questions.is_new(request):
            self._after_ack.start(self._draw(counted.report, request), what="posting a chart")
        title = self._title(command.key)
        return report_message(counted.report, counted.problems, title=title, zone=self._zone)

    def _title(self, key: str | None) -> str | None:
        if key is None:
            return None
        checklist = self._guide.checklists[key]
        return called(checklist.title, checklist.cadence, alike=key in self._guide.titled_alike)

    def _is_drawn(self, report: Report, request: Request) -> bool:
        """Whether there is something to draw, and somebody who may have it posted."""
        if not report.runs.over or request.channel is None:
            return False
        try:
            self._rights.check(Deed.CHART, request.actor)
        except ForbiddenError:
            return False
        return True

    async def _draw(self, report: Report, request: Request) -> None:
        chart = reviews_chart(report, report_title(report, self._zone))
        comment = chart_comment(report, self._zone, request.actor.name)
        await self._pictures.post(chart, FILE_NAME, comment, request)
