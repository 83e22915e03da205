"""What the parts tell with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.event import Event
from bot.domain.text import clean
from bot.views.blocks import Block

WHY_LIMIT = 300

Tell = Callable[[Event, Any], str]
"""The sentence for an entry and its subject's card, as plain text from which nothing is escaped yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one kind of entry is told.

    `public` is what those read who may not read the subject: what kind of thing has happened, and
    nothing that people wrote. `buttons` are what stands under the sentence, where that is anything.
    """

    sentence: Tell
    public: str
    buttons: Callable[[Event, Any], Block | None] | None = None


def by(what: str) -> Tell:
    """`Resolved by Ana: rolled back`."""

    def tell(event: Event, _card: object) -> str:
        said = text(event, "text", limit=None)
        return f"{what} by {event.actor.name}{f': {said}' if said else '.'}"

    return tell


def text(event: Event, key: str, default: str = "", *, limit: int | None = WHY_LIMIT) -> str:
    """A fact of an entry, in at most `limit` characters; without a limit all of it."""
    value = event.data.get(key)
    said = default if value is None else str(value)
    return clean(said, limit) if limit else said
