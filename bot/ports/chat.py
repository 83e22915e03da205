"""What the bot needs of the chat in which people work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.domain.card import IncidentCard, Mentions, MessageRef
from bot.domain.event import Event
from bot.ports.failures import PermanentFailure


class CardGoneError(PermanentFailure):
    """The card's message was deleted, or can no longer be edited: it is to be posted anew."""


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
    """Shows cards and lines. Every method is bounded in time.

    Channels are the guide's keys. `uncertain` says that an earlier try may have been carried out: the
    message is looked for by its metadata before another is posted.
    Raises `TemporaryFailure`, `PermanentFailure` or `UnknownOutcome` of `bot.ports.failures`.
    """

    async def post_card(self, card: IncidentCard, *, key: str, uncertain: bool) -> MessageRef:
        """Post the card in its incident's channel."""

    async def edit_card(self, card: IncidentCard, at: MessageRef) -> None:
        """Show the card's newest state in its message. Raises CardGoneError where there is none any more."""

    async def post_line(self, line: Line, thread: MessageRef | None, *, uncertain: bool) -> MessageRef:
        """Say a line in the card's thread, or in the incident's channel where no card could be posted."""
