"""The words of `/slo`, and what is asked by naming a service."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import InvalidError
from bot.domain.named import OFFERED, among, meant
from bot.domain.nearest import closest
from bot.domain.slo.objective import Promise
from bot.domain.slo.promql import written
from bot.domain.text import clean
from handlers.lines import Command
from handlers.slack_text import escaped

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
"""The windows that may always be asked for; the guide's own may be, too."""

_SERVICE = "service:"
_LONGEST_NAME = 60
_LENGTH = re.compile(
    r"([0-9]{1,4})\s?(m|mins?|minutes?|h|hrs?|hours?|d|days?|w|weeks?)(?=\s|$)", re.IGNORECASE
)
_UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1), "w": WEEK}


@dataclass(frozen=True, slots=True, kw_only=True)
class ListSlos:
    """How everything stands."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSlo:
    """How one stands. Here and below: `key` is one of the guide's; without `window` over the guide's."""

    key: str
    window: timedelta | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return _line(f"{_SERVICE}{self.key}", self.window)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskGate:
    """Whether it may be changed now."""

    key: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"gate {self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowQueries:
    """What Prometheus is asked for it."""

    key: str
    window: timedelta | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return _line(f"queries {self.key}", self.window)


@dataclass(frozen=True, slots=True, kw_only=True)
class SloHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownService:
    """A name that the guide does not have; the keys that are most like it."""

    name: str
    nearest: tuple[str, ...]

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return f"{_SERVICE}{escaped(self.name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What may be asked for: promises by the guide's keys."""

    promises: Mapping[str, Promise]

    def key(self, name: str) -> str | UnknownService:
        """The key of what is named so: by key, title, or how either begins where only one does."""
        called = self._called()
        typed = " ".join(name.lower().removeprefix(_SERVICE).split())
        found = meant(typed, called)
        if len(found) == 1:
            return found[0]
        shown = clean(name, _LONGEST_NAME).removeprefix(_SERVICE).strip()
        return UnknownService(name=shown, nearest=closest(typed, among(found, called), OFFERED))

    def window(self, length: timedelta) -> timedelta:
        """The window, where it may be asked for. Raises InvalidError."""
        own = {promise.slo.window for promise in self.promises.values() if promise.slo is not None}
        allowed = sorted({WEEK, MONTH} | own)
        if length not in allowed:
            words = ", ".join(f"`{written(one)}`" for one in allowed)
            raise InvalidError(f"An SLO is told over one of these windows: {words}. `/slo payment 7d`.")
        return length

    def _called(self) -> dict[str, str]:
        """Keys by what they are called, in lower case; a key goes before another's title."""
        titles = {promise.title.lower(): key for key, promise in self.promises.items()}
        return titles | {key.lower(): key for key in self.promises}


def show(said: str, known: Known) -> Command:
    """`payment`, `payment 7d`, `API Gateway 30d`, or nothing for all. Raises InvalidError."""
    name, window = _name_and_window(said, known)
    if not name:
        if window is not None:
            raise InvalidError("Of which service? `/slo payment 7d`; `/slo` alone shows them all.")
        return ListSlos()
    key = known.key(name)
    return key if isinstance(key, UnknownService) else ShowSlo(key=key, window=window)


def ask_gate(said: str, known: Known) -> Command:
    """`gate payment`. Raises InvalidError."""
    name, window = _name_and_window(said, known)
    if not name:
        raise InvalidError("May which service be changed? `/slo gate payment`.")
    if window is not None:
        raise InvalidError("The gate goes by the guide's own window: `/slo gate payment`.")
    key = known.key(name)
    return key if isinstance(key, UnknownService) else AskGate(key=key)


def show_queries(said: str, known: Known) -> Command:
    """`queries payment 7d`. Raises InvalidError."""
    name, window = _name_and_window(said, known)
    if not name:
        raise InvalidError("The queries of which service? `/slo queries payment`.")
    key = known.key(name)
    return key if isinstance(key, UnknownService) else ShowQueries(key=key, window=window)


def _name_and_window(said: str, known: Known) -> tuple[str, timedelta | None]:
    found = [match for match in _LENGTH.finditer(said) if _stands_alone(match, said)]
    if not found:
        _refuse_a_bare_number(said, known)
        return said.strip(), None
    if len(found) > 1:
        raise InvalidError("One window at a time: `/slo payment 7d`.")
    [match] = found
    rest = f"{said[: match.start()]} {said[match.end() :]}"
    return " ".join(rest.split()), known.window(int(match[1]) * _UNITS[match[2][0].lower()])


def _refuse_a_bare_number(said: str, known: Known) -> None:
    """`payment 7` is seven of what? Raises InvalidError, unless something is called so."""
    name, _, last = said.strip().rpartition(" ")
    if name and last.isdecimal() and isinstance(known.key(said), UnknownService):
        raise InvalidError(f"“{last[:6]}” is no window: say of what, such as `7d`.")


def _stands_alone(match: re.Match[str], said: str) -> bool:
    return match.start() == 0 or said[match.start() - 1].isspace()


def _line(asked: str, window: timedelta | None) -> str:
    return f"{asked} {written(window)}" if window else asked
