"""The buttons of a Home tab.

A press there comes from no channel, and brings no address for an answer. What changes something is seen in
the tab, which is shown anew at once to whoever pressed; what is asked for, and refusals, open over it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.homes import Homes
from bot.services.incidents import Incidents
from bot.services.items import Items
from bot.services.requests import Ref, Request
from bot.services.runs import Runs
from bot.views.blocks import Message
from bot.views.checklists.buttons import decode
from bot.views.home import buttons as view
from bot.views.home.reading import asking, not_done, reading
from bot.views.incident import decode_target
from bot.views.items import decode_item
from bot.views.replies import refusal
from handlers.after_ack import AfterAck
from handlers.modals.declare import DeclareForm
from handlers.replies import refused
from handlers.who import Who
from handlers.words.declaring import Ask

HOME_ACTIONS = "home"
"""Whose buttons these are, as the first word of their action ids."""

Do = Callable[[Request, str], Awaitable[object]]
"""Does what a button asks, by its value. Raises DomainError for what it refuses."""

Open = Callable[[Request, str], Awaitable[None]]
"""Opens what a button asks for; the text is the trigger."""

List = Callable[[Request], Awaitable[Message]]
"""What there is to read, for the one who asks."""


class HomeActions:
    """Carries out what is pressed before the acknowledgement.

    `deeds` change something, `opens` show something; both by action ids.
    """

    def __init__(
        self,
        *,
        deeds: Mapping[str, Do],
        opens: Mapping[str, Open],
        homes: Homes,
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._deeds = deeds
        self._opens = opens
        self._homes = homes
        self._replies = replies
        self._after_ack = after_ack
        self._who = who

    async def press(self, body: Mapping[str, Any]) -> None:
        """Carry out a `block_actions` payload."""
        for action in body["actions"]:
            request = self._who.action(body, action)
            try:
                await self._carry_out(action, request, body["trigger_id"])
            except DomainError as error:
                shown = not_done(refused(error))
                self._after_ack.start(
                    _opened(self._replies, body["trigger_id"], shown), what="refusing a button of a Home tab"
                )

    async def _carry_out(self, action: Mapping[str, Any], request: Request, trigger: str) -> None:
        match action:
            case {"action_id": str(name), "value": str(value)} if name in self._deeds:
                try:
                    await self._deeds[name](request, value)
                finally:  # what was refused was so because the tab was old
                    await self._homes.refresh(request.actor.id)
            case {"action_id": str(name)} if name in self._opens:
                await self._opens[name](request, trigger)
            case _:
                raise InvalidError("That button is of another version of opsbot; nothing was done.")


def home_deeds(incidents: Incidents, runs: Runs, items: Items) -> Mapping[str, Do]:
    """Who takes incidents and reviews, and finishes their items and action items."""

    async def acknowledge(request: Request, value: str) -> None:
        target = decode_target(value)
        await incidents.acknowledge(request, Ref(id=target.id, epoch=target.epoch))

    async def check(request: Request, value: str) -> None:
        pressed = decode(value)
        if pressed.position is None:
            raise InvalidError("That button cannot be read. Use the review's card.")
        await runs.check(request, Ref(id=pressed.run), (pressed.position,))

    async def take(request: Request, value: str) -> None:
        await runs.take(request, Ref(id=decode(value).run))

    async def finish(request: Request, value: str) -> None:
        await items.finish(request, decode_item(value))

    return {view.ACKNOWLEDGE: acknowledge, view.CHECK: check, view.TAKE_RUN: take, view.ITEM: finish}


def open_declare(form: DeclareForm) -> Open:
    """The form in which an incident is declared."""

    async def opened(request: Request, trigger: str) -> None:
        await form.ask(Ask(), request, trigger)

    return opened


def open_list(title: str, listed: List, replies: Replies, after_ack: AfterAck) -> Open:
    """A list that the database answers at once."""

    async def opened(request: Request, trigger: str) -> None:
        shown = reading(title, await listed(request))
        after_ack.start(_opened(replies, trigger, shown), what=f"opening {title}")

    return opened


def open_measured(
    title: str, measured: Callable[[], Awaitable[Message]], replies: Replies, after_ack: AfterAck
) -> Open:
    """What has to be measured first: the window opens at once, and shows it when it is there."""

    async def answered(trigger: str) -> None:
        window = await replies.open_view(trigger, asking(title))
        try:
            message = await measured()
        except DeliveryFailure as failure:
            message = refusal(f"There is no answer: {failure.reason}")
        await replies.update_view(window, reading(title, message))

    async def opened(_request: Request, trigger: str) -> None:
        after_ack.start(answered(trigger), what=f"opening {title}")

    return opened


async def _opened(replies: Replies, trigger: str, shown: Mapping[str, Any]) -> None:
    await replies.open_view(trigger, shown)
