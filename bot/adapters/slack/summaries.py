"""Summaries of alerts in Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import POST_LANE, Effect, Errand
from bot.adapters.slack.posted import find_posted, metadata
from bot.domain.alert_summary import AlertSummary
from bot.domain.guide import Guide
from bot.ports.failures import TemporaryFailure, UnknownOutcome
from bot.ports.summaries import Summaries
from bot.ports.workspace import Workspace, may_read
from bot.views.noise import alert_summary

NOT_FOUND_WAIT = timedelta(seconds=30)


class SlackSummaries(Summaries):
    """Renders and posts. Security alerts are named in their own channel only, while that is private."""

    def __init__(self, connection: SlackConnection, *, workspace: Workspace, guide: Guide) -> None:
        self._connection = connection
        self._workspace = workspace
        self._guide = guide

    @override
    async def post_summary(
        self, summary: AlertSummary, *, key: str, since: datetime, uncertain: bool
    ) -> None:
        channel = self._workspace.channel_id(summary.channel)
        if channel is None:
            raise TemporaryFailure(
                f"Slack shows the bot no channel {summary.channel}.", retry_after=NOT_FOUND_WAIT
            )
        try:
            async with asyncio.timeout(CALL_SECONDS):
                if uncertain and await self._is_posted(key, channel, since):
                    return
                await self._post(summary, key, channel)
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the summary in time.") from error

    async def _is_posted(self, key: str, channel: str, since: datetime) -> bool:
        found = await find_posted(self._connection, [key], channel=channel, thread=None, since=since)
        return found is not None

    async def _post(self, summary: AlertSummary, key: str, channel: str) -> None:
        where = f"#{self._guide.channels[summary.channel].name}"
        shown = alert_summary(
            summary,
            self._titles,
            zone=self._guide.organization.zone,
            redacted=not may_read(self._workspace, summary, channel),
        )
        await self._connection.call(
            Errand(method="chat.postMessage", effect=Effect.ADDS, where=where, lane=POST_LANE),
            channel=channel,
            metadata=metadata(key),
            **shown.to_json(),
            parse="none",
            link_names=False,
            unfurl_links=False,
            unfurl_media=False,
        )

    @property
    def _titles(self) -> Mapping[str, str]:
        return {service.key: service.title for service in self._guide.services.values()}
