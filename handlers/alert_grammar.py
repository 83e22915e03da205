"""Text → command value: the one grammar of `/alerts` and of mentions in an alert's thread."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.errors import DomainError, InvalidError
from bot.domain.nearest import nearest
from handlers.lines import Command, Unknown
from handlers.slack_text import people_in, plain
from handlers.words import alert_deeds, alert_silences, alerts, noise
from handlers.words.alert_numbers import alert_numbers
from handlers.words.alerts import ListAlerts, ShowAlert, listing
from handlers.words.said import Read, Said, first

WORDS: Mapping[str, Read] = {**alerts.WORDS, **alert_deeds.WORDS, **alert_silences.WORDS, **noise.WORDS}
"""Every word that a line may begin with; of two as near to what was typed the first is suggested."""


def parse_alerts(text: str, services: Mapping[str, str]) -> Command:
    """What a line asks for. `text` is as Slack sends it, `services` are the guide's titles by key.

    A line that begins with no word names what is to be listed, or one alert.
    Raises InvalidError or NotFoundError in words for the one who typed it.
    """
    typed = plain(text)
    word, rest = first(typed)
    if not word:
        return ListAlerts()
    titles = {title.lower(): key for key, title in services.items()}
    known = titles | {key.lower(): key for key in services}
    read = WORDS.get(word.lower())
    if read is not None:
        return read(Said(rest=rest, people=people_in(text), services=known))
    return _without_a_word(Said(rest=typed, people=(), services=known), word)


def line_of_alerts(text: str) -> str | None:
    """What is said after `alerts`, as `/alerts` takes it, in a line about anything; None for others.

    `alerts 42` is none: it asks for an incident's.
    """
    word, *after = text.split(maxsplit=1) or [""]
    rest = "".join(after).strip()
    if word.lower().removeprefix("/") != "alerts" or rest.removeprefix("#").isdecimal():
        return None
    return rest


def _without_a_word(said: Said, word: str) -> Command:
    numbers, more = alert_numbers(said.rest)
    if numbers and not more:
        if len(numbers) > 1:
            raise InvalidError("What is to be done with them? `ack A12 A13`, `silence A12 A13 4h deploy`.")
        return ShowAlert(number=numbers[0])
    try:
        return listing(said)
    except DomainError:
        near = nearest(word.lower(), WORDS)
        if near is None:
            raise
        return Unknown(word=word, nearest=near, typed=said.rest)
