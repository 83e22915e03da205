"""How it is told what people add to a timeline, correct in it, and take from it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.views.told.telling import Told, by, text


def _message_added(event: Event, _card: IncidentCard) -> str:
    author, said = text(event, "author", "Somebody"), text(event, "text", limit=None)
    if not said and event.data.get("private"):
        began = "A message" if "way" in event.data else "It began with a message"
        return f"{began} of {author}'s in a private channel, where its text stays."
    return f"{author} wrote: {said or 'no words'}"


def _time_set(event: Event, _card: IncidentCard) -> str:
    moment, said = text(event, "moment", "changed"), text(event, "said")
    was = "" if moment == "started" else "was "
    if not said:
        return f"{event.actor.name} says that it is not known when it {was}{moment}."
    return f"{event.actor.name} says that it {was}{moment} {said}."


TOLD: Mapping[EventKind, Told] = {
    EventKind.MESSAGE_ADDED: Told(
        sentence=_message_added,
        public="a message was added",
    ),
    EventKind.NOTED: Told(
        sentence=by("Note"),
        public="a note was added",
    ),
    EventKind.MESSAGE_CHANGED: Told(
        sentence=lambda event, _: (
            f"The message of entry {text(event, 'of', '?')} now says: {text(event, 'text', limit=None)}"
        ),
        public="a message was edited",
    ),
    EventKind.MESSAGE_DELETED: Told(
        sentence=lambda event, _: f"The message of entry {text(event, 'of', '?')} was deleted.",
        public="a message was deleted",
    ),
    EventKind.TIME_SET: Told(
        sentence=_time_set,
        public="its times were corrected",
    ),
    EventKind.EXPORTED: Told(
        sentence=lambda event, _: f"{event.actor.name} exported the timeline.",
        public="its timeline was exported",
    ),
    EventKind.CORRECTED: Told(
        sentence=lambda event, _: (
            f"{event.actor.name} corrects entry {text(event, 'of', '?')} of the timeline: "
            f"{text(event, 'text', limit=None)}"
        ),
        public="its timeline was corrected",
    ),
    EventKind.STRUCK: Told(
        sentence=lambda event, _: (
            f"{event.actor.name} strikes entry {text(event, 'of', '?')} of the timeline out: "
            f"{text(event, 'text', 'it is wrong', limit=None)}"
        ),
        public="its timeline was corrected",
    ),
}
