"""How it is told what becomes of a call. How it is paged, and answered, is told as of anything else."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.event import Event, EventKind
from bot.views.told.telling import Told, text


def _called(event: Event, _card: object) -> str:
    return f"{event.actor.name} pages {text(event, 'title', 'somebody')}: {text(event, 'reason', limit=None)}"


TOLD: Mapping[EventKind, Told] = {
    EventKind.CALLED: Told(
        sentence=_called,
        public="somebody is paged",
    ),
    EventKind.CALLED_OFF: Told(
        sentence=lambda event, _: f"Called off by {event.actor.name}: nobody needs to come any more.",
        public="called off",
    ),
}
