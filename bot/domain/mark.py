"""Messages of people's that are part of a timeline: added by a pin, a reaction or a message's menu.

Only what the message says now is kept, as an entry; what it says later stands beside that.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.card import MessageRef
from bot.domain.event import EventData, EventKind
from bot.domain.outcome import Happened
from bot.domain.quote import Quote, quoted


class Way(StrEnum):
    """How somebody added a message."""

    PIN = "pin"
    REACTION = "reaction"
    MENU = "menu"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A message that is part of a timeline: which entry it is, who added it (a Slack id), and how."""

    at: MessageRef
    incident: str
    sequence: int
    by: str
    way: Way


def marked(quote: Quote, way: Way) -> Happened:
    """The entry for a message that somebody added. Nobody is told: they can read the message itself."""
    happened = quoted(quote)
    return Happened(kind=happened.kind, data={**happened.data, "way": way.value})


def taken_back(mark: Mark) -> Happened:
    """Whoever added a message has taken their pin or reaction away."""
    data: EventData = {"of": mark.sequence, "text": f"the {mark.way} was taken away"}
    return Happened(kind=EventKind.STRUCK, data=data)


def edited(mark: Mark, text: str) -> Happened:
    """The message says something else now."""
    return Happened(kind=EventKind.MESSAGE_CHANGED, data={"of": mark.sequence, "text": text})


def deleted(mark: Mark) -> Happened:
    """The message is gone; what it said is kept."""
    return Happened(kind=EventKind.MESSAGE_DELETED, data={"of": mark.sequence})
