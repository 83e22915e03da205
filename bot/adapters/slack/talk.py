"""What people say in Slack."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import CALL_SECONDS, SlackConnection
from bot.adapters.slack.failures import Effect, Errand, ThreadGoneError
from bot.domain.actor import Actor
from bot.domain.card import MessageRef
from bot.domain.quote import QUOTE_LIMIT
from bot.domain.text import clean
from bot.ports.failures import TemporaryFailure
from bot.ports.talk import Spoken, Talk
from bot.views.spoken import plain

READ_LANE = "slack/conversations.replies"

_REPLIES = Errand(method="conversations.replies", effect=Effect.READS, lane=READ_LANE)


class SlackTalk(Talk):
    """Reads one message at a time. `name_of` knows the names that people show, by user id."""

    def __init__(self, connection: SlackConnection, *, name_of: Callable[[str], str | None]) -> None:
        self._connection = connection
        self._name_of = name_of

    @override
    async def read(self, at: MessageRef) -> Spoken | None:
        try:
            async with asyncio.timeout(CALL_SECONDS):
                answer = await self._connection.call(
                    _REPLIES,
                    channel=at.channel,
                    ts=at.ts,
                    oldest=at.ts,
                    latest=at.ts,
                    inclusive=True,
                    limit=1,
                )
        except ThreadGoneError:
            return None
        except TimeoutError as error:
            raise TemporaryFailure("Slack did not show the message in time.") from error
        found = (one for one in answer.get("messages") or () if one.get("ts") == at.ts)
        message = next(found, None)
        return self._spoken(message) if message is not None else None

    def _spoken(self, message: Mapping[str, Any]) -> Spoken:
        author = str(message.get("user") or message.get("bot_id") or "")
        return Spoken(
            author=Actor(id=author, name=self._name_of(author) or author or "somebody"),
            text=clean(plain(str(message.get("text") or "")), QUOTE_LIMIT),
            thread=message.get("thread_ts"),
        )
