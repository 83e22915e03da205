"""`@opsbot ack`: the grammar of `/incident`; in another subject's thread, or after its word, its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.alert import AlertGroup
from bot.domain.subject import Subject
from bot.ports.conversation import Replies
from bot.services.requests import Request
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.alert_grammar import line_of_alerts
from handlers.events.message import bot_of, is_from_a_person
from handlers.events.spoken import Spoken, answer, spoken_to
from handlers.grammar import WORDS as INCIDENT_WORDS
from handlers.slack_text import after_mention, plain
from handlers.telling import InChannel, Tell
from handlers.who import Who
from handlers.words.declaring import begins
from handlers.words.said import first

CarryOut = Callable[[str, Request], Awaitable[Message | None]]
"""Does what a line asks. Raises DomainError for what it refuses."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InThreads:
    """Who takes what is said in the threads of a type of subject, and the words of its grammar."""

    takes: Spoken
    words: Collection[str]


class Mentions:
    """Carries out a mention's line before the acknowledgement, and answers after it.

    `incidents` takes what is said of incidents; `about` says of which type the subject of a thread is: in an
    alert's, `alerts` takes it, in another's who is named for it in `threads`. `others` take what begins with
    a word of theirs, anywhere.
    """

    def __init__(
        self,
        *,
        incidents: CarryOut,
        alerts: CarryOut,
        threads: Mapping[type[Subject], InThreads],
        about: Callable[[Request], Awaitable[type[Subject] | None]],
        others: Mapping[str, Spoken],
        replies: Replies,
        after_ack: AfterAck,
        who: Who,
    ) -> None:
        self._incidents = incidents
        self._alerts = alerts
        self._threads = threads
        self._about = about
        self._others = others
        self._who = who
        self._replies = replies
        self._after_ack = after_ack

    async def hear(self, body: Mapping[str, Any]) -> None:
        """Carry out an `app_mention` event, where a person wrote it."""
        event = body["event"]
        if not is_from_a_person(event):
            return
        request = self._who.event(body)
        text = after_mention(event.get("text") or "", bot_of(body))
        tell = InChannel(replies=self._replies, request=request)
        carried_out = self._carry_out(text, request, tell)
        await answer(carried_out, tell, self._after_ack, what="answering a mention")

    async def _carry_out(self, text: str, request: Request, tell: Tell) -> Message | None:
        """Do it. None where the answer comes later."""
        if other := spoken_to(self._others, text):
            takes, rest = other
            return await takes(rest, request, tell)
        of_alerts, about = line_of_alerts(text), await self._about(request)
        own = self._threads.get(about) if about is not None else None
        if own is not None and of_alerts is None and not _is_of_incidents(plain(text), own.words):
            return await own.takes(text, request, tell)
        if about is AlertGroup:
            message = await self._alerts(text if of_alerts is None else of_alerts, request)
        elif of_alerts:  # `alerts` alone asks for those of the thread's incident
            message = await self._alerts(of_alerts, request)
        else:
            message = await self._incidents(text, request)
        assert message is not None, "a mention opens no form"
        return message


def _is_of_incidents(typed: str, words: Collection[str]) -> bool:
    """Whether a line in another's thread, whose `words` these are, is one about incidents: `ack 42`."""
    word = first(typed)[0].lower()
    return begins(typed) or (word in INCIDENT_WORDS and word not in words)
