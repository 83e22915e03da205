"""The runbooks' own files, where the guide has them in a folder: which, and whether they are there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.guide.document import Document
from bot.guide.finding import Finding
from bot.guide.schema import RunbooksPart

_SECTION = "runbooks"
_FOLDER = (_SECTION, "folder")


def runbook_folder(guide: Path | None, sections: Mapping[str, Any]) -> Path | None:
    """The folder of the runbooks: relative to the guide's file, or absolute. None where the guide has none.

    `guide` None is the shipped one, which has nothing beside it.
    """
    part = sections.get(_SECTION)
    if guide is None or not isinstance(part, RunbooksPart) or part.folder is None:
        return None
    return guide.parent / part.folder


def look_at_runbooks(
    document: Document, guide: Path | None, sections: Mapping[str, Any]
) -> Iterator[Finding]:
    """What the guide says of where its runbooks are that cannot be, or is not so."""
    part = sections.get(_SECTION)
    if not isinstance(part, RunbooksPart):
        return
    if part.folder is None and part.base is None:
        text = "runbooks are names only: fill in where they are, set runbooks.base or runbooks.folder"
        yield document.warning((_SECTION,), text, of_key=True)
    elif part.folder is not None and part.base is not None:
        yield document.error(_FOLDER, "runbooks have either a base or a folder, not both")
    elif (folder := runbook_folder(guide, sections)) is not None:
        yield from _missing(document, folder, part)


def _missing(document: Document, folder: Path, part: RunbooksPart) -> Iterator[Finding]:
    if not folder.is_dir():
        yield document.warning(_FOLDER, f'there is no folder "{part.folder}" beside the guide')
        return
    for section, runbooks in part.sections.items():
        for key, runbook in runbooks.items():
            if not (folder / runbook.file).is_file():
                place = (_SECTION, "sections", section, key, "file")
                yield document.warning(place, f'"{runbook.file}" is not in the folder "{part.folder}"')
