"""The buttons of the calendar of changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.changes.span import SpanKind
from bot.services.calendar import ChangeCalendar
from bot.services.find_span import SpanRef
from bot.services.requests import Request
from bot.views.changes import calendar_buttons as view
from handlers.actions.pressing import Press
from handlers.modals.calendar import CalendarForms

CALENDAR_ACTIONS = "calendar"
"""Whose buttons these are, as the first word of their action ids."""


def calendar_presses(calendar: ChangeCalendar, forms: CalendarForms) -> Mapping[str, Press[view.Pressed]]:
    """Who opens which form, and takes something off it; the message itself shows that to all."""

    async def add(request: Request, _pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await forms.open(SpanKind.WINDOW, request, body["trigger_id"])

    async def freeze(request: Request, _pressed: view.Pressed, body: Mapping[str, Any]) -> None:
        await forms.open(SpanKind.FREEZE, request, body["trigger_id"])

    async def remove(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await calendar.take_off(request, SpanRef(id=pressed.span))

    return {view.ADD: add, view.FREEZE: freeze, view.REMOVE: remove}
