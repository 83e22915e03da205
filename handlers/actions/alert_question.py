"""The buttons under the question whether an incident is over, once its alerts are resolved."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from bot.services.linked_alerts import LinkedAlerts
from bot.services.requests import Answer, Ref, Request
from bot.views.alert_question import NOT_YET, OVER
from bot.views.incident import decode_target
from handlers.actions.incident import Press


def question_buttons(linked: LinkedAlerts) -> Mapping[str, Press]:
    """Who answers, by the buttons' action ids."""
    return {OVER: _press(linked.over), NOT_YET: _press(linked.not_yet)}


def _press(answer: Callable[[Request, Ref], Awaitable[Answer]]) -> Press:
    async def press(request: Request, value: str) -> None:
        await answer(request, Ref(id=decode_target(value).id))

    return press
