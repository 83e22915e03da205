"""Text → command value: the one grammar of `/slo`, wherever it is written."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.domain.slo.objective import Promise
from handlers.lines import Command
from handlers.slack_text import plain
from handlers.words.said import first
from handlers.words.slo import Known, SloHelp, ask_gate, show, show_queries

Read = Callable[[str, Known], Command]
"""Reads what follows a word. Raises InvalidError for the one who typed it."""

WORDS: Mapping[str, Read] = {
    "list": show,
    "all": show,
    "gate": ask_gate,
    "queries": show_queries,
    "help": lambda _said, _known: SloHelp(),
}
"""Every word that a line may begin with; any other line names a service."""


def parse_slo(text: str, promises: Mapping[str, Promise]) -> Command:
    """What a line asks for. `text` is as Slack sends it, `promises` are the guide's by key.

    Raises InvalidError in words for the one who typed it.
    """
    typed, known = plain(text), Known(promises=promises)
    word, rest = first(typed)
    read = WORDS.get(word.lower())
    return show(typed, known) if read is None else read(rest, known)
