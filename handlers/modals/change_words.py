"""The forms behind the buttons of a change's card that take words: opened, and sent."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.domain.act import Act
from bot.domain.change_policy import ChangePolicy
from bot.domain.changes import approving, carrying
from bot.domain.changes.change import Change
from bot.domain.deed import Deed
from bot.domain.errors import DomainError, InvalidError
from bot.domain.guide import Guide
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.change_reader import ChangeReader
from bot.services.change_requests import Changes
from bot.services.requests import Answer, Ref, Request
from bot.views.changes import buttons
from bot.views.changes import word_forms as view
from bot.views.changes.whole import read_view
from bot.views.inputs import View
from handlers.replies import Reply, errors
from handlers.who import Who, told_name

Do = Callable[[Request, Ref, str], Awaitable[Answer]]
"""Carries out one form of words. Raises DomainError for what it refuses."""


class ChangeWordForms:
    """Opens the forms in which is said why, or what; and carries out what is sent.

    Who may not do what a form is for, or comes too late, is told so before it opens, and again where that
    has changed since.
    """

    def __init__(
        self,
        *,
        changes: Changes,
        reader: ChangeReader,
        replies: Replies,
        clock: Clock,
        guide: Guide,
        who: Who,
    ) -> None:
        self._changes = changes
        self._reader = reader
        self._replies = replies
        self._clock = clock
        self._guide = guide
        self._who = who

    @property
    def by_callback(self) -> Mapping[str, Callable[[Mapping[str, Any]], Awaitable[Reply]]]:
        """Who takes which form that is sent."""
        return {
            view.REJECT_FORM: self._taker(self._changes.reject, of_the_plan=True),
            view.ROLLBACK_FORM: self._taker(self._roll_back),
            view.CANCEL_FORM: self._taker(self._cancel),
            view.OVERRIDE_FORM: self._taker(self._override, of_the_plan=True),
            view.NOTE_FORM: self._taker(self._changes.note),
        }

    async def open(self, request: Request, pressed: buttons.Pressed, trigger: str) -> None:
        """Open the form of a button. Raises DomainError where it is not for this person, or not now."""
        change = await self._reader.change(request, Ref(id=pressed.change))
        if pressed.action in _OF_THE_PLAN:
            change.check_epoch(pressed.revision)
        self._changes.check_may(_DEEDS[pressed.action], request, change)
        act = Act(by=request.actor, now=self._clock.now(), zone=self._guide.organization.zone)
        _TRIES[pressed.action](change, act, self._guide.changes)
        asked = view.Asked(
            change=change.id,
            revision=pressed.revision,
            channel=request.channel,
            channel_name=told_name(request),
        )
        by = self._changes.taken_back_by(change)
        line = f"In one line: `/change {_LINES[pressed.action].format(change.label)}`."
        await open_form(self._replies, trigger, view.word_form(pressed.action, asked, change, by=by), line)

    async def read(self, request: Request, pressed: buttons.Pressed, trigger: str) -> None:
        """Show all that was written of a change. Raises DomainError where Slack does not."""
        change = await self._reader.change(request, Ref(id=pressed.change))
        shown = read_view(change, self._guide.organization.zone)
        await open_form(self._replies, trigger, shown, f"`/change show {change.label}` shows its card.")

    def _taker(self, do: Do, *, of_the_plan: bool = False) -> Callable[[Mapping[str, Any]], Awaitable[Reply]]:
        """Take a form. `of_the_plan`: only where the plan is still the one that was read."""

        async def take(body: Mapping[str, Any]) -> Reply:
            sent = view.read_sent(body["view"])
            request = self._who.view(body, sent.asked.channel, sent.asked.channel_name)
            seen = sent.asked.revision if of_the_plan else None
            try:
                await do(request, Ref(id=sent.asked.change, epoch=seen), sent.words)
            except DomainError as error:
                return told_beside({view.WORDS: _EXAMPLE.sub("?", str(error))})
            return Reply()

        return take

    async def _roll_back(self, request: Request, ref: Ref, why: str) -> Answer:
        return await self._changes.rollback(request, ref, why or None)

    async def _cancel(self, request: Request, ref: Ref, why: str) -> Answer:
        return await self._changes.cancel(request, ref, why or None)

    async def _override(self, request: Request, ref: Ref, why: str) -> Answer:
        return await self._changes.start(request, ref, override=why)


async def open_form(replies: Replies, trigger: str, form: View, otherwise: str) -> None:
    """Open a form. Raises InvalidError where Slack does not; `otherwise` says what else can be done."""
    try:
        await replies.open_view(trigger, form)
    except DeliveryFailure as failure:
        raise InvalidError(f"Slack does not open the form: {failure.reason} {otherwise}") from None


def told_beside(by_part: Mapping[str, str]) -> Reply:
    """A form stays open, with what is wrong beside its parts."""
    return errors({part: text.replace("`", "") for part, text in by_part.items()})


_EXAMPLE = re.compile(r"\? `[^`]+`\.?$")
"""The example of a command with which a refusal asks for a text: a form has a place for that."""
_OF_THE_PLAN = frozenset({buttons.REJECT, buttons.OVERRIDE})
"""What is said of the plan that somebody has read: not of another that it has become since."""
_DEEDS = {
    buttons.REJECT: Deed.REJECT_CHANGE,
    buttons.ROLLBACK: Deed.ROLL_BACK,
    buttons.CANCEL: Deed.CANCEL_CHANGE,
    buttons.OVERRIDE: Deed.OVERRIDE_GATE,
    buttons.NOTE: Deed.CARRY_CHANGE,
}
_LINES = {
    buttons.REJECT: "reject {} why",
    buttons.ROLLBACK: "rollback {} why",
    buttons.CANCEL: "cancel {} why",
    buttons.OVERRIDE: "start {} override: why",
    buttons.NOTE: "note {} what is to be noted",
}
"""What to type where a form does not open."""
_TRIES: Mapping[str, Callable[[Change, Act, ChangePolicy], object]] = {
    buttons.REJECT: lambda change, act, _policy: approving.reject(change, "why", act),
    buttons.ROLLBACK: lambda change, act, policy: carrying.roll_back(change, None, act, policy, webhook=None),
    buttons.CANCEL: lambda change, act, _policy: carrying.cancel(change, "why", act),
    buttons.OVERRIDE: carrying.check_startable,
    buttons.NOTE: lambda change, act, _policy: carrying.note(change, "note", act),
}
"""What refuses, before anything is filled in, where an old card offers what can no longer be done."""
