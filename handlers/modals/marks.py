"""The entry of a message's menu that adds it to a timeline, and the form where it is not clear to which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.actor import Actor
from bot.domain.errors import DomainError
from bot.domain.quote import QUOTE_LIMIT, Quote
from bot.domain.text import clean
from bot.ports.conversation import Replies
from bot.services.marking import Marking
from bot.services.requests import Ref, Request
from bot.views import mark_form as view
from bot.views import replies as answers
from bot.views.blocks import Message
from handlers.after_ack import AfterAck
from handlers.replies import Reply, errors, refused, updated
from handlers.slack_text import plain
from handlers.who import SHORTCUT, Who, is_closed


class MarkForm:
    """Adds a message at once where its incident is clear, and asks where it is not."""

    def __init__(self, *, marking: Marking, replies: Replies, after_ack: AfterAck, who: Who) -> None:
        self._marking = marking
        self._replies = replies
        self._after_ack = after_ack
        self._who = who

    async def from_message(self, body: Mapping[str, Any]) -> None:
        """Carry out a `message_action` payload. Raises DeliveryFailure where Slack opens no form."""
        quote, thread = self._quote(body), body["message"].get("thread_ts")
        request = Request(
            source=SHORTCUT,
            delivery_id=body["trigger_id"],
            actor=self._who.person(body["user"]),
            channel=quote.channel,
            thread=thread,
        )
        try:
            candidates = await self._marking.candidates(request, quote, thread)
            if len(candidates) > 1:
                await self._replies.open_view(body["trigger_id"], view.mark_form(quote, candidates))
                return
            answer = await self._marking.add(request, Ref(id=candidates[0].id), quote)
        except DomainError as error:
            self._tell(body, refused(error))
        else:
            self._tell(body, answers.answer(answer.text, repeated=answer.repeated))

    async def submit(self, body: Mapping[str, Any]) -> Reply:
        """Add the message to the incident that was chosen."""
        try:
            quote, chosen = view.read_form(body["view"])
            if chosen is None:
                return errors({view.WHICH: "Choose an incident."})
            request = self._who.view(body, quote.channel, None)
            answer = await self._marking.add(request, Ref(id=chosen), quote)
        except DomainError as error:
            return errors({view.WHICH: str(error)})
        return updated(view.added_view(answer.text))

    def _quote(self, body: Mapping[str, Any]) -> Quote:
        message = body["message"]
        author = str(message.get("user") or message.get("bot_id") or "")
        return Quote(
            channel=body["channel"]["id"],
            ts=message["ts"],
            author=Actor(id=author, name=self._who.name_of(author) or author or "somebody"),
            text=clean(plain(str(message.get("text") or "")), QUOTE_LIMIT),
            private=is_closed(body["channel"]),
        )

    def _tell(self, body: Mapping[str, Any], message: Message) -> None:
        response_url = body.get("response_url")
        if isinstance(response_url, str):
            self._after_ack.start(
                self._replies.respond(response_url, text=message.text, blocks=message.blocks),
                what="answering a message's menu",
            )
