"""Files that people ask for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.card import MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture, with what is said beside it; `alt_text` is for those who do not see it."""

    name: str
    content: bytes
    title: str
    comment: str
    alt_text: str


class Files(Protocol):
    """Shares files in threads and channels. Each call ends within ten seconds; losing one is accepted.

    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def share(self, name: str, content: bytes, *, title: str, comment: str, at: MessageRef) -> None:
        """Share a file in the thread of a message."""

    async def show(self, picture: Picture, channel: str, thread: str | None) -> None:
        """Share a picture in a channel (Slack's id), or in a thread there."""
