"""What is told in Slack of a span of time: what fired, and how reviews went."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import POST_LANE, Effect, Errand
from bot.adapters.slack.posted import find_posted, metadata
from bot.domain.alert_summary import AlertSummary
from bot.domain.card import MessageRef
from bot.domain.checklists.monthly import ChannelReport
from bot.domain.guide import Guide
from bot.ports.failures import TemporaryFailure, UnknownOutcome
from bot.ports.summaries import Summaries, Summary
from bot.ports.workspace import Workspace, may_read
from bot.views.blocks import Message
from bot.views.checklists.report import monthly_report
from bot.views.noise import alert_summary

NOT_FOUND_WAIT = timedelta(seconds=30)


class SlackSummaries(Summaries):
    """Renders and posts. What is secret is told in its own channel only, while that is private."""

    def __init__(self, connection: SlackConnection, *, workspace: Workspace, guide: Guide) -> None:
        self._connection = connection
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
        channel = self._workspace.channel_id(summary.channel)
        if channel is None:
            raise TemporaryFailure(
                f"Slack shows the bot no channel {summary.channel}.", retry_after=NOT_FOUND_WAIT
            )
        try:
            async with asyncio.timeout(CALL_SECONDS):
                posted = await self._posted(key, channel, since) if uncertain else None
                return posted or await self._post(summary, key, channel)
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the summary in time.") from error

    async def _posted(self, key: str, channel: str, since: datetime) -> MessageRef | None:
        return await find_posted(self._connection, [key], channel=channel, thread=None, since=since)

    async def _post(self, summary: Summary, key: str, channel: str) -> MessageRef:
        where = f"#{self._guide.channels[summary.channel].name}"
        shown = self._views[type(summary)](summary, not may_read(self._workspace, summary, channel))
        said = await self._connection.call(
            Errand(method="chat.postMessage", effect=Effect.ADDS, where=where, lane=POST_LANE),
            channel=channel,
            metadata=metadata(key),
            **shown.to_json(),
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )
        return MessageRef(channel=channel, ts=str(said["ts"]))

    def _alerts(self, summary: AlertSummary, redacted: bool) -> Message:  # noqa: FBT001 - called by type
        titles = {service.key: service.title for service in self._guide.services.values()}
        return alert_summary(summary, titles, zone=self._guide.organization.zone, redacted=redacted)

    def _reviews(self, summary: ChannelReport, redacted: bool) -> Message:  # noqa: FBT001 - the same
        return monthly_report(summary, zone=self._guide.organization.zone, redacted=redacted)
