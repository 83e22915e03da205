"""Text → command value: the one grammar of `/checklist`, wherever it is written."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.errors import DomainError
from bot.domain.nearest import nearest
from handlers.lines import Command, Unknown
from handlers.slack_text import people_in, plain
from handlers.words import checklist_deeds, checklist_reports, checklists
from handlers.words.checklist_numbers import Hear, Heard, refuse_others, run_number
from handlers.words.checklists import ListToday, ShowRun, show
from handlers.words.said import first

WORDS: Mapping[str, Hear] = {**checklists.WORDS, **checklist_deeds.WORDS, **checklist_reports.WORDS}
"""Every word that a line may begin with; of two as near to what was typed the first is suggested."""


def parse_checklist(text: str, titles: Mapping[str, str]) -> Command:
    """What a line asks for. `text` is as Slack sends it, `titles` are those of the guide's checklists by key.

    A line that begins with no word names a checklist, or a run.
    Raises InvalidError or NotFoundError in words for the one who typed it.
    """
    typed = plain(text)
    word, rest = first(typed)
    if not word:
        return ListToday()
    called = _called(titles)
    hear = WORDS.get(word.lower())
    if hear is not None:
        return hear(Heard(rest=rest, people=people_in(text), called=called))
    return _without_a_word(Heard(rest=typed, people=(), called=called), word)


def _without_a_word(heard: Heard, word: str) -> Command:
    refuse_others(word)
    number = run_number(heard.rest)
    if number is not None:
        return ShowRun(number=number)
    try:
        return show(heard)
    except DomainError:
        near = nearest(word.lower(), WORDS)
        if near is None:
            raise
        return Unknown(word=word, nearest=near, typed=heard.rest)


def _called(titles: Mapping[str, str]) -> Mapping[str, tuple[str, ...]]:
    """Keys of checklists by what they are called: two may have the same title."""
    called: dict[str, tuple[str, ...]] = {}
    for key, title in titles.items():
        for name in dict.fromkeys((key.lower(), " ".join(title.lower().split()))):
            called[name] = (*called.get(name, ()), key)
    return called
