"""What may be said to the bot beside lines about incidents, by the first word."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from bot.domain.errors import DomainError
from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.change_grammar import line_of_changes
from handlers.replies import refused
from handlers.telling import Tell
from handlers.words.page import line_of_calls

CALLS: Final = "page"
"""The word of calls."""

CHANGES: Final = "change"
"""The word of changes."""

Spoken = Callable[[str, Request, Tell], Awaitable[Message | None]]
"""Does what follows the word. None where the answer comes later. Raises DomainError for what it refuses."""


def spoken_to(others: Mapping[str, Spoken], text: str) -> tuple[Spoken, str] | None:
    """Who takes a text that begins with a word of theirs, and what follows it; None for any other.

    A call's number says that the line is about calls: `ack PG3`; a change's that it is about changes.
    """
    of_calls = line_of_calls(text)
    if of_calls is not None and CALLS in others:
        return others[CALLS], of_calls
    of_changes = line_of_changes(text)
    if of_changes is not None and CHANGES in others:
        return others[CHANGES], of_changes
    word, *rest = text.split(maxsplit=1) or [""]
    takes = others.get(word.lower().removeprefix("/").rstrip(":,"))
    return None if takes is None else (takes, rest[0] if rest else "")


async def answer(
    carried_out: Awaitable[Message | None], tell: Tell, after_ack: AfterAck, *, what: str
) -> None:
    """Carry out what was said before the acknowledgement, and answer after it; a refusal is an answer."""
    try:
        message = await carried_out
    except DomainError as error:
        message = refused(error)
    if message is not None:
        after_ack.start(tell.alone(message), what=what)
