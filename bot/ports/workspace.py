"""Where the guide's channels are in the one Slack workspace of this installation."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.incident import Room


class Told(Protocol):
    """What has a channel in which it is told: an incident, or an alert group."""

    @property
    def security(self) -> bool:
        """Whether its text may be read there only."""

    @property
    def channel(self) -> str:
        """The guide's key of its channel."""

    @property
    def room(self) -> Room | None:
        """A channel of its own."""


class Workspace(Protocol):
    """Ids of the workspace and its channels, resolved at start-up. Never calls Slack."""

    @property
    def team_id(self) -> str | None:
        """The workspace's id; None until Slack has been reached for the first time."""

    def channel_id(self, key: str) -> str | None:
        """The id of a channel of the guide; None where Slack shows no such channel (yet)."""

    def channel_key(self, channel_id: str) -> str | None:
        """The guide's key of a channel; None for a channel that is not in the guide."""

    def url(self, at: MessageRef) -> str | None:
        """The address of a message; None until Slack has told the workspace's."""

    def is_private(self, key: str) -> bool:
        """Whether only invited people can read the channel. False where that is not known."""

    def is_open(self, channel_id: str) -> bool:
        """Whether Slack has told this process that anybody can read a channel, of the guide or not."""

    def is_privacy_known(self, key: str) -> bool:
        """Whether Slack has told this process who can read it: what an earlier one knew is no proof."""


def is_home(workspace: Workspace, told: Told, channel: str | None) -> bool:
    """Whether a channel (Slack's id) is one in which it stands: the guide's for it, or its room."""
    if channel is None:
        return False
    room = told.room.id if told.room else None
    return channel in {workspace.channel_id(told.channel), room}


def may_read(workspace: Workspace, told: Told, channel: str | None) -> bool:
    """Whether the text of an incident, or an alert group, may be shown in a channel (Slack's id).

    A security incident's in its own channel, while that is known to be private, and in its room, which was
    made private, unless it is known to be so no longer.
    """
    if not told.security:
        return True
    room = told.room
    if room is not None and channel == room.id:
        return room.private and not workspace.is_open(room.id)
    return is_home(workspace, told, channel) and workspace.is_private(told.channel)
