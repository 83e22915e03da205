"""The buttons and the menu of a change's card, and those that open its form."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.services.change_requests import Changes
from bot.services.requests import Answer, Ref, Request
from bot.views.blocks import Message
from bot.views.changes import buttons as view
from bot.views.changes.asking import Wish, decode_wish
from handlers.actions.pressing import Press
from handlers.commands.change_gate import GateAsking
from handlers.modals.change_words import ChangeWordForms
from handlers.modals.changes import ChangeForms

CHANGE_ACTIONS = "change"
"""Whose buttons these are, as the first word of their action ids."""

Pressed = view.Pressed | Wish


def decode(value: str) -> Pressed:
    """What a button or a choice asks for. Raises InvalidError for a value that no card of ours carries."""
    return decode_wish(value) or view.decode(value)


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


def _at_once(
    do: Callable[[Request, Ref], Awaitable[Answer]], *, of_the_plan: bool = False
) -> Press[view.Pressed]:
    """Do it. `of_the_plan`: only where the plan is the one that was read."""

    async def press(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await do(request, Ref(id=pressed.change, epoch=pressed.revision if of_the_plan else None))

    return press
