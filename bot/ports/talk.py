"""What people say to each other, where it is to become part of a timeline."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.actor import Actor
from bot.domain.card import MessageRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Spoken:
    """A message: who wrote it, its text, made plain, and the thread in which it stands (its first `ts`)."""

    author: Actor
    text: str
    thread: str | None = None


class Talk(Protocol):
    """Reads messages. Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome`."""

    async def read(self, at: MessageRef) -> Spoken | None:
        """What a message says now; None where it is no more. Ends within ten seconds."""
