"""Runbooks that are worked through, in Slack: one message each, in the incident's room or thread."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, tzinfo

from typing_extensions import override

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import ThreadGoneError
from bot.adapters.slack.messages import SlackMessages, in_room, in_time
from bot.domain.card import MessageRef
from bot.domain.face import Place
from bot.domain.guide import Channel
from bot.domain.incident import Incident
from bot.domain.runbooks.opened import OpenedRunbook
from bot.ports.runbook_messages import RunbookMessages
from bot.ports.workspace import Workspace, may_read
from bot.views.blocks import Message
from bot.views.runbooks.worked import worked_runbook


class SlackRunbooks(RunbookMessages):
    """Renders, posts and edits. Of a security incident nothing is shown outside its own channel."""

    def __init__(
        self,
        connection: SlackConnection,
        *,
        workspace: Workspace,
        channels: Mapping[str, Channel],
        zone: tzinfo = UTC,
    ) -> None:
        self._messages = SlackMessages(connection, workspace=workspace, channels=channels)
        self._workspace = workspace
        self._zone = zone

    @override
    async def post(
        self,
        opened: OpenedRunbook,
        incident: Incident,
        place: Place,
        thread: MessageRef | None,
        *,
        key: str,
        uncertain: bool,
    ) -> MessageRef:
        async with in_time(), in_room(place):
            if thread is not None:
                try:
                    shown = self._rendered(opened, incident, thread.channel)
                    since = opened if uncertain else None
                    return await self._said(shown, key, thread.channel, thread.ts, since)
                except ThreadGoneError:
                    pass  # somebody deleted the card: it is shown in the channel instead
            channel = self._messages.channel_of(place)
            shown = self._rendered(opened, incident, channel)
            return await self._said(shown, key, channel, None, opened if uncertain else None)

    @override
    async def edit(self, opened: OpenedRunbook, incident: Incident, place: Place, at: MessageRef) -> None:
        shown = self._rendered(opened, incident, at.channel)
        stands_in = place if at.channel == place.room else replace(place, room=None)
        await self._messages.edit(shown.to_json(), stands_in, at)

    async def _said(
        self, shown: Message, key: str, channel: str, thread: str | None, doubt: OpenedRunbook | None
    ) -> MessageRef:
        """Post it; where it is in `doubt` whether it stands already, look first."""
        if doubt is not None:
            found = await self._messages.find([key], channel, thread, doubt.opened_at)
            if found is not None:
                return found
        return await self._messages.post(shown.to_json(), key=key, channel=channel, thread=thread)

    def _rendered(self, opened: OpenedRunbook, incident: Incident, channel: str) -> Message:
        redacted = not may_read(self._workspace, incident, channel)
        return worked_runbook(opened, incident, redacted=redacted, zone=self._zone)
