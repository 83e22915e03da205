"""How it is told what becomes of an incident's channel."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.views.told.telling import Told, text


def _room_failed(event: Event, _card: IncidentCard) -> str:
    reason = text(event, "reason").rstrip(".") or "Slack gives no reason"
    step = text(event, "step")
    if step == "room_create":
        return f"⚠️ It gets no channel of its own: {reason}. It goes on here."
    return f"⚠️ {_ROOM_STEPS.get(step, 'Something in its channel could not be done')}: {reason}."


def _room_left(event: Event, _card: IncidentCard) -> str:
    name = text(event, "name", "its channel")
    return f"⚠️ #{name} was archived, or opsbot was taken out of it. The incident goes on here."


_ROOM_STEPS = {
    "room_topic": "The topic of its channel could not be set",
    "room_pin": "Its card could not be pinned",
    "room_bookmark": "A link could not be put at the top of its channel",
    "room_invite": "Those who belong in its channel could not be invited",
    "room_archive": "Its channel could not be archived",
}

TOLD: Mapping[EventKind, Told] = {
    EventKind.ROOM_MADE: Told(
        sentence=lambda event, _: f"Its channel is #{text(event, 'name', 'there')}.",
        public="it has a channel of its own",
    ),
    EventKind.ROOM_FAILED: Told(
        sentence=_room_failed,
        public="something with its own channel could not be done",
    ),
    EventKind.ROOM_LEFT: Told(
        sentence=_room_left,
        public="its own channel is gone",
    ),
    EventKind.ROOM_ARCHIVED: Told(
        sentence=lambda event, _: f"Its channel #{text(event, 'name')} was archived.",
        public="its own channel was archived",
    ),
}
