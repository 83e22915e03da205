"""Runbooks that are worked through, in Slack: one message each, in the incident's room or thread."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, timedelta, tzinfo

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import POST_LANE, UPDATE_LANE, Effect, Errand, ThreadGoneError, code_of
from bot.adapters.slack.posted import find_posted, metadata
from bot.adapters.slack.rooms import ROOM_GONE
from bot.domain.card import MessageRef
from bot.domain.face import Place
from bot.domain.guide import Channel
from bot.domain.incident import Incident
from bot.domain.runbooks.opened import OpenedRunbook
from bot.ports.failures import DeliveryFailure, TemporaryFailure, UnknownOutcome
from bot.ports.rooms import RoomGoneError
from bot.ports.runbook_messages import RunbookMessages
from bot.ports.workspace import Workspace, may_read
from bot.views.blocks import Message
from bot.views.runbooks.worked import worked_runbook

NOT_FOUND_WAIT = timedelta(seconds=30)

_INERT = {"parse": "none", "link_names": False}
_NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}


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
        self._connection = connection
        self._workspace = workspace
        self._channels = channels
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
        async with _in_time(), _in_room(place):
            if thread is not None:
                try:
                    shown = self._rendered(opened, incident, thread.channel)
                    since = opened if uncertain else None
                    return await self._said(shown, key, thread.channel, thread.ts, since)
                except ThreadGoneError:
                    pass  # somebody deleted the card: it is shown in the channel instead
            channel = self._channel_id(place)
            shown = self._rendered(opened, incident, channel)
            return await self._said(shown, key, channel, None, opened if uncertain else None)

    @override
    async def edit(self, opened: OpenedRunbook, incident: Incident, place: Place, at: MessageRef) -> None:
        errand = Errand(
            method="chat.update", effect=Effect.SETS, where=self._name(at.channel), lane=UPDATE_LANE
        )
        shown = self._rendered(opened, incident, at.channel)
        stands_in = place if at.channel == place.room else replace(place, room=None)
        async with _in_room(stands_in):
            await self._connection.call(errand, channel=at.channel, ts=at.ts, **shown.to_json(), **_INERT)

    async def _said(
        self, shown: Message, key: str, channel: str, thread: str | None, doubt: OpenedRunbook | None
    ) -> MessageRef:
        """Post it; where it is in `doubt` whether it stands already, look first."""
        if doubt is not None:
            since = doubt.opened_at
            found = await find_posted(self._connection, [key], channel=channel, thread=thread, since=since)
            if found is not None:
                return found
        errand = Errand(
            method="chat.postMessage", effect=Effect.ADDS, where=self._name(channel), lane=POST_LANE
        )
        answer = await self._connection.call(
            errand,
            channel=channel,
            thread_ts=thread,
            metadata=metadata(key),
            **shown.to_json(),
            **_INERT,
            **_NO_PREVIEWS,
        )
        return MessageRef(channel=answer["channel"], ts=answer["ts"])

    def _rendered(self, opened: OpenedRunbook, incident: Incident, channel: str) -> Message:
        redacted = not may_read(self._workspace, incident, channel)
        return worked_runbook(opened, incident, redacted=redacted, zone=self._zone)

    def _channel_id(self, place: Place) -> str:
        found = place.room or self._workspace.channel_id(place.channel)
        if found is None:
            raise TemporaryFailure(
                f"Slack shows the bot no channel {place.channel}.", retry_after=NOT_FOUND_WAIT
            )
        return found

    def _name(self, channel: str) -> str:
        key = self._workspace.channel_key(channel)
        known = self._channels.get(key) if key else None
        return f"#{known.name}" if known else channel


@asynccontextmanager
async def _in_room(place: Place) -> AsyncIterator[None]:
    """What Slack does not let be said in a room says that the room is gone."""
    try:
        yield
    except DeliveryFailure as failure:
        if place.room is None or code_of(failure) not in ROOM_GONE:
            raise
        raise RoomGoneError(failure.reason) from failure


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except TimeoutError as error:
        raise UnknownOutcome("Slack did not answer in time.") from error
