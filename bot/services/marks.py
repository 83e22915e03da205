"""Use cases of the timeline: what people write down in it, and say about what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from bot.domain import timeline
from bot.domain.card import IncidentCard
from bot.domain.deed import Deed
from bot.domain.incident import Incident
from bot.domain.outcome import Outcome
from bot.domain.text import UPDATE_LIMIT, clean
from bot.domain.times import UNKNOWN, Moment, read_instant, set_time, shown, times_of
from bot.services.incident_changes import IncidentChanges
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request


class Marks:
    """Adds to timelines. Every method raises DomainError in words for the one who asked."""

    def __init__(self, *, changes: IncidentChanges, zone: tzinfo) -> None:
        """`zone` is the guide's, in which times are typed."""
        self._change = changes.change
        self._zone = zone

    async def note(self, request: Request, ref: Ref, text: str) -> Answer:
        """Write down what happened."""
        said = clean(text, UPDATE_LIMIT)

        def decide(incident: Incident, _record: Record) -> Outcome:
            return Outcome(incident=incident, happened=(timeline.note(said),))

        def say(card: IncidentCard, _now: datetime) -> str:
            return f"Noted in the timeline of {card.incident.label}."

        return await self._change(Deed.NOTE, request, ref, decide, say=say)

    async def correct(self, request: Request, ref: Ref, number: int, text: str) -> Answer:
        """Say what an entry should have said. What it said first is kept."""
        said = clean(text, UPDATE_LIMIT)

        def decide(incident: Incident, record: Record) -> Outcome:
            event = record.tx.events.one(incident.id, number)
            return Outcome(incident=incident, happened=(timeline.correct(event, number, said),))

        return await self._change(Deed.CORRECT, request, ref, decide, say=_kept(number, "corrected"))

    async def strike(self, request: Request, ref: Ref, number: int, why: str) -> Answer:
        """Say that an entry is wrong. What it said is kept."""
        said = clean(why, UPDATE_LIMIT)

        def decide(incident: Incident, record: Record) -> Outcome:
            event = record.tx.events.one(incident.id, number)
            return Outcome(incident=incident, happened=(timeline.strike(event, number, said),))

        return await self._change(Deed.STRIKE, request, ref, decide, say=_kept(number, "struck out"))

    async def set_time(self, request: Request, ref: Ref, moment: Moment, typed: str) -> Answer:
        """Say when a moment was, as people type it; `unknown` takes back what was said of it."""

        def decide(incident: Incident, record: Record) -> Outcome:
            zone = self._zone
            if typed.lower() == UNKNOWN:
                return set_time(incident, moment, None, record.now, zone)
            near = times_of(incident).at[moment] or record.now
            at = read_instant(typed, now=record.now, near=near, zone=zone)
            return set_time(incident, moment, at, record.now, zone)

        def say(card: IncidentCard, _now: datetime) -> str:
            at = times_of(card.incident).at[moment]
            when = shown(at, self._zone) if at and typed.lower() != UNKNOWN else "not known"
            return f"{card.incident.label}: {moment} {when}. What it was before is kept."

        return await self._change(Deed.SET_TIME, request, ref, decide, say=say)


def _kept(number: int, done: str) -> Callable[[IncidentCard, datetime], str]:
    def say(card: IncidentCard, _now: datetime) -> str:
        where = f"Entry {number} in the timeline of {card.incident.label}"
        return f"{where} is {done}; what it said first is kept."

    return say
