"""The buttons of calls: under the question whether to page somebody, and on cards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import AlreadyError, InvalidError, StaleError
from bot.ports.conversation import Replies
from bot.services.calls import Calls, Wanted
from bot.services.requests import Ref, Request
from bot.views.blocks import Message
from bot.views.people import call_buttons as view
from bot.views.people.page_asked import not_paged, paged
from handlers.actions.pressing import Press
from handlers.after_ack import AfterAck

CALL_ACTIONS = "call"
"""Whose buttons these are, as the first word of their action ids."""

PressCall = Press[view.Pressed]
"""Does what a button of a call asks."""


def call_presses(calls: Calls) -> Mapping[str, PressCall]:
    """Who answers, and who calls it off. The card shows it to all."""
    return {view.ACKNOWLEDGE: _quietly(calls.acknowledge), view.CALL_OFF: _quietly(calls.call_off)}


def asked_presses(calls: Calls, replies: Replies, after_ack: AfterAck) -> Mapping[str, PressCall]:
    """Who pages, and who does not: what became of it stands in the place of the question."""

    def replaced(request: Request, message: Message) -> Message | None:
        url = request.response_url
        if url is None:  # it went away: nothing can stand in its place
            return message
        after_ack.start(
            replies.replace(url, text=message.text, blocks=message.blocks),
            what="saying what became of a page",
        )
        return None

    async def page(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> Message | None:
        if pressed.asked is None:
            raise InvalidError(
                "Nobody was paged: that button cannot be read. `/page team-lead why` asks again."
            )
        wanted = Wanted(id=pressed.id, tier=pressed.tier, reason=pressed.reason, asked=pressed.asked)
        try:
            done = await calls.page(request, wanted)
        except (AlreadyError, StaleError) as refused:
            return replaced(request, paged(str(refused)))
        return replaced(request, paged(done.text))

    async def cancel(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> Message | None:
        made = await calls.made(pressed.id)
        if made is not None:  # they have pressed the other one before
            off = f" `/page cancel {made.label}` calls it off." if made.is_open else ""
            return replaced(request, paged(f"{made.describe()}.{off}"))
        return replaced(request, not_paged(pressed.tier, pressed.reason))

    return {view.PAGE: page, view.CANCEL: cancel}


def _quietly(close: Callable[[Request, Ref], Awaitable[object]]) -> PressCall:
    async def press(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await close(request, Ref(id=pressed.id))

    return press
