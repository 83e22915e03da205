"""Where to look: dashboards of the guide, as links."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.domain.guide import Dashboard
from bot.views.blocks import Block, context
from bot.views.markup import Markup, joined, link

MOST = 8
"""Dashboards of one line."""

_ROOM = 1900


def dashboards_line(boards: Sequence[Dashboard]) -> Iterator[Block]:
    """A line with all of them; none where there are none."""
    if boards:
        links = [link(board.url, board.title) for board in boards[:MOST]]
        what = "Dashboard" if len(boards) == 1 else "Dashboards"
        yield context(joined([Markup(f"{what}: {links[0]}"), *links[1:]], " · ", _ROOM))
