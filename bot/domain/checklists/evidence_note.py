"""What an item's evidence showed, in one line of plain text: for an incident that begins with it."""

from __future__ import annotations

from bot.domain.checklists.amounts import amount
from bot.domain.checklists.run import RunItem
from bot.domain.evidence import Found, Threshold
from bot.domain.text import UPDATE_LIMIT, clean

_MOST_VALUES = 5


def evidence_note(item: RunItem) -> str | None:
    """`Targets that are down: 3; SLO: …`. None where nothing was found."""
    fine = {spec.title: spec.fine for spec in item.evidence}
    told = [_told(found, fine.get(found.title)) for found in item.found]
    said = "; ".join(one for one in told if one)
    return clean(said, UPDATE_LIMIT) if said else None


def _told(found: Found, fine: Threshold | None) -> str:
    values = [
        f"{value.label} {amount(value.now, found.unit, fine)}".strip()
        for value in found.values[:_MOST_VALUES]
    ]
    more = len(found.values) - len(values) + found.more
    facts = [*values, *([f"{more} more"] if more > 0 else []), *found.lines]
    return f"{found.title}: {', '.join(facts)}" if facts else ""
