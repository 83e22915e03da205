"""Files that people ask for."""

from __future__ import annotations

from typing import Protocol

from bot.domain.card import MessageRef


class Files(Protocol):
    """Shares files in threads. Each call ends within ten seconds; losing one is accepted.

    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def share(self, name: str, content: bytes, *, title: str, comment: str, at: MessageRef) -> None:
        """Share a file in the thread of a message."""
