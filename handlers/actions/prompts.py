"""The buttons under what people are asked in an incident's thread."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.errors import DomainError, InvalidError
from bot.ports.conversation import Replies
from bot.services.requests import Answer, Ref, Request
from bot.services.updates import Updates
from bot.views import prompts as view
from bot.views.incident import decode_target
from bot.views.update_form import Question
from handlers.after_ack import AfterAck
from handlers.modals.update import UpdateForm
from handlers.replies import refused
from handlers.who import Who

PROMPT_ACTIONS = "prompt"
"""Whose buttons these are, as the first word of their action ids."""

Do = Callable[[Request, Ref], Awaitable[Answer]]


class PromptActions:
    """Carries out an answer before the acknowledgement; after it the question shows what was answered.

    A refusal is told to the one who pressed.
    """

    def __init__(
        self, *, updates: Updates, form: UpdateForm, replies: Replies, after_ack: AfterAck, who: Who
    ) -> None:
        self._form = form
        self._replies = replies
        self._after_ack = after_ack
        self._who = who
        self._by_action: Mapping[str, Do] = {
            view.SNOOZE: updates.snooze,
            view.STILL_ON_IT: updates.still_on_it,
            view.STOP_ASKING: lambda request, ref: updates.ask_every(request, ref, None),
        }

    async def press(self, body: Mapping[str, Any]) -> None:
        """Carry out a `block_actions` payload."""
        for action in body["actions"]:
            request = self._who.action(body, action)
            try:
                await self._carry_out(action, request, body)
            except DomainError as error:
                message = refused(error)
                self._respond(body, message.text, message.blocks, "refusing a button")

    async def _carry_out(self, action: Mapping[str, Any], request: Request, body: Mapping[str, Any]) -> None:
        target, name = decode_target(str(action.get("value"))), action.get("action_id")
        # Whoever is asked again after somebody else had it must not answer with the old question's button.
        ref = Ref(id=target.id, epoch=target.epoch if name == view.STILL_ON_IT else None)
        if name == view.WRITE_UPDATE:
            await self._form.open(request, ref, body["trigger_id"], question=_question(body))
            return
        do = self._by_action.get(str(name))
        if do is None:
            raise InvalidError("That button is of another version of opsbot; nothing was done.")
        answer = await do(request, ref)
        asked = body.get("message") or {}
        shown = view.answered(
            asked.get("blocks") or (), str(asked.get("text") or ""), f"{request.actor.name}: {answer.text}"
        )
        self._respond(body, shown.text, shown.blocks, "showing an answer", replace=True)

    def _respond(
        self,
        body: Mapping[str, Any],
        text: str,
        blocks: tuple[Mapping[str, Any], ...],
        what: str,
        *,
        replace: bool = False,
    ) -> None:
        url = body.get("response_url")
        if not isinstance(url, str):
            return
        answer = self._replies.replace if replace else self._replies.respond
        self._after_ack.start(answer(url, text=text, blocks=blocks), what=what)


def _question(body: Mapping[str, Any]) -> Question | None:
    url = body.get("response_url")
    return Question(text=_words(body.get("message")), response_url=url) if isinstance(url, str) else None


def _words(message: Any) -> str:
    """The question itself, without those who are mentioned under it."""
    match message:
        case {"blocks": [{"text": {"text": str(words)}}, *_]}:
            return words
        case _:
            return "How do things stand?"
