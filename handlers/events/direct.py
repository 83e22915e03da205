"""Direct messages to the bot: the grammar of `/incident`, and after `alerts` that of `/alerts`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.alert_grammar import line_of_alerts
from handlers.events.mention import CarryOut
from handlers.events.message import bot_of, is_from_a_person
from handlers.events.spoken import Spoken, answer, spoken_to
from handlers.slack_text import after_mention
from handlers.telling import InDirect, Tell
from handlers.who import Who

_NEW = frozenset({None, "file_share", "thread_broadcast"})
"""How a message is marked that is new: edits and deletions are marked otherwise, and ask nothing."""


class DirectMessages:
    """Carries out what a person writes to the bot before the acknowledgement, and answers after it.

    `others` take what begins with a word of theirs.

    The answer is a message as any other: nobody else reads there, and it stays.
    """

    def __init__(
        self,
        *,
        incidents: CarryOut,
        alerts: CarryOut,
        others: Mapping[str, Spoken],
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._incidents = incidents
        self._alerts = alerts
        self._others = others
        self._replies = replies
        self._after_ack = after_ack
        self._who = who

    async def hear(self, body: Mapping[str, Any]) -> None:
        """Carry out a `message.im` event, where a person wrote something new."""
        event = body["event"]
        if event.get("subtype") not in _NEW or not is_from_a_person(event):
            return
        request = self._who.event(body)
        text = after_mention(str(event.get("text") or ""), bot_of(body))
        tell = InDirect(replies=self._replies, request=request)
        carried_out = self._carry_out(text, request, tell)
        await answer(carried_out, tell, self._after_ack, what="answering a direct message")

    async def _carry_out(self, text: str, request: Request, tell: Tell) -> Message | None:
        """Do it. None where the answer comes later."""
        if other := spoken_to(self._others, text):
            takes, rest = other
            return await takes(rest, request, tell)
        of_alerts = line_of_alerts(text)
        if of_alerts is None:
            message = await self._incidents(text, request)
        else:
            message = await self._alerts(of_alerts, request)
        assert message is not None, "a message opens no form"
        return message
