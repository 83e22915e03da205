"""Use cases about the word on the state of things: an update, its impact, who is asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain import attendance, updates
from bot.domain.card import IncidentCard
from bot.domain.deed import Deed
from bot.domain.directory import Directory
from bot.domain.rights import Rights
from bot.domain.text import IMPACT_LIMIT, UPDATE_LIMIT, clean, duration
from bot.ports.clock import Clock
from bot.ports.store import Store
from bot.services.answers import changed, written
from bot.services.incident_changes import IncidentChanges
from bot.services.requests import Answer, Ref, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """How things stand, as somebody has written it down.

    `impact` is who is hurt and how, where it is said anew. `next_in` is when to ask for the next update,
    where that is not left to the pace; with `never` nobody is asked any more.
    """

    text: str
    impact: str | None = None
    next_in: timedelta | None = None
    never: bool = False


class Updates:
    """What people do about updates. Every method raises DomainError in words for the one who asked."""

    def __init__(self, *, store: Store, clock: Clock, directory: Directory, rights: Rights) -> None:
        self._change = IncidentChanges(store=store, clock=clock, directory=directory, rights=rights).change

    async def write(self, request: Request, ref: Ref, word: Word) -> Answer:
        """Say how things stand."""
        text = clean(word.text, UPDATE_LIMIT)
        impact = clean(word.impact or "", IMPACT_LIMIT) or None

        return await self._change(
            Deed.REPORT,
            request,
            ref,
            lambda one, record: updates.write(
                one, text, record.now, impact=impact, next_in=word.next_in, never=word.never
            ),
            say=written("your update"),
        )

    async def set_impact(self, request: Request, ref: Ref, text: str) -> Answer:
        """Say who is hurt and how."""
        impact = clean(text, IMPACT_LIMIT)
        return await self._change(
            Deed.SET_IMPACT,
            request,
            ref,
            lambda one, _record: updates.set_impact(one, impact),
            say=written("the impact"),
        )

    async def ask_every(self, request: Request, ref: Ref, every: timedelta | None) -> Answer:
        """Be asked for updates at another pace, or (None) never."""
        return await self._change(
            Deed.SET_UPDATES,
            request,
            ref,
            lambda one, record: updates.ask_every(one, every, record.now),
            say=_with_next,
        )

    async def still_on_it(self, request: Request, ref: Ref) -> Answer:
        """Say that it is in hands."""
        return await self._change(
            Deed.ATTEND,
            request,
            ref,
            lambda one, record: attendance.answer(one, record.now),
            say=lambda card, now: f"Still on it. {changed(card, now)}",
        )

    async def snooze(self, request: Request, ref: Ref) -> Answer:
        """Be asked later."""
        return await self._change(
            Deed.SET_UPDATES,
            request,
            ref,
            lambda one, record: updates.snooze(one, record.now),
            say=_with_next,
        )


def _with_next(card: IncidentCard, now: datetime) -> str:
    incident = card.incident
    if incident.update_due is not None:
        return f"{changed(card, now)} An update is asked for in {duration(incident.update_due - now)}."
    return f"{changed(card, now)} {_sentence(updates.describe(incident))}"


def _sentence(clause: str) -> str:
    return clause[:1].upper() + clause[1:]
