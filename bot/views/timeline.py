"""An incident's timeline, a page at a time: who did what, and when."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import Any

from bot.domain.actor import OPSBOT
from bot.domain.card import IncidentCard
from bot.domain.event import Event, EventKind
from bot.domain.timeline import Entry, TimelinePage
from bot.views.blocks import (
    SECTION_TEXT,
    Block,
    Message,
    actions,
    button,
    context,
    header,
    message,
    section,
)
from bot.views.markup import Markup, inert, length, moment
from bot.views.status import public_name
from bot.views.thread import sentence

EARLIER = "timeline.earlier"

_BLOCK = "timeline.actions"
_ENTRY = 300
_ROOM = 9000
_NOTHING_SAID = "it is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Earlier:
    """What the button asks for: the entries of an incident (its id) before one of them."""

    incident: str
    before: int


def decode_earlier(value: str) -> Earlier | None:
    """What a button's value says; None where it is no such button's."""
    try:
        read: Any = json.loads(value)
    except ValueError:
        return None
    match read:
        case {"incident": str(incident), "before": int(before)} if before > 0:
            return Earlier(incident=incident, before=before)
        case _:
            return None


def timeline(
    card: IncidentCard, page: TimelinePage, *, redacted: bool = False, zone: tzinfo = UTC
) -> Message:
    """A page of the timeline, oldest first. `redacted` tells outsiders only where it is shown."""
    incident = card.incident
    if redacted:
        text = inert(f"{public_name(incident)}: its timeline is shown in its own channel only.")
        return message(text, [section(text)])
    title = f"Timeline of {incident.label}: {incident.title}"
    if not page.entries:
        nothing = Markup("There is nothing earlier in this timeline.")
        return message(nothing, [section(nothing)])
    shown, blocks = packed(card, page, room=_ROOM, zone=zone)
    words = inert(" · ".join(plain(entry, card) for entry in shown.entries[-5:]), 1500)
    more = [_earlier(card, shown)] if shown.earlier else []
    return message(Markup(f"{inert(title)}: {words}"), [header(title), *blocks, *more])


def packed(
    card: IncidentCard, page: TimelinePage, *, room: int, zone: tzinfo
) -> tuple[TimelinePage, list[Block]]:
    """The newest entries that `room` characters hold, in as few sections as they fit in."""
    lines: list[Markup] = []
    for entry in reversed(page.entries):
        written = line(entry, card, zone=zone)
        room -= length(written) + 1
        if room < 0:
            break
        lines.append(written)
    shown = page.newest(len(lines))
    texts = list(_joined(reversed(lines)))
    note = _not_shown(shown.earlier)
    return shown, [*note, *(section(text) for text in texts)]


def line(entry: Entry, card: IncidentCard, *, zone: tzinfo) -> Markup:
    """One entry: its number, when, what, and who where that does not say it."""
    at = moment(entry.event.at, zone, day=card.incident.declared_at)
    return Markup(f"{code_number(entry.number)} {at}  {inert(plain(entry, card), _ENTRY)}")


def code_number(number: int) -> Markup:
    """An entry's number, by which it is named."""
    return Markup(f"`{number}`")


def plain(entry: Entry, card: IncidentCard) -> str:
    """An entry as plain text: what holds now, and who said so."""
    said, newest = first_said(entry.event, card), entry.newest
    if newest is None:
        return said
    return _AMENDED[newest.kind](said, newest)


def first_said(event: Event, card: IncidentCard) -> str:
    """What an entry said first, with who where the sentence does not tell."""
    said = sentence(event, card)
    named = event.actor == OPSBOT or event.actor.name in said
    return said if named else f"{said} ({event.actor.name})"


def _corrected(_said: str, newest: Event) -> str:
    return f"{newest.data.get('text')} (corrected by {newest.actor.name})"


def _struck(_said: str, newest: Event) -> str:
    return f"Struck out by {newest.actor.name}: {newest.data.get('text') or _NOTHING_SAID}"


def _edited(said: str, newest: Event) -> str:
    text = newest.data.get("text")
    return f"{said.partition(': ')[0]}: {text} (edited)" if text else said


def _deleted(said: str, _newest: Event) -> str:
    return f"{said} (deleted since)"


_AMENDED = {
    EventKind.CORRECTED: _corrected,
    EventKind.STRUCK: _struck,
    EventKind.MESSAGE_CHANGED: _edited,
    EventKind.MESSAGE_DELETED: _deleted,
}
"""How what was said later about an entry is shown in its place."""


def _joined(lines: Iterable[Markup]) -> Iterable[Markup]:
    """Lines as texts that a section takes."""
    text = ""
    for one in lines:
        if text and length(text) + length(one) + 1 > SECTION_TEXT:
            yield Markup(text)
            text = ""
        text = f"{text}\n{one}" if text else one
    if text:
        yield Markup(text)


def _not_shown(earlier: int) -> list[Block]:
    if not earlier:
        return []
    entries = "entry is" if earlier == 1 else "entries are"
    return [context(Markup(f"{earlier} earlier {entries} not shown"))]


def _earlier(card: IncidentCard, shown: TimelinePage) -> Block:
    value = json.dumps({"incident": card.incident.id, "before": shown.entries[0].number})
    return actions(_BLOCK, button("Earlier…", EARLIER, value))
