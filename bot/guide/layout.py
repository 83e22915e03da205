"""Tables of plain text that fit a terminal."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from textwrap import wrap

WIDTH = 100
"""Characters of the widest line."""

NONE = "-"
"""What an empty cell shows."""

_GAP = "  "

Row = Sequence[str]


def section(title: str, head: Row, rows: Iterable[Row]) -> str:
    """A heading and a table; `head` names the columns, or is of empty texts where they need no names."""
    body = [tuple(row) for row in rows] or [(NONE,) * len(head)]
    widths = _widths([head, *body])
    lines = [f"== {title}"]
    if any(head):
        lines += _lines(head, widths)
        lines += _lines(["-" * width for width in widths], widths)
    for row in body:
        lines += _lines(row, widths)
    return "\n".join(lines) + "\n"


def _widths(rows: Sequence[Row]) -> list[int]:
    """A width for each column: what it needs, then the widest made narrower until all fit in `WIDTH`.

    Words stay whole where that is possible at all, so that keys can be copied.
    """
    columns = list(zip(*rows, strict=True))
    widths = [max(map(len, column)) for column in columns]
    words = [max((len(word) for cell in column for word in cell.split()), default=0) for column in columns]
    room = WIDTH - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room:
        spare = [index for index, width in enumerate(widths) if width > words[index]]
        widest = max(spare or range(len(widths)), key=widths.__getitem__)
        widths[widest] -= 1
    return widths


def _lines(row: Row, widths: Sequence[int]) -> Iterator[str]:
    """The lines of a row: cells that are too long go on below."""
    cells = [
        wrap(cell, width, break_on_hyphens=False) or [""] for cell, width in zip(row, widths, strict=True)
    ]
    for number in range(max(map(len, cells))):
        parts = (cell[number] if number < len(cell) else "" for cell in cells)
        yield _GAP.join(part.ljust(width) for part, width in zip(parts, widths, strict=True)).rstrip()


def _wrapped(cell: str, width: int) -> list[str]:
    return wrap(cell, max(width, 1), break_on_hyphens=False) or [""]
