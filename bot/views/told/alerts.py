"""How the course of an alert group is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.domain.text import duration
from bot.views.told.telling import Told, text

_ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def _fired_again(event: Event, _card: IncidentCard) -> str:
    flaps = event.data.get("flaps")
    times = f", for the {_nth(flaps + 1)} time" if isinstance(flaps, int) and flaps > 1 else ""
    return f"Firing again{times}."


def _raised(event: Event, _card: IncidentCard) -> str:
    before, now = text(event, "from", "?"), text(event, "to", "?")
    if before == now:
        return f"Alerts came that reach somebody: {now}."
    return f"Worse alerts came: {before} is {now} now. It is to be acknowledged anew."


def _resolved(event: Event, _card: IncidentCard) -> str:
    seconds = event.data.get("after_s")
    after = f" after {duration(timedelta(seconds=seconds))}" if isinstance(seconds, int) else ""
    return f"✅ Resolved{after}: none of its alerts fires any more."


def _unacknowledged(event: Event, _card: IncidentCard) -> str:
    who = text(event, "who")
    had = f"{who} had acknowledged it. " if who and who != event.actor.name else ""
    return f"{event.actor.name} gave it back. {had}It is to be acknowledged anew."


def _silenced(event: Event, _card: IncidentCard) -> str:
    seconds = event.data.get("for_s")
    length = f" for {duration(timedelta(seconds=seconds))}" if isinstance(seconds, int) else ""
    where = " in Alertmanager" if event.actor.id == "alertmanager" else ""
    comment = text(event, "comment")
    return f"Silenced by {event.actor.name}{where}{length}{f': {comment}' if comment else '.'}"


def _silence_over(event: Event, _card: IncidentCard) -> str:
    still = " It still fires." if event.data.get("fires") else ""
    if event.data.get("expired"):
        return f"The silence has run out.{still}"
    return f"Silence ended by {event.actor.name}.{still}"


def _nth(number: int) -> str:
    if number % 100 in {11, 12, 13}:
        return f"{number}th"
    return f"{number}{_ENDINGS.get(number % 10, 'th')}"


TOLD: Mapping[EventKind, Told] = {
    EventKind.ALERT_FIRED: Told(sentence=lambda _event, _card: "Firing.", public="fires"),
    EventKind.ALERT_FIRED_AGAIN: Told(sentence=_fired_again, public="fires again"),
    EventKind.ALERT_RAISED: Told(sentence=_raised, public="got worse"),
    EventKind.ALERT_RESOLVED: Told(sentence=_resolved, public="resolved"),
    EventKind.UNACKNOWLEDGED: Told(sentence=_unacknowledged, public="no longer acknowledged"),
    EventKind.SILENCED: Told(sentence=_silenced, public="silenced"),
    EventKind.SILENCE_OVER: Told(sentence=_silence_over, public="its silence is over"),
}
