"""Where texts are read anew, whenever they are."""

from __future__ import annotations

from typing import Protocol

from bot.domain.guide import Runbook
from bot.domain.runbooks.markdown import SIZE_LIMIT
from bot.ports.failures import PermanentFailure


class Source(Protocol):
    """Reads a runbook's text. Raises DeliveryFailure's subclasses, bounded in time by whoever asks."""

    async def read(self, runbook: Runbook) -> str:
        """Read it."""

    async def aclose(self) -> None:
        """End what is open."""


def text_of(content: bytes, name: str) -> str:
    """A file's text. Raises PermanentFailure for one that is too large; what is no UTF-8 is replaced."""
    if len(content) > SIZE_LIMIT:
        raise PermanentFailure(f"{name} is larger than {SIZE_LIMIT // 1024} KiB.")
    return content.decode("utf-8-sig", errors="replace")
