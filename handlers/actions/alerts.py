"""The buttons and the menu of an alert group's card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.services.alerts import Alerts
from bot.services.requests import Ref, Request
from bot.views import alert_buttons as view
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.modals.declare import DeclareForm
from handlers.replies import refused
from handlers.who import Who

ALERT_ACTIONS = "alert"
"""Whose buttons these are, as the first word of their action ids."""


PressAlert = Callable[[Request, view.Pressed, Mapping[str, Any]], Awaitable[Message | None]]
"""Does what a button asks, and says what the one who pressed it sees, where that is anything.

The last argument is the payload, for the trigger with which a form is opened. Raises DomainError for what it
refuses.
"""


class AlertActions:
    """Carries out what is pressed before the acknowledgement; the card itself shows the success, to all.

    `by_action` says who does what, by the action that the button's value names. A refusal is told to the
    one who pressed, after the acknowledgement.
    """

    def __init__(
        self, *, by_action: Mapping[str, PressAlert], replies: Replies, after_ack: AfterAck, who: Who
    ) -> None:
        self._by_action = by_action
        self._replies = replies
        self._after_ack = after_ack
        self._who = who

    async def press(self, body: Mapping[str, Any]) -> None:
        """Carry out a `block_actions` payload."""
        for action in body["actions"]:
            request = self._who.action(body, action)
            try:
                shown = await self._carry_out(action, request, body)
            except DomainError as error:
                shown = refused(error)
            if shown is not None:
                self._answer(body, shown)

    async def _carry_out(
        self, action: Mapping[str, Any], request: Request, body: Mapping[str, Any]
    ) -> Message | None:
        match action:
            case {"selected_option": {"value": str(value)}} | {"value": str(value)}:
                pressed = view.decode(value)
            case _:
                raise _of_another_version()
        do = self._by_action.get(pressed.action)
        if do is None:
            raise _of_another_version()
        return await do(request, pressed, body)

    def _answer(self, body: Mapping[str, Any], message: Message) -> None:
        response_url = body.get("response_url")
        if isinstance(response_url, str):
            self._after_ack.start(
                self._replies.respond(response_url, text=message.text, blocks=message.blocks),
                what="answering an alert's button",
            )


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


def _of_another_version() -> InvalidError:
    return InvalidError("That button is of another version of opsbot; nothing was done.")
