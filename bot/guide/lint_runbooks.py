"""What is rather a slip in what a guide says of its runbooks."""

from __future__ import annotations

from collections.abc import Iterator

from bot.guide.document import Document, Place
from bot.guide.finding import Finding
from bot.guide.schema import RunbookPart, RunbooksPart


def files_once(document: Document, runbooks: RunbooksPart) -> Iterator[Finding]:
    """Each runbook has a file of its own."""
    seen: dict[str, str] = {}
    for place, part in _each(runbooks):
        key = str(place[-1])
        if part.file in seen:
            text = f'"{part.file}" is the file of "{seen[part.file]}", too'
            yield document.warning((*place, "file"), text)
        seen.setdefault(part.file, key)


def tags_once(document: Document, runbooks: RunbooksPart) -> Iterator[Finding]:
    """A runbook has each of its tags once."""
    for place, part in _each(runbooks):
        seen: set[str] = set()
        for index, tag in enumerate(part.tags):
            if tag.casefold() in seen:
                yield document.warning((*place, "tags", index), f'the tag "{tag}" is there already')
            seen.add(tag.casefold())


def _each(runbooks: RunbooksPart) -> Iterator[tuple[Place, RunbookPart]]:
    for section, parts in runbooks.sections.items():
        for key, part in parts.items():
            yield ("runbooks", "sections", section, key), part
