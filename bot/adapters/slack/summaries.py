"""What is told in Slack of a span of time: what fired, and how reviews went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.messages import SlackMessages
from bot.domain.alert_summary import AlertSummary
from bot.domain.card import MessageRef
from bot.domain.checklists.monthly import ChannelReport
from bot.domain.face import Place
from bot.domain.guide import Guide
from bot.ports.failures import UnknownOutcome
from bot.ports.summaries import Summaries, Summary
from bot.ports.workspace import Workspace, may_read
from bot.views.blocks import Message
from bot.views.checklists.report import monthly_report
from bot.views.noise import alert_summary


class SlackSummaries(Summaries):
    """Renders and posts. What is secret is told in its own channel only, while that is private."""

    def __init__(self, connection: SlackConnection, *, workspace: Workspace, guide: Guide) -> None:
        self._messages = SlackMessages(connection, workspace=workspace, channels=guide.channels)
        self._workspace = workspace
        self._guide = guide
        self._views: Mapping[type[Summary], Callable[[Any, bool], Message]] = {
            AlertSummary: self._alerts,
            ChannelReport: self._reviews,
        }

    @override
    async def post_summary(
        self, summary: Summary, *, key: str, since: datetime, uncertain: bool
    ) -> MessageRef:
        channel = self._messages.channel_of(Place(channel=summary.channel))
        try:
            async with asyncio.timeout(CALL_SECONDS):
                posted = await self._messages.find([key], channel, None, since) if uncertain else None
                return posted or await self._messages.post(
                    self._rendered(summary, channel).to_json(), key=key, channel=channel
                )
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the summary in time.") from error

    def _rendered(self, summary: Summary, channel: str) -> Message:
        return self._views[type(summary)](summary, not may_read(self._workspace, summary, channel))

    def _alerts(self, summary: AlertSummary, redacted: bool) -> Message:  # noqa: FBT001 - called by type
        titles = {service.key: service.title for service in self._guide.services.values()}
        return alert_summary(summary, titles, zone=self._guide.organization.zone, redacted=redacted)

    def _reviews(self, summary: ChannelReport, redacted: bool) -> Message:  # noqa: FBT001 - the same
        return monthly_report(summary, zone=self._guide.organization.zone, redacted=redacted)
