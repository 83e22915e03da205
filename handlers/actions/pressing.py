"""What is pressed on a card whose buttons say in their values what they ask for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, Protocol, TypeVar

from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.replies import refused
from handlers.who import Who


class Named(Protocol):
    """What a value says: its action, and what else the card gave it."""

    @property
    def action(self) -> str:
        """Which of the card's buttons it is."""


P = TypeVar("P", bound=Named)

Press = Callable[[Request, P, Mapping[str, Any]], Awaitable[Message | None]]
"""Does what a button asks, and says what the one who pressed it sees, where that is anything.

The last argument is the payload, for the trigger with which a form is opened. Raises DomainError for what it
refuses.
"""


class Pressing(Generic[P]):
    """Carries out what is pressed before the acknowledgement; the card itself shows the success, to all.

    `by_action` says who does what, by the action that the button's value names, which `decode` reads. A
    refusal is told to the one who pressed, after the acknowledgement; `what` names that in the log.
    """

    def __init__(
        self,
        *,
        by_action: Mapping[str, Press[P]],
        decode: Callable[[str], P],
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
        what: str,
    ) -> None:
        self._by_action = by_action
        self._decode = decode
        self._replies = replies
        self._after_ack = after_ack
        self._who = who
        self._what = what

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
                pressed = self._decode(value)
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
                what=self._what,
            )


def _of_another_version() -> InvalidError:
    return InvalidError("That button is of another version of opsbot; nothing was done.")
