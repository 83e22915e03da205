"""Who does what is asked: every kind of command has its doer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any, TypeVar

from bot.services.requests import Answer, Request
from bot.views import replies
from bot.views.blocks import Block, Message
from bot.views.checklists.buttons import declare_button
from bot.views.merging import merge_button
from handlers.lines import Command

C = TypeVar("C", bound=Command)

Do = Callable[[C, Request, str | None], Awaitable[Message | None]]
"""Does what a command asks, and says what to answer. Raises DomainError for what it refuses.

The last argument is the trigger for which Slack opens a form; None where it would not (a mention). The
answer is None where a form has been opened instead.
"""

Doers = Mapping[type[Command], Do[Any]]


def doer(kind: type[C], do: Do[C]) -> Doers:
    """Who does one kind of command."""
    return {kind: do}


def changer(kind: type[C], change: Callable[[C, Request], Awaitable[Answer]]) -> Doers:
    """Who does a kind of command that changes something and opens no form."""

    async def do(command: C, request: Request, _trigger: str | None) -> Message:
        answer = await change(command, request)
        return replies.answer(answer.text, repeated=answer.repeated, offered=_offered(answer))

    return {kind: do}


def _offered(answer: Answer) -> Block | None:
    """What the one who has done something may want to do next."""
    if answer.offer is not None:
        numbers = (answer.offer.ended_number, answer.offer.kept_number)
        return merge_button(answer.offer.ended, answer.offer.kept, numbers)
    if answer.problem is not None:
        return declare_button(answer.problem.run, answer.problem.position)
    return None


def looker(kind: type[C], look: Callable[[C, Request], Awaitable[Message]]) -> Doers:
    """Who does a kind of command that only looks."""

    async def do(command: C, request: Request, _trigger: str | None) -> Message:
        return await look(command, request)

    return {kind: do}


def together(parts: Iterable[Doers]) -> Doers:
    """The doers of all parts. No command has two."""
    joined: dict[type[Command], Do[Any]] = {}
    for part in parts:
        assert not joined.keys() & part.keys(), "a command has two doers"
        joined.update(part)
    return joined
