"""The forms in which a window or a freeze is put on the calendar: from when to when, what for, for whom."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.change_policy import ChangeOpening
from bot.domain.changes.scheduling import TITLE_MOST
from bot.domain.changes.span import SpanKind
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.views.blocks import Block, section
from bot.views.inputs import SELECT_OPTIONS, Option, View, modal, select, text_input, value_of
from bot.views.markup import said

WINDOW_FORM = "calendar.window_form"
FREEZE_FORM = "calendar.freeze_form"
DONE = "calendar.done"

STARTS, ENDS, TITLE, SERVICE, KIND = "starts", "ends", "title", "service", "kind"
"""The forms' parts: errors are told by them."""

ALL = "*all"
"""What is chosen for all services; no key of the guide begins so."""

_LONGEST = 60
_CALLBACKS = {SpanKind.WINDOW: WINDOW_FORM, SpanKind.FREEZE: FREEZE_FORM}
_KINDS = {callback: kind for kind, callback in _CALLBACKS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent. `starts` and `ends` are as they were typed; the rest are the guide's keys."""

    kind: SpanKind
    starts: str
    ends: str
    title: str
    service: str | None
    change_kind: str | None
    channel: str | None
    channel_name: str | None


def span_form(
    kind: SpanKind,
    guide: Guide,
    *,
    channel: str | None,
    channel_name: str | None,
    service: str | None = None,
    change_kind: str | None = None,
) -> View:
    """The form, with what is known already."""
    metadata = json.dumps({"channel": channel, "name": channel_name}, separators=(",", ":"))
    if kind is SpanKind.FREEZE:
        blocks = [
            _when(STARTS, "From when?", initial="now"),
            _when(ENDS, "Until when?", placeholder="fri 18:00"),
            text_input(TITLE, "Why?", placeholder="Black Friday", longest=TITLE_MOST),
            _services(guide, service, "No change of which service starts?"),
        ]
        title, submit = "Freeze", "Freeze"
    else:
        blocks = [
            *_types(guide, change_kind),
            _when(STARTS, "From when?", placeholder="sat 22:00"),
            _when(ENDS, "Until when, or for how long?", placeholder="02:00, or 4h"),
            text_input(TITLE, "What for?", placeholder="Database upgrade", longest=TITLE_MOST, optional=True),
            _services(guide, service, "For changes of which service?"),
        ]
        title, submit = "Add a window", "Add it"
    return modal(_CALLBACKS[kind], title, blocks, submit=submit, close="Leave it", metadata=metadata)


def done_view(text: str) -> View:
    """What the form turns into: what was done, for who has sent it."""
    return modal(DONE, "On the calendar", [section(said(text))], submit=None, close="Close")


def read_sent(view: Mapping[str, Any]) -> Sent:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state, kind = view.get("state"), _KINDS.get(str(view.get("callback_id")))
    values = state.get("values") if isinstance(state, Mapping) else None
    try:
        kept = json.loads(str(view.get("private_metadata") or ""))
    except ValueError:
        kept = None
    if kind is None or not isinstance(values, Mapping) or not isinstance(kept, dict):
        raise InvalidError("That form cannot be read. `/change help` has the same as commands.")
    service = value_of(values, SERVICE)
    return Sent(
        kind=kind,
        starts=value_of(values, STARTS) or "",
        ends=value_of(values, ENDS) or "",
        title=value_of(values, TITLE) or "",
        service=None if service in {None, ALL} else service,
        change_kind=value_of(values, KIND),
        channel=str(kept["channel"]) if kept.get("channel") else None,
        channel_name=str(kept["name"]) if kept.get("name") else None,
    )


def _when(name: str, label: str, *, initial: str = "", placeholder: str = "") -> Block:
    hint = "As you say it: 2026-12-05 22:00, tomorrow 22:00, fri 22:00, 22:00, or 4h for how long"
    return text_input(
        name,
        label,
        initial=initial,
        placeholder=placeholder,
        hint=hint if name == ENDS else "",
        longest=_LONGEST,
    )


def _types(guide: Guide, chosen: str | None) -> list[Block]:
    """The types of changes that wait for windows; the first planned one is chosen already."""
    types = [one for one in guide.changes.types.values() if one.opening is not ChangeOpening.ANYTIME]
    if not types:
        raise InvalidError("Every change of the guide may start at any time: no window is needed.")
    planned = [one.key for one in types if one.opening is ChangeOpening.PLANNED]
    options = [Option(value=one.key, text=one.title) for one in types[:SELECT_OPTIONS]]
    initial = chosen if chosen in {one.key for one in types} else next(iter(planned), types[0].key)
    return [select(KIND, "Which changes may start?", options, initial=initial, placeholder="Choose a type")]


def _services(guide: Guide, chosen: str | None, label: str) -> Block:
    every = [Option(value=one.key, text=one.title) for one in guide.services.values()]
    options = [Option(value=ALL, text="All services"), *every][:SELECT_OPTIONS]
    return select(SERVICE, label, options, initial=chosen or ALL, placeholder="All services")
