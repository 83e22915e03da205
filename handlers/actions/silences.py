"""The buttons that keep an alert group quiet, and let it be heard again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.domain.silencing import SilenceFor
from bot.services.requests import Request
from bot.services.silences import Silences
from bot.views import alert_buttons as view
from handlers.actions.alerts import PressAlert, ref_of

_LENGTHS = {
    view.HOUR: SilenceFor(length=timedelta(hours=1)),
    view.FOUR_HOURS: SilenceFor(length=timedelta(hours=4)),
    view.DAY: SilenceFor(length=timedelta(days=1)),
    view.BUSINESS_DAY: SilenceFor(),
}


def silence_presses(silences: Silences) -> Mapping[str, PressAlert]:
    """Who does it; the card shows to all what was done."""

    async def silence(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await silences.silence(request, ref_of(pressed), _LENGTHS[pressed.length])

    async def unsilence(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> None:
        await silences.unsilence(request, ref_of(pressed))

    return {view.SILENCE: silence, view.UNSILENCE: unsilence}
