"""What the bot needs of the chat to keep incidents' own channels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.card import MessageRef
from bot.domain.guide import Mention
from bot.ports.failures import PermanentFailure


class RoomGoneError(PermanentFailure):
    """The room was archived or deleted by somebody, or the bot was taken out of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeRoom:
    """A room as it was made: its id and the name that it got."""

    id: str
    name: str


class Rooms(Protocol):
    """Makes and keeps channels. Every method is bounded in time, and does no harm when it is done again.

    Rooms are channel ids. `uncertain` says that an earlier try may have been carried out.
    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`; what a person
    must mend first is permanent here: people are told at once, and go on without.
    """

    async def create(self, name: str, *, private: bool, since: datetime, uncertain: bool) -> MadeRoom:
        """Make a channel, under another name where this one is taken.

        Where an earlier try may have made it, one that the bot has made after `since` is taken for it.
        """

    async def set_topic(self, room: str, topic: str) -> None:
        """Say at its top how things stand."""

    async def pin(self, at: MessageRef) -> None:
        """Keep a message at hand in its channel."""

    async def bookmark(self, room: str, title: str, href: str, *, uncertain: bool) -> None:
        """Put a link at its top."""

    async def invite(self, room: str, who: Mention) -> None:
        """Bring people in, and those who are in groups. Those who cannot come are left out."""

    async def archive(self, room: str) -> None:
        """Close it to everything new."""
