"""Reads who is on call, for people who ask: by the paging service, whose answer is kept, or by the guide."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.guide import Guide
from bot.domain.on_call import Shift, Source, TierDuty
from bot.ports.clock import Clock
from bot.ports.failures import DeliveryFailure
from bot.services.on_call import WhoIsOnCall

FRESH = timedelta(seconds=60)
"""So long an answer of the paging service is given again without asking."""

ASK_SECONDS = 6.0
"""For each tier, all at once: less than the asker waits, so that the last answer can still be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """What the paging service said, and when."""

    at: datetime
    now: tuple[Shift, ...]
    next: tuple[Shift, ...]


class OnCallReader:
    """Who is on call for the tiers of the guide, at most so old as is said with it."""

    def __init__(
        self, *, who: WhoIsOnCall, guide: Guide, clock: Clock, ask_seconds: float = ASK_SECONDS
    ) -> None:
        self._who = who
        self._guide = guide
        self._clock = clock
        self._ask_seconds = ask_seconds
        self._kept: dict[str, _Kept] = {}
        self._asking: dict[str, asyncio.Lock] = {tier: asyncio.Lock() for tier in guide.tiers}

    async def read(self, tiers: Iterable[str]) -> tuple[TierDuty, ...]:
        """Who is on call for these tiers, in their order. Never fails: `trouble` says what is not known."""
        return tuple(await asyncio.gather(*(self._duty(tier) for tier in tiers)))

    async def _duty(self, tier: str) -> TierDuty:
        title = self._guide.tiers[tier].title
        try:
            async with asyncio.timeout(self._ask_seconds):
                kept = await self._fresh(tier)
        except DeliveryFailure as failure:
            return self._without(tier, title, failure.reason)
        except TimeoutError:
            trouble = f"PagerDuty did not say within {self._ask_seconds:g} s who is on call."
            return self._without(tier, title, trouble)
        return TierDuty(tier=tier, title=title, source=Source.PAGERDUTY, now=kept.now, next=kept.next)

    async def _fresh(self, tier: str) -> _Kept:
        """What is known, or asked for now: by one of those who want to know it at the same time."""
        async with self._asking[tier]:
            now, kept = self._clock.now(), self._kept.get(tier)
            if kept is not None and timedelta() <= now - kept.at < FRESH and not _handed_over(kept, now):
                return kept
            there, coming = await self._who.rota(tier, now)
            found = self._kept[tier] = _Kept(at=now, now=there, next=coming)
            return found

    def _without(self, tier: str, title: str, trouble: str) -> TierDuty:
        """What can be said where the paging service cannot be asked."""
        kept = self._kept.get(tier)
        if kept is not None:
            last = TierDuty(tier=tier, title=title, source=Source.PAGERDUTY, now=kept.now, next=kept.next)
            return replace(last, as_of=kept.at, trouble=trouble)
        meant = tuple(Shift(who=one) for one in self._who.meant_by_guide(tier))
        source = Source.GUIDE if meant else Source.NOBODY
        return TierDuty(tier=tier, title=title, source=source, now=meant, trouble=trouble)


def _handed_over(kept: _Kept, now: datetime) -> bool:
    """Whether somebody's turn has ended or begun since."""
    ends = (shift.ends for shift in kept.now)
    starts = (shift.starts for shift in kept.next)
    return any(at is not None and at <= now for at in (*ends, *starts))
