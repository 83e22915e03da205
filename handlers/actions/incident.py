"""The buttons and the menu of an incident's card."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.services.incidents import Incidents
from bot.services.requests import Answer, Ref, Request
from bot.views import incident as view
from bot.views import replies
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.modals.card import CardForms
from handlers.replies import refused
from handlers.who import Who

Press = Callable[[Request, str], Awaitable[Message | None]]
"""Does what a button asks, by its value, and says what the one who pressed it sees, where that is anything.

Raises DomainError for what it refuses.
"""


class IncidentActions:
    """Carries out what is pressed before the acknowledgement; the card itself shows the success.

    `buttons` are those that stand elsewhere than on a card, by their action ids.
    A refusal is told to the one who pressed, after the acknowledgement.
    """

    def __init__(
        self,
        *,
        incidents: Incidents,
        buttons: Mapping[str, Press],
        forms: CardForms,
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._buttons = buttons
        self._incidents = incidents
        self._forms = forms
        self._who = who
        self._replies = replies
        self._after_ack = after_ack

    async def press(self, body: Mapping[str, Any]) -> None:
        """Carry out a `block_actions` payload."""
        for action in body["actions"]:
            request = self._who.action(body, action)
            try:
                await self._carry_out(action, request, body)
            except DomainError as error:
                self._tell(body, error)

    async def _carry_out(self, action: Mapping[str, Any], request: Request, body: Mapping[str, Any]) -> None:
        trigger = body["trigger_id"]
        match action:
            case {"action_id": view.MORE, "selected_option": {"value": str(value)}}:
                await self._choose(request, view.decode_choice(value), trigger)
            case {"action_id": str(name), "value": str(value)} if name in self._buttons:
                shown = await self._buttons[name](request, value)
                if shown is not None:
                    self._answer(body, shown, what="answering a button")
            case {"action_id": str(name), "value": str(value)}:
                answer = await self._push(request, name, _ref(view.decode_target(value)))
                if answer.warning:
                    self._answer(body, replies.answer(answer.text), what="warning of what still fires")
            case _:
                raise _of_another_version()

    async def _push(self, request: Request, name: str, ref: Ref) -> Answer:
        match name:
            case view.ACKNOWLEDGE:
                return await self._incidents.acknowledge(request, ref)
            case view.RESOLVE:
                return await self._incidents.resolve(request, ref)
            case view.REOPEN:
                return await self._incidents.reopen(request, ref)
            case _:
                raise _of_another_version()

    async def _choose(self, request: Request, choice: view.Choice, trigger: str) -> None:
        ref = _ref(choice.target)
        match choice.action:
            case view.ESCALATE:
                await self._incidents.escalate(request, ref)
            case view.MITIGATE:
                await self._incidents.mitigate(request, ref)
            case view.CHANGE_SEVERITY | view.GIVE_ROLES | view.DO_MORE:
                await self._forms.open(choice.action, request, choice.target, trigger)
            case _:
                raise _of_another_version()

    def _tell(self, body: Mapping[str, Any], error: DomainError) -> None:
        self._answer(body, refused(error), what="refusing a button")

    def _answer(self, body: Mapping[str, Any], message: Message, *, what: str) -> None:
        response_url = body.get("response_url")
        if isinstance(response_url, str):
            self._after_ack.start(
                self._replies.respond(response_url, text=message.text, blocks=message.blocks),
                what=what,
            )


def _ref(target: view.Target) -> Ref:
    return Ref(id=target.id, epoch=target.epoch)


def _of_another_version() -> InvalidError:
    return InvalidError("That button is of another version of opsbot; nothing was done.")
