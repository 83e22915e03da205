"""Texts beside the guide's file that it names: read and checked with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.domain.draft import PLACES
from bot.domain.nearest import nearest
from bot.domain.template import unknown_places
from bot.guide.document import Document
from bot.guide.finding import Finding, Level
from bot.guide.incident_sections import IncidentsPart

SHIPPED_POSTMORTEM = "postmortem.md"
TEMPLATE_LIMIT = 20_000
"""Characters of a template."""

_PLACE = ("incidents", "postmortem", "template")


def postmortem_template(
    document: Document, guide: Path | None, sections: Mapping[str, Any]
) -> tuple[str, list[Finding]]:
    """The text of a post-mortem's draft, and what is wrong with it. `guide` None is the shipped one."""
    part = sections.get("incidents")
    name = part.postmortem.template if isinstance(part, IncidentsPart) else None
    if name is None or guide is None:
        shipped = files("manifests").joinpath(name or SHIPPED_POSTMORTEM).read_text("utf-8")
        return shipped, list(_unknown(shipped, name or SHIPPED_POSTMORTEM))
    path = guide.parent / name
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        return "", [document.error(_PLACE, f'"{name}" cannot be read beside the guide: {why}')]
    if not text.strip() or len(text) > TEMPLATE_LIMIT:
        return "", [document.error(_PLACE, f'"{name}" must have 1 to {TEMPLATE_LIMIT} characters')]
    return text, list(_unknown(text, str(path)))


def _unknown(text: str, file: str) -> Iterator[Finding]:
    for word, line, column in unknown_places(text, PLACES):
        yield Finding(
            file=file,
            line=line,
            column=column,
            level=Level.ERROR,
            text=f'"{{{word}}}" is no place of a post-mortem; there are {", ".join(sorted(PLACES))}',
            nearest=nearest(word, PLACES),
        )
