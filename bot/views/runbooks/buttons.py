"""The buttons under answers about runbooks."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.guide import Runbook
from bot.views.blocks import Block, actions, button

SHOW = "runbook.show"
"""Show one to whoever presses: its key is the value."""

BLOCK_ID = "runbook.others"

MOST_NAMED = 5
_LABEL = 40


def book_buttons(books: Iterable[Runbook]) -> list[Block]:
    """One for each of the first few; none where there is none."""
    named = list(books)[:MOST_NAMED]
    if not named:
        return []
    return [actions(BLOCK_ID, *(_button(number, book) for number, book in enumerate(named)))]


def _button(number: int, book: Runbook) -> Block:
    title = book.title if len(book.title) <= _LABEL else f"{book.title[: _LABEL - 1]}…"
    return button(title, f"{SHOW}.{number}", book.key)
