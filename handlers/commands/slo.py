"""`/slo`, and the same grammar in mentions and direct messages.

What has to be asked of Prometheus is asked after the acknowledgement. Numbers are for everybody in the
channel; what only one person wants to know, and why there are none, is for the one who asks.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import tzinfo

from bot.domain.slo.plan import queries
from bot.domain.slo.reading import Report
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.ports.store import StoreUnavailable
from bot.services.questions import Questions
from bot.services.requests import Request
from bot.services.slo_reader import SloReader
from bot.views.blocks import Message
from bot.views.replies import refusal
from bot.views.slo.gate import gate_message
from bot.views.slo.help import slo_help, unknown_service
from bot.views.slo.overview import overview_message
from bot.views.slo.queries import queries_message
from bot.views.slo.report import chart_comment, report_message
from handlers.after_ack import AfterAck
from handlers.lines import Command
from handlers.pictures import Pictures
from handlers.slo_grammar import parse_slo
from handlers.telling import Tell, tell_slash
from handlers.words.slo import AskGate, ListSlos, ShowQueries, ShowSlo, SloHelp, UnknownService

CHART_SECONDS = ANSWER_SECONDS = 9.0
"""From the acknowledgement to the answer: less than is allowed then, so that there is time to say that it
took too long."""

FILE_NAME = "slo-{key}-{days}d.png"

_AGAIN = "Ask again in a moment."

_log = logging.getLogger(__name__)


class SloCommand:
    """Carries out a line about promises."""

    def __init__(
        self,
        *,
        reader: SloReader,
        questions: Questions,
        replies: Replies,
        pictures: Pictures,
        after_ack: AfterAck,
        zone: tzinfo,
    ) -> None:
        self._reader = reader
        self._questions = questions
        self._replies = replies
        self._pictures = pictures
        self._after_ack = after_ack
        self._zone = zone

    async def slash(self, text: str, request: Request, _trigger: str) -> Message | None:
        """Carry out the slash command."""
        return await self.spoken(text, request, tell_slash(self._replies, request))

    async def spoken(self, text: str, request: Request, tell: Tell) -> Message | None:
        """Carry out a line. None where the answer comes later, by `tell`. Raises InvalidError."""
        return await self.do(parse_slo(text, self._reader.promises), request, tell)

    async def do(self, command: Command, request: Request, tell: Tell) -> Message | None:
        """What needs nobody is answered at once, anything else later and once."""
        known = self._known(command)
        if known is not None:
            return known
        if not await self._questions.is_new(request):
            return None
        if self._after_ack.start(self._answered(command, request, tell), what="answering about an SLO"):
            return None
        return refusal(f"opsbot has too much to do just now, and nothing was asked. {_AGAIN}")

    def _known(self, command: Command) -> Message | None:
        promises = self._reader.promises
        match command:
            case SloHelp():
                return slo_help({key: promise.title for key, promise in promises.items()})
            case UnknownService(name=name, nearest=nearest):
                return unknown_service(name, {key: promises[key].title for key in nearest})
            case ShowQueries():
                return self._queries(command)
            case _:
                return None

    def _queries(self, command: ShowQueries) -> Message:
        promise = self._reader.promises[command.key]
        window = command.window or self._reader.window(command.key)
        return queries_message(promise, window, queries(promise, window))

    async def _answered(self, command: Command, request: Request, tell: Tell) -> None:
        """Answer; or say why there is no answer."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await self._answer(command, request, tell)
        except TimeoutError:
            _log.warning("an answer about an SLO took longer than %g s", ANSWER_SECONDS)
            await tell.alone(refusal(f"The answer took too long. {_AGAIN}"))
        except DeliveryFailure as failure:
            await tell.alone(refusal(f"The answer could not be posted: {failure.reason} {_AGAIN}"))
            raise
        except StoreUnavailable:
            _log.warning("an answer about an SLO needed the database, which does not answer")
            await tell.alone(refusal(f"The database does not answer. {_AGAIN}"))
        except Exception:
            await tell.alone(refusal("opsbot failed to answer, which is a bug in it; its log says more."))
            raise

    async def _answer(self, command: Command, request: Request, tell: Tell) -> None:
        match command:
            case ShowSlo():
                await self._report(command, request, tell)
            case AskGate(key=key):
                gate = await self._reader.gate(key)
                asked = self._reader.promises[key]
                await tell.alone(gate_message(gate, asked.title, zone=self._zone, boards=asked.dashboards))
            case ListSlos():
                await self._overview(tell)
            case _:
                raise AssertionError(f"nobody answers {command}")

    async def _report(self, command: ShowSlo, request: Request, tell: Tell) -> None:
        reported = await self._reader.report(command.key, command.window)
        message = report_message(reported, zone=self._zone)
        if reported.report is None:
            await tell.alone(message)
            return
        await tell.everybody(message)
        if reported.age is None:
            self._after_ack.start(self._drawn(reported.report, request), what="drawing an error budget")

    async def _drawn(self, report: Report, request: Request) -> None:
        """Post the chart; or say why there is none. The answer is there, whatever becomes of it."""
        try:
            async with asyncio.timeout(CHART_SECONDS):
                await self._draw(report, request)
        except TimeoutError:
            _log.warning("a chart of an error budget took longer than %g s", CHART_SECONDS)
            await self._pictures.tell("It took too long.", request)

    async def _draw(self, report: Report, request: Request) -> None:
        try:
            chart = await self._reader.chart(report)
        except DeliveryFailure as failure:
            await self._pictures.tell(failure.reason, request)
            raise
        if chart is not None:
            name = FILE_NAME.format(key=report.promise.key, days=report.window.days)
            await self._pictures.post(chart, name, chart_comment(report), request)

    async def _overview(self, tell: Tell) -> None:
        all_of_them = await self._reader.overview()
        message = overview_message(all_of_them, zone=self._zone)
        known = any(one.report is not None for one in all_of_them)
        await (tell.everybody(message) if known else tell.alone(message))
