"""How it is told that two incidents are the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.domain.text import duration
from bot.views.blocks import Block
from bot.views.merging import merge_button
from bot.views.told.telling import Told, text


def _likely_same(event: Event, _card: IncidentCard) -> str:
    seconds = event.data.get("seconds")
    ago = f", declared {duration(timedelta(seconds=seconds))} ago" if isinstance(seconds, int) else ""
    return f"Same as {text(event, 'label', 'another')} ({text(event, 'title')}){ago}?"


def _took_in(event: Event, _card: IncidentCard) -> str:
    label = f"{text(event, 'severity')} #{event.data.get('number')}"
    declared = f", declared by {text(event, 'declared_by', 'somebody')}"
    return f"{label} ({text(event, 'title')}{declared}) was merged into this one by {event.actor.name}."


def _left(event: Event, _card: IncidentCard) -> str:
    label = f"{text(event, 'severity')} #{event.data.get('number')}"
    return f"{label} ({text(event, 'title')}) was reopened by {event.actor.name}: it goes on by itself again."


def _merge_button(event: Event, _card: IncidentCard) -> Block:
    numbers = event.data.get("ended_number"), event.data.get("kept_number")
    return merge_button(str(event.data.get("ended")), str(event.data.get("kept")), numbers)


TOLD: Mapping[EventKind, Told] = {
    EventKind.LIKELY_SAME: Told(
        sentence=_likely_same,
        public="it may be the same as another",
        buttons=_merge_button,
    ),
    EventKind.MERGED: Told(
        sentence=lambda event, _: (
            f"Merged into #{event.data.get('into')} by {event.actor.name}: it goes on there."
        ),
        public="merged into another",
    ),
    EventKind.TOOK_IN: Told(
        sentence=_took_in,
        public="another was merged into it",
    ),
    EventKind.LEFT: Told(
        sentence=_left,
        public="one that was merged into it was reopened",
    ),
}
