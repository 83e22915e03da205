"""A message of people's that becomes part of an incident's history."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.domain.actor import Actor
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened

QUOTE_LIMIT = 700
"""Characters of a message that are kept: with its escapes it must fit into a form's private metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A message: where it stands in Slack (ids), who wrote it, and its text, made plain.

    `private`: only some may read it where it stands; told elsewhere it goes `without_text`.
    """

    channel: str
    ts: str
    author: Actor
    text: str
    private: bool = False

    def without_text(self) -> Quote:
        """The message as those may know of it who cannot read it where it stands."""
        return replace(self, text="")


def quoted(quote: Quote) -> Happened:
    """The entry for a message that becomes part of the history, told in the thread."""
    data: EventData = {
        "channel": quote.channel,
        "ts": quote.ts,
        "author_id": quote.author.id,
        "author": quote.author.name,
        "text": quote.text,
        "private": quote.private,
    }
    return Happened(kind=EventKind.MESSAGE_ADDED, data=data, told=True)
