"""The workspace: what is in it, and every way in which its messages change."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.sandbox.clock import Clock
from bot.sandbox.feed import Feed
from bot.sandbox.slack.elements import elements_of
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.messages import Content, Message
from bot.sandbox.slack.people import Channel, User, UserGroup

SLACKBOT = "USLACKBOT"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """The ids of the team and of the app that is installed in it."""

    team_id: str = "T0OPS0001"
    team_name: str = "Example Operations"
    domain: str = "example-ops"
    app_id: str = "A0OPSBOT1"
    bot_id: str = "B0OPSBOT1"
    bot_user: str = "U0OPSBOT1"


@dataclass(slots=True)
class Workspace:
    """A team's users, groups, channels and messages. Changes are published in the feed."""

    clock: Clock
    feed: Feed
    identity: Identity = field(default_factory=Identity)
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    ephemerals: dict[str, dict[str, Message]] = field(default_factory=dict)
    _last_us: int = 0
    _blocks: int = 0

    def next_ts(self) -> str:
        """A timestamp that no other message has, later than all before it."""
        self._last_us = max(self.clock() * 1000, self._last_us + 1)
        seconds, micros = divmod(self._last_us, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def find_user(self, who: str) -> User:
        """The user with this id, name or real name. Raises `user_not_found`."""
        return _find(self.users, who, lambda user: (user.name, user.real_name), "user_not_found")

    def find_channel(self, where: str) -> Channel:
        """The channel with this id or name, with or without `#`. Raises `channel_not_found`."""
        return _find(self.channels, where, lambda channel: (f"#{channel.name}", channel.name))

    def direct(self, user: str) -> Channel:
        """The app's direct messages with a user, opened where they are not yet."""
        for channel in self.channels.values():
            if channel.im_with == user:
                return channel
        channel = Channel(id=f"D{user[1:]}", name=f"dm-{user}", im_with=user)
        channel.members = {user, self.identity.bot_user}
        self.channels[channel.id] = channel
        return channel

    def post(
        self,
        channel: Channel,
        user: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
    ) -> Message:
        """Post as a user, or as the app where `user` is the bot's."""
        message = self._message(channel, user, content, thread_ts)
        message.broadcast = broadcast and thread_ts is not None
        channel.messages[message.ts] = message
        if thread_ts is not None:
            channel.threads.setdefault(thread_ts, []).append(message.ts)
        self._publish("message", message)
        return message

    def whisper(
        self,
        channel: Channel,
        only_for: str,
        content: Content,
        *,
        thread_ts: str | None = None,
        by: str | None = None,
    ) -> Message:
        """Show one user an ephemeral message, by default the app's."""
        message = self._message(channel, by or self.identity.bot_user, content, thread_ts)
        message.only_for = only_for
        self.ephemerals.setdefault(only_for, {})[message.ts] = message
        self._publish("ephemeral", message)
        return message

    def edit(self, message: Message, content: Content, *, shown_as_edited: bool = False) -> None:
        """Put `content` in the message's place."""
        self.name_blocks(content.blocks)
        message.content = content
        message.edits += 1
        if shown_as_edited:
            message.edited_ts = self.next_ts()
        self._publish("ephemeral_changed" if message.only_for else "message_changed", message)

    def delete(self, message: Message) -> None:
        """Take the message away."""
        if message.only_for is not None:
            self.ephemerals[message.only_for].pop(message.ts, None)
            self._publish("ephemeral_deleted", message)
            return
        channel = self.channels[message.channel]
        channel.messages.pop(message.ts, None)
        if message.thread_ts is not None:
            channel.threads[message.thread_ts].remove(message.ts)
        self._publish("message_deleted", message)

    def find_message(self, channel: Channel, ts: str, viewer: str | None = None) -> Message:
        """The message at `ts`, or the viewer's ephemeral one. Raises `message_not_found`."""
        own = self.ephemerals.get(viewer or "", {}).get(ts)
        if own is not None and own.channel == channel.id:
            return own
        message = channel.messages.get(ts)
        if message is None:
            raise SlackError("message_not_found")
        return message

    def all_messages(self) -> Iterable[Message]:
        """Every message that is no ephemeral one, by channel."""
        for channel in self.channels.values():
            yield from channel.messages.values()

    def message_json(self, message: Message, *, metadata: bool = False) -> dict[str, Any]:
        """The message as its channel shows it."""
        return self.channels[message.channel].message_json(message, metadata=metadata)

    def name_blocks(self, blocks: list[dict[str, Any]]) -> None:
        """Give a block_id, and each interactive element an action_id, where the app gave none."""
        for block in blocks:
            if not block.get("block_id"):
                self._blocks += 1
                block["block_id"] = f"blk{self._blocks}"
            for element in elements_of(block):
                if not element.get("action_id"):
                    self._blocks += 1
                    element["action_id"] = f"act{self._blocks}"

    def _message(self, channel: Channel, user: str, content: Content, thread_ts: str | None) -> Message:
        identity = self.identity
        mine = user == identity.bot_user
        self.name_blocks(content.blocks)
        return Message(
            channel=channel.id,
            ts=self.next_ts(),
            user=user,
            content=content,
            team_id=identity.team_id,
            bot_id=identity.bot_id if mine else None,
            app_id=identity.app_id if mine else None,
            thread_ts=thread_ts,
        )

    def _publish(self, kind: str, message: Message) -> None:
        data: dict[str, Any] = {"channel": message.channel, "message": self.message_json(message)}
        if message.only_for is not None:
            data["user"] = message.only_for
        self.feed.publish(kind, data)


def _find(
    items: dict[str, Item],
    key: str,
    names: Callable[[Item], tuple[str, ...]],
    error: str = "channel_not_found",
) -> Item:
    found = items.get(key)
    if found is not None:
        return found
    for item in items.values():
        if key in names(item):
            return item
    raise SlackError(error)
