"""The buttons under answers about promises, and what their values mean."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import InvalidError
from bot.domain.slo.objective import Promise
from bot.views.blocks import Block, actions, button
from bot.views.slo import numbers

SHOW = "slo.show"
"""Tell of a service, for everybody, as if it had been asked for."""
WINDOW = "slo.window"
"""Tell of it over another window, in the place of the message."""
ALL = "slo.all"
GATE = "slo.gate"
QUERIES = "slo.queries"

BLOCK_ID = "slo.actions"

MOST_NAMED = 10
"""So many services get a button of their own."""

_ACTIONS = frozenset({SHOW, WINDOW, ALL, GATE, QUERIES})
_HOURS = re.compile(r"[0-9]{1,6}")
_HOUR = timedelta(hours=1)
_WEEK, _MONTH = timedelta(days=7), timedelta(days=30)
_LABEL = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button asks for: of which promise (a key), over which window; None for the guide's."""

    action: str
    key: str = ""
    window: timedelta | None = None


def encode(pressed: Pressed) -> str:
    """A button's value."""
    hours = "" if pressed.window is None else str(pressed.window // _HOUR)
    return f"{pressed.action}|{hours}|{pressed.key}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no answer of ours carries."""
    action, _, rest = value.partition("|")
    hours, _, key = rest.partition("|")
    if action not in _ACTIONS or not (hours == "" or _HOURS.fullmatch(hours)):
        raise InvalidError("That button cannot be read. Ask again: `/slo`.")
    return Pressed(action=action, key=key, window=int(hours) * _HOUR if hours else None)


def report_buttons(promise: Promise, window: timedelta) -> Block:
    """What one may want to know next: another window first."""
    key, other = promise.key, _other(promise, window)
    return actions(
        BLOCK_ID,
        _button(f"Last {numbers.days(other)}", Pressed(action=WINDOW, key=key, window=other)),
        _button("May we ship?", Pressed(action=GATE, key=key)),
        _button("All services", Pressed(action=ALL)),
        _button("Show queries", Pressed(action=QUERIES, key=key, window=window)),
    )


def service_buttons(titles: dict[str, str]) -> Block:
    """One for each service, by titles by key; at least one."""
    named = list(titles.items())[:MOST_NAMED]
    return actions(
        BLOCK_ID,
        *(
            _button(title, Pressed(action=SHOW, key=key), f"{SHOW}.{n}")
            for n, (key, title) in enumerate(named)
        ),
    )


def gate_buttons(key: str) -> Block:
    """What the answer rests on."""
    return actions(BLOCK_ID, _button("Show numbers", Pressed(action=SHOW, key=key)))


def _other(promise: Promise, window: timedelta) -> timedelta:
    """From any window back to the one that was promised; from that one to a shorter, or to a month."""
    promised = _MONTH if promise.slo is None else promise.slo.window
    if window != promised:
        return promised
    return _WEEK if promised != _WEEK else _MONTH


def _button(label: str, pressed: Pressed, action_id: str | None = None) -> Block:
    shown = label if len(label) <= _LABEL else f"{label[: _LABEL - 1]}…"
    return button(shown, action_id or pressed.action, encode(pressed))
