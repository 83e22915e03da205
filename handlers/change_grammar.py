"""Text → command value: the one grammar of `/change`, wherever it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.domain.errors import DomainError
from bot.domain.nearest import nearest
from handlers.lines import Command, Unknown
from handlers.slack_text import plain
from handlers.words import change_calendar, change_deeds, changes
from handlers.words.change_numbers import (
    Hear,
    Heard,
    change_number,
    service_and_text,
    services_of,
    type_and_text,
    types_of,
)
from handlers.words.changes import RequestChange, ShowChange
from handlers.words.said import first

WORDS: Mapping[str, Hear] = {**changes.WORDS, **change_deeds.WORDS, **change_calendar.WORDS}
"""Every word that a line may begin with; of two as near to what was typed the first is suggested."""

_NUMBERED = frozenset({*change_deeds.WORDS, "show", "edit", "gate"})
"""The words that may stand behind the change that they are about: `CH12 approve`."""

_ASKED_HERE_ALONE = frozenset({"gate", "calendar"})
"""What no other command has, and what only asks."""

_LABEL = re.compile(r"#?ch[0-9]+[:,]*", re.IGNORECASE)
"""A change as nothing else is called."""


def parse_change(text: str, *, types: Mapping[str, str], services: Mapping[str, str]) -> Command:
    """What a line asks for. `text` is as Slack sends it; `types`, `services`: the guide's titles by key.

    A line that begins with no word names a change, or what is to be changed.
    Raises InvalidError or NotFoundError in words for the one who typed it.
    """
    typed = plain(text)
    word, rest = first(typed)
    if not word:
        return RequestChange()
    hear = WORDS.get(word.lower().rstrip(":"))
    if hear is not None:
        if hear is changes.request and word.endswith(":"):
            rest = f":{rest}"  # what follows is its title
        return hear(Heard(rest=rest, types=types, services=services))
    return _without_a_word(Heard(rest=typed, types=types, services=services), word)


def line_of_changes(text: str) -> str | None:
    """A line about anything that is one about changes by what it names: `approve CH4`, `gate payment`.

    None for others: what may be said of something else as well, and what would change something although it
    names no change.
    """
    word, rest = first(plain(text))
    verb = word.lower().removeprefix("/")
    if verb in _ASKED_HERE_ALONE:
        return text.removeprefix("/")
    names = bool(_LABEL.fullmatch(first(rest)[0])) and verb != "note"  # which may speak of one
    if verb in _NUMBERED and names:
        return text.removeprefix("/")
    after = first(rest)[0].lower()
    return text if _LABEL.fullmatch(word) and (not after or after in _NUMBERED) else None


def _without_a_word(heard: Heard, word: str) -> Command:
    number = change_number(word)
    if number is not None:
        return _of_a_change(number, heard)
    try:
        return changes.request(heard)
    except DomainError:
        near = nearest(word.lower(), [*WORDS, *types_of(heard), *services_of(heard)])
        if _begins_with_a_name(heard) or (near is not None and near not in WORDS):
            raise  # which says what is near to a name
        return Unknown(word=word, nearest=near, typed=heard.rest)


def _begins_with_a_name(heard: Heard) -> bool:
    return (type_and_text(heard)[0] or service_and_text(heard)[0]) is not None


def _of_a_change(number: int, heard: Heard) -> Command:
    """`CH12` shows it, and `CH12 approve looks good` is `approve CH12 looks good`."""
    _, after = first(heard.rest)
    word, rest = first(after)
    if not word:
        return ShowChange(number=number)
    if word.lower() in _NUMBERED:
        said = f"CH{number} {rest}".rstrip()
        return WORDS[word.lower()](Heard(rest=said, types=heard.types, services=heard.services))
    return Unknown(word=word, nearest=nearest(word.lower(), _in_order()), typed=heard.rest)


def _in_order() -> tuple[str, ...]:
    return tuple(word for word in WORDS if word in _NUMBERED)
