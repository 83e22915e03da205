"""How it is told how things stand, and what is asked about them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.domain.text import duration
from bot.views.prompts import attendance_asked, update_asked
from bot.views.told.telling import Told, by, text


def _updates_set(event: Event, _card: IncidentCard) -> str:
    every, snoozed = event.data.get("every_seconds"), event.data.get("snoozed_seconds")
    if isinstance(snoozed, int):
        return f"{event.actor.name} wants to be asked later, in {duration(timedelta(seconds=snoozed))}."
    if isinstance(every, int) and every:
        return f"{event.actor.name} has updates asked for every {duration(timedelta(seconds=every))}."
    return f"{event.actor.name} wants nobody to be asked for updates."


TOLD: Mapping[EventKind, Told] = {
    EventKind.UPDATED: Told(
        sentence=by("Update"),
        public="there is an update",
    ),
    EventKind.UPDATE_ASKED: Told(
        sentence=lambda event, _: update_asked(event),
        public="an update is due",
    ),
    EventKind.UPDATES_SET: Told(
        sentence=_updates_set,
        public="updates are asked for at another pace",
    ),
    EventKind.ATTENDANCE_ASKED: Told(
        sentence=lambda event, card: attendance_asked(event, card.incident),
        public="is somebody still on it? Unless somebody answers it is paged again",
    ),
    EventKind.STILL_ON_IT: Told(
        sentence=lambda event, _: f"{event.actor.name} is still on it.",
        public="somebody is still on it",
    ),
    EventKind.UNATTENDED: Told(
        sentence=lambda event, card: (
            f"⚠️ Nobody has answered: {card.incident.label} counts as not acknowledged any more and is "
            f"paged again, from the beginning. {text(event, 'who', 'Somebody')} had it."
        ),
        public="nobody answers for it any more; it is paged again",
    ),
    EventKind.IMPACT_SET: Told(
        sentence=by("Impact described"),
        public="its impact is described",
    ),
}
