"""What the bot needs of the chat in which people work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.card import IncidentCard, Mentions, MessageRef
from bot.domain.event import Event
from bot.domain.face import Face, Place
from bot.ports.failures import PermanentFailure


class CardGoneError(PermanentFailure):
    """The message that is to be edited was deleted, or is too old: it is to be posted anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one of an incident's faces shows, and where it stands or is to stand."""

    face: Face
    place: Place
    card: IncidentCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a card's thread: the event that it tells, about which incident, and whom it notifies.

    `key` is the delivery's, kept in the message's metadata. `loud` shows it in the channel as well.
    `channel`, where set, is a channel of the guide in which it is said instead, outside any thread.
    """

    key: str
    card: IncidentCard
    event: Event
    mentions: Mentions
    loud: bool
    channel: str | None = None


class Chat(Protocol):
    """Shows incidents and lines. Every method is bounded in time.

    A line's channel is the guide's key. `uncertain` says that an earlier try may have been carried out: the
    message is looked for by its metadata before another is posted.
    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def post_face(self, shown: Shown, *, key: str, uncertain: bool) -> MessageRef:
        """Post a face in its place."""

    async def edit_face(self, shown: Shown, at: MessageRef) -> None:
        """Show the newest state in the face's message. Raises CardGoneError where there is none any more."""

    async def post_line(self, line: Line, thread: MessageRef | None, *, uncertain: bool) -> MessageRef:
        """Say a line in the card's thread, or in the incident's channel where no card could be posted."""
