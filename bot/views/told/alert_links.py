"""How it is told what is new with an incident's alerts."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.actor import OPSBOT
from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.views.alert_question import is_open_question, over_buttons
from bot.views.told.telling import Told, text

_LISTED = 1200


def _linked(event: Event, _card: IncidentCard) -> str:
    by = "" if event.actor == OPSBOT else f", says {event.actor.name}"
    belong = "belongs" if event.data.get("count") == 1 else "belong"
    said = f"{_alerts(event)} {belong} to this incident{by}."
    worse = text(event, "worse")
    if not worse:
        return said
    pages = "pages" if "," not in worse else "page"
    return f"{said} {worse}, worse than the incident, {pages} beside it."


def _resolved(event: Event, _card: IncidentCard) -> str:
    still = event.data.get("still")
    rest = f" {still} more still {'fires' if still == 1 else 'fire'}." if still else ""
    return f"{_alerts(event)} {_is(event)} resolved.{rest}"


def _alerts(event: Event) -> str:
    one = event.data.get("count") == 1
    return f"{'Alert' if one else 'Alerts'} {text(event, 'alerts', limit=_LISTED)}"


def _is(event: Event) -> str:
    return "is" if event.data.get("count") == 1 else "are"


def _fires(event: Event, _card: IncidentCard) -> str:
    return f"{_alerts(event)} {'fires' if event.data.get('count') == 1 else 'fire'} again."


def _asked(event: Event, _card: IncidentCard) -> str:
    to = text(event, "to")
    whose = "Its alert is" if event.data.get("count") == 1 else "All its alerts are"
    said = f"{whose} resolved: {text(event, 'alerts', limit=_LISTED)}. Is it over?"
    return f"{to}: {said}" if to else said


TOLD: Mapping[EventKind, Told] = {
    EventKind.ALERTS_LINKED: Told(
        sentence=_linked,
        public="it has to do with an alert",
    ),
    EventKind.ALERTS_UNLINKED: Told(
        sentence=lambda event, _: f"{_alerts(event)} was taken from this incident by {event.actor.name}.",
        public="an alert has nothing to do with it",
    ),
    EventKind.ALERTS_FIRING: Told(
        sentence=_fires,
        public="an alert fires again",
    ),
    EventKind.ALERTS_RESOLVED: Told(
        sentence=_resolved,
        public="an alert is resolved",
    ),
    EventKind.ALERTS_ASKED: Told(
        sentence=_asked,
        public="all its alerts are resolved: is it over?",
        buttons=lambda event, card: over_buttons(card.incident) if is_open_question(event, card) else None,
    ),
    EventKind.ALERTS_KEPT: Told(
        sentence=lambda event, _: f"{event.actor.name} says that it is not over yet.",
        public="it is not over yet",
    ),
    EventKind.ALERT_JOINED: Told(
        sentence=lambda event, _: f"It belongs to incident #{event.data.get('number')}.",
        public="it has to do with an incident",
    ),
    EventKind.ALERT_LEFT: Told(
        sentence=lambda event, _: f"It belongs to incident #{event.data.get('number')} no more.",
        public="it has nothing to do with an incident any more",
    ),
}
