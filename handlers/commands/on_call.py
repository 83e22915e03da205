"""`/oncall`, and the same in mentions and direct messages: PagerDuty is asked after the acknowledgement."""

from __future__ import annotations

import asyncio
import logging

from bot.domain.directory import Directory
from bot.domain.severity import Severity
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.ports.failures import DeliveryFailure
from bot.services.on_call_reading import OnCallReader
from bot.services.questions import Questions
from bot.services.requests import Request
from bot.views.blocks import Message
from bot.views.people.contacts import ChannelId
from bot.views.people.help import on_call_help
from bot.views.people.on_call import Owned, on_call_message
from bot.views.replies import refusal
from handlers.after_ack import AfterAck
from handlers.lines import Command
from handlers.telling import Tell, tell_slash
from handlers.words.on_call import OnCallHelp, ShowOwner, ShowTier, parse_on_call

ANSWER_SECONDS = 9.0
"""From the acknowledgement to the answer: less than is allowed then, so that there is time to say so."""

_AGAIN = "Ask again in a moment."

_log = logging.getLogger(__name__)


class OnCallCommand:
    """Says who is on call."""

    def __init__(
        self,
        *,
        reader: OnCallReader,
        questions: Questions,
        directory: Directory,
        channel_id: ChannelId,
        clock: Clock,
        replies: Replies,
        after_ack: AfterAck,
    ) -> None:
        self._reader = reader
        self._questions = questions
        self._directory = directory
        self._channel_id = channel_id
        self._clock = clock
        self._replies = replies
        self._after_ack = after_ack

    async def slash(self, text: str, request: Request, _trigger: str) -> Message | None:
        """Carry out the slash command."""
        return await self.spoken(text, request, tell_slash(self._replies, request))

    async def spoken(self, text: str, request: Request, tell: Tell) -> Message | None:
        """Carry out a line. None where the answer comes later, by `tell`. Raises NotFoundError."""
        guide = self._directory.guide
        command = parse_on_call(text, guide)
        if isinstance(command, OnCallHelp):
            return on_call_help({key: tier.title for key, tier in guide.tiers.items()})
        if not await self._questions.is_new(request):
            return None
        if self._after_ack.start(self._answered(command, tell), what="answering who is on call"):
            return None
        return refusal(f"opsbot has too much to do just now, and nothing was asked. {_AGAIN}")

    async def _answered(self, command: Command, tell: Tell) -> None:
        """Answer; or say why there is no answer."""
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                await tell.alone(await self._answer(command))
        except TimeoutError:
            _log.warning("an answer who is on call took longer than %g s", ANSWER_SECONDS)
            await tell.alone(refusal(f"The answer took too long. {_AGAIN}"))
        except DeliveryFailure:
            raise  # it could not be told: neither could that
        except Exception:
            await tell.alone(refusal("opsbot failed to answer, which is a bug in it; its log says more."))
            raise

    async def _answer(self, command: Command) -> Message:
        guide = self._directory.guide
        tiers = (command.tier,) if isinstance(command, ShowTier) else tuple(guide.tiers)
        duties = await self._reader.read(tiers)
        owned = self._owned(command) if isinstance(command, ShowOwner) else None
        return on_call_message(
            duties, self._clock.now(), guide=guide, channel_id=self._channel_id, owned=owned
        )

    def _owned(self, command: ShowOwner) -> Owned:
        guide = self._directory.guide
        paths = [(severity, self._directory.path(severity)) for severity in Severity]
        return Owned(
            team=guide.teams[command.team],
            service=guide.services[command.service] if command.service else None,
            paths=[(severity, path) for severity, path in paths if path.pages],
        )
