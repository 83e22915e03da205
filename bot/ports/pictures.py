"""Pictures that hang under messages."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.domain.card import MessageRef
from bot.ports.files import Picture


class Pictures(Protocol):
    """Hangs pictures in the threads of messages, and finds those that hang there.

    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def hangs(self, name: str, at: MessageRef, since: datetime) -> bool:
        """Whether a file of that name was shared in the thread of a message since then."""

    async def hang(self, picture: Picture, at: MessageRef) -> None:
        """Share a picture in the thread of a message; its comment is plain text."""
