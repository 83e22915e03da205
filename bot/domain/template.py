"""Texts with places in braces to be filled in: `{summary}`. Nothing of what is filled in is read again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_-]*)\}")


def filled_in(template: str, values: Mapping[str, str]) -> str:
    """The template with its places filled in; what is unknown stays as it is."""
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)


def unknown_places(template: str, known: frozenset[str]) -> Iterator[tuple[str, int, int]]:
    """Each place that means nothing: its word, and where it stands (line and column, from 1)."""
    for number, line in enumerate(template.splitlines(), start=1):
        for found in PLACEHOLDER.finditer(line):
            if found[1] not in known:
                yield found[1], number, found.start() + 1
