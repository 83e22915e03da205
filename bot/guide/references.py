"""Every place of a guide that names something else in it: the words there must be known.

Works on the plain data, so that an unknown word is found whatever else is wrong with the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.domain.nearest import nearest
from bot.domain.slo.objective import PLATFORM
from bot.guide.document import Document, Place
from bot.guide.finding import Finding

EVERYTHING = "all"
PROMISED = f'service, nor "{PLATFORM}" or "{EVERYTHING}"'
"""What a checklist can ask the state of."""

_REFERENCES = (
    ("severities.*.path.*", "tier"),
    ("services.*.team", "team"),
    ("services.*.runbook", "runbook"),
    ("services.*.dashboards.*", "dashboard"),
    ("services.*.rollback", "webhook"),
    ("checklists.*.channel", "channel"),
    ("checklists.*.team", "team"),
    ("checklists.*.runbook", "runbook"),
    ("checklists.*.items.*.evidence.*.slo", PROMISED),
    ("checklists.*.items.*.evidence.*.dashboard", "dashboard"),
    ("teams.*.channel", "channel"),
    ("contacts.*.channel", "channel"),
    ("alerts.*.match.service", "service"),
    ("alerts.*.match.service.*", "service"),
    ("alerts.*.service", "service"),
    ("alerts.*.channel", "channel"),
    ("alerts.*.team", "team"),
    ("alerting.watchdog.channel", "channel"),
    ("alerting.watchdog.team", "team"),
    ("defaults.ops", "channel"),
    ("defaults.security", "channel"),
    ("defaults.leadership", "channel"),
    ("defaults.team", "team"),
    ("defaults.security_team", "team"),
    ("defaults.runbook", "runbook"),
    ("defaults.security_runbook", "runbook"),
    ("defaults.dashboards.*", "dashboard"),
)


def unknown_words(document: Document) -> Iterator[Finding]:
    """An error for each word that names a tier, team, channel, … which the guide does not have."""
    for pattern, noun in _REFERENCES:
        known = _names(document.data, noun)
        for place, word in _found(document.data, pattern.split("."), ()):
            if isinstance(word, str) and word not in known:
                yield document.error(place, f'"{word}" is no {noun}', nearest(word, known))


def runbook_places(data: Mapping[str, Any]) -> Iterator[Place]:
    """Where each runbook is defined, in the file's order."""
    for place, _ in _found(data, ["runbooks", "sections", "*", "*"], ()):
        yield place


def _names(data: Mapping[str, Any], noun: str) -> list[str]:
    if noun == "runbook":
        return [str(place[-1]) for place in runbook_places(data)]
    if noun == PROMISED:
        return [*_names(data, "service"), PLATFORM, EVERYTHING]
    holder = data.get("changes", {}) if noun == "webhook" else data
    section = holder.get(f"{noun}s") if isinstance(holder, dict) else None
    return list(section) if isinstance(section, dict) else []


def _found(data: Any, pattern: list[str], place: Place) -> Iterator[tuple[Place, Any]]:
    """The values at the places that fit `pattern`, in which `*` stands for any key or index."""
    if not pattern:
        yield place, data
        return
    wanted, *rest = pattern
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in entries:
        if wanted in {"*", key}:
            yield from _found(value, rest, (*place, key))
