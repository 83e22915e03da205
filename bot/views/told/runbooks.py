"""How it is told what became of runbooks in an incident."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.event import Event, EventKind
from bot.views.told.telling import Told, text


def _opened(event: Event, _card: object) -> str:
    steps = event.data.get("steps")
    count = f": {steps} step{'s' if steps != 1 else ''}" if isinstance(steps, int) else ""
    return f"{event.actor.name} opened the runbook {_book(event)}{count}."


def _unread(event: Event, _card: object) -> str:
    why = text(event, "why", "nobody knows why").rstrip(".")
    url = text(event, "url")
    return (
        f"The runbook {_book(event)} cannot be worked through here: {why}.{f' It is at {url}' if url else ''}"
    )


def _step(event: Event) -> str:
    what = text(event, "text")
    return f"step {event.data.get('position')} of {_book(event)}{f': {what}' if what else ''}"


def _book(event: Event) -> str:
    return text(event, "title", "that was asked for")


TOLD: Mapping[EventKind, Told] = {
    EventKind.RUNBOOK_OPENED: Told(sentence=_opened, public="a runbook was opened"),
    EventKind.RUNBOOK_UNREAD: Told(sentence=_unread, public="a runbook cannot be read"),
    EventKind.RUNBOOK_STEP: Told(
        sentence=lambda event, _: f"{event.actor.name} did {_step(event)}", public="a runbook goes on"
    ),
    EventKind.RUNBOOK_STEP_REOPENED: Told(
        sentence=lambda event, _: f"{event.actor.name} reopened {_step(event)}", public="a runbook goes on"
    ),
}
