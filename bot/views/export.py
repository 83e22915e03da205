"""A timeline as a file: Markdown for people, JSON for programs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from typing import Any

from bot.domain.actor import Actor
from bot.domain.card import IncidentCard
from bot.domain.event import Event
from bot.domain.export import Export, Format
from bot.domain.text import clean
from bot.domain.timeline import Entry
from bot.domain.times import Moment, shown, times_of
from bot.views.status import word
from bot.views.timeline import first_said, plain

FORMAT = "opsbot.incident/1"
"""Which keys the JSON has. Keys are added under the same name; what is removed or renamed gets a new one."""

_LINE = 4000
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def exported(export: Export, zone: tzinfo) -> str:
    """The file's text."""
    if export.format is Format.JSON:
        return json.dumps(_json(export), ensure_ascii=False, indent=2) + "\n"
    return "\n".join(_markdown(export, zone)) + "\n"


def _markdown(export: Export, zone: tzinfo) -> Iterator[str]:
    card, page = export.card, export.page
    incident = card.incident
    yield f"# {_safe(f'{incident.label} {incident.title}')}"
    yield ""
    yield from (f"- {label}: {_safe(value)}" for label, value in _facts(card))
    yield ""
    yield "## Times"
    yield ""
    times = times_of(incident)
    for moment in Moment:
        at = times.at[moment]
        assumed = " (assumed: nobody has said)" if moment in times.assumed else ""
        yield f"- {moment.capitalize()}: {shown(at, zone) + assumed if at else 'not yet'}"
    yield ""
    yield "## Timeline"
    yield ""
    if page.earlier:
        yield f"{page.earlier} earlier entries are not in this file."
        yield ""
    for entry in page.entries:
        yield from _entry(entry, card, zone)


def _entry(entry: Entry, card: IncidentCard, zone: tzinfo) -> Iterator[str]:
    yield f"- `{entry.number}` {_second(entry.event.at, zone)}: {_safe(plain(entry, card))}"
    if entry.amendments:
        yield f"  - First said: {_safe(first_said(entry.event, card))}"
    for one in entry.amendments:
        yield f"  - `{one.sequence}` {_second(one.at, zone)}: {_safe(first_said(one, card))}"


def _facts(card: IncidentCard) -> Iterator[tuple[str, str]]:
    incident = card.incident
    yield "State", word(incident.status)
    yield "Severity", incident.severity
    if card.service:
        yield "Service", card.service
    if incident.impact:
        yield "Impact", incident.impact
    yield "Declared by", incident.declared_by.name
    yield from ((title, actor.name) for title, actor in card.roles)


def _json(export: Export) -> dict[str, Any]:
    card = export.card
    incident = card.incident
    times = times_of(incident)
    return {
        "format": FORMAT,
        "incident": {
            "number": incident.number,
            "severity": incident.severity.value,
            "status": incident.status.value,
            "title": incident.title,
            "service": incident.service,
            "impact": incident.impact,
            "security": incident.security,
            "drill": incident.drill,
            "declared_at": _iso(incident.declared_at),
            "declared_by": _who(incident.declared_by),
            "roles": {role: _who(actor) for role, actor in incident.roles.items()},
        },
        "times": {
            moment.value: {"at": _iso(times.at[moment]), "assumed": moment in times.assumed}
            for moment in Moment
        },
        "earlier_entries": export.page.earlier,
        "timeline": [_json_entry(entry, card) for entry in export.page.entries],
    }


def _json_entry(entry: Entry, card: IncidentCard) -> dict[str, Any]:
    return {
        **_json_event(entry.event, card),
        "text": plain(entry, card),
        "first_said": first_said(entry.event, card),
        "amendments": [_json_event(one, card) for one in entry.amendments],
    }


def _json_event(event: Event, card: IncidentCard) -> dict[str, Any]:
    return {
        "number": event.sequence,
        "at": _iso(event.at),
        "who": _who(event.actor),
        "kind": event.kind.value,
        "text": first_said(event, card),
        "facts": dict(event.data),
    }


def _who(actor: Actor) -> dict[str, str]:
    return {"id": actor.id, "name": actor.name}


def _iso(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def _second(at: datetime, zone: tzinfo) -> str:
    return f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def _safe(text: str) -> str:
    """Text from outside that Markdown shows as it was written, on one line."""
    return _SPECIAL.sub(r"\\\1", clean(text, _LINE))
