"""The buttons and the menu of a run's card."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.requests import Ref, Request
from bot.services.runs import Runs
from bot.views.blocks import Message
from bot.views.checklists import buttons as view
from bot.views.checklists.forms import FORMS
from bot.views.replies import answer
from handlers.actions.pressing import Press
from handlers.modals.checklists import RunForms

RUN_ACTIONS = "run"
"""Whose buttons these are, as the first word of their action ids."""


def run_presses(runs: Runs, forms: RunForms) -> Mapping[str, Press[view.Pressed]]:
    """Who checks an item off, takes what nobody has, reads evidence again, and opens which form."""

    async def check(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await runs.check(request, Ref(id=pressed.run), _items(pressed))

    async def take(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await runs.take(request, Ref(id=pressed.run), _items(pressed))

    async def refresh(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> Message:
        return answer((await runs.refresh(request, Ref(id=pressed.run))).text)

    async def open_form(request: Request, pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await forms.open(request, pressed, body["trigger_id"])

    async def declare(request: Request, pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await forms.declare(request, pressed, body["trigger_id"])

    return {
        view.DECLARE: declare,
        view.DONE: check,
        view.TAKE: take,
        view.REFRESH: refresh,
        **dict.fromkeys(FORMS, open_form),
    }


def _items(pressed: view.Pressed) -> tuple[int, ...]:
    return () if pressed.position is None else (pressed.position,)
