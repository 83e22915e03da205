"""The words by which alerts belong to incidents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError
from handlers.lines import line_of
from handlers.words.alert_numbers import alert_number, named
from handlers.words.said import Read, Said, number_of, numbered


@dataclass(frozen=True, slots=True, kw_only=True)
class ListLinked:
    """Ask which alerts belong to an incident."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("alerts", self.number)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAlert:
    """An alert, by its number, belongs to an incident."""

    number: int | None = None
    alert: int

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("link", self.number, *named(self.alert))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlinkAlert:
    """An alert, by its number, belongs to no incident any more."""

    alert: int

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_of("unlink", None, *named(self.alert))


_FILLING = frozenset({"with", "to", "and", "from"})


def _alert(word: str) -> int | None:
    return alert_number(word) if word[:1].lower() == "a" else None


def _link(said: Said) -> LinkAlert:
    """`link A12`, `link 42 A12`, `link A12 with 42`."""
    words = [word for word in said.rest.split() if word.lower() not in _FILLING]
    alerts = [number for word in words if (number := _alert(word)) is not None]
    numbers = [number for word in words if (number := number_of(word)) is not None]
    if len(alerts) != 1 or len(numbers) > 1 or len(words) != len(alerts) + len(numbers):
        raise InvalidError(
            "Which alert with which incident? `link 42 A12`; `link A12` in the incident's thread does, too."
        )
    return LinkAlert(number=numbers[0] if numbers else None, alert=alerts[0])


def _unlink(said: Said) -> UnlinkAlert:
    alert = _alert(said.rest)
    if alert is None:
        raise InvalidError("Which alert? `unlink A12` takes it from the incident that it belongs to.")
    return UnlinkAlert(alert=alert)


WORDS: Mapping[str, Read] = {
    "alerts": numbered("alerts", lambda number: ListLinked(number=number)),
    "link": _link,
    "unlink": _unlink,
}
