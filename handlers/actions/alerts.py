"""The buttons and the menu of an alert group's card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.services.alerts import Alerts
from bot.services.requests import Ref, Request
from bot.views import alert_buttons as view
from handlers.actions.pressing import Press
from handlers.modals.declare import DeclareForm

ALERT_ACTIONS = "alert"
"""Whose buttons these are, as the first word of their action ids."""


PressAlert = Press[view.Pressed]
"""Does what a button of an alert's card asks."""


def alert_presses(alerts: Alerts) -> Mapping[str, PressAlert]:
    """Who takes an alert, gives it back, and reaches the next tier."""
    return {
        view.ACKNOWLEDGE: _quietly(alerts.acknowledge),
        view.UNACKNOWLEDGE: _quietly(alerts.unacknowledge),
        view.ESCALATE: _quietly(alerts.escalate),
    }


def declare_press(form: DeclareForm) -> Mapping[str, PressAlert]:
    """Who declares an incident for an alert: the form opens, filled in."""

    async def press(request: Request, pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await form.for_alert(request, pressed.id, body["trigger_id"])

    return {view.DECLARE: press}


def ref_of(pressed: view.Pressed) -> Ref:
    """The group that a button is about, on a card of its epoch."""
    return Ref(id=pressed.id, epoch=pressed.epoch)


def _quietly(change: Callable[[Request, Ref], Awaitable[object]]) -> PressAlert:
    """What the card shows to all needs no answer."""

    async def press(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await change(request, ref_of(pressed))

    return press
