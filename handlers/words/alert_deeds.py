"""The words of `/alerts` that change something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import InvalidError
from handlers.lines import Command
from handlers.words.alert_numbers import about_one, about_several, line_about
from handlers.words.said import Read, Said


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeAlerts:
    """I have them. Here and below: without numbers that of the thread, or the only one."""

    numbers: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("ack", self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class GiveBackAlerts:
    """Nobody has them any more."""

    numbers: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("unack", self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class EscalateAlert:
    """Reach the next tier now."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("escalate", () if self.number is None else (self.number,))


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareForAlert:
    """It is an incident: a form asks for the rest."""

    number: int | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return line_about("declare", () if self.number is None else (self.number,))


def _resolve(_said: Said) -> Command:
    raise InvalidError(
        "An alert is resolved when what it watches is well again: nobody resolves it by hand. "
        "`ack A12` takes it, `silence A12 4h reason` keeps it quiet."
    )


WORDS: Mapping[str, Read] = {
    "ack": about_several("ack", lambda numbers: TakeAlerts(numbers=numbers)),
    "acknowledge": about_several("acknowledge", lambda numbers: TakeAlerts(numbers=numbers)),
    "unack": about_several("unack", lambda numbers: GiveBackAlerts(numbers=numbers)),
    "unacknowledge": about_several("unacknowledge", lambda numbers: GiveBackAlerts(numbers=numbers)),
    "escalate": about_one("escalate", lambda number: EscalateAlert(number=number)),
    "declare": about_one("declare", lambda number: DeclareForAlert(number=number)),
    "resolve": _resolve,
}
