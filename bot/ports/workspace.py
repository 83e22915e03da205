"""Where the guide's channels are in the one Slack workspace of this installation."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.incident import Incident


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

    def is_privacy_known(self, key: str) -> bool:
        """Whether Slack has told this process who can read it: what an earlier one knew is no proof."""


def is_home(workspace: Workspace, incident: Incident, channel: str | None) -> bool:
    """Whether a channel (Slack's id) is one in which the incident stands: the guide's for it, or its room."""
    if channel is None:
        return False
    room = incident.room.id if incident.room else None
    return channel in {workspace.channel_id(incident.channel), room}
