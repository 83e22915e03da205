"""`noisy`: how far back, and which service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import InvalidError, NotFoundError
from bot.domain.text import clean
from handlers.words.alerts import filter_words, service_named
from handlers.words.said import Read, Said

USUAL = timedelta(days=7)
"""How far back noise is counted where nothing else is asked."""

_BACK = re.compile(r"([0-9]{1,4})(h|d|w|m)(?:ours?|ays?|eeks?|onths?)?", re.IGNORECASE)
_HOURS = {"h": 1, "d": 24, "w": 7 * 24, "m": 30 * 24}
_LONGEST_WORD = 20
_HOW = (
    "`noisy` knows how far back (hours, days, weeks, months), and a service: "
    "`noisy`, `noisy 24h`, `noisy 30d payment`."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CountNoise:
    """What was noisiest in the last `length`, all or of one service (a key of the guide)."""

    length: timedelta = USUAL
    service: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        hours = self.length // timedelta(hours=1)
        return " ".join(("noisy", f"{hours}h", *filter_words(None, self.service)))


def _noisy(said: Said) -> CountNoise:
    length, others = USUAL, []
    for word in said.rest.split():
        if found := _BACK.fullmatch(word):
            length = timedelta(hours=int(found[1]) * _HOURS[found[2].lower()])
        else:
            others.append(word)
    return CountNoise(length=length, service=_service(" ".join(others), said))


def _service(name: str, said: Said) -> str | None:
    if not name:
        return None
    try:
        return service_named(name, said.services)
    except (InvalidError, NotFoundError) as error:
        wrong = next((word for word in name.split() if word[0].isdigit()), None)
        if wrong is not None:
            raise InvalidError(f"“{clean(wrong, _LONGEST_WORD)}” is no length of time. {_HOW}") from None
        raise type(error)(f"{error} {_HOW}") from None


WORDS: Mapping[str, Read] = {"noisy": _noisy}
