"""Drafts of post-mortems as files in Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, tzinfo

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import MEND_WAIT, ThreadGoneError
from bot.adapters.slack.files import SlackFiles, Upload
from bot.adapters.slack.messages import SlackMessages
from bot.domain.card import MessageRef
from bot.domain.draft import Draft
from bot.domain.face import Place
from bot.domain.guide import Channel
from bot.ports.drafts import Drafts
from bot.ports.failures import PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.workspace import Workspace, may_read
from bot.views.markup import Markup
from bot.views.postmortem import draft_comment, draft_file, file_title


class SlackDrafts(Drafts):
    """Renders and shares. A security incident's draft goes to its own channel only, while that is private."""

    def __init__(
        self,
        connection: SlackConnection,
        *,
        workspace: Workspace,
        channels: Mapping[str, Channel],
        zone: tzinfo = UTC,
    ) -> None:
        self._messages = SlackMessages(connection, workspace=workspace, channels=channels)
        self._files = SlackFiles(connection)
        self._workspace = workspace
        self._zone = zone

    @override
    async def post_draft(
        self, draft: Draft, place: Place, thread: MessageRef | None, *, key: str, uncertain: bool
    ) -> None:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                try:
                    await self._post(draft, place, thread, key=key, uncertain=uncertain)
                except ThreadGoneError:  # somebody deleted the card: it is said in the channel instead
                    await self._post(draft, place, None, key=key, uncertain=uncertain)
        except TimeoutError as error:
            raise UnknownOutcome("Slack did not take the file in time.") from error

    async def _post(
        self, draft: Draft, place: Place, thread: MessageRef | None, *, key: str, uncertain: bool
    ) -> None:
        channel = thread.channel if thread else self._messages.channel_of(place)
        ts = thread.ts if thread else None
        if uncertain and await self._is_posted(draft, channel, ts, key):
            return
        if not may_read(self._workspace, draft.card.incident, channel):
            await self._say(draft_comment(draft, redacted=True), channel, ts, key)
            return
        upload = Upload(
            name=draft.file_name,
            title=file_title(draft),
            content=draft_file(draft, self._zone).encode(),
            comment=draft_comment(draft),
        )
        try:
            await self._files.share(upload, channel, ts, where=self._messages.name(channel))
        except ThreadGoneError:
            raise
        except PermanentFailure as failure:
            await self._say(draft_comment(draft, without=failure.reason), channel, ts, key)
        except TemporaryFailure as failure:
            if failure.retry_after != MEND_WAIT:
                raise
            await self._say(draft_comment(draft, without=failure.reason), channel, ts, key)

    async def _is_posted(self, draft: Draft, channel: str, thread: str | None, key: str) -> bool:
        since = draft.asked.at
        if await self._files.is_shared(draft.file_name, channel, thread, since):
            return True
        said = await self._messages.find([key], channel, thread, since)
        return said is not None

    async def _say(self, text: Markup, channel: str, thread: str | None, key: str) -> None:
        await self._messages.post({"text": text}, key=key, channel=channel, thread=thread)
