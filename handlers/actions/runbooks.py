"""The buttons under answers about runbooks, and those beside the steps of one that is worked through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.services.runbooks import Runbooks
from bot.views.blocks import Message
from bot.views.runbooks import buttons as view
from handlers.after_ack import AfterAck
from handlers.commands.runbooks import RunbookCommand
from handlers.replies import refused
from handlers.telling import Quietly
from handlers.who import Who
from handlers.words.runbooks import LONGEST, ShowRunbook

RUNBOOK_ACTIONS = "runbook"
"""Whose buttons these are, as the first word of their action ids."""


class RunbookActions:
    """Carries out what is pressed. What a button says is held against the guide again: it may be old."""

    def __init__(
        self,
        *,
        command: RunbookCommand,
        runbooks: Runbooks,
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._command = command
        self._runbooks = runbooks
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
                shown = await self._carry_out(action, request, alone)
            except DomainError as error:
                shown = refused(error)
            if shown is not None:
                self._after_ack.start(alone.alone(shown), what="answering a runbook's button")

    async def _carry_out(self, action: Mapping[str, Any], request: Request, alone: Quietly) -> Message | None:
        match action:
            case {"action_id": view.CHECK, "value": str(value)}:
                pressed = view.decode(value)
                await self._runbooks.check(request, pressed.opened, pressed.position)
                return None  # the message shows it, to all
            case {"action_id": view.REOPEN, "value": str(value)}:
                pressed = view.decode(value)
                await self._runbooks.reopen(request, pressed.opened, pressed.position)
                return None
            case {"value": str(key)} if key and len(key) <= LONGEST:
                return await self._command.do(ShowRunbook(words=key), request, alone)
            case _:
                raise InvalidError("That button cannot be read. `/runbook` lists all runbooks.")
