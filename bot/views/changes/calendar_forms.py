"""The forms in which a window or a freeze is put on the calendar: from when to when, what for, for whom."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.change_policy import ChangeOpening
from bot.domain.changes.scheduling import TITLE_MOST
from bot.domain.changes.span import SpanKind
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.views.blocks import Block, section
from bot.views.inputs import (
    SELECT_OPTIONS,
    Option,
    View,
    datetime_input,
    instant_of,
    modal,
    select,
    text_input,
    value_of,
)
from bot.views.markup import said

WINDOW_FORM = "calendar.window_form"
FREEZE_FORM = "calendar.freeze_form"
DONE = "calendar.done"

STARTS, ENDS, TITLE, SERVICE, KIND = "starts", "ends", "title", "service", "kind"
"""The forms' parts: errors are told by them."""

ALL = "*all"
"""What is chosen for all services; no key of the guide begins so."""

_CALLBACKS = {SpanKind.WINDOW: WINDOW_FORM, SpanKind.FREEZE: FREEZE_FORM}
_KINDS = {callback: kind for kind, callback in _CALLBACKS.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent. `starts` and `ends` are None where none was chosen."""

    kind: SpanKind
    starts: datetime | None
    ends: datetime | None
    title: str
    service: str | None
    change_kind: str | None
    channel: str | None
    channel_name: str | None


def span_form(
    kind: SpanKind,
    guide: Guide,
    now: datetime,
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
            *_when(now),
            text_input(TITLE, "Why?", placeholder="Black Friday", longest=TITLE_MOST),
            _services(guide, service, "Changes of which service are held up?"),
        ]
        title, submit = "Freeze", "Freeze"
    else:
        blocks = [
            *_types(guide, change_kind),
            *_when(_next_hour(now)),
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
        starts=instant_of(values, STARTS),
        ends=instant_of(values, ENDS),
        title=value_of(values, TITLE) or "",
        service=None if service in {None, ALL} else service,
        change_kind=value_of(values, KIND),
        channel=str(kept["channel"]) if kept.get("channel") else None,
        channel_name=str(kept["name"]) if kept.get("name") else None,
    )


def _when(starts: datetime) -> Iterator[Block]:
    """From when to when. The end is chosen by whoever asks: none that is offered would be meant."""
    yield datetime_input(STARTS, "From when?", initial=starts)
    yield datetime_input(ENDS, "Until when?", hint="Both in your own time zone.")


def _next_hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)


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
