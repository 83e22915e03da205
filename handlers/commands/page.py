"""`/page`, and the same in mentions and direct messages: whoever asks is asked first.

Who would be paged is asked of PagerDuty after the acknowledgement, and not for long: where it does not say,
people can be paged all the same.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import tzinfo

from bot.domain.call import PACE
from bot.domain.calling import USUAL_RESPONSE
from bot.domain.directory import Directory
from bot.domain.errors import InvalidError
from bot.domain.on_call import TierDuty
from bot.ports.clock import Clock, IdSource
from bot.ports.conversation import Replies
from bot.services.calls import Calls
from bot.services.on_call_reading import OnCallReader
from bot.services.questions import Questions
from bot.services.requests import Answer, Ref, Request
from bot.views.blocks import Message
from bot.views.people.call import call_list
from bot.views.people.help import page_help
from bot.views.people.page_asked import Question, question
from bot.views.replies import answer
from handlers.after_ack import AfterAck
from handlers.lines import Command
from handlers.modals.page import PageForm
from handlers.telling import Tell, tell_slash
from handlers.words.page import AnswerCall, AskPage, CallOff, ListCalls, OpenPageForm, parse_page

WHO_SECONDS = 2.0
"""How long is waited for who would be paged: somebody is in a hurry."""

Close = Callable[[Request, Ref], Awaitable[Answer]]
"""Answers a call, or calls it off."""

_log = logging.getLogger(__name__)


class PageCommand:
    """Carries out a line about paging somebody."""

    def __init__(
        self,
        *,
        calls: Calls,
        form: PageForm,
        reader: OnCallReader,
        questions: Questions,
        directory: Directory,
        clock: Clock,
        ids: IdSource,
        replies: Replies,
        after_ack: AfterAck,
    ) -> None:
        self._calls = calls
        self._form = form
        self._reader = reader
        self._questions = questions
        self._directory = directory
        self._clock = clock
        self._ids = ids
        self._replies = replies
        self._after_ack = after_ack

    async def slash(self, text: str, request: Request, trigger: str) -> Message | None:
        """Carry out the slash command. Raises DomainError."""
        command = parse_page(text, self._directory.guide)
        if isinstance(command, OpenPageForm):
            await self._form.open(request, command.tier, trigger)
            return None
        return await self._do(command, request, tell_slash(self._replies, request))

    async def spoken(self, text: str, request: Request, tell: Tell) -> Message | None:
        """The same where people talk to the bot, which opens no form. Raises DomainError."""
        command = parse_page(text, self._directory.guide)
        if isinstance(command, OpenPageForm):
            tier = command.tier or self._directory.guide.first_tier.key
            raise InvalidError(f"Whom, and why? `page {tier} the payment provider is on the phone`.")
        return await self._do(command, request, tell)

    async def _do(self, command: Command, request: Request, tell: Tell) -> Message | None:
        match command:
            case AskPage():
                return await self._ask(command, request, tell)
            case AnswerCall(number=number):
                return await self._answered(self._calls.acknowledge, request, number)
            case CallOff(number=number):
                return await self._answered(self._calls.call_off, request, number)
            case ListCalls():
                return call_list(await self._calls.newest(), self._clock.now(), zone=self._zone)
            case _:
                return page_help({key: tier.title for key, tier in self._directory.guide.tiers.items()})

    async def _ask(self, command: AskPage, request: Request, tell: Tell) -> Message | None:
        """Ask whether to, once. Raises DomainError for what could not be done anyway."""
        reason = self._calls.check(request, command.tier, command.reason)
        if not await self._questions.is_new(request):
            return None
        asked = self._question(command.tier, reason)
        if self._after_ack.start(self._asked(asked, request, tell), what="asking whether to page somebody"):
            return None
        return question(asked, None, self._clock.now())

    async def _asked(self, asked: Question, request: Request, tell: Tell) -> None:
        duty = await self._who(asked.tier.key)
        own = duty is not None and [one.who.id for one in duty.now] == [request.actor.id]
        await tell.alone(question(replace(asked, own=own), duty, self._clock.now()))

    async def _who(self, tier: str) -> TierDuty | None:
        """Who would be paged; None where that is not known soon enough."""
        try:
            async with asyncio.timeout(WHO_SECONDS):
                [duty] = await self._reader.read((tier,))
        except TimeoutError:
            _log.warning("who is on call was not known in %g s; somebody is to be paged", WHO_SECONDS)
            return None
        return duty

    def _question(self, key: str, reason: str) -> Question:
        guide = self._directory.guide
        unreached = None if self._directory.via(key) else self._directory.why_unreached(key)
        return Question(
            call=self._ids.new_id(),
            asked=self._clock.now(),
            tier=guide.tiers[key],
            reason=reason,
            channel=guide.channels[guide.defaults.ops].name,
            again=guide.severities[PACE].response or USUAL_RESPONSE,
            unreached=unreached,
        )

    @staticmethod
    async def _answered(do: Close, request: Request, number: int | None) -> Message:
        done = await do(request, Ref(number=number))
        return answer(done.text, repeated=done.repeated)

    @property
    def _zone(self) -> tzinfo:
        return self._directory.guide.organization.zone
