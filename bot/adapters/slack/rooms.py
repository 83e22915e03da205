"""Incidents' own channels in Slack: made, described, filled, archived.

What Slack refuses is told to people at once, and never waits for a person: an incident goes on without.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import Effect, Errand, code_of
from bot.adapters.slack.pages import every_page
from bot.domain.card import MessageRef
from bot.domain.guide import Mention
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure, UnknownOutcome
from bot.ports.rooms import MadeRoom, RoomGoneError, Rooms
from bot.views.room import bookmark_title, topic_line

ROOM_GONE = frozenset({"channel_not_found", "is_archived", "not_in_channel"})
"""How Slack says that a channel of the bot's own is not to be used any more."""

INVITED_AT_ONCE = 100
_NAMES = 9
_SKEW = timedelta(seconds=60)
"""Slack's clock and ours may differ by so much."""

_DONE_ALREADY = frozenset({"already_in_channel", "cant_invite_self"})
_CANNOT_COME = frozenset(
    {"cant_invite", "user_not_found", "user_is_restricted", "ura_max_channels", "user_disabled"}
)

_LIST = Errand(method="conversations.list", effect=Effect.READS)
_MEMBERS = Errand(method="usergroups.users.list", effect=Effect.READS)
_BOOKMARKS = Errand(method="bookmarks.list", effect=Effect.READS)


class SlackRooms(Rooms):
    """Keeps rooms through the Web API. A whole step ends within ten seconds.

    `bot_user` is the bot's own id, None until Slack has told it; `members` who is in a user group, None
    where that is not known.
    """

    def __init__(
        self,
        connection: SlackConnection,
        *,
        bot_user: Callable[[], str | None],
        members: Callable[[str], Collection[str] | None],
    ) -> None:
        self._connection = connection
        self._bot_user = bot_user
        self._members = members

    @override
    async def create(self, name: str, *, private: bool, since: datetime, uncertain: bool) -> MadeRoom:
        async with _in_time():
            made: Mapping[str, Mapping[str, Any]] | None = None
            for called in (name, *(f"{name}-{number}" for number in range(2, _NAMES + 1))):
                try:
                    return await self._made(called, private=private)
                except PermanentFailure as failure:
                    if code_of(failure) != "name_taken":
                        raise
                if uncertain:
                    made = await self._channels(private=private) if made is None else made
                    if (found := made.get(called)) and self._is_own(found, since):
                        return MadeRoom(id=found["id"], name=called)
        raise PermanentFailure(f"Every name from {name} to {name}-{_NAMES} is taken in Slack.")

    @override
    async def set_topic(self, room: str, topic: str) -> None:
        errand = _step("conversations.setTopic", Effect.SETS)
        await self._do(errand, channel=room, topic=topic_line(topic))

    @override
    async def pin(self, at: MessageRef) -> None:
        errand = _step("pins.add", Effect.SETS)
        await self._do(errand, but={"already_pinned"}, channel=at.channel, timestamp=at.ts)

    @override
    async def bookmark(self, room: str, title: str, href: str, *, uncertain: bool) -> None:
        async with _in_time():
            if uncertain and await self._has_bookmark(room, href):
                return
            errand = _step("bookmarks.add", Effect.ADDS)
            named = bookmark_title(title)
            await self._do(errand, channel_id=room, title=named, type="link", link=href)

    @override
    async def invite(self, room: str, who: Mention) -> None:
        async with _in_time():
            people = list(who.people)
            for group in who.groups:
                people += await self._in_group(group)
            bot = self._bot_user()
            coming = [person for person in dict.fromkeys(people) if person != bot]
            for first in range(0, len(coming), INVITED_AT_ONCE):
                users = ",".join(coming[first : first + INVITED_AT_ONCE])
                errand = _step("conversations.invite", Effect.SETS)
                # With `force`, those who can come are invited where others cannot.
                await self._do(
                    errand, but=_DONE_ALREADY | _CANNOT_COME, channel=room, users=users, force=True
                )

    @override
    async def archive(self, room: str) -> None:
        errand = _step("conversations.archive", Effect.SETS)
        await self._do(errand, but={"already_archived"} | ROOM_GONE, channel=room)

    async def _made(self, name: str, *, private: bool) -> MadeRoom:
        errand = _step("conversations.create", Effect.ADDS)
        answer = await self._connection.call(errand, name=name, is_private=private)
        return MadeRoom(id=answer["channel"]["id"], name=answer["channel"]["name"])

    async def _channels(self, *, private: bool) -> Mapping[str, Mapping[str, Any]]:
        """The open channels that the bot sees, by name."""
        kind = "private_channel" if private else "public_channel"
        listed = await every_page(self._connection, _LIST, "channels", types=kind, exclude_archived=True)
        return {one["name"]: one for one in listed}

    def _is_own(self, channel: Mapping[str, Any], since: datetime) -> bool:
        """Whether an earlier try has made it: the bot has, and not before it was asked to."""
        bot = self._bot_user()
        if bot is None:
            raise TemporaryFailure("Slack has not told yet who the bot is.")
        made_by_bot = channel.get("creator") == bot
        return made_by_bot and float(channel.get("created") or 0) >= (since - _SKEW).timestamp()

    async def _has_bookmark(self, room: str, href: str) -> bool:
        answer = await self._connection.call(_BOOKMARKS, channel_id=room)
        return any(one.get("link") == href for one in answer.get("bookmarks") or ())

    async def _in_group(self, group: str) -> Collection[str]:
        """Who is in a group; nobody where Slack does not say: the others come all the same."""
        known = self._members(group)
        if known is not None:
            return known
        try:
            answer = await self._connection.call(_MEMBERS, usergroup=group)
        except PermanentFailure:
            return ()
        return [str(user) for user in answer.get("users") or ()]

    async def _do(self, errand: Errand, *, but: Collection[str] = (), **arguments: Any) -> None:
        """Do one call; the errors `but` say that there was nothing to do. Raises RoomGoneError."""
        try:
            await self._connection.call(errand, **arguments)
        except DeliveryFailure as failure:
            code = code_of(failure)
            if code in but:
                return
            if code in ROOM_GONE:
                raise RoomGoneError(failure.reason) from failure
            raise


def _step(method: str, effect: Effect) -> Errand:
    return Errand(
        method=method,
        effect=effect,
        where="the incident's channel",
        lane=f"slack/{method}",
        may_be_mended=False,
    )


@asynccontextmanager
async def _in_time() -> AsyncIterator[None]:
    try:
        async with asyncio.timeout(CALL_SECONDS):
            yield
    except TimeoutError as error:
        raise UnknownOutcome("Slack did not answer in time.") from error
