"""Sends one claimed piece of work through its port. No transaction is open here."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, get_args

from bot.domain.delivery import DeliveryKind
from bot.ports.chat import Chat
from bot.ports.drafts import Drafts
from bot.ports.failures import DeliveryFailure, PermanentFailure, TemporaryFailure
from bot.ports.pager import Pager, PagerIncident, PagerStatus
from bot.ports.rooms import Rooms
from bot.ports.silencer import Silencer
from bot.ports.summaries import Summaries
from bot.ports.talk import Talk
from bot.services.room_sending import send_step
from bot.services.silence_sending import send_silence
from bot.services.slo_sending import Budgets, read_budget
from bot.services.work import (
    Answered,
    ConfirmPage,
    Done,
    EditLine,
    EndPage,
    Heard,
    LookAtMessage,
    Posted,
    RaiseLevel,
    ReadBudget,
    RoomWork,
    Seen,
    SendDraft,
    SendFace,
    SendLine,
    SendPage,
    SendSummary,
    Sent,
    SilenceWork,
    Work,
)

LOOK_FIRST_SECONDS = 1.5
"""How long a page waits to learn that an earlier one has been acknowledged."""

BREAKER_SECONDS = 60.0
"""How long pages go without that look after it has failed."""

Send = Callable[[Any], Awaitable[Sent]]
"""Does one type of work. Raises DeliveryFailure's subclasses."""

NOTHING_ELSE: Mapping[type[Work], Send] = {}

_log = logging.getLogger(__name__)


class Sender:
    """Carries work to the pager, the chat with its rooms and talk, the silencer, and what is measured.

    `also` says who does what is not said here, by its type.
    """

    def __init__(
        self,
        *,
        pager: Pager,
        chat: Chat,
        rooms: Rooms,
        talk: Talk,
        drafts: Drafts,
        summaries: Summaries,
        silencer: Silencer,
        budgets: Budgets,
        also: Mapping[type[Work], Send] = NOTHING_ELSE,
    ) -> None:
        self._pager = pager
        self._chat = chat
        self._rooms = rooms
        self._talk = talk
        self._drafts = drafts
        self._summaries = summaries
        self._silencer = silencer
        self._budgets = budgets
        self._look_again_at = 0.0
        self._by_type: Mapping[type[Work], Send] = {
            SendFace: self._face,
            SendLine: self._line,
            EditLine: self._edited,
            SendDraft: self._draft,
            SendSummary: self._summary,
            SendPage: self._page,
            RaiseLevel: self._level,
            ConfirmPage: self._confirm,
            EndPage: self._end,
            LookAtMessage: self._look,
            ReadBudget: self._reading,
            **dict.fromkeys(get_args(RoomWork), self._step),
            **dict.fromkeys(get_args(SilenceWork), self._silence),
            **also,
        }

    async def send(self, work: Work) -> Sent:
        """Do it. Raises DeliveryFailure's subclasses."""
        return await self._by_type[type(work)](work)

    async def _face(self, work: SendFace) -> Sent:
        if work.at is not None:
            await self._chat.edit_face(work.shown, work.at)
            return Done()
        uncertain = work.delivery.uncertain
        return Posted(at=await self._chat.post_face(work.shown, keys=work.keys, uncertain=uncertain))

    async def _look(self, work: LookAtMessage) -> Sent:
        return Heard(spoken=await self._talk.read(work.at))

    async def _step(self, work: RoomWork) -> Sent:
        return await send_step(self._rooms, work)

    async def _silence(self, work: SilenceWork) -> Sent:
        return await send_silence(self._silencer, work)

    async def _reading(self, work: ReadBudget) -> Sent:
        return await read_budget(self._budgets, work)

    async def _line(self, work: SendLine) -> Sent:
        uncertain = work.delivery.uncertain
        return Posted(at=await self._chat.post_line(work.line, work.thread, uncertain=uncertain))

    async def _edited(self, work: EditLine) -> Sent:
        await self._chat.edit_line(work.line, work.at)
        return Done()

    async def _draft(self, work: SendDraft) -> Sent:
        delivery = work.delivery
        await self._drafts.post_draft(
            work.draft, work.place, work.thread, key=delivery.key, uncertain=delivery.uncertain
        )
        return Done()

    async def _summary(self, work: SendSummary) -> Sent:
        delivery = work.delivery
        at = await self._summaries.post_summary(
            work.summary, key=delivery.key, since=delivery.created_at, uncertain=delivery.uncertain
        )
        return Posted(at=at)

    async def _page(self, work: SendPage) -> Sent:
        answered = await self._answered(work.earlier)
        if answered is not None:
            return Answered(shown=answered)
        await self._pager.trigger(work.page)
        return Done()

    async def _level(self, work: RaiseLevel) -> Sent:
        answered = await self._answered(work.earlier)
        if answered is not None:
            return Answered(shown=answered)
        await self._pager.set_level(work.key, work.level)
        return Done()

    async def _confirm(self, work: ConfirmPage) -> Sent:
        shown = await self._pager.look_up(work.key)
        if shown is None:
            raise TemporaryFailure("PagerDuty shows no incident for the page yet")
        return Seen(shown=shown)

    async def _end(self, work: EndPage) -> Sent:
        if work.delivery.kind is DeliveryKind.PAGE_ACKNOWLEDGE:
            await self._pager.acknowledge(work.tier, work.key)
        else:
            await self._pager.resolve(work.tier, work.key)
        return Done()

    async def _answered(self, keys: tuple[str, ...]) -> PagerIncident | None:
        """An earlier page's incident that somebody has taken; a page never waits long for it."""
        if not keys or not self._pager.can_look_up or time.monotonic() < self._look_again_at:
            return None
        try:
            async with asyncio.timeout(LOOK_FIRST_SECONDS):
                for key in keys:
                    shown = await self._pager.look_up(key)
                    if shown is not None and _is_answer(shown):
                        return shown
        except PermanentFailure as failure:
            _log.warning("PagerDuty cannot be asked for a page; paging without: %s", failure.reason)
        except (DeliveryFailure, TimeoutError) as error:
            self._look_again_at = time.monotonic() + BREAKER_SECONDS
            _log.warning("PagerDuty cannot be asked before a page; paging without: %s", error)
        return None


def _is_answer(shown: PagerIncident) -> bool:
    """Whether somebody has taken it. PagerDuty's own time-outs resolve too, and are nobody's answer."""
    if shown.status is PagerStatus.RESOLVED:
        return shown.by_person is not None
    return shown.status is PagerStatus.ACKNOWLEDGED
