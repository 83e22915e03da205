"""Who is in a workspace and where they meet: its people and channels, found and told of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from bot.sandbox.clock import Clock
from bot.sandbox.feed import Feed
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.happenings import Event
from bot.sandbox.slack.people import Channel, User, UserGroup

SLACKBOT = "USLACKBOT"
Item = TypeVar("Item")
Listener = Callable[[Channel | None, Event], None]
"""Hears what happens: where (None: in the workspace as a whole), and the event's body."""


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
class Places:
    """A team's users, groups and channels.

    Changes are published in the feed, for those who watch; what an app may hear of them goes to `listener`.
    """

    clock: Clock
    feed: Feed
    identity: Identity = field(default_factory=Identity)
    listener: Listener | None = None
    users: dict[str, User] = field(default_factory=dict)
    groups: dict[str, UserGroup] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    last_us: int = 0

    def next_ts(self) -> str:
        """A timestamp that no other message has, later than all before it."""
        self.last_us = max(self.clock() * 1000, self.last_us + 1)
        seconds, micros = divmod(self.last_us, 1_000_000)
        return f"{seconds}.{micros:06d}"

    def find_user(self, who: str) -> User:
        """The user with this id, name or real name. Raises `user_not_found`."""
        return _find(self.users, who, lambda user: (user.name, user.real_name), "user_not_found")

    def find_channel(self, where: str) -> Channel:
        """The channel with this id or name, with or without `#`. Raises `channel_not_found`."""
        return _find(self.channels, where, lambda channel: (f"#{channel.name}", channel.name))

    def sees(self, user: str, channel: Channel) -> bool:
        """Whether a user may know of a channel: public ones all but guests, the others their members."""
        if user in channel.members:
            return True
        return not channel.hidden and not self.users[user].guest

    def seen_by(self, user: str, where: str) -> Channel:
        """The channel with this id or name, where this user may know of it. Raises `channel_not_found`."""
        channel = self.find_channel(where)
        if not self.sees(user, channel):
            raise SlackError("channel_not_found")
        return channel

    def direct(self, user: str) -> Channel:
        """The app's direct messages with a user, opened where they are not yet."""
        for channel in self.channels.values():
            if channel.im_with == user:
                return channel
        channel = Channel(id=f"D{user[1:]}", name=f"dm-{user}", im_with=user, created=self.clock() // 1000)
        channel.members = {user, self.identity.bot_user}
        self.channels[channel.id] = channel
        return channel

    def tell(self, channel: Channel | None, event: Event) -> None:
        """Tell the app of it, where it listens."""
        if self.listener is not None:
            self.listener(channel, event)

    def publish_channel(self, channel: Channel) -> None:
        """Say that a channel is new, or is not as it was."""
        self.feed.publish("channel", channel.state(self.identity.bot_user))


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
