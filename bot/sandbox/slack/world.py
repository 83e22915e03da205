"""Everything that a Web API method may see and change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.clock import Clock
from bot.sandbox.feed import Feed
from bot.sandbox.slack.errors import SlackError, missing
from bot.sandbox.slack.happenings import Event
from bot.sandbox.slack.home import Homes
from bot.sandbox.slack.manifest import App
from bot.sandbox.slack.modals import Modals
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.places import Identity, Listener
from bot.sandbox.slack.response_urls import ResponseUrls
from bot.sandbox.slack.seed import new_workspace
from bot.sandbox.slack.sockets import Sockets
from bot.sandbox.slack.triggers import Triggers

DEFAULT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "commands",
        "groups:history",
        "groups:read",
        "im:history",
        "im:write",
        "usergroups:read",
        "users:read",
        "users:read.email",
    }
)


class World:
    """A workspace with an app installed in it. `listener` hears what the app may be told of."""

    def __init__(self, clock: Clock, app: App) -> None:
        self.clock = clock
        self.app = app
        self.listener: Listener | None = None
        self.feed = Feed()
        self.sockets = Sockets()
        self.reset()

    def reset(self) -> None:
        """Begin anew: the people and channels of the start, and nothing said. Connections stay."""
        self.workspace = new_workspace(self.clock, self.feed, app_name=self.app.name)
        self.workspace.listener = self._hear
        self.modals = Modals(self.workspace)
        self.homes = Homes(self.workspace)
        self.triggers = Triggers(self.clock)
        self.response_urls = ResponseUrls(self.workspace, self.clock)
        self.feed.publish("reset", {})

    @property
    def identity(self) -> Identity:
        """The ids of the team and the app."""
        return self.workspace.identity

    @property
    def scopes(self) -> frozenset[str]:
        """Those of the bot's token."""
        return self.app.scopes

    def need_scope(self, *any_of: str) -> None:
        """Raise `missing_scope` unless the bot's token has one of these."""
        if any_of and self.scopes.isdisjoint(any_of):
            raise SlackError("missing_scope", needed=any_of[0], provided=",".join(sorted(self.scopes)))

    def readable(self, channel_id: str) -> Channel:
        """The channel, where the bot may know of it. Raises `channel_not_found`."""
        channel = self.workspace.channels.get(channel_id)
        if channel is None or not self.workspace.sees(self.identity.bot_user, channel):
            raise SlackError("channel_not_found")
        return channel

    def joined(self, channel_id: str) -> Channel:
        """The channel, where the bot is in it. Raises `channel_not_found` or `not_in_channel`."""
        channel = self.readable(channel_id)
        if self.identity.bot_user not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _hear(self, channel: Channel | None, event: Event) -> None:
        if self.listener is not None:
            self.listener(channel, event)


@dataclass(frozen=True, slots=True)
class Args:
    """A call's arguments, and the URL under which the caller reaches the stand-in."""

    values: Mapping[str, Any]
    base_url: str = ""

    def need(self, name: str) -> str:
        """A required string. Raises `invalid_arguments`."""
        value = self.values.get(name)
        if value is None or value == "":
            raise missing(name)
        return str(value)

    def get(self, name: str, default: str = "") -> str:
        """A string."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def words(self, name: str) -> list[str]:
        """A list, as forms (separated by commas) or JSON carry it."""
        value = self.values.get(name)
        found = value if isinstance(value, list) else self.get(name).split(",")
        return [word.strip() for word in map(str, found) if word.strip()]

    def flag(self, name: str) -> bool:
        """A boolean, as forms (`1`, `true`) or JSON carry it."""
        return self.get(name).lower() in {"1", "true"}

    def limit(self, default: int = 100, most: int = 1000) -> int:
        """How many items a page has. Raises `invalid_limit`."""
        try:
            limit = int(self.get("limit") or default)
        except ValueError:
            raise SlackError("invalid_limit") from None
        if not 0 <= limit <= most:
            raise SlackError("invalid_limit")
        return limit or default
