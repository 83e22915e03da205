"""Messages in the places of subjects: posted with their delivery's key, found by it, and edited."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import MEND_WAIT, POST_LANE, UPDATE_LANE, Effect, Errand, code_of
from bot.adapters.slack.posted import find_posted, metadata
from bot.adapters.slack.rooms import ROOM_GONE
from bot.domain.card import MessageRef
from bot.domain.face import Place
from bot.domain.guide import Channel
from bot.ports.failures import DeliveryFailure, TemporaryFailure, UnknownOutcome
from bot.ports.rooms import RoomGoneError
from bot.ports.workspace import Workspace

NOT_REACHED_WAIT = timedelta(seconds=30)
"""How long to wait while it is not known where the channels are."""

_INERT = {"parse": "none", "link_names": False}
_NO_PREVIEWS = {"unfurl_links": False, "unfurl_media": False}


class SlackMessages:
    """Knows where a place is, and posts there. `channels` are the guide's, by key."""

    def __init__(
        self, connection: SlackConnection, *, workspace: Workspace, channels: Mapping[str, Channel]
    ) -> None:
        self._connection = connection
        self._workspace = workspace
        self._channels = channels

    async def post(
        self,
        shown: Mapping[str, Any],
        *,
        key: str,
        channel: str,
        thread: str | None = None,
        loud: bool = False,
    ) -> MessageRef:
        """Post what is shown; what is loud in a thread is shown in the channel, too."""
        errand = Errand(
            method="chat.postMessage", effect=Effect.ADDS, where=self.name(channel), lane=POST_LANE
        )
        answer = await self._connection.call(
            errand,
            channel=channel,
            thread_ts=thread,
            reply_broadcast=True if loud and thread else None,
            metadata=metadata(key),
            **shown,
            **_INERT,
            **_NO_PREVIEWS,
        )
        return MessageRef(channel=answer["channel"], ts=answer["ts"])

    async def edit(self, shown: Mapping[str, Any], place: Place, at: MessageRef) -> None:
        """Show something else in a message that is there."""
        errand = Errand(
            method="chat.update", effect=Effect.SETS, where=self.name(at.channel), lane=UPDATE_LANE
        )
        async with in_room(place):
            await self._connection.call(errand, channel=at.channel, ts=at.ts, **shown, **_INERT)

    async def find(
        self, keys: Collection[str], channel: str, thread: str | None, since: datetime
    ) -> MessageRef | None:
        """The message that was posted under one of `keys`."""
        return await find_posted(self._connection, keys, channel=channel, thread=thread, since=since)

    def channel_of(self, place: Place) -> str:
        """The channel's id. Raises TemporaryFailure while it is not known, or the bot is not let in."""
        found = place.room or self._workspace.channel_id(place.channel)
        if found is not None:
            return found
        if self._workspace.team_id is None:
            raise TemporaryFailure("Slack has not been reached yet.", retry_after=NOT_REACHED_WAIT)
        name = self._channels[place.channel].name if place.channel in self._channels else place.channel
        advice = f"Slack shows the bot no channel #{name}: create it, or invite the bot to it."
        raise TemporaryFailure(advice, retry_after=MEND_WAIT)

    def name(self, channel: str) -> str:
        """What people call a channel, where the guide knows it; else its id."""
        key = self._workspace.channel_key(channel)
        known = self._channels.get(key) if key else None
        return f"#{known.name}" if known else channel


@asynccontextmanager
async def in_room(place: Place) -> AsyncIterator[None]:
    """What Slack does not let be said in a room says that the room is gone."""
    try:
        yield
    except DeliveryFailure as failure:
        if place.room is None or code_of(failure) not in ROOM_GONE:
            raise
        raise RoomGoneError(failure.reason) from failure


@asynccontextmanager
async def in_time() -> AsyncIterator[None]:
    """A whole call ends within ten seconds; what became of it is not known then."""
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except TimeoutError as error:
        raise UnknownOutcome("Slack did not answer in time.") from error
