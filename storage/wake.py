"""Who is told that something was committed."""

from __future__ import annotations

from collections.abc import Callable

Wake = Callable[[frozenset[str]], None]
"""Called on the event loop after a commit with what it touched: recipients ("pager", "chat") to whom
something came to be owed, and "timers" where one was set."""


def no_wake(touched: frozenset[str]) -> None:
    """Wake nobody."""
