"""The buttons under answers about promises."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import DomainError, InvalidError
from bot.domain.slo.objective import Promise
from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.views.blocks import Message
from bot.views.slo import buttons as view
from handlers.after_ack import AfterAck
from handlers.commands.slo import SloCommand
from handlers.lines import Command
from handlers.replies import refused
from handlers.telling import ByUrl, InPlace, Quietly, Tell
from handlers.who import Who
from handlers.words.slo import AskGate, Known, ListSlos, ShowQueries, ShowSlo

SLO_ACTIONS = "slo"
"""Whose buttons these are, as the first word of their action ids."""


class SloActions:
    """Carries out what is pressed. What a button says is held against the guide again: it may be old."""

    def __init__(
        self,
        *,
        command: SloCommand,
        promises: Mapping[str, Promise],
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._command = command
        self._promises = promises
        self._replies = replies
        self._after_ack = after_ack
        self._who = who

    async def press(self, body: Mapping[str, Any]) -> None:
        """Carry out a `block_actions` payload."""
        for action in body["actions"]:
            request = self._who.action(body, action)
            url = request.response_url
            if url is None:
                continue  # a message that went away: nobody can be answered
            alone = Quietly(replies=self._replies, url=url, thread=request.thread)
            try:
                shown = await self._carry_out(action, request, url)
            except DomainError as error:
                shown = refused(error)
            if shown is not None:
                self._after_ack.start(alone.alone(shown), what="answering an SLO's button")

    async def _carry_out(self, action: Mapping[str, Any], request: Request, url: str) -> Message | None:
        value = action.get("value")
        pressed = view.decode(value if isinstance(value, str) else "")
        how = {view.SHOW: ByUrl, view.WINDOW: InPlace}.get(pressed.action, Quietly)
        tell: Tell = how(replies=self._replies, url=url, thread=request.thread)
        return await self._command.do(self._asked(pressed), request, tell)

    def _asked(self, pressed: view.Pressed) -> Command:
        """The line that the button stands for. Raises InvalidError."""
        if pressed.action == view.ALL:
            return ListSlos()
        if pressed.key not in self._promises:
            raise InvalidError(
                f"The guide has no service `{pressed.key}` any more. `/slo` shows those that it has."
            )
        if pressed.action == view.GATE:
            return AskGate(key=pressed.key)
        window = pressed.window and Known(promises=self._promises).window(pressed.window)
        kind = ShowQueries if pressed.action == view.QUERIES else ShowSlo
        return kind(key=pressed.key, window=window)
