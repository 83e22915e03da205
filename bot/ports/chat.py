"""What the bot needs of the chat in which people work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.card import Mentions, MessageRef
from bot.domain.event import Event
from bot.domain.face import Face, Place
from bot.domain.subject_card import SubjectCard
from bot.ports.failures import PermanentFailure


class CardGoneError(PermanentFailure):
    """The message that is to be edited was deleted, or is too old: it is to be posted anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one of a subject's faces shows, and where it stands or is to stand."""

    face: Face
    place: Place
    card: SubjectCard


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of a card's thread: the event that it tells, about which subject, and whom it notifies.

    `key` is the delivery's, kept in the message's metadata. `loud` shows it in the channel as well.
    `place` is where it is said where there is no thread. `answer` is what became of what it asks.
    """

    key: str
    card: SubjectCard
    event: Event
    mentions: Mentions
    loud: bool
    place: Place
    answer: str | None = None


class Chat(Protocol):
    """Shows incidents, alert groups and lines. Every method is bounded in time.

    `uncertain` says that an earlier try may have been carried out: the message is looked for by its
    metadata before another is posted. Raises RoomGoneError where a room is out of reach, else
    `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def post_face(self, shown: Shown, *, keys: Sequence[str], uncertain: bool) -> MessageRef:
        """Post a face in its place under the first key; what was posted there under another is taken, too."""

    async def edit_face(self, shown: Shown, at: MessageRef) -> None:
        """Show the newest state in the face's message. Raises CardGoneError where there is none any more."""

    async def post_line(self, line: Line, thread: MessageRef | None, *, uncertain: bool) -> MessageRef:
        """Say a line in a message's thread, or else in the line's place."""

    async def edit_line(self, line: Line, at: MessageRef) -> None:
        """Show a line as it is now in its message. Raises CardGoneError where there is none any more."""
