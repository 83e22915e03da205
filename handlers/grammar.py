"""Text → command value: the one grammar of `/incident` and of mentions.

Each module of `handlers/words` says how its words are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.domain.nearest import nearest
from handlers.lines import Command, Unknown
from handlers.slack_text import people_in, plain
from handlers.words import (
    afterwards,
    alert_links,
    counting,
    course,
    declaring,
    items,
    looking,
    merging,
    timeline,
    updates,
)
from handlers.words.declaring import Ask
from handlers.words.said import Read, Said, first

WORDS: Mapping[str, Read] = {
    **course.WORDS,
    **merging.WORDS,
    **alert_links.WORDS,
    **looking.WORDS,
    **counting.WORDS,
    **timeline.WORDS,
    **afterwards.WORDS,
    **items.WORDS,
    **declaring.WORDS,
    **updates.WORDS,
}
"""Every word that a line may begin with; of two as near to what was typed the first is suggested."""


def parse(text: str, services: Iterable[str]) -> Command:
    """What a line asks for. `text` is as Slack sends it, `services` are the guide's keys.

    Raises InvalidError or NotFoundError in words for the one who typed it.
    """
    typed = plain(text)
    word, rest = first(typed)
    if not word:
        return Ask()
    people, known = people_in(text), {key.lower(): key for key in services}
    if declaring.begins(typed):
        return declaring.declare(Said(rest=typed, people=people, services=known))
    read = WORDS.get(word.lower())
    if read is None:
        return Unknown(word=word, nearest=nearest(word.lower(), WORDS), typed=typed)
    return read(Said(rest=rest, people=people, services=known))
