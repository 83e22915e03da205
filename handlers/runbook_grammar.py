"""Text → command value: the one grammar of `/runbook`, wherever it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from handlers.lines import Command
from handlers.slack_text import plain
from handlers.words.runbooks import ListRunbooks, RunbookHelp, open_runbook, search_runbooks, show_runbook
from handlers.words.said import first

Read = Callable[[str], Command]
"""Reads what follows a word. Raises InvalidError for the one who typed it."""

WORDS: Mapping[str, Read] = {
    "show": show_runbook,
    "open": open_runbook,
    "search": search_runbooks,
    "find": search_runbooks,
}
"""What takes words of its own; any other line names a runbook."""

_ALONE: Mapping[str, Command] = {"list": ListRunbooks(), "all": ListRunbooks(), "help": RunbookHelp()}


def parse_runbook(text: str) -> Command:
    """What a line asks for. `text` is as Slack sends it. Raises InvalidError in words for who typed it."""
    typed = plain(text)
    word, rest = first(typed)
    alone = _ALONE.get(word.lower())
    if alone is not None and not rest:
        return alone
    read = WORDS.get(word.lower())
    return open_runbook(typed) if read is None else read(rest)
