"""How the one who asked is answered, once Slack has its acknowledgement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Blocks = Sequence[Mapping[str, Any]]
"""A message's blocks, as JSON."""


class Replies(Protocol):
    """Answers to what people ask and press, and modals. Each call ends within five seconds.

    Losing one is accepted: nothing is kept only there. Raises `TemporaryFailure`, `PermanentFailure`
    or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def ephemeral(
        self, channel: str, user: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        """Show a message to one user in a channel (ids), or in a thread of it (its first message's ts)."""

    async def say(self, channel: str, *, text: str, blocks: Blocks, thread: str | None = None) -> None:
        """Say something in a conversation (its id), or in a thread of it: all who read there see it."""

    async def respond(
        self, response_url: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        """Answer what a user did, by the URL that came with it; only that user sees it."""

    async def announce(
        self, response_url: str, *, text: str, blocks: Blocks, thread: str | None = None
    ) -> None:
        """Answer in the same way, for all who read the channel; also where the bot is no member of it."""

    async def replace(self, response_url: str, *, text: str, blocks: Blocks) -> None:
        """Show this in the place of the message whose button was pressed, for all who read it."""

    async def open_view(self, trigger_id: str, view: Mapping[str, Any]) -> str:
        """Open a modal. The trigger works once, within three seconds of what the user did. The modal's id."""

    async def update_view(self, view_id: str, view: Mapping[str, Any]) -> None:
        """Show something else in a modal that is open."""
