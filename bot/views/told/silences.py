"""What is told of silences on their way to Alertmanager, and on their way out of it."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.views.told.telling import Told, text


def _set(_event: Event, _card: IncidentCard) -> str:
    return "Alertmanager has the silence."


def _taken(_event: Event, _card: IncidentCard) -> str:
    return "Alertmanager has taken the silence after all."


def _failing(event: Event, _card: IncidentCard) -> str:
    return (
        f"⚠️ Alertmanager has not taken the silence yet{_why(event)}. Still trying. Meanwhile opsbot pages "
        "nobody for it, but Alertmanager itself is not quiet."
    )


def _refused(event: Event, _card: IncidentCard) -> str:
    return f"⚠️ Alertmanager does not take the silence{_why(event)}."


def _stays(event: Event, _card: IncidentCard) -> str:
    if event.data.get("final"):
        return f"⚠️ Alertmanager does not end the silence{_why(event)}. End it there."
    return f"⚠️ The silence could not be ended in Alertmanager yet{_why(event)}. Still trying."


def _ended(_event: Event, _card: IncidentCard) -> str:
    return "The silence has been ended in Alertmanager after all."


def _why(event: Event) -> str:
    reason = text(event, "reason").rstrip(".")
    return f" ({reason})" if reason else ""


TOLD: Mapping[EventKind, Told] = {
    EventKind.SILENCE_SET: Told(sentence=_set, public="silenced in Alertmanager"),
    EventKind.SILENCE_TAKEN: Told(sentence=_taken, public="silenced in Alertmanager"),
    EventKind.SILENCE_FAILING: Told(sentence=_failing, public="not silenced in Alertmanager yet"),
    EventKind.SILENCE_REFUSED: Told(sentence=_refused, public="not silenced in Alertmanager"),
    EventKind.SILENCE_STAYS: Told(sentence=_stays, public="still silenced in Alertmanager"),
    EventKind.SILENCE_ENDED: Told(sentence=_ended, public="no longer silenced in Alertmanager"),
}
