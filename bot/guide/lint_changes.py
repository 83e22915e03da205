"""What must hold within what a guide says of changes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.change_policy import Phase
from bot.guide.change_sections import ChangesPart
from bot.guide.document import Document
from bot.guide.finding import Finding

_PHASES = ("changes", "phases")


def each_phase_once(document: Document, changes: ChangesPart) -> Iterator[Finding]:
    """The five phases of a change's life, each once and in their order."""
    seen: list[Phase] = []
    for index, part in enumerate(changes.phases):
        place = (*_PHASES, index, "key")
        if part.key in seen:
            yield document.error(place, f'two phases have the key "{part.key}"')
        elif seen and list(Phase).index(part.key) < list(Phase).index(seen[-1]):
            yield document.error(place, f'"{part.key}" comes before "{seen[-1]}" in a change\'s life')
        seen.append(part.key)
    missing = [phase.value for phase in Phase if phase not in seen]
    if missing:
        yield document.error(_PHASES, f"a change goes through five phases; missing: {', '.join(missing)}")
