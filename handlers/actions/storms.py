"""The button that lists what a storm stands for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.alert_reader import AlertReader
from bot.services.requests import Ref, Request
from bot.views import alert_buttons as view
from bot.views.alert_list import storm_details
from bot.views.blocks import Message
from handlers.actions.alerts import PressAlert


def storm_presses(reader: AlertReader) -> Mapping[str, PressAlert]:
    """Who lists them, for the one who asks only."""

    async def list_them(request: Request, pressed: view.Pressed, _body: Mapping[str, Any]) -> Message:
        shown = await reader.storm(request, Ref(id=pressed.id))
        policy = reader.guide.alerting.flapping
        return storm_details(shown, zone=reader.guide.organization.zone, flapping=policy.times)

    return {view.LIST: list_them}
