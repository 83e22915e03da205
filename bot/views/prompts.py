"""What people are asked in an incident's thread, with buttons to answer, and the question once answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta

from bot.domain.event import Event, EventKind
from bot.domain.incident import Incident
from bot.domain.text import duration
from bot.domain.updates import SNOOZE as SNOOZED
from bot.views.blocks import Block, Message, actions, button, context, message, plain_section
from bot.views.incident import encode_target
from bot.views.markup import Markup, inert

WRITE_UPDATE = "prompt.write_update"
SNOOZE = "prompt.snooze"
STOP_ASKING = "prompt.stop_asking"
STILL_ON_IT = "prompt.still_on_it"

BLOCK_ID = "prompt.actions"


def buttons_of(kind: EventKind, incident: Incident) -> Block | None:
    """The buttons under a line that asks something; None for any other line."""
    make = _BUTTONS.get(kind)
    return actions(BLOCK_ID, *make(encode_target(incident.id, incident.epoch))) if make else None


def update_asked(event: Event) -> str:
    """The question for an update, in words."""
    to, length = event.data.get("to"), _length(event, "silent_seconds")
    asked = f"{to}, how do things stand?" if to else "How do things stand?"
    if event.data.get("after_update"):
        return f"{asked} The latest update is {length} old."
    return f"{asked} Nothing has been written for {length}."


def attendance_asked(event: Event, incident: Incident) -> str:
    """The question whether somebody is still on it, in words, and what comes if nobody answers."""
    to = event.data.get("to")
    silent, within = (_length(event, key) for key in ("silent_seconds", "within_seconds"))
    asked = f"{to}, are you still on it?" if to else "Is somebody still on it?"
    return (
        f"{asked} Nobody has done anything here for {silent}. Unless somebody answers in {within}, "
        f"{incident.label} counts as not acknowledged and is paged again."
    )


def answered(blocks: Iterable[Block], text: str, answer: str) -> Message:
    """A question that has been answered: as it was, with the answer in the place of its buttons."""
    kept = [block for block in blocks if block.get("type") != "actions"]
    said = inert(answer, 300)
    return message(Markup(f"{inert(text, 2000)} {said}"), [*kept, context(said)])


def answered_in_words(text: str, answer: str) -> Message:
    """The same, of a question of which only the words are known."""
    return answered([plain_section(text)], text, answer)


def _length(event: Event, key: str) -> str:
    seconds = event.data.get(key)
    return duration(timedelta(seconds=seconds)) if isinstance(seconds, int) else "a while"


def _attendance_buttons(value: str) -> tuple[Block, ...]:
    return (
        button("Still on it", STILL_ON_IT, value, style="primary"),
        button("Write an update", WRITE_UPDATE, value),
    )


def _update_buttons(value: str) -> tuple[Block, ...]:
    return (
        button("Write an update", WRITE_UPDATE, value, style="primary"),
        button(f"Snooze {duration(SNOOZED)}", SNOOZE, value),
        button("Stop asking", STOP_ASKING, value),
    )


_BUTTONS: Mapping[EventKind, Callable[[str], tuple[Block, ...]]] = {
    EventKind.UPDATE_ASKED: _update_buttons,
    EventKind.ATTENDANCE_ASKED: _attendance_buttons,
}
