"""The buttons and the menu of a change's card, and those that open its form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import DomainError
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.services.change_requests import Changes
from bot.services.requests import Answer, Ref, Request
from bot.views.blocks import Message
from bot.views.changes import buttons as view
from bot.views.changes import overriding
from bot.views.changes.asking import Wish, decode_wish
from bot.views.changes.overriding import Forced
from handlers.actions.pressing import Press
from handlers.after_ack import AfterAck
from handlers.commands.change_gate import GateAsking
from handlers.modals.change_words import ChangeWordForms
from handlers.modals.changes import ChangeForms

CHANGE_ACTIONS = "change"
"""Whose buttons these are, as the first word of their action ids."""

Pressed = view.Pressed | Wish | Forced


def decode(value: str) -> Pressed:
    """What a button or a choice asks for. Raises InvalidError for a value that no card of ours carries."""
    return decode_wish(value) or overriding.decode(value) or view.decode(value)


def change_presses(
    changes: Changes, forms: ChangeForms, words: ChangeWordForms, gates: GateAsking
) -> Mapping[str, Press[Any]]:
    """Who approves, goes on and finishes at once, and opens which form. What is done is seen on the card."""

    async def open_form(request: Request, pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await words.open(request, pressed, body["trigger_id"])

    async def edit(request: Request, pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        ref = Ref(id=pressed.change, epoch=pressed.revision)
        await forms.edit(request, ref, body["trigger_id"])

    async def read(request: Request, pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await words.read(request, pressed, body["trigger_id"])

    async def ask(request: Request, wish: Wish, body: Mapping[str, Any]) -> None:
        await forms.ask(wish, request, body["trigger_id"])

    async def gate(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> Message:
        return await gates.of_change(request, Ref(id=pressed.change))

    return {
        view.ASK: ask,
        view.APPROVE: _at_once(changes.approve, of_the_plan=True),
        view.TEST: _at_once(changes.test, of_the_plan=True),
        view.START: _at_once(changes.start, of_the_plan=True),
        view.DEPLOYED: _at_once(changes.deployed),
        view.DONE: _at_once(changes.validated),
        view.ROLLED_BACK: _at_once(changes.rolled_back),
        view.GATE: gate,
        view.EDIT: edit,
        view.READ: read,
        **dict.fromkeys(view.FORMS - {view.EDIT, view.READ}, open_form),
    }


def forced_presses(
    changes: Changes, clock: Clock, replies: Replies, after_ack: AfterAck
) -> Mapping[str, Press[Forced]]:
    """Who starts one against the gate, and who leaves it: what became of it replaces the question."""

    def replaced(request: Request, message: Message) -> Message | None:
        url = request.response_url
        if url is None:
            return message
        after_ack.start(
            replies.replace(url, text=message.text, blocks=message.blocks),
            what="saying what became of a start against the gate",
        )
        return None

    async def force(request: Request, forced: Forced, _body: Mapping[str, Any]) -> Message | None:
        if clock.now() - forced.asked > overriding.ASKED_LASTS:
            return replaced(request, overriding.too_late(forced))
        ref = Ref(id=forced.change, epoch=forced.revision)
        try:
            done = await changes.start(request, ref, override=forced.reason)
        except DomainError as refused:
            return replaced(request, overriding.became(f"{refused} The line was: `{forced.line}`"))
        return replaced(request, overriding.became(done.text))

    async def leave(request: Request, forced: Forced, _body: Mapping[str, Any]) -> Message | None:
        return replaced(request, overriding.left(forced))

    return {overriding.FORCE: force, overriding.LEAVE: leave}


def _at_once(
    do: Callable[[Request, Ref], Awaitable[Answer]], *, of_the_plan: bool = False
) -> Press[view.Pressed]:
    """Do it. `of_the_plan`: only where the plan is the one that was read."""

    async def press(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await do(request, Ref(id=pressed.change, epoch=pressed.revision if of_the_plan else None))

    return press
